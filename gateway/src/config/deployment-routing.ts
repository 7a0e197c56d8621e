import type { FallbackTarget } from 'sluice/kit';
import { durationMs } from './durations.ts';
import { targetsOf } from './fallbacks.ts';
import { note, type Findings } from './issues.ts';
import type { Located } from './merge.ts';
import type { PartialParams } from './schema/litellm-params.ts';
import type { ModelEntry } from './schema/model-list.ts';
import type { SpendBudget } from './snapshot.ts';

interface Context {
  findings: Findings;
  /** `LITELLM_ENVIRONMENT` */
  environment: string | undefined;
}

/** Whether an entry is for here: not blocked, and for this environment. LiteLLM refuses environments where it knows none of its own. */
export const isServed = ({ value, source, path }: Located<ModelEntry>, { findings, environment }: Context): boolean => {
  if (value.blocked || value.model_info?.blocked) return false;
  const allowed = value.model_info?.supported_environments;
  if (allowed === undefined) return true;
  if (environment === undefined) {
    const place = [...path, 'model_info', 'supported_environments'];
    findings.warnings.push(
      note(source, place, 'other', 'model_info.supported_environments', 'LITELLM_ENVIRONMENT is not set, so the model is not served'),
    );
    return false;
  }
  return allowed.includes(environment);
};

/** Where it computes: what is said, else what the cloud is told. */
export const regionOf = (params: PartialParams, info: ModelEntry['model_info']): string | undefined =>
  params.region_name ?? info?.region ?? params.aws_region_name ?? params.vertex_location ?? params.vertex_ai_location;

/** By which keys and teams are given several models at once. */
export const accessGroupsOf = ({ value }: Located<ModelEntry>): string[] =>
  (value.model_info?.access_groups ?? []).filter((group) => group !== undefined);

/** As LiteLLM, only with a period: what never begins anew is no budget of a router. */
export const budgetOf = (params: PartialParams, { source, path }: Located<ModelEntry>, { findings }: Context): SpendBudget | undefined => {
  const { max_budget: limitUsd, budget_duration: duration } = params;
  const periodMs = duration === undefined ? undefined : durationMs(duration);
  if (limitUsd !== undefined && periodMs !== undefined) return { limitUsd, periodMs };
  if (limitUsd !== undefined || duration !== undefined) {
    const [has, needs] = limitUsd === undefined ? ['budget_duration', 'max_budget'] : ['max_budget', 'budget_duration'];
    const place = [...path, 'litellm_params', has!];
    findings.warnings.push(note(source, place, 'other', `litellm_params.${has}`, `has no effect without \`${needs}\``));
  }
  return undefined;
};

/** A failing call is tried at all deployments of its name first, so what one of them says of fallbacks is said of the name. */
export const keepFallbacks = (
  params: PartialParams,
  { value, source, path }: Located<ModelEntry>,
  { findings, ownFallbacks }: Context & { ownFallbacks: Map<string, FallbackTarget[]> },
): void => {
  if (params.fallbacks === undefined) return;
  // Their names are checked once all names are known.
  const context = { names: anyName, findings, source };
  const targets = targetsOf(params.fallbacks, value.model_name, [...path, 'litellm_params', 'fallbacks'], context);
  ownFallbacks.set(value.model_name, [...(ownFallbacks.get(value.model_name) ?? []), ...targets]);
};

const anyName = { has: () => true, nearest: () => undefined };
