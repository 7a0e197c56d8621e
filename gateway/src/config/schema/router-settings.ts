import { strategyNames } from 'sluice/kit';
import { z } from 'zod';
import { defaults } from '../defaults.ts';
import { boolean, choice, describe, number, requiredText } from './fields.ts';
import { partialParams } from './litellm-params.ts';

/** Those that are built, and those of LiteLLM, as it and tutorials spell them. */
const litellmStrategies = [
  'least-busy',
  'usage-based-routing',
  'usage-based-routing-v2',
  'latency-based-routing',
  'latency-based',
  'cost-based-routing',
  'cost-based',
  'weighted-pick',
  'provider-budget-routing',
];
const [first = '', ...others] = [...new Set([...strategyNames, ...litellmStrategies])];

const alias = z.union([
  z.string(),
  z.strictObject({
    model: requiredText({ about: 'The model name it stands for.' }),
    hidden: boolean({ default: false, about: 'Not listed by `/v1/models`.' }),
  }),
]);

export const routerSettings = describe(
  z
    .strictObject({
      routing_strategy: choice([first, ...others], {
        default: 'simple-shuffle',
        about: 'How a deployment is picked among those of one name. `simple-shuffle`, a weighted random pick, is what is built.',
      }),
      num_retries: number({
        min: 0,
        int: true,
        default: defaults.maxRetries,
        about: 'Tries after the first, on another deployment where there is one.',
      }),
      retry_after: number({ min: 0, unit: 'seconds', default: defaults.retryAfterMs, about: 'Least wait before another try.' }),
      timeout: number({
        min: 0,
        unit: 'seconds',
        about:
          'How long one try may take: a whole answer must be there by then, and a stream must not be silent longer. Absent: the deadlines of `sluice_settings`.',
      }),
      stream_timeout: number({ min: 0, unit: 'seconds', about: 'The silence allowed in a stream, instead of `timeout`.' }),
      retry_policy: describe(
        z.strictObject({ num_retries: number({ min: 0, int: true, about: 'The same as `num_retries`, which wins.' }) }).optional(),
        { about: 'Retries by kind of error; only `num_retries` is built.' },
      ),
      model_group_alias: describe(z.record(z.string(), alias).optional(), {
        about: 'Other names for model names: a name, or `{ model, hidden }`.',
      }),
      default_litellm_params: describe(partialParams.optional(), {
        about: '`litellm_params` of every deployment that does not give its own.',
      }),
    })
    .optional(),
  { about: 'How calls find their deployment.' },
);
