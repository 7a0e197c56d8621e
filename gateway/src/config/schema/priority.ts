import { z } from 'zod';
import { defaults } from '../defaults.ts';
import { describe, number, toNumber } from './fields.ts';

const share = z.preprocess(toNumber, z.number().min(0));

const reservation = z.union([
  share,
  z.strictObject({
    type: z.enum(['percent', 'rpm', 'tpm']).optional(),
    value: share,
  }),
]);
export type ReservationEntry = z.output<typeof reservation>;

const aName = z.string().min(1).max(128);

/** Members of `litellm_settings` that say who goes first where a model is busy (LiteLLM's dynamic rate limiters). */
export const priorityShape = {
  callbacks: describe(
    z.union([z.string(), z.array(z.string())]).optional(),
    {
      about:
        "`dynamic_rate_limiter_v3` holds callers to what a model's deployments take together and to their priority's share of it, `dynamic_rate_limiter` divides what is left of it among the keys that are active. Other names are not built yet.",
    },
    { type: ['array', 'string'] },
  ),
  priority_reservation: describe(z.record(aName, reservation).optional(), {
    about:
      'The share of each model that each priority has while the model is busy: `0.9`, or `{ type: percent | rpm | tpm, value: … }`. A key or team is of a priority by its `metadata.priority`. Shares of more than 1 together are scaled down.',
  }),
  priority_reservation_settings: describe(
    z
      .strictObject({
        default_priority: number({
          min: 0,
          max: 1,
          default: defaults.defaultPriorityShare,
          about: 'The share that all callers without a priority have together.',
        }),
        saturation_threshold: number({
          min: 0,
          max: 1,
          default: defaults.saturationThreshold,
          about: 'The share of a model in use from which on it counts as busy. Below it everybody may use what is free.',
        }),
        saturation_check_cache_ttl: number({
          min: 0,
          unit: 'seconds',
          default: defaults.saturationTtlMs / 1000,
          about: 'How long what is known of other gateways’ use holds where none of them is asked. A gateway alone always knows.',
        }),
      })
      .optional(),
    { about: 'How `priority_reservation` is enforced.' },
  ),
} as const;
