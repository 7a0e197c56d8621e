import type { z } from 'zod';
import type { generalSettings } from './schema/general-settings.ts';
import type { sluiceSettings } from './schema/sluice-settings.ts';

export const withoutRedisModes = ['local_share', 'allow', 'refuse'] as const;
/** What becomes of a limit that Redis cannot be asked about. */
export type WithoutRedis = (typeof withoutRedisModes)[number];

/** By kind of limit: `tokens` are those of input and of output as well. */
export interface WithoutRedisModes {
  readonly requests: WithoutRedis;
  readonly tokens: WithoutRedis;
  readonly parallel: WithoutRedis;
  readonly cost: WithoutRedis;
}

export const usualWithoutRedis: WithoutRedisModes = {
  requests: 'local_share',
  tokens: 'local_share',
  parallel: 'local_share',
  cost: 'local_share',
};

/** Sluice's own setting says more than LiteLLM's. */
export const limitsWithoutRedis = (
  general: z.output<typeof generalSettings>,
  sluice: z.output<typeof sluiceSettings>,
): WithoutRedisModes => {
  const said = sluice?.limits_without_redis;
  return {
    requests: said?.requests ?? usualWithoutRedis.requests,
    tokens: said?.tokens ?? usualWithoutRedis.tokens,
    parallel: said?.parallel ?? usualWithoutRedis.parallel,
    cost: said?.cost ?? (general?.fail_closed_budget_enforcement ? 'refuse' : usualWithoutRedis.cost),
  };
};
