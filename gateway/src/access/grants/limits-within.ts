import type { Limits } from '../records/records.ts';

const members = ['max_budget', 'tpm_limit', 'rpm_limit', 'max_parallel_requests'] as const;
const ofModels = ['model_rpm_limit', 'model_tpm_limit'] as const;

/** One limit that is above another one, and both. */
export interface LimitBeyond {
  readonly name: string;
  readonly limit: number;
  readonly most: number;
}

/**
 * The limits of one thing that are above those of what it belongs to: nothing of them could ever be used. A limit that is
 * not given is not above: what it belongs to counts all the same.
 */
export const limitsBeyond = (inner: Limits, outer: Limits): readonly LimitBeyond[] => {
  const found: LimitBeyond[] = [];
  const look = (name: string, limit: number | null | undefined, most: number | null | undefined) => {
    if (limit != null && most != null && limit > most) found.push({ name, limit, most });
  };
  for (const name of members) look(name, inner[name], outer[name]);
  for (const name of ofModels)
    for (const [model, limit] of Object.entries(inner[name] ?? {})) look(`${name}.${model}`, limit, outer[name]?.[model]);
  for (const [model, budget] of Object.entries(inner.model_max_budget ?? {}))
    look(`model_max_budget.${model}`, budget.max_budget, outer.model_max_budget?.[model]?.max_budget);
  return found;
};
