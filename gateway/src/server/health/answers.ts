import { modelModes, type Deployment } from '../../config/snapshot.ts';
import type { HealthResult } from '../../pipeline/health-board.ts';
import type { Live } from '../../pipeline/live.ts';

/*
 * The shapes of LiteLLM's answers about health (its OpenAPI 1.96, `proxy/health_check.py` and
 * `health_endpoints/_health_endpoints.py`, read 2026-11-22), with what is ours beside it: when, how and how long it was
 * checked, and a third list of what could not be, or has not been yet. No key is in any of them.
 */

/** One deployment, as `/health` lists it. */
export const endpointOf = (
  live: Live,
  deployment: Deployment,
  result: HealthResult | undefined,
  details: boolean,
): Record<string, unknown> => {
  const provider = live.providerOf(deployment) ?? deployment.provider;
  const told: Record<string, unknown> = { model: nameOf(provider, deployment), model_id: deployment.id };
  if (!details) return told;
  const { modelName, apiBase, apiVersion, mode, baseModel, region, rpm, tpm, itpm, otpm } = deployment;
  const base = apiBase === undefined ? undefined : shownBase(apiBase);
  return {
    ...told,
    model_name: modelName,
    ...(provider !== undefined && { custom_llm_provider: provider }),
    ...(base !== undefined && { api_base: base }),
    ...(apiVersion !== undefined && { api_version: apiVersion }),
    ...(mode !== undefined && { mode }),
    ...(baseModel !== undefined && { base_model: baseModel }),
    ...(region !== undefined && { region_name: region }),
    ...(rpm !== undefined && { rpm }),
    ...(tpm !== undefined && { tpm }),
    ...(itpm !== undefined && { itpm }),
    ...(otpm !== undefined && { otpm }),
    ...(result && { checked_by: result.by, checked_at: new Date(result.checkedAt).toISOString(), response_time_ms: Math.round(result.ms) }),
    ...(result?.message !== undefined && { error: result.message }),
    ...(result?.code !== undefined && { error_code: result.code }),
    ...(result?.status !== undefined && { exception_status: result.status }),
  };
};

/** The model as a configuration names it. */
export const nameOf = (provider: string | undefined, { model }: Deployment): string =>
  provider === undefined || model.startsWith(`${provider}/`) ? model : `${provider}/${model}`;

/** An address without what may be a credential: a user, a query. */
const shownBase = (apiBase: string): string | undefined => {
  const url = URL.parse(apiBase);
  return url ? `${url.origin}${url.pathname}` : undefined;
};

/** A result as `/health/latest` and `/health/history` tell it. */
export const checkOf = (result: HealthResult): Record<string, unknown> => {
  const at = new Date(result.checkedAt).toISOString();
  return {
    health_check_id: `${result.deploymentId}:${Math.round(result.checkedAt)}`,
    model_name: result.modelName,
    model_id: result.deploymentId,
    status: result.healthy ? 'healthy' : 'unhealthy',
    healthy_count: result.healthy ? 1 : 0,
    unhealthy_count: result.healthy ? 0 : 1,
    error_message: result.message ?? null,
    response_time_ms: Math.round(result.ms),
    details: result.code === undefined ? null : { error_code: result.code, exception_status: result.status },
    checked_by: result.by,
    checked_at: at,
    created_at: at,
  };
};

export const isMode = (value: unknown): value is NonNullable<Deployment['mode']> => modelModes.some((mode) => mode === value);
