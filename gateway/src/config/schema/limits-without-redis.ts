import { z } from 'zod';
import { withoutRedisModes } from '../limits-without-redis.ts';
import { boolean, choice, describe } from './fields.ts';

const mode = (about: string) => choice(withoutRedisModes, { default: 'local_share', about });

/** `sluice_settings.limits_without_redis` */
export const withoutRedis = describe(
  z
    .strictObject({
      requests: mode('Requests a minute.'),
      tokens: mode('Tokens a minute, of input and output as well.'),
      parallel: mode('Calls at the same time.'),
      cost: mode('Budgets. `general_settings.fail_closed_budget_enforcement` is `refuse`, where this is absent.'),
    })
    .optional(),
  {
    about:
      'What becomes of the limits of keys, teams and the like while the Redis that gateways share is away. `local_share`: each gateway keeps to its part. `allow`: they are not asked for. `refuse`: calls that have such a limit get 503. Without a Redis in the configuration it says nothing.',
  },
);

/** A member of `general_settings`, as LiteLLM has it (github.com/BerriAI/litellm, litellm/proxy/proxy_server.py, read 2026-11-22). */
export const withoutRedisShape = {
  fail_closed_budget_enforcement: boolean({
    default: false,
    about: 'While the Redis that gateways share is away, calls that have a budget are refused with 503, instead of let in by shares of it.',
  }),
} as const;
