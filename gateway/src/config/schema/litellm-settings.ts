import { z } from 'zod';
import { defaults } from '../defaults.ts';
import { budgets } from './budgets.ts';
import { fallbackLists, fallbackTargets } from './fallbacks.ts';
import { boolean, describe, number, requiredText, text, texts } from './fields.ts';
import { costShape } from './cost-settings.ts';
import { gatewayBudgetShape } from './gateway-budget.ts';
import { keyShape } from './key-settings.ts';
import { hosts } from './pass-through.ts';
import { priorityShape } from './priority.ts';
import { cacheParams } from './redis.ts';
import { userShape } from './user-settings.ts';

export const litellmSettings = describe(
  z
    .strictObject({
      drop_params: boolean({
        default: false,
        about:
          'Leave out parameters that a provider lacks, instead of refusing the request. What was dropped is said in a header and the log.',
      }),
      num_retries: number({
        min: 0,
        int: true,
        default: defaults.maxRetries,
        about: 'Tries after the first. `router_settings.num_retries` wins.',
      }),
      fallbacks: fallbackLists('As `router_settings.fallbacks`, which wins.'),
      default_fallbacks: fallbackTargets('As `router_settings.default_fallbacks`, which wins.'),
      context_window_fallbacks: fallbackLists('As `router_settings.context_window_fallbacks`, which wins.'),
      content_policy_fallbacks: fallbackLists('As `router_settings.content_policy_fallbacks`, which wins.'),
      allowed_fails: number({ min: 0, int: true, about: 'As `router_settings.allowed_fails`, which wins.' }),
      cooldown_time: number({ min: 0, unit: 'seconds', about: 'As `router_settings.cooldown_time`, which wins.' }),
      model_alias_map: describe(z.record(z.string(), requiredText({ about: 'The model name it stands for.' })).optional(), {
        about: 'As `router_settings.model_group_alias`, which wins.',
      }),
      tag_budget_config: budgets('What calls with each of these tags may spend.'),
      cache_params: cacheParams,
      request_timeout: number({ min: 0, unit: 'seconds', about: 'As `router_settings.timeout`, which wins.' }),
      forward_traceparent_to_llm_provider: boolean({
        default: false,
        about:
          "Send each try's span of the caller's trace (`traceparent`, and `tracestate`) to the provider. Else a provider learns nothing of it.",
      }),
      vertex_project: text({ about: 'Vertex AI: the project of deployments that give none.' }),
      vertex_location: text({ about: 'Vertex AI: the location of deployments that give none.' }),
      user_url_validation: boolean({
        default: true,
        about:
          'Addresses that requests name (images, an `api_base`) must be public ones. False: private ones may be reached as well; those where clouds keep credentials never are.',
      }),
      user_url_allowed_hosts: hosts(
        'Addresses that are allowed though they are not public: hosts as the URL has them, with a port or without (`files.corp.internal`, `10.0.0.12:8080`), `*.corp.internal`, or blocks (`10.0.0.0/8`).',
      ),
      custom_provider_map: describe(
        z
          .array(
            z.strictObject({
              provider: requiredText({ about: "What stands before the slash of its models' names." }),
              custom_handler: requiredText({
                about: 'A module of TypeScript or JavaScript, relative to this file: as `providers.NAME.module`.',
              }),
            }),
          )
          .optional(),
        { about: 'Vendors of your own that are programs.' },
      ),
      public_model_groups: texts({ about: 'Model names that anybody is told of without a key (`GET /public/model_hub`).' }),
      ...costShape,
      ...gatewayBudgetShape,
      ...keyShape,
      ...userShape,
      ...priorityShape,
      set_verbose: boolean({ default: false, about: 'Log at level `debug`.' }),
    })
    .optional(),
  { about: "LiteLLM's settings of calls." },
);
