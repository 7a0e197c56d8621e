import { defined } from './defined.ts';
import { milliseconds } from './milliseconds.ts';
import { plainHealthChecks } from './router-defaults.ts';
import type { Config } from './schema/index.ts';
import type { ModelEntry } from './schema/model-list.ts';
import type { DeploymentHealthCheck, HealthCheckSettings } from './snapshot.ts';

/** `general_settings.health_check_*`, and the two that `router_settings` has as well, which win there. */
export const healthCheckSettings = ({
  general_settings: general,
  router_settings: router,
}: Pick<Config, 'general_settings' | 'router_settings'>): HealthCheckSettings => {
  const intervalMs = milliseconds(general?.health_check_interval) ?? plainHealthChecks.intervalMs;
  return defined<HealthCheckSettings>({
    background: general?.background_health_checks ?? false,
    intervalMs,
    details: general?.health_check_details ?? true,
    concurrency: general?.health_check_concurrency,
    routing: router?.enable_health_check_routing ?? general?.enable_health_check_routing ?? false,
    stalenessMs: milliseconds(router?.health_check_staleness_threshold ?? general?.health_check_staleness_threshold) ?? 2 * intervalMs,
    ignoreTransient: general?.health_check_ignore_transient_errors ?? false,
    models: general?.background_health_check_model_groups?.filter((name) => name !== undefined),
    skipDisabled: general?.health_check_skip_disabled_background_models ?? false,
    listHealthyOnly: general?.model_list_healthy_only ?? false,
  });
};

/** How one deployment is checked; undefined: as any other. */
export const healthCheckOf = (info: ModelEntry['model_info']): DeploymentHealthCheck | undefined => {
  const check = defined<DeploymentHealthCheck>({
    model: info?.health_check_model,
    timeoutMs: milliseconds(info?.health_check_timeout),
    maxTokens: info?.health_check_max_tokens,
    disabled: info?.disable_background_health_check,
  });
  return Object.keys(check).length === 0 ? undefined : check;
};
