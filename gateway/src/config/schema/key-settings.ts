import { z } from 'zod';
import { duration } from './budgets.ts';
import { boolean, describe, freeForm, number, text, texts } from './fields.ts';

const dollars = 'US dollars';

const roles = {
  team: ['admin', 'user'],
  personal: ['proxy_admin', 'proxy_admin_viewer', 'internal_user', 'internal_user_viewer'],
} as const;

const required = texts({ about: 'Members that a request for such a key must have: `tags`, `max_budget`, `metadata`, ...' });

/** What keys get where a request says nothing. In the spelling of `POST /key/generate`. */
const keyDefaults = z.strictObject({
  models: texts({ about: 'As `models` of a key.' }),
  duration: duration('How long a key is good.'),
  max_budget: number({ min: 0, unit: dollars, about: 'The most that it may spend.' }),
  soft_budget: number({ min: 0, unit: dollars, about: 'Told when it is spent; refuses nothing.' }),
  budget_duration: duration('The period after which its budget is whole again.'),
  budget_id: text({ about: 'A shared budget.' }),
  tpm_limit: number({ min: 0, int: true, about: 'Tokens a minute.' }),
  rpm_limit: number({ min: 0, int: true, about: 'Requests a minute.' }),
  max_parallel_requests: number({ min: 0, int: true, about: 'Calls at the same time.' }),
  team_id: text({ about: 'The team of keys that name neither a team nor a user.' }),
  user_id: text({ about: 'The user of keys that name neither a team nor a user.' }),
  organization_id: text({ about: 'The organisation of keys without a team.' }),
  tags: texts({ about: 'Tags of their calls.' }),
  enforced_params: texts({ about: 'Members that their calls must have.' }),
  allowed_routes: texts({ about: 'Routes, groups of routes and patterns of paths that they may call.' }),
  aliases: describe(z.record(z.string(), z.string()).optional(), {
    about: 'What clients may call a model -> the model name it stands for.',
  }),
  metadata: freeForm({ about: 'Joined to what a request has, which wins.' }),
});

const upperbounds = z.strictObject({
  max_budget: number({ min: 0, unit: dollars, about: 'The most that a key may be given to spend.' }),
  budget_duration: duration("The longest period of a key's budget."),
  tpm_limit: number({ min: 0, int: true, about: 'Tokens a minute.' }),
  rpm_limit: number({ min: 0, int: true, about: 'Requests a minute.' }),
  max_parallel_requests: number({ min: 0, int: true, about: 'Calls at the same time.' }),
  duration: duration('The longest life of a key.'),
});

const generation = z.strictObject({
  team_key_generation: describe(
    z
      .strictObject({
        allowed_team_member_roles: describe(z.array(z.enum(roles.team)).optional(), {
          about: "Who in a team may make keys of it. Absent: as the team's permissions say.",
        }),
        required_params: required,
      })
      .optional(),
    { about: 'For keys of a team.' },
  ),
  personal_key_generation: describe(
    z
      .strictObject({
        allowed_user_roles: describe(z.array(z.enum(roles.personal)).optional(), {
          about: 'Who may make keys without a team. Absent: as their role says.',
        }),
        required_params: required,
      })
      .optional(),
    { about: 'For keys without a team.' },
  ),
});

const teamDefaults = z.strictObject({
  max_budget: number({ min: 0, unit: dollars, about: 'The most that it may spend.' }),
  budget_duration: duration('The period after which its budget is whole again.'),
  models: texts({ about: 'What its keys may ask for.' }),
  tpm_limit: number({ min: 0, int: true, about: 'Tokens a minute.' }),
  rpm_limit: number({ min: 0, int: true, about: 'Requests a minute.' }),
  team_member_permissions: texts({ about: 'What members who do not administer it may do with its keys.' }),
});

/** Members of `litellm_settings` about keys and teams that are made. */
export const keyShape = {
  default_key_generate_params: describe(keyDefaults.optional(), { about: 'What a new key gets where the request says nothing.' }),
  upperbound_key_generate_params: describe(upperbounds.optional(), {
    about: 'The most that a key may have, whoever makes it. More is refused; a request that says nothing gets this much.',
  }),
  key_generation_settings: describe(generation.optional(), { about: 'Who may make keys, and what a request for one must say.' }),
  enable_key_alias_format_validation: boolean({
    default: false,
    about: 'Aliases of keys are 2 to 255 letters, digits and `_-/.@`, with a letter or digit at both ends.',
  }),
  default_team_params: describe(teamDefaults.optional(), {
    about: 'What a new team gets where nothing else is said, also one that a sign-on makes.',
  }),
} as const;

/** Members of `general_settings` about keys. */
export const keyGeneralShape = {
  service_account_settings: describe(
    z
      .strictObject({
        enforced_params: texts({ about: 'Members that each call with a key of a service account must have: `user`, `metadata.job`.' }),
      })
      .optional(),
    { about: 'For keys of service accounts.' },
  ),
  disable_master_key_return: describe(z.preprocess((value) => (value === 'true' ? true : value), z.literal(true)).optional(), {
    about: 'True, as the gateway always is: no answer has the master key in it.',
  }),
} as const;
