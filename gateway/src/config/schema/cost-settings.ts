import { z } from 'zod';
import { describe, number, text, url } from './fields.ts';

const share = z.number().min(0).max(1);
const margin = z.union([
  z.number().min(0),
  z.strictObject({ percentage: z.number().min(0).optional(), fixed_amount: z.number().min(0).optional() }),
]);

/** LiteLLM's settings of what calls cost. */
export const costShape = {
  cost_discount_config: describe(z.record(z.string(), share).optional(), {
    about:
      'What a provider takes off its prices: `{ openai: 0.05 }` is five percent. Told in headers and the log, beside the price before it.',
  }),
  cost_margin_config: describe(z.record(z.string(), margin).optional(), {
    about:
      'What is put on top of the cost: a share (`{ openai: 0.1 }` is ten percent) or `{ percentage: 0.1, fixed_amount: 0.001 }`, in dollars a call. `global` holds for providers that are not named.',
  }),
  model_cost_map_url: url({ about: 'The same as `sluice_settings.price_map.url`, which wins.' }),
};

/** Where newer prices are, than those that Sluice comes with. */
export const priceMap = describe(
  z
    .strictObject({
      url: url({
        about:
          "A price map in LiteLLM's format or that of models.dev. It must be reachable from the gateway; until it is, the built-in prices hold.",
      }),
      file: text({ about: 'The same as a file, relative to this one.' }),
      refresh_minutes: number({ min: 0, default: 360, unit: 'minutes', about: 'Between two looks at it. 0: only at start.' }),
    })
    .optional(),
  {
    about:
      'Prices and limits of models, before those that Sluice comes with. A map that is broken, or lost more than half of its models, is not taken.',
  },
);
