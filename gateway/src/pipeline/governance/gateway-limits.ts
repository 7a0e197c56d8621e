import type { BudgetSettings } from '../../config/gateway-budget.ts';
import type { Limit } from '../../limits/index.ts';
import { limitsOfSubject } from './subject-limits.ts';

const known = new WeakMap<BudgetSettings, readonly Limit[]>();

/** The budget of the whole gateway (`litellm_settings.max_budget`). */
export const gatewayLimits = (settings: BudgetSettings): readonly Limit[] => {
  let limits = known.get(settings);
  if (!limits) {
    const { gateway, timeZone } = settings;
    limits = gateway
      ? limitsOfSubject(
          {
            subject: 'gateway',
            label: 'gateway',
            limits: { max_budget: gateway.maxUsd, budget_duration: gateway.duration ?? null },
            startedAt: 0,
          },
          '',
          timeZone,
        )
      : [];
    known.set(settings, limits);
  }
  return limits;
};
