import { SluiceError } from 'sluice/kit';
import { kinds } from '../../../access/records/kinds.ts';
import type { TagRecord } from '../../../access/records/records.ts';
import type { Stored } from '../../../access/store/stored.ts';
import { notFound } from '../../../access/store/writing.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { demandBudget } from '../budgets/known-budget.ts';
import { changed, filled } from '../patch.ts';
import { namedTag, newTag, updatedTag } from './schemas.ts';
import { shownTags } from './read.ts';
import { tagSubject } from './shown.ts';

export const createTag = adminRoute({
  method: 'POST',
  paths: ['/tag/new'],
  action: 'tag.write',
  body: newTag,
  summary: 'Makes a tag that has limits of its own.',
  handle: async (context) => {
    const { name, ...fields } = context.body;
    const tag = await context.store.write(context.actor, async (writing) => {
      if (await writing.get(kinds.tag, name))
        throw new SluiceError('invalid_request', `There is already a tag ${JSON.stringify(name)}.`, { param: 'name' });
      await demandBudget(writing, fields.budget_id);
      return writing.insert(kinds.tag, name, { models: [], ...filled(fields) });
    });
    return { message: `Tag ${name} created successfully`, tag: await shown(context, tag) };
  },
});

export const updateTag = adminRoute({
  method: 'POST',
  paths: ['/tag/update'],
  action: 'tag.write',
  body: updatedTag,
  summary: 'Changes a tag. What is not named is not touched; null is unlimited.',
  handle: async (context) => {
    const { name, models, ...fields } = context.body;
    const tag = await context.store.write(context.actor, async (writing) => {
      await demandBudget(writing, fields.budget_id);
      return writing.update(kinds.tag, name, (data) => changed(data, { ...fields, ...(models !== undefined && { models: models ?? [] }) }));
    });
    return { message: `Tag ${name} updated successfully`, tag: await shown(context, tag) };
  },
});

export const deleteTag = adminRoute({
  method: 'POST',
  paths: ['/tag/delete'],
  action: 'tag.write',
  body: namedTag,
  summary: 'Deletes a tag with its limits. What was spent under it starts at nothing when it is made again.',
  handle: async ({ body: { name }, store, services, actor }) => {
    if (!(await store.write(actor, (writing) => writing.remove(kinds.tag, name)))) throw notFound(kinds.tag, name);
    await services.spend.clear(tagSubject(name));
    return { message: `Tag ${name} deleted successfully` };
  },
});

const shown = async (context: Pick<AdminContext, 'store' | 'services' | 'now'>, tag: Stored<TagRecord>) =>
  (await shownTags(context, [tag]))[0]!;
