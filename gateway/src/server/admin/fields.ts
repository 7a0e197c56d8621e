import { z } from 'zod';
import { durationMs } from '../../config/durations.ts';
import { objectPermission } from './not-built.ts';

/**
 * What requests of the admin API have in common. Members that are null count as not given when a thing is made, and as
 * "set to nothing" when it is changed, so every optional member may be null.
 */

const controls = /\p{Cc}/u;

/** Texts for people: names, descriptions. At most 2,000 characters. */
export const aText = z.string().max(2000);

/** A name or id, of ours or the caller's own. */
export const anId = z
  .string()
  .min(1, { error: 'must not be empty' })
  .max(256, { error: 'must have at most 256 characters' })
  .refine((id) => !controls.test(id), { error: 'must not hold control characters' });

/** A member that always has a value: null counts as not given. */
export const orUsual = <T extends z.ZodType>(schema: T, usual: z.output<T>) =>
  schema.nullish().transform((value): z.output<T> => value ?? usual);

/** As many as one request may name. */
const maxIds = 1000;
export const ids = z.array(anId).max(maxIds, { error: `must have at most ${maxIds} entries` });

/** Names of models, patterns and groups. */
export const names = z.array(z.string().min(1).max(512)).max(10_000);

/** US dollars. 0 is none at all (FP-68). */
export const money = z.number().min(0, { error: 'must be 0 or more; null is unlimited' });

export const count = z.int().min(0, { error: 'must be a whole number of 0 or more; null is unlimited' });

/** Longer periods have no end that a date could say. */
const maxDurationMs = 1000 * 365 * 86_400_000;

/** `30s`, `30m`, `30h`, `30d`, `1w`, `1mo`, `1y`, and `daily`, `weekly`, `monthly`, `yearly`. */
export const duration = z.string().refine((text) => (durationMs(text) ?? Infinity) <= maxDurationMs, {
  error: 'must be a duration such as 30s, 30m, 30h, 30d, 1w, 1mo, 1y or monthly, of at most 1000y',
});

/** Free members, bounded: they are in the cache of every gateway. */
const maxJsonChars = 65_536;
export const json = z.record(z.string(), z.unknown()).refine((value) => JSON.stringify(value).length <= maxJsonChars, {
  error: `must be at most ${maxJsonChars} characters as JSON`,
});

const isNumeral = (value: unknown): boolean => typeof value === 'string' && /^\d{1,15}(?:\.\d{1,15})?$/.test(value);

/** LiteLLM calls the two by either name. */
const budgetNames = (value: unknown): unknown => {
  // A bare number, as LiteLLM's own documents have it for a model, never resets.
  if (typeof value === 'number') return { max_budget: value };
  if (typeof value !== 'object' || value === null) return value;
  const { budget_limit, time_period, reset_at: _, ...rest } = value as Record<string, unknown>;
  return {
    // It reads a number from a text as well (its `BudgetConfig`, v1.96.0, read 2026-11-22).
    ...(budget_limit !== undefined && { max_budget: isNumeral(budget_limit) ? Number(budget_limit) : budget_limit }),
    ...(time_period !== undefined && { budget_duration: time_period }),
    ...rest,
  };
};

const modelBudget = z.preprocess(
  budgetNames,
  z.strictObject({
    max_budget: money.nullish(),
    budget_duration: duration.nullish(),
    tpm_limit: count.nullish(),
    rpm_limit: count.nullish(),
  }),
);
const budgetWindow = z.preprocess(budgetNames, z.strictObject({ budget_duration: duration, max_budget: money }));

const counts = z.record(z.string(), count);

/** A shared budget's own limits, as a thing may have them itself. */
export const budgetShape = {
  max_budget: money.nullish(),
  soft_budget: money.nullish(),
  budget_duration: duration.nullish(),
  tpm_limit: count.nullish(),
  rpm_limit: count.nullish(),
  max_parallel_requests: count.nullish(),
  model_max_budget: z.record(z.string(), modelBudget).nullish(),
};

/** Members of `Limits` (access/records), all of them but `budget_id`. */
export const limitsShape = {
  ...budgetShape,
  budget_limits: z.array(budgetWindow).max(20).nullish(),
  model_rpm_limit: counts.nullish(),
  model_tpm_limit: counts.nullish(),
};

export { objectPermission };

/** An object permission that says nothing is none (LiteLLM: `null` or `{}`). Undefined stays undefined. */
export const permissionOrNothing = <T extends object>(permission: T | null | undefined): T | null | undefined =>
  permission && Object.values(permission).every((each) => each === undefined) ? null : permission;

/** Text of a query that is a whole number. */
const queryNumber = (min: number, max: number) =>
  z.preprocess((value) => (typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value), z.int().min(min).max(max));

/** `page` and the size under the name that the route has for it. */
export const pageNumber = queryNumber(1, 1_000_000_000).default(1);
export const pageSize = (usual: number, max = 100) => queryNumber(1, max).default(usual);

/** `true` and `false` as a query has them; Python's spelling too. */
export const queryFlag = z.preprocess(
  (value) => (typeof value === 'string' && /^(true|false|1|0)$/i.test(value) ? /^(true|1)$/i.test(value) : value),
  z.boolean(),
);

/** `a,b,c` */
export const commaList = z
  .string()
  .transform((text) => text.split(',').map((each) => each.trim()))
  .transform((all) => all.filter((each) => each !== ''))
  .pipe(ids);

export const sortOrder = z
  .string()
  .transform((text) => text.toLowerCase())
  .pipe(z.enum(['asc', 'desc']));
