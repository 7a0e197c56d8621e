import { kinds } from '../../../access/records/kinds.ts';
import type { TagRecord } from '../../../access/records/records.ts';
import type { Stored } from '../../../access/store/stored.ts';
import { notFound } from '../../../access/store/writing.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { budgetsOf } from '../budgets/known-budget.ts';
import { spentOf } from '../spender.ts';
import { namedTags, tagsQuery } from './schemas.ts';
import { spendTagShown, tagShown, tagSubject } from './shown.ts';
import { maxSpendTags, spendTags } from './spend-tags.ts';

export const tagInfo = adminRoute({
  method: 'POST',
  paths: ['/tag/info'],
  action: 'tag.see',
  body: namedTags,
  summary: 'Shows the named tags, by their names.',
  handle: async (context) => {
    const tags = await context.store.getAll(kinds.tag, context.body.names);
    const missing = context.body.names.find((name) => !tags.some(({ id }) => id === name));
    if (missing !== undefined) throw notFound(kinds.tag, missing);
    return Object.fromEntries((await shownTags(context, tags)).map((tag) => [tag.name, tag]));
  },
});

const dayMs = 86_400_000;

export const listTags = adminRoute({
  method: 'GET',
  paths: ['/tag/list'],
  action: 'tag.see',
  query: tagsQuery,
  summary: `Lists all tags that were made, and up to ${maxSpendTags} that came with requests; with dates, those that were spent under then.`,
  handle: async (context) => {
    const { store, services, query } = context;
    const tags = await store.find(kinds.tag);
    const made = new Set(tags.map(({ id }) => id));
    const span =
      query.start_date !== undefined && query.end_date !== undefined
        ? { from: Date.parse(query.start_date), to: Date.parse(query.end_date) + dayMs }
        : undefined;
    const others = (await spendTags(store.database, span)).filter(({ name }) => !made.has(name));
    const spent = await services.spend.spentUsdOfAll(others.map(({ name }) => tagSubject(name)));
    return [
      ...(await shownTags(context, tags)),
      ...others.map((tag) => spendTagShown({ ...tag, spentUsd: spent.get(tagSubject(tag.name)) ?? 0 })),
    ];
  },
});

/** As LiteLLM's. */
const maxDistinct = 250;

export const distinctTags = adminRoute({
  method: 'GET',
  paths: ['/tag/distinct'],
  action: 'tag.see',
  summary: `Lists the names of up to ${maxDistinct} tags: made, of the configuration, and those that money was spent under.`,
  handle: async ({ store, services }) => {
    const { deployments, router } = services.live().snapshot;
    const names = new Set([
      ...(await store.page(kinds.tag, { page: 1, size: maxDistinct })).rows.map(({ id }) => id),
      ...deployments.flatMap(({ tags }) => tags),
      ...Object.keys(router.tagBudgets),
      ...(await spendTags(store.database)).map(({ name }) => name),
    ]);
    return { results: [...names].slice(0, maxDistinct).map((tag) => ({ tag })) };
  },
});

/** Tags with what they spent. */
export const shownTags = async (
  { store, services, now }: Pick<AdminContext, 'store' | 'services' | 'now'>,
  tags: readonly Stored<TagRecord>[],
) => {
  const budgets = await budgetsOf(store, tags);
  const budgetOf = ({ data }: Stored<TagRecord>) => budgets.get(data.budget_id ?? '');
  const spent = await spentOf(
    tags.map((tag) => ({ subject: tagSubject(tag.id), limits: tag.data, shared: budgetOf(tag), startedAt: tag.createdAt })),
    { services, now },
  );
  const { snapshot } = services.live();
  return tags.map((tag) => tagShown(tag, { snapshot, budget: budgetOf(tag), spentUsd: spent(tagSubject(tag.id)), now }));
};
