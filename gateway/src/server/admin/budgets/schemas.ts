import { z } from 'zod';
import { anId, budgetShape, commaList, ids, pageNumber, pageSize } from '../fields.ts';
import { notTaken } from '../not-built.ts';

/** Periods are those of the calendar, so that enforcement and answers agree wherever they are worked out. */
const resetAt = notTaken('is worked out from `budget_duration`: leave it out');

export const newBudget = z.strictObject({ budget_id: anId.nullish(), ...budgetShape, budget_reset_at: resetAt });
export const updatedBudget = newBudget.extend({ budget_id: anId });
export const namedBudgets = z.strictObject({ budgets: ids.min(1, { error: 'must name at least one budget' }) });
export const deletedBudget = z.strictObject({ id: anId });
export const budgetOfQuery = z.strictObject({ budget_id: anId });

const sortable = ['budget_id', 'max_budget', 'tpm_limit', 'rpm_limit', 'created_at'] as const;
export type BudgetSort = (typeof sortable)[number];

/** `-max_budget,created_at` */
const sort = z.string().transform((text, context) =>
  text.split(',').map((each) => {
    const name = each.trim().replace(/^-/, '');
    if (!sortable.includes(name as BudgetSort)) context.addIssue({ code: 'custom', message: `must be made of ${sortable.join(', ')}` });
    return { by: name as BudgetSort, descending: each.trim().startsWith('-') };
  }),
);

const isNull = z.enum(['true', 'false']).transform((text) => text === 'true');
const amount = z
  .string()
  .refine((text) => text.trim() !== '' && Number.isFinite(Number(text)), { error: 'must be a number' })
  .transform(Number);
const moment = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), { error: 'must be a moment such as 2026-11-22T00:00:00Z' })
  .transform((text) => Date.parse(text));

export const budgetsQuery = z.strictObject({
  q: z.string().max(256).optional(),
  sort: sort.optional(),
  page: pageNumber,
  page_size: pageSize(50),
  'filter[budget_duration][in]': commaList.optional(),
  'filter[budget_duration][is_null]': isNull.optional(),
  'filter[max_budget][gte]': amount.optional(),
  'filter[max_budget][lte]': amount.optional(),
  'filter[max_budget][is_null]': isNull.optional(),
  'filter[created_at][gte]': moment.optional(),
  'filter[created_at][lte]': moment.optional(),
});
export type BudgetsQuery = z.output<typeof budgetsQuery>;
