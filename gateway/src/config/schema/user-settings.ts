import { z } from 'zod';
import { duration } from './budgets.ts';
import { boolean, choice, describe, number, requiredText, text, texts } from './fields.ts';

const dollars = 'US dollars';

const teamOfUser = z.union([
  z.string().min(1),
  z.strictObject({
    team_id: requiredText({ about: 'The team.' }),
    max_budget_in_team: number({ min: 0, unit: dollars, about: 'The most that the user may spend in it.' }),
    user_role: choice(['user', 'admin'], { about: 'What they are in it. Default: user.' }),
  }),
]);

/** Members of `litellm_settings` about people and end users. */
export const userShape = {
  default_internal_user_params: describe(
    z
      .strictObject({
        user_role: choice(['proxy_admin', 'proxy_admin_viewer', 'internal_user', 'internal_user_viewer'], { about: 'What they may do.' }),
        max_budget: number({ min: 0, unit: dollars, about: 'The most that they may spend.' }),
        budget_duration: duration('The period after which their budget is whole again. Absent: never.'),
        models: texts({ about: 'What they may ask for. Absent or empty: everything.' }),
        tpm_limit: number({ min: 0, int: true, about: 'Tokens a minute.' }),
        rpm_limit: number({ min: 0, int: true, about: 'Requests a minute.' }),
        max_parallel_requests: number({ min: 0, int: true, about: 'Calls at the same time.' }),
        teams: describe(z.array(teamOfUser).optional(), {
          about: 'Teams that they are put into: ids, or entries with `team_id`, `max_budget_in_team` and `user_role`.',
        }),
        available_teams: texts({ about: 'Teams that users may join by themselves.' }),
      })
      .optional(),
    { about: 'What new users get where nothing else is said of them.' },
  ),
  max_internal_user_budget: number({
    min: 0,
    unit: dollars,
    about: 'The budget of new internal users that are given none. `default_internal_user_params` wins.',
  }),
  default_max_internal_user_budget: number({ min: 0, unit: dollars, about: 'The same; `max_internal_user_budget` wins.' }),
  internal_user_budget: number({ min: 0, unit: dollars, about: 'The same; the two others win.' }),
  internal_user_budget_duration: duration('The period of `max_internal_user_budget`.'),
  max_end_user_budget: number({ min: 0, unit: dollars, about: 'The most that an end user without a budget of their own may spend.' }),
  max_end_user_budget_id: text({ about: 'The shared budget (`/budget/new`) of end users without one of their own.' }),
};

/** Members of `general_settings` about passwords. The defaults are LiteLLM's. */
export const passwordShape = {
  password_policy_min_length: number({ min: 8, max: 256, int: true, default: 12, about: 'The fewest characters of a new password.' }),
  password_policy_require_uppercase: boolean({ default: true, about: 'New passwords need an upper case letter.' }),
  password_policy_require_lowercase: boolean({ default: true, about: 'New passwords need a lower case letter.' }),
  password_policy_require_numbers: boolean({ default: true, about: 'New passwords need a digit.' }),
  password_policy_require_special_characters: boolean({
    default: true,
    about: 'New passwords need a character that is no letter or digit.',
  }),
};
