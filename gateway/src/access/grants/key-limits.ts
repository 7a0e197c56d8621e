import { durationMs } from '../../config/durations.ts';
import type { KeyRecord, Limits, ModelBudget } from '../records/records.ts';

/** Limits of a key, which may be those of whoever has it. */
export type Bounds = Pick<
  Limits,
  | 'max_budget'
  | 'budget_duration'
  | 'tpm_limit'
  | 'rpm_limit'
  | 'max_parallel_requests'
  | 'model_max_budget'
  | 'model_rpm_limit'
  | 'model_tpm_limit'
>;

/** Null and absent are no limit. */
const isWithin = (value: number | null | undefined, most: number | null | undefined): boolean =>
  most == null || (value != null && value <= most);

/** A budget that is whole again more often lets through more; one that never is, the least. */
const isAsSlow = (duration: string | null | undefined, least: string | null | undefined): boolean => {
  if (duration == null) return true;
  return least != null && (durationMs(duration) ?? 0) >= (durationMs(least) ?? Infinity);
};

const amounts = ['max_budget', 'tpm_limit', 'rpm_limit', 'max_parallel_requests'] as const;
const perModel = ['model_rpm_limit', 'model_tpm_limit'] as const;

/** The first member by which some limits let through more than others, if there is one. @param inner must have each limit that `outer` has */
export const limitBeyond = (inner: Bounds, outer: Bounds): keyof Bounds | undefined => {
  const amount = amounts.find((name) => !isWithin(inner[name], outer[name]));
  if (amount) return amount;
  if (outer.max_budget != null && !isAsSlow(inner.budget_duration, outer.budget_duration)) return 'budget_duration';
  const models = perModel.find((name) => Object.entries(outer[name] ?? {}).some(([model, most]) => !isWithin(inner[name]?.[model], most)));
  if (models) return models;
  const budgets = Object.entries(outer.model_max_budget ?? {});
  return budgets.some(([model, most]) => !isBudgetWithin(inner.model_max_budget?.[model], most)) ? 'model_max_budget' : undefined;
};

const isBudgetWithin = (inner: ModelBudget | undefined, outer: ModelBudget): boolean =>
  isWithin(inner?.max_budget, outer.max_budget) &&
  isWithin(inner?.tpm_limit, outer.tpm_limit) &&
  isWithin(inner?.rpm_limit, outer.rpm_limit) &&
  (outer.max_budget == null || isAsSlow(inner?.budget_duration, outer.budget_duration));

/** Names of models that a key reaches in other ways than by its list. */
export const modelsBeside = ({ aliases, budget_fallbacks, router_settings }: Partial<KeyRecord>): readonly string[] => {
  const { fallbacks, context_window_fallbacks: ofContext, model_group_alias: groups } = (router_settings ?? {}) as RouterOverrides;
  const targets = [...(fallbacks ?? []), ...(ofContext ?? [])].flatMap((entry) => Object.values(entry).flat());
  return [
    ...Object.values(aliases ?? {}),
    ...Object.values(budget_fallbacks ?? {}).flat(),
    ...targets,
    ...Object.values(groups ?? {}).map((target) => (typeof target === 'string' ? target : target.model)),
  ];
};

interface RouterOverrides {
  readonly fallbacks?: readonly Readonly<Record<string, readonly string[]>>[] | null;
  readonly context_window_fallbacks?: readonly Readonly<Record<string, readonly string[]>>[] | null;
  readonly model_group_alias?: Readonly<Record<string, string | { readonly model: string }>> | null;
}
