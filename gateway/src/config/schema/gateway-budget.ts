import { z } from 'zod';
import { duration, requiredDuration } from './budgets.ts';
import { boolean, choice, describe, number, toNumber } from './fields.ts';

const dollars = 'US dollars';

const isTimeZone = (name: string): boolean => {
  try {
    void new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

const timeZone = z.string().refine(isTimeZone, { error: 'must be a time zone of IANA such as Europe/Berlin' }).optional();

/** As LiteLLM takes it, `HH:MM` or `HH:MM:SS` (the tests of its `parse_budget_reset_time`, read 2026-11-22). */
const timeOfDay = z
  .string()
  .refine((text) => /^(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?$/.test(text), { error: 'must be a time of the day such as 09:30' })
  .optional();

/** Members of `litellm_settings` that say what the whole gateway may spend, and how budgets are told. */
export const gatewayBudgetShape = {
  max_budget: number({ min: 0, unit: dollars, about: 'What the whole gateway may spend. Absent: as much as it likes.' }),
  budget_duration: duration('The period of `max_budget`. Absent: it never resets.'),
  timezone: describe(
    timeZone,
    { about: 'The time zone in which calendar periods of budgets begin (`Europe/Berlin`). Default: UTC.' },
    { type: 'string' },
  ),
  budget_reset_time: describe(
    timeOfDay,
    { about: 'The time of the day at which periods of days and longer begin, as `09:30` or `09:30:15`, by `timezone`. Default: midnight.' },
    { type: 'string' },
  ),
  budget_exceeded_status_code: number({
    min: 400,
    max: 499,
    int: true,
    default: 400,
    about: 'The HTTP status of calls that a budget has no room for.',
  }),
  budget_exceeded_throttle_percentage: number({
    min: 0.000001,
    max: 1,
    about:
      'The share of its `rpm_limit` and `tpm_limit` that a key with `throttle_on_budget_exceeded` keeps once its budget is spent (0.1: a tenth). Absent: such keys are refused like others.',
  }),
  max_user_budget: number({ min: 0, unit: dollars, about: 'The budget of users that have none of their own, whenever they were made.' }),
  default_soft_budget: number({ min: 0, unit: dollars, about: 'The `soft_budget` of keys that say none. Absent: none.' }),
} as const;

/** Members of `general_settings` about limits. */
export const limitShape = {
  max_parallel_requests: number({
    min: 1,
    int: true,
    about: 'Calls at the same time at each deployment. `router_settings.default_max_parallel_requests` wins.',
  }),
  global_max_parallel_requests: number({
    min: 0,
    int: true,
    about: 'Calls at the same time in the whole gateway. Absent: as many as come.',
  }),
  token_rate_limit_type: choice(['total', 'input', 'output'], { default: 'total', about: 'Which tokens `tpm_limit` counts.' }),
  apply_user_budget_to_team_keys: boolean({
    default: true,
    about: "Whether a person's own budgets hold for calls with their keys of a team as well. LiteLLM's default is false.",
  }),
  skip_user_budget_on_team_key: boolean({
    default: false,
    about: 'The same the other way round, as LiteLLM 1.94.0 called it; `apply_user_budget_to_team_keys` wins.',
  }),
} as const;

const count = (about: string) => number({ min: 0, int: true, about });
const money = (about: string) => number({ min: 0, unit: dollars, about });

/** Limits of an agent, under the names that they have at keys and at LiteLLM's agents. */
const agentLimits = z.strictObject({
  max_budget: money('What all calls of the agent may spend together.'),
  soft_budget: money('Told when it is passed, and not enforced.'),
  budget_duration: duration('The period of `max_budget` and `soft_budget`. Absent: they never reset.'),
  budget_limits: describe(
    z.array(z.strictObject({ budget_duration: requiredDuration, max_budget: z.preprocess(toNumber, z.number().min(0)) })).optional(),
    { about: 'More budgets, each with a period of its own: `[{ budget_duration: 1h, max_budget: 2 }]`.' },
  ),
  rpm_limit: count('Requests a minute.'),
  tpm_limit: count('Tokens a minute; `general_settings.token_rate_limit_type` says which.'),
  max_parallel_requests: count('Calls at the same time.'),
  session_rpm_limit: count('Requests a minute of one session.'),
  session_tpm_limit: count('Tokens a minute of one session.'),
  max_iterations: count('Calls of one session in 24 hours.'),
  max_budget_per_session: money('What one session may spend.'),
});

/** `sluice_settings.budgets` */
export const budgetRules = describe(
  z
    .strictObject({
      unpriced: choice(['charge_budgeted', 'charge', 'refuse'], {
        default: 'charge_budgeted',
        about:
          'Calls of models without a price. `charge_budgeted`: where a budget holds for their caller they are charged a fixed price, else their cost is unknown; calls that are relayed and cannot be priced are refused under a budget. `charge`: all of them are charged that price, relayed ones too. `refuse`: they are refused where a budget holds for their caller, else their cost is unknown.',
      }),
      unpriced_usd_per_call: number({ min: 0, unit: dollars, default: 0, about: 'Unless they are refused: what each such call costs.' }),
      unpriced_usd_per_million_tokens: number({
        min: 0,
        unit: dollars,
        default: 1,
        about: 'Unless they are refused: beside it, for its input and output together.',
      }),
      unknown_cost_reserve_usd: number({
        min: 0,
        unit: dollars,
        default: 0.01,
        about:
          'What is set aside of budgets for a call of which nobody knows before what it costs at most (a transcription, a relayed path).',
      }),
      unsaid_output_tokens: number({
        min: 1,
        int: true,
        about:
          "What a call that does not bound its answer is taken for at most. Absent: the model's own maximum, so that no budget is passed; 4096 where that is not known.",
      }),
      agents: describe(z.record(z.string().min(1), agentLimits).optional(), {
        about:
          "Limits of agents, by the `agent_id` of keys: they hold for all keys of an agent together, beside those keys' own. `*` is for each agent that is not named.",
      }),
      shadow: describe(
        z.array(z.enum(['requests', 'tokens', 'cost', 'parallel'])).optional(),
        {
          about: 'Kinds of limits that refuse nothing: what they would refuse is told in the log, the metrics and `x-sluice-would-refuse`.',
        },
        { type: 'array', items: { type: 'string', enum: ['requests', 'tokens', 'cost', 'parallel'] } },
      ),
    })
    .optional(),
  { about: 'How budgets treat what nobody knows before.' },
);
