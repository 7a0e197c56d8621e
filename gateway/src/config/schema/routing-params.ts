import { z } from 'zod';
import { asPattern } from '../tag-pattern.ts';
import { duration } from './budgets.ts';
import { anything, describe, number, text } from './fields.ts';
import { fallbackTargets } from './fallbacks.ts';

const pattern = z.string().refine((value) => asPattern(value) !== undefined, { error: 'is not a regular expression' });

/** Of `litellm_params`: what the router does with a deployment. */
export const routingShape = {
  max_parallel_requests: number({ min: 1, int: true, about: 'Calls at the same time; further ones go elsewhere, or wait.' }),
  cooldown_time: number({
    min: 0,
    unit: 'seconds',
    about: 'How long it rests after failures. 0: it never does. Absent: as the router has it.',
  }),
  region_name: text({ about: 'Where it computes (`eu`, `us`, or a name of the vendor), for calls that must stay in a region.' }),
  tag_regex: describe(
    z.array(pattern).optional(),
    { about: 'A call is tagged for this deployment where one of these is found in `User-Agent: ...`.' },
    { type: 'array', items: { type: 'string' } },
  ),
  max_budget: number({ min: 0, unit: 'US dollars', about: 'What may be spent at it in one `budget_duration`; then it is left out.' }),
  budget_duration: duration(
    'The period of `max_budget`. It begins at multiples of its length from Monday, 5 January 1970, in UTC: days at midnight.',
  ),
  default_api_key_rpm_limit: number({
    min: 0,
    int: true,
    about: 'Requests a minute of each key for this model name, where neither the key nor its team says; of several deployments the least.',
  }),
  default_api_key_tpm_limit: number({ min: 0, int: true, about: 'The same of tokens.' }),
  silent_model: text({ about: 'A model name that gets a copy of each call; nobody waits for its answer.' }),
  fallbacks: fallbackTargets('Model names that are tried where a call fails here, before those of the router.'),

  auto_router_config: anything({ about: 'Of `auto_router/NAME`: the routes, as JSON or as a mapping.' }),
  auto_router_config_path: text({ about: 'Of `auto_router/NAME`: a JSON file with the routes, relative to this file.' }),
  auto_router_default_model: text({ about: 'Of `auto_router/NAME`: the model name that answers where no route fits.' }),
  auto_router_embedding_model: text({ about: 'Of `auto_router/NAME`: the model name that embeds.' }),
  complexity_router_config: anything({ about: 'Of `auto_router/complexity_router`: tiers and thresholds, as JSON or as a mapping.' }),
  complexity_router_default_model: text({ about: 'Of `auto_router/complexity_router`: the model name of tiers without one.' }),
};
