import { z } from 'zod';
import { duration } from './budgets.ts';
import { boolean, describe, freeForm, number, requiredText, text, texts } from './fields.ts';

const dollars = 'US dollars';

const team = z.strictObject({
  team_id: requiredText({ about: 'What keys, logs and the admin API call it.' }),
  team_alias: text({ about: 'Its name, for people.' }),
  organization_id: text({ about: 'The organisation that it belongs to, in the database.' }),
  models: texts({ about: 'What its keys may ask for: names, patterns with `*`, access groups. Absent or empty: everything.' }),
  model_aliases: describe(z.record(z.string(), requiredText({ about: 'The model name it stands for.' })).optional(), {
    about: 'What its keys may call a model -> the model name it stands for.',
  }),
  max_budget: number({ min: 0, unit: dollars, about: 'The most that it may spend, in one period where it has `budget_duration`.' }),
  soft_budget: number({ min: 0, unit: dollars, about: 'Told when it is spent; refuses nothing.' }),
  budget_duration: duration('The period after which its budget is whole again. Absent: never.'),
  tpm_limit: number({ min: 0, int: true, about: 'Tokens a minute.' }),
  rpm_limit: number({ min: 0, int: true, about: 'Requests a minute.' }),
  max_parallel_requests: number({ min: 0, int: true, about: 'Calls at the same time.' }),
  team_member_budget: number({ min: 0, unit: dollars, about: 'The most that each member without a budget of their own may spend.' }),
  team_member_budget_duration: duration("The period of the members' budgets. Absent: never."),
  team_member_tpm_limit: number({ min: 0, int: true, about: 'Tokens a minute of each member without a limit of their own.' }),
  team_member_rpm_limit: number({ min: 0, int: true, about: 'Requests a minute of each member without a limit of their own.' }),
  team_member_permissions: texts({ about: 'What members who do not administer it may do with its keys: `/key/generate`, ...' }),
  blocked: boolean({ default: false, about: 'Its keys are refused.' }),
  metadata: freeForm({ about: 'Anything, for logs and for people.' }),
});

export const teamSettings = describe(z.array(team).optional(), {
  about: 'Teams that this file owns: they are there without a database entry, and the admin API shows them and cannot change them.',
});
export type TeamEntry = z.output<typeof team>;
