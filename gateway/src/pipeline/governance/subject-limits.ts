import type { BudgetRecord, Limits } from '../../access/records/records.ts';
import type { Limit, Period } from '../../limits/index.ts';
import { budgetPeriod, effectiveLimits } from './effective-limits.ts';

const minuteMs = 60_000;
const nanoPerUsd = 1_000_000_000;

/** Somebody whose limits hold. */
export interface LimitedSubject {
  /** `key:ab12…` */
  readonly subject: string;
  /** As people know it, for errors: `key "ci"`. */
  readonly label: string;
  readonly limits: Limits;
  /** What holds where its own limits say nothing. */
  readonly shared?: BudgetRecord | undefined;
  /** Unix milliseconds: periods that are no calendar's begin here. */
  readonly startedAt: number;
  /** What its budget is raised by at the moment, in US dollars. */
  readonly raisedUsd?: number;
}

/** Whose spend is counted, limited or not. */
export interface Spender {
  readonly subject: string;
  /** Of its budget, where it begins anew; what was spent since ever is counted beside it. */
  readonly period?: Period | undefined;
}

/** How a subject's spend is counted: the same for what is enforced and for what is shown (FP-66). */
export const spenderOfSubject = (
  { subject, limits, shared, startedAt }: Pick<LimitedSubject, 'subject' | 'limits' | 'shared' | 'startedAt'>,
  timeZone: string | undefined,
): Spender => {
  const { budget_duration: duration } = effectiveLimits(limits, shared);
  return duration == null ? { subject } : { subject, period: budgetPeriod(duration, startedAt, timeZone) };
};

/** What a subject's limits are for calls of one model. `null` and absent are no limit; 0 is none at all (FP-68). */
export const limitsOfSubject = (
  { subject, label, limits: own, shared, startedAt, raisedUsd = 0 }: LimitedSubject,
  model: string,
  timeZone: string | undefined,
): Limit[] => {
  const limits = effectiveLimits(own, shared);
  const all: Limit[] = [];
  const period = (duration: string | null | undefined): Period | undefined =>
    duration == null ? undefined : budgetPeriod(duration, startedAt, timeZone);
  const add = (limit: Omit<Limit, 'label' | 'subject'>, of = subject, name = label) =>
    void all.push({ subject: of, label: name, ...limit });

  if (limits.rpm_limit != null) add({ metric: 'requests', max: limits.rpm_limit, windowMs: minuteMs });
  if (limits.tpm_limit != null) add({ metric: 'tokens', max: limits.tpm_limit, windowMs: minuteMs });
  if (limits.max_parallel_requests != null) add({ metric: 'parallel', max: limits.max_parallel_requests });
  const budget = (usd: number, duration: string | null | undefined, soft = false, of = subject, name = label) => {
    const span = period(duration);
    add({ metric: 'cost', max: nanodollars(usd), ...(span && { period: span }), ...(soft && { soft }) }, of, name);
  };
  if (limits.max_budget != null) budget(limits.max_budget + raisedUsd, limits.budget_duration);
  if (limits.soft_budget != null) budget(limits.soft_budget, limits.budget_duration, true);
  for (const window of limits.budget_limits ?? []) budget(window.max_budget + raisedUsd, window.budget_duration);

  const ofModel = `${subject}/model:${model}`;
  const modelLabel = `${label}, model "${model}"`;
  const rpm = memberOf(limits.model_rpm_limit, model) ?? memberOf(limits.model_max_budget, model)?.rpm_limit;
  const tpm = memberOf(limits.model_tpm_limit, model) ?? memberOf(limits.model_max_budget, model)?.tpm_limit;
  if (rpm != null) add({ metric: 'requests', max: rpm, windowMs: minuteMs }, ofModel, modelLabel);
  if (tpm != null) add({ metric: 'tokens', max: tpm, windowMs: minuteMs }, ofModel, modelLabel);
  const modelBudget = memberOf(limits.model_max_budget, model);
  if (modelBudget?.max_budget != null) budget(modelBudget.max_budget, modelBudget.budget_duration, false, ofModel, modelLabel);
  return all;
};

const memberOf = <T>(table: Readonly<Record<string, T>> | null | undefined, name: string): T | undefined =>
  table && Object.hasOwn(table, name) ? table[name] : undefined;

const nanodollars = (usd: number): number => Math.min(Number.MAX_SAFE_INTEGER, Math.round(usd * nanoPerUsd));
