import type { BudgetSettings } from '../../config/gateway-budget.ts';
import type { Limit } from '../../limits/index.ts';
import { limitsOfSubject } from './subject-limits.ts';

const known = new WeakMap<BudgetSettings, readonly Limit[]>();

/** Of the whole gateway: its budget (`litellm_settings.max_budget`), and calls at a time (`global_max_parallel_requests`). */
export const gatewayLimits = (settings: BudgetSettings): readonly Limit[] => {
  let limits = known.get(settings);
  if (!limits) {
    const { gateway, maxParallelRequests } = settings;
    limits = limitsOfSubject(
      {
        subject: 'gateway',
        label: 'gateway',
        limits: {
          ...(gateway && { max_budget: gateway.maxUsd, budget_duration: gateway.duration ?? null }),
          ...(maxParallelRequests !== undefined && { max_parallel_requests: maxParallelRequests }),
        },
        startedAt: 0,
      },
      '',
      settings,
    );
    known.set(settings, limits);
  }
  return limits;
};
