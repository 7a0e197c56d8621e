import { z } from 'zod';
import { sumsBy, type Dimension, type SumFilter } from '../../../spend/reports/sums.ts';
import { usdOf } from '../../../spend/reports/counts.ts';
import { dateOf } from '../../../spend/reports/days.ts';
import { adminRoute } from '../admin-route.ts';
import { pageSize } from '../fields.ts';
import { sql } from '../../../storage/sql/statement.ts';
import { dates, daysOf, endMoment, idList, startMoment, wantedKey } from './query-fields.ts';
import { keyNames, maskedKeys } from './keys-shown.ts';
import { demandMaster, ownLens } from './scope.ts';
import { sumReader } from './reading.ts';

/* Figures of the whole gateway for those who see all of it, and for everybody else of their own calls (`ownLens`). */

/** LiteLLM's route `/global/spend`, and its limit. */
export const globalSpend = adminRoute({
  method: 'GET',
  paths: ['/global/spend'],
  action: 'spend.own',
  about: () => [],
  summary: 'Shows what the gateway spent since its first day, and its budget.',
  handle: async (context) => {
    const lens = ownLens(context);
    const [sum] = await sumsBy(sumReader(context), { lens, by: [] });
    const whole = lens.kind === 'gateway';
    return {
      spend: usdOf(sum?.nanodollars ?? 0),
      max_budget: whole ? (context.services.live().snapshot.budgets.gateway?.maxUsd ?? null) : null,
    };
  },
});

const filterOf = (key: string | undefined): SumFilter => (key === undefined ? {} : { keyIds: [key] });

export const globalDays = adminRoute({
  method: 'GET',
  paths: ['/global/spend/logs'],
  action: 'spend.own',
  about: () => [],
  query: z.strictObject({ ...dates, api_key: wantedKey }),
  summary: 'Shows what was spent on each day, by default of the last 30.',
  handle: async (context) => {
    const { query, now } = context;
    const sums = await sumsBy(sumReader(context), {
      lens: ownLens(context),
      span: daysOf(query, now),
      filter: filterOf(query.api_key),
      by: ['day'],
    });
    return sums.toSorted((a, b) => a.day - b.day).map(({ day, nanodollars }) => ({ date: dateOf(day), spend: usdOf(nanodollars) }));
  },
});

const topQuery = z.strictObject({ ...dates, limit: pageSize(10, 1000) });

export const globalKeys = adminRoute({
  method: 'GET',
  paths: ['/global/spend/keys'],
  action: 'spend.own',
  about: () => [],
  query: topQuery,
  summary: 'Shows the keys that spent most in the last 30 days, or in those asked for.',
  handle: async (context) => {
    const { query, store, now } = context;
    const top = await sumsBy(sumReader(context), { lens: ownLens(context), span: daysOf(query, now), by: ['key_id'], top: query.limit });
    const ids = top.map(({ key_id }) => key_id);
    const name = await keyNames(store.database, ids);
    const masked = await maskedKeys(store, ids);
    return top.map(({ key_id, nanodollars }) => ({
      api_key: key_id,
      key_alias: name(key_id).key_alias,
      key_name: masked.get(key_id) ?? null,
      total_spend: usdOf(nanodollars),
    }));
  },
});

export const globalModels = adminRoute({
  method: 'GET',
  paths: ['/global/spend/models'],
  action: 'spend.own',
  about: () => [],
  query: topQuery,
  summary: 'Shows the models that most was spent on.',
  handle: async (context) => {
    const { query, now } = context;
    // One more than asked for: calls that reached no model are none.
    const asked = { lens: ownLens(context), span: daysOf(query, now), by: ['model'] as const, top: query.limit + 1 };
    return (await sumsBy(sumReader(context), asked))
      .filter(({ model }) => model !== '')
      .slice(0, query.limit)
      .map(({ model, nanodollars, input_tokens, output_tokens }) => ({
        model,
        total_spend: usdOf(nanodollars),
        total_tokens: input_tokens + output_tokens,
      }));
  },
});

export const globalProviders = adminRoute({
  method: 'GET',
  paths: ['/global/spend/provider'],
  action: 'spend.own',
  about: () => [],
  query: z.strictObject({ ...dates, api_key: wantedKey }),
  summary: 'Shows what was spent at each provider.',
  handle: async (context) => {
    const { query, now } = context;
    const asked = { lens: ownLens(context), span: daysOf(query, now), filter: filterOf(query.api_key) };
    const sums = await sumsBy(sumReader(context), { ...asked, by: ['provider'], top: 1000 });
    return sums.filter(({ provider }) => provider !== '').map(({ provider, nanodollars }) => ({ provider, spend: usdOf(nanodollars) }));
  },
});

