import type { z } from 'zod';
import { defined } from './defined.ts';
import type { generalSettings } from './schema/general-settings.ts';
import type { litellmSettings } from './schema/litellm-settings.ts';

/** What new users get where nothing else is said of them, in the spelling of the admin API. */
export interface InternalUserDefaults {
  readonly user_role?: 'proxy_admin' | 'proxy_admin_viewer' | 'internal_user' | 'internal_user_viewer';
  /** US dollars. */
  readonly max_budget?: number;
  readonly budget_duration?: string;
  readonly models?: readonly string[];
  readonly tpm_limit?: number;
  readonly rpm_limit?: number;
  readonly max_parallel_requests?: number;
  readonly teams?: readonly UserTeam[];
  /** Teams that users may join by themselves. */
  readonly available_teams?: readonly string[];
}

/** A team that a new user is put into. */
export interface UserTeam {
  readonly team_id: string;
  /** US dollars. */
  readonly max_budget_in_team?: number;
  readonly user_role?: 'user' | 'admin';
}

export interface UserSettings {
  /** Absent: the file says nothing, so the database may. */
  readonly defaults?: InternalUserDefaults;
  /** Of new internal users without a budget. US dollars. */
  readonly maxBudgetUsd?: number;
  readonly budgetDuration?: string;
  /** Of end users without a budget. US dollars. */
  readonly customerMaxBudgetUsd?: number;
  /** The shared budget of end users without one of their own. */
  readonly customerBudgetId?: string;
  readonly passwordPolicy: {
    readonly minLength: number;
    readonly requireUppercase: boolean;
    readonly requireLowercase: boolean;
    readonly requireNumbers: boolean;
    readonly requireSpecialCharacters: boolean;
  };
}

export const userSettings = (litellm: z.output<typeof litellmSettings>, general: z.output<typeof generalSettings>): UserSettings => ({
  ...defined({
    defaults: litellm?.default_internal_user_params && defaultsOf(litellm.default_internal_user_params),
    maxBudgetUsd: litellm?.max_internal_user_budget ?? litellm?.default_max_internal_user_budget ?? litellm?.internal_user_budget,
    budgetDuration: litellm?.internal_user_budget_duration,
    customerMaxBudgetUsd: litellm?.max_end_user_budget,
    customerBudgetId: litellm?.max_end_user_budget_id,
  }),
  passwordPolicy: {
    minLength: general?.password_policy_min_length ?? 12,
    requireUppercase: general?.password_policy_require_uppercase ?? true,
    requireLowercase: general?.password_policy_require_lowercase ?? true,
    requireNumbers: general?.password_policy_require_numbers ?? true,
    requireSpecialCharacters: general?.password_policy_require_special_characters ?? true,
  },
});

type Entry = NonNullable<NonNullable<z.output<typeof litellmSettings>>['default_internal_user_params']>;

const defaultsOf = ({ models, teams, available_teams: available, ...rest }: Entry): InternalUserDefaults =>
  defined<InternalUserDefaults>({
    ...rest,
    models: texts(models),
    teams: teams?.map((team) => (typeof team === 'string' ? { team_id: team } : defined<UserTeam>(team))),
    available_teams: texts(available),
  });

const texts = (given: readonly (string | undefined)[] | undefined): readonly string[] | undefined =>
  given?.filter((each) => each !== undefined);
