import { z } from 'zod';
import { durationMs } from '../durations.ts';
import { describe, number } from './fields.ts';

const aDuration = z.preprocess(
  (value) => (typeof value === 'number' ? String(value) : value),
  z.string().refine((value) => durationMs(value) !== undefined, {
    error: 'must be a duration such as 1h, 1d, 30d, 1mo, daily or monthly',
  }),
);

/** A duration as LiteLLM writes it. */
export const duration = (about: string) => describe(aDuration.optional(), { about, unit: 'as in `1h`, `30d`, `1mo`' }, { type: 'string' });

/** The same where there must be one. */
export const requiredDuration = describe(aDuration, { about: 'The period.', unit: 'as in `1h`, `30d`, `1mo`' }, { type: 'string' });

const budget = z
  .strictObject({
    budget_limit: number({ min: 0, unit: 'US dollars', about: 'The most that may be spent in one period.' }),
    max_budget: number({ min: 0, unit: 'US dollars', about: 'The same as `budget_limit`, which wins.' }),
    time_period: duration('The period. It begins at multiples of its length from Monday, 5 January 1970, in UTC: days at midnight.'),
    budget_duration: duration('The same as `time_period`, which wins.'),
  })
  .refine(({ budget_limit, max_budget }) => budget_limit !== undefined || max_budget !== undefined, { error: 'needs `budget_limit`' })
  .refine(({ time_period, budget_duration }) => time_period !== undefined || budget_duration !== undefined, {
    error: 'needs `time_period`',
  });

/** A budget for each of some names. */
export const budgets = (about: string) => describe(z.record(z.string(), budget).optional(), { about });
export type BudgetEntry = z.output<typeof budget>;
