import type { BudgetRecord, KeyRecord, Limits } from '../../access/records/records.ts';
import type { BudgetSettings, LimitKind } from '../../config/gateway-budget.ts';
import type { Limit, Metric, Period } from '../../limits/index.ts';
import { budgetPeriod, effectiveLimits } from './effective-limits.ts';

const minuteMs = 60_000;
const nanoPerUsd = 1_000_000_000;

/** How limits are counted here. */
export type LimitRules = Pick<BudgetSettings, 'timeZone' | 'tokenMetric' | 'shadow'>;

/** Somebody whose limits hold. */
export interface LimitedSubject {
  /** `key:ab12…` */
  readonly subject: string;
  /** As people know it, for errors: `key "ci"`. */
  readonly label: string;
  readonly limits: Limits & Pick<KeyRecord, 'rpm_limit_type' | 'tpm_limit_type'>;
  /** What holds where its own limits say nothing. */
  readonly shared?: BudgetRecord | undefined;
  /** Unix milliseconds: periods that are no calendar's begin here. */
  readonly startedAt: number;
  /** What its budget is raised by at the moment, in US dollars. */
  readonly raisedUsd?: number;
  /** Its limits are looked at and told, and refuse nothing. */
  readonly shadow?: boolean;
  /** The share of its rates that it keeps, its own budget being spent: what that would refuse is let through. */
  readonly throttledShare?: number | undefined;
  /** Of the model, where its limits say nothing of it. */
  readonly modelRates?: { readonly requestsPerMinute?: number | undefined; readonly tokensPerMinute?: number | undefined } | undefined;
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

/**
 * What a subject's limits are for calls of one model. `null` and absent are no limit; 0 is none at all (FP-68).
 * @param others further names of the model: what its tables say of these holds too
 */
export const limitsOfSubject = (
  { subject, label, limits: own, shared, startedAt, raisedUsd = 0, shadow = false, throttledShare, modelRates }: LimitedSubject,
  model: string,
  rules: LimitRules,
  others: readonly string[] = none,
): Limit[] => {
  const limits = effectiveLimits(own, shared);
  const all: Limit[] = [];
  const period = (duration: string | null | undefined): Period | undefined =>
    duration == null ? undefined : budgetPeriod(duration, startedAt, rules.timeZone);
  const add = (limit: Omit<Limit, 'label' | 'subject'>, of = subject, name = label) => {
    const isShadow = !limit.soft && (shadow || isShadowed(limit.metric, rules));
    all.push({ subject: of, label: name, ...limit, ...(isShadow && { soft: true, shadow: true }) });
  };
  const rate = (metric: Metric, max: number | null | undefined, of = subject, name = label): void => {
    if (max == null) return;
    const kept = throttledShare === undefined || max === 0 ? max : Math.max(1, Math.floor(max * throttledShare));
    add(
      {
        metric,
        max: kept,
        windowMs: minuteMs,
        ...(isDynamic(metric === 'requests' ? own.rpm_limit_type : own.tpm_limit_type) && { dynamic: true }),
      },
      of,
      throttledShare === undefined ? name : `${name}, slowed down as its budget is spent,`,
    );
  };
  const budget = (usd: number, duration: string | null | undefined, soft = false, of = subject, name = label) => {
    const span = period(duration);
    add({ metric: 'cost', max: nanodollars(usd), ...(span && { period: span }), ...(soft && { soft }) }, of, name);
  };

  rate('requests', limits.rpm_limit);
  rate(rules.tokenMetric, limits.tpm_limit);
  if (limits.max_parallel_requests != null) add({ metric: 'parallel', max: limits.max_parallel_requests });
  const isSpent = throttledShare !== undefined;
  if (limits.max_budget != null) budget(limits.max_budget + raisedUsd, limits.budget_duration, isSpent);
  if (limits.soft_budget != null) budget(limits.soft_budget, limits.budget_duration, true);
  for (const window of limits.budget_limits ?? []) budget(window.max_budget + raisedUsd, window.budget_duration, isSpent);

  /** What the tables say of a name. */
  const named = (name: string, usual?: LimitedSubject['modelRates']) => {
    const ofModel = `${subject}/model:${name}`;
    const modelLabel = `${label}, model "${name}"`;
    const modelBudget = memberOf(limits.model_max_budget, name);
    const requests = memberOf(limits.model_rpm_limit, name) ?? modelBudget?.rpm_limit;
    const tokens = memberOf(limits.model_tpm_limit, name) ?? modelBudget?.tpm_limit;
    rate('requests', requests ?? usual?.requestsPerMinute, ofModel, modelLabel);
    rate(rules.tokenMetric, tokens ?? usual?.tokensPerMinute, ofModel, modelLabel);
    if (modelBudget?.max_budget != null) budget(modelBudget.max_budget, modelBudget.budget_duration, false, ofModel, modelLabel);
  };
  // However it is called, what a model has for each key is counted once.
  const main = others.findLast((name) => !name.includes('*')) ?? model;
  for (const name of [model, ...others]) named(name, name === main ? modelRates : undefined);
  return all;
};

const none: readonly string[] = [];

const isDynamic = (type: string | null | undefined): boolean => type === 'dynamic';

/** Whether the gateway only tries out limits of a kind. */
export const isShadowed = (metric: Metric, { shadow }: Pick<LimitRules, 'shadow'>): boolean =>
  shadow.length > 0 && shadow.includes(kindOf(metric));

export const kindOf = (metric: Metric): LimitKind => (metric === 'input_tokens' || metric === 'output_tokens' ? 'tokens' : metric);

const memberOf = <T>(table: Readonly<Record<string, T>> | null | undefined, name: string): T | undefined =>
  table && Object.hasOwn(table, name) ? table[name] : undefined;

export const nanodollars = (usd: number): number => Math.min(Number.MAX_SAFE_INTEGER, Math.round(usd * nanoPerUsd));
