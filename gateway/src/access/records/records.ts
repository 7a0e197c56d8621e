/**
 * What is stored, in the spelling of the admin API (LiteLLM's reference, sections 2.5 and 2.6, v1.96), so that what a client
 * wrote is what it reads. `null` and an absent member are no limit; `0` is none at all (FP-68). Money is US dollars here, as
 * clients write it; what is counted is nano-dollars, and elsewhere (`spend_totals`).
 */

export interface BudgetWindow {
  readonly budget_duration: string;
  readonly max_budget: number;
}

/** Limits of one model, in a key, team, organisation or project. */
export interface ModelBudget {
  readonly max_budget?: number | null;
  readonly budget_duration?: string | null;
  readonly tpm_limit?: number | null;
  readonly rpm_limit?: number | null;
}

/** What may be used of it. Every one of them that applies to a call counts (FP-67). */
export interface Limits {
  readonly max_budget?: number | null;
  /** Told, and not enforced. */
  readonly soft_budget?: number | null;
  /** `30d`, `1mo`, `monthly`; absent: the budget never resets. */
  readonly budget_duration?: string | null;
  /** Several windows at once. */
  readonly budget_limits?: readonly BudgetWindow[] | null;
  /** A shared budget's limits hold where these say nothing. */
  readonly budget_id?: string | null;
  readonly tpm_limit?: number | null;
  readonly rpm_limit?: number | null;
  readonly max_parallel_requests?: number | null;
  readonly model_max_budget?: Readonly<Record<string, ModelBudget>> | null;
  readonly model_rpm_limit?: Readonly<Record<string, number>> | null;
  readonly model_tpm_limit?: Readonly<Record<string, number>> | null;
}

/** Which of the things that are not models may be used. Absent: all; an empty list: none. */
export interface ObjectPermission {
  readonly models?: readonly string[] | null;
  readonly vector_stores?: readonly string[] | null;
  readonly search_tools?: readonly string[] | null;
}

type Json = Readonly<Record<string, unknown>>;

export type KeyType = 'default' | 'llm_api' | 'management' | 'read_only';

/** A virtual key; its id is the SHA-256 of the key, in hex. */
export interface KeyRecord extends Limits {
  /** `sk-...abcd` */
  readonly key_name: string;
  readonly key_alias?: string | null;
  readonly user_id?: string | null;
  readonly team_id?: string | null;
  readonly organization_id?: string | null;
  readonly project_id?: string | null;
  readonly agent_id?: string | null;
  /** Model names, patterns with `*`, access groups, `all-team-models`, `all-proxy-models`, `no-default-models`. Empty: all. */
  readonly models: readonly string[];
  /** The client's name -> the gateway's. */
  readonly aliases?: Readonly<Record<string, string>> | null;
  readonly config?: Json | null;
  readonly permissions?: Json | null;
  readonly metadata?: Json | null;
  readonly tags?: readonly string[] | null;
  readonly enforced_params?: readonly string[] | null;
  readonly tag_rpm_limit?: Readonly<Record<string, number>> | null;
  readonly rpm_limit_type?: string | null;
  readonly tpm_limit_type?: string | null;
  readonly budget_fallbacks?: Readonly<Record<string, readonly string[]>> | null;
  readonly throttle_on_budget_exceeded?: boolean | null;
  readonly temp_budget_increase?: number | null;
  /** Unix milliseconds. */
  readonly temp_budget_expiry?: number | null;
  /** Routes, groups of routes or patterns of paths. Empty: all that its kind and its owner may. */
  readonly allowed_routes?: readonly string[] | null;
  readonly allowed_passthrough_routes?: readonly string[] | null;
  readonly key_type?: KeyType | null;
  /** Addresses and networks (`10.0.0.0/8`) that it may come from. Empty: any. */
  readonly allowed_ips?: readonly string[] | null;
  readonly object_permission?: ObjectPermission | null;
  readonly access_group_ids?: readonly string[] | null;
  readonly router_settings?: Json | null;
  readonly blocked?: boolean | null;
  /** Unix milliseconds; absent: never. */
  readonly expires_at?: number | null;
  /** As it was asked for: `30d`. */
  readonly duration?: string | null;
  readonly auto_rotate?: boolean | null;
  readonly rotation_interval?: string | null;
  /** Unix milliseconds. */
  readonly rotate_at?: number | null;
  readonly last_rotation_at?: number | null;
  readonly rotation_count?: number | null;
  /** Of a key that was rotated: the old one is good until `expires_at`. */
  readonly replaced_by?: string | null;
  /** What it is counted under (`keySubject`): the hash of the first key of those that took each other's places. Absent: its own. */
  readonly counts_as?: string | null;
  /** Hashes of the keys that this one was made for, as long as they are good beside it. They end where it ends. */
  readonly replaces?: readonly string[] | null;
  /** Belongs to a team and to no person. */
  readonly service_account?: boolean | null;
  /** Under which name the key itself is kept in the secret manager (`store_virtual_keys`), without its prefix. */
  readonly secret_name?: string | null;
}

/** A key that is gone. When and by whom is what the database knows of the row. */
export interface DeletedKeyRecord extends KeyRecord {
  /** Of the key. Unix milliseconds. */
  readonly made_at: number;
  readonly made_by?: string | null;
  /** The hash of the key that it was deleted with. */
  readonly deleted_with?: string | null;
}

