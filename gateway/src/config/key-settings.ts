import type { z } from 'zod';
import { defined } from './defined.ts';
import type { generalSettings } from './schema/general-settings.ts';
import type { litellmSettings } from './schema/litellm-settings.ts';

/** What a new key gets where the request says nothing, in the spelling of `POST /key/generate`. */
export type KeyDefaults = Readonly<Record<string, unknown>>;

/** The most that a key may have. Absent: anything. */
export interface KeyUpperbounds {
  /** US dollars. */
  readonly max_budget?: number;
  readonly budget_duration?: string;
  readonly tpm_limit?: number;
  readonly rpm_limit?: number;
  readonly max_parallel_requests?: number;
  readonly duration?: string;
}

/** Who may make keys of a kind, and what a request for one must say. */
export interface KeyGeneration {
  /** Absent: no rule. */
  readonly roles?: readonly string[];
  readonly requiredParams: readonly string[];
}

/** What the file says of keys that are made. */
export interface KeySettings {
  readonly defaults: KeyDefaults;
  readonly upperbounds: KeyUpperbounds;
  readonly teamGeneration: KeyGeneration;
  readonly personalGeneration: KeyGeneration;
  readonly checkAliasFormat: boolean;
  /** Members that calls with keys of service accounts must have. */
  readonly serviceAccountParams: readonly string[];
  /** In the spelling of `POST /team/new`. */
  readonly defaultTeamParams: Readonly<Record<string, unknown>>;
}

type Litellm = z.output<typeof litellmSettings>;
type General = z.output<typeof generalSettings>;

const texts = (given: readonly (string | undefined)[] | undefined): readonly string[] => given?.filter((each) => each !== undefined) ?? [];

export const keySettings = (litellm: Litellm, general: General): KeySettings => {
  const { team_key_generation: team, personal_key_generation: personal } = litellm?.key_generation_settings ?? {};
  return {
    defaults: withoutUndefined(litellm?.default_key_generate_params),
    upperbounds: withoutUndefined(litellm?.upperbound_key_generate_params),
    teamGeneration: defined<KeyGeneration>({ roles: team?.allowed_team_member_roles, requiredParams: texts(team?.required_params) }),
    personalGeneration: defined<KeyGeneration>({ roles: personal?.allowed_user_roles, requiredParams: texts(personal?.required_params) }),
    checkAliasFormat: litellm?.enable_key_alias_format_validation ?? false,
    serviceAccountParams: texts(general?.service_account_settings?.enforced_params),
    defaultTeamParams: withoutUndefined(litellm?.default_team_params),
  };
};

const withoutUndefined = <T extends object>(value: { [K in keyof T]: T[K] | undefined } | undefined): T => defined<T>(value ?? ({} as T));

/** Of a configuration that says nothing. */
export const noKeySettings: KeySettings = keySettings(undefined, undefined);
