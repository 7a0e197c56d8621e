import type { InternalUserDefaults, UserSettings } from '../../config/user-settings.ts';
import type { UserRecord, UserRole } from '../records/records.ts';

/** What is said of a new user. Members that are absent come from the defaults. */
export type GivenUser = Partial<UserRecord>;

/**
 * A new user: what is said of them, else what the defaults say. Administrators get no limits that nobody asked for.
 * @param role for who is given none: internal_user where an administrator makes them, internal_user_viewer at a sign-on (LiteLLM's)
 */
export const newUser = (
  given: GivenUser,
  defaults: InternalUserDefaults,
  settings: Pick<UserSettings, 'maxBudgetUsd' | 'budgetDuration'>,
  role: UserRole = 'internal_user',
): UserRecord => {
  const { teams: _, available_teams: _available, user_role: usualRole, ...limits } = defaults;
  const user_role = given.user_role ?? usualRole ?? role;
  const user: UserRecord = {
    models: [],
    ...(user_role !== 'proxy_admin' && limits),
    ...given,
    user_role,
    ...(given.user_email != null && { user_email: given.user_email.toLowerCase() }),
  };
  const isInternal = user_role === 'internal_user' || user_role === 'internal_user_viewer';
  if (!isInternal || user.max_budget != null || settings.maxBudgetUsd === undefined) return user;
  return {
    ...user,
    max_budget: settings.maxBudgetUsd,
    ...(settings.budgetDuration !== undefined && user.budget_duration == null && { budget_duration: settings.budgetDuration }),
  };
};