export interface TeamRecord extends Limits {
  readonly team_alias?: string | null;
  readonly organization_id?: string | null;
  /** As `KeyRecord.models`. Empty: all. */
  readonly models: readonly string[];
  readonly model_aliases?: Readonly<Record<string, string>> | null;
  readonly metadata?: Json | null;
  readonly tags?: readonly string[] | null;
  readonly blocked?: boolean | null;
  readonly router_settings?: Json | null;
  readonly access_group_ids?: readonly string[] | null;
  readonly object_permission?: ObjectPermission | null;
  readonly allowed_passthrough_routes?: readonly string[] | null;
  /** What members who are no admins of it may do with its keys. Absent: look. */
  readonly team_member_permissions?: readonly string[] | null;
  readonly default_team_member_models?: readonly string[] | null;
  readonly team_member_budget?: number | null;
  readonly team_member_budget_duration?: string | null;
  readonly team_member_rpm_limit?: number | null;
  readonly team_member_tpm_limit?: number | null;
  readonly team_member_key_duration?: string | null;
  readonly rpm_limit_type?: string | null;
  readonly tpm_limit_type?: string | null;
  /** Names of its groups at the identity provider, by which it is found at sign-on. */
  readonly sso_groups?: readonly string[] | null;
}

export interface DeletedTeamRecord extends TeamRecord {
  /** Of the team. Unix milliseconds. */
  readonly made_at: number;
  /** The hash of the key that it was deleted with. */
  readonly deleted_with?: string | null;
}

export interface TeamMemberRecord extends Pick<Limits, 'max_budget' | 'budget_duration' | 'tpm_limit' | 'rpm_limit' | 'budget_id'> {
  readonly team_id: string;
  readonly user_id: string;
  readonly role: 'admin' | 'user';
  readonly allowed_models?: readonly string[] | null;
}

export const userRoles = ['proxy_admin', 'proxy_admin_viewer', 'internal_user', 'internal_user_viewer'] as const;
export type UserRole = (typeof userRoles)[number];

export interface UserRecord extends Limits {
  readonly user_alias?: string | null;
  /** In lower case. */
  readonly user_email?: string | null;
  readonly user_role: UserRole;
  readonly sso_user_id?: string | null;
  /** Argon2id, as PHC string. */
  readonly password?: string | null;
  readonly models: readonly string[];
  readonly metadata?: Json | null;
  readonly object_permission?: ObjectPermission | null;
  readonly blocked?: boolean | null;
}

export interface OrganizationRecord extends Limits {
  readonly organization_alias: string;
  readonly models: readonly string[];
  readonly metadata?: Json | null;
  readonly object_permission?: ObjectPermission | null;
}

export interface OrganizationMemberRecord extends Pick<Limits, 'max_budget' | 'budget_id'> {
  readonly organization_id: string;
  readonly user_id: string;
  readonly role: 'org_admin' | 'internal_user' | 'internal_user_viewer';
}

export interface ProjectRecord extends Limits {
  readonly project_alias?: string | null;
  readonly description?: string | null;
  readonly team_id: string;
  readonly models: readonly string[];
  readonly metadata?: Json | null;
  readonly tags?: readonly string[] | null;
  readonly blocked?: boolean | null;
  readonly object_permission?: ObjectPermission | null;
}

/** An end user of a client's own product. */
export interface CustomerRecord extends Limits {
  readonly alias?: string | null;
  readonly blocked?: boolean | null;
  readonly allowed_model_region?: 'eu' | 'us' | null;
  /** For calls that name no model. */
  readonly default_model?: string | null;
  readonly object_permission?: ObjectPermission | null;
}

/** Limits that several things share: each of them may use that much. */
export interface BudgetRecord extends Limits {}

export interface TagRecord extends Limits {
  readonly description?: string | null;
  readonly models: readonly string[];
}

/** A named bundle that keys and teams are given. */
export interface AccessGroupRecord {
  readonly access_group_name: string;
  readonly description?: string | null;
  readonly access_model_names: readonly string[];
  readonly assigned_team_ids?: readonly string[];
  readonly assigned_key_ids?: readonly string[];
}

/** A deployment beside those of the file. Secrets among its parameters are sealed. */
export interface ModelRecord {
  readonly model_name: string;
  readonly litellm_params: Json;
  readonly model_info: Json;
  /** Only this team sees and may ask for it. */
  readonly team_id?: string | null;
  readonly blocked?: boolean | null;
  /** Added by somebody who is no proxy admin: nothing of the gateway's environment or credentials goes into its calls. */
  readonly isolated?: boolean | null;
}

export interface CredentialRecord {
  readonly credential_info: Json;
  /** Each sealed. */
  readonly credential_values: Readonly<Record<string, string>>;
}

/** A part of the configuration that the database owns: `router_settings`, `general_settings.allowed_ips`, ... */
export interface SettingRecord {
  readonly value: unknown;
}

export interface InvitationRecord {
  readonly user_id: string;
  /** SHA-256 of the link's token, in hex. */
  readonly token_hash: string;
  readonly expires_at: number;
  readonly accepted_at?: number | null;
}

export interface JwtMappingRecord {
  readonly jwt_claim_name: string;
  readonly jwt_claim_value: string;
  /** The key's hash. */
  readonly key_id: string;
  readonly description?: string | null;
  readonly is_active: boolean;
}

/** A person who has signed in; its id is the SHA-256 of the token. */
export interface SessionRecord {
  readonly user_id: string;
  readonly expires_at: number;
  readonly source: 'password' | 'oidc' | 'saml' | 'device' | 'invitation';
  /** For what a browser sends of itself. */
  readonly csrf_hash?: string | null;
  readonly address?: string | null;
  readonly user_agent?: string | null;
}

/** What is good for a short time and once: states of a sign-on, device codes. Its id is a hash of what is presented. */
export interface GrantRecord {
  readonly kind: string;
  readonly expires_at: number;
  readonly value: Json;
}