export const globalCustomers = adminRoute({
  method: 'POST',
  paths: ['/global/spend/end_users'],
  action: 'spend.global',
  body: z.strictObject({
    api_key: z.string().max(512).nullish(),
    startTime: startMoment.nullish(),
    endTime: endMoment.nullish(),
    limit: z.int().min(1).max(1000).nullish(),
  }),
  summary: 'Shows what end users spent, the dearest first.',
  handle: async ({ body, store, now, services }) => {
    const span = daysOf({ start_date: body.startTime ?? undefined, end_date: body.endTime ?? undefined }, now);
    const filter = filterOf(body.api_key ? wantedKey.parse(body.api_key) : undefined);
    const top = await sumsBy(sumReader({ store, services }), {
      lens: { kind: 'customer' },
      span,
      filter,
      by: ['entity'],
      top: body.limit ?? 100,
    });
    return top.map(({ entity, requests, nanodollars }) => ({ end_user: entity, total_count: requests, total_spend: usdOf(nanodollars) }));
  },
});

export const globalTags = adminRoute({
  method: 'GET',
  paths: ['/global/spend/tags'],
  action: 'spend.global',
  query: z.strictObject({ ...dates, tags: idList }),
  summary: 'Shows what was spent under tags, all or the named ones; a call with several tags counts under each of them.',
  handle: async ({ query, store, now, services }) => {
    // LiteLLM's pages ask for all of them so.
    const named = query.tags?.includes('all-tags') ? undefined : query.tags;
    const lens = { kind: 'tag' as const, ...(named && { entities: named }) };
    const sums = await sumsBy(sumReader({ store, services }), { lens, span: daysOf(query, now), by: ['entity'], top: 1000 });
    return {
      spend_per_tag: sums.map(({ entity, requests, nanodollars }) => ({ name: entity, spend: usdOf(nanodollars), log_count: requests })),
    };
  },
});

/** Of one kind, as they were ever seen. */
const maxNames = 10_000;
const namesOf = (kind: 'tag' | 'customer') => ({ lens: { kind }, by: ['entity'] as const satisfies readonly Dimension[], top: maxNames });

export const globalTagNames = adminRoute({
  method: 'GET',
  paths: ['/global/spend/all_tag_names'],
  action: 'spend.global',
  summary: `Lists the names of up to ${maxNames} tags that calls came with.`,
  handle: async ({ store, services }) => ({
    tag_names: (await sumsBy(sumReader({ store, services }), namesOf('tag'))).map(({ entity }) => entity),
  }),
});

export const globalCustomerNames = adminRoute({
  method: 'GET',
  paths: ['/global/all_end_users'],
  action: 'spend.global',
  summary: `Lists up to ${maxNames} end users that calls were made for.`,
  handle: async ({ store, services }) => ({
    end_users: (await sumsBy(sumReader({ store, services }), namesOf('customer'))).map(({ entity }) => entity),
  }),
});

export const globalRefresh = adminRoute({
  method: 'POST',
  paths: ['/global/spend/refresh'],
  action: 'spend.global',
  summary: 'Does nothing: sums are written with the calls, so that there is nothing to refresh.',
  handle: async () => ({ message: 'Sums are written with the calls: there is nothing to refresh.', status: 'success' }),
});

const perRead = 500;

export const globalReset = adminRoute({
  method: 'POST',
  paths: ['/global/spend/reset'],
  action: 'spend.reset',
  summary: 'Sets what all keys and teams have spent to 0. What they did stays in the log. For the master key alone.',
  handle: async (context) => {
    demandMaster(context);
    const { store, services } = context;
    for (const kind of ['key:', 'team:'])
      for (let last = kind; ;) {
        const rows = await store.database.all<{ subject: string }>(
          sql`select distinct subject from spend_totals where subject > ${last} and substr(subject, 1, length(${kind})) = ${kind}
            order by subject limit ${perRead}`,
        );
        for (const { subject } of rows) if (!subject.includes('/model:')) await services.spend.clear(subject);
        if (rows.length < perRead) break;
        last = rows.at(-1)!.subject;
      }
    return { message: 'Spend for all API Keys and Teams reset successfully', status: 'success' };
  },
});
