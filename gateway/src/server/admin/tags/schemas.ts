import { z } from 'zod';
import { anId, aText, budgetShape, ids, names } from '../fields.ts';
import { notTaken } from '../not-built.ts';

const tag = z.strictObject({
  name: anId,
  description: aText.nullish(),
  models: names.nullish(),
  model_info: notTaken('is worked out from `models`: leave it out'),
  budget_id: anId.nullish(),
  ...budgetShape,
});

export const newTag = tag;
export const updatedTag = tag;
export const namedTags = z.strictObject({ names: ids.min(1, { error: 'must name at least one tag' }) });
export const namedTag = z.strictObject({ name: anId });

const day = z.iso.date({ error: 'must be a day such as 2026-11-22' });

export const tagsQuery = z
  .strictObject({ start_date: day.optional(), end_date: day.optional() })
  .refine(({ start_date, end_date }) => (start_date === undefined) === (end_date === undefined), {
    error: 'must have both `start_date` and `end_date`, or neither',
  });
