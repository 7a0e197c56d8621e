import type {
  AccessGroupRecord,
  BudgetRecord,
  KeyRecord,
  OrganizationMemberRecord,
  OrganizationRecord,
  ProjectRecord,
  TeamMemberRecord,
  TeamRecord,
  UserRecord,
  UserRole,
} from './records/records.ts';
import type { Stored } from './store/stored.ts';

/** How a caller has shown who it is. */
export type PrincipalKind = 'master' | 'key' | 'session' | 'jwt' | 'oauth2' | 'proxy' | 'custom' | 'open';

/**
 * Who calls: the key, and everybody it belongs to, as they were stored when this was made. Immutable; a change of any of
 * them makes another one.
 */
export interface Principal {
  readonly kind: PrincipalKind;
  /** What it may do beside its own affairs. Undefined: a key that belongs to no person. */
  readonly role: UserRole | undefined;
  readonly userId?: string | undefined;
  readonly teamId?: string | undefined;
  readonly organizationId?: string | undefined;
  readonly projectId?: string | undefined;
  readonly agentId?: string | undefined;
  readonly key?: Stored<KeyRecord> | undefined;
  readonly user?: Stored<UserRecord> | undefined;
  readonly team?: Stored<TeamRecord> | undefined;
  readonly organization?: Stored<OrganizationRecord> | undefined;
  readonly project?: Stored<ProjectRecord> | undefined;
  /** The user's place in the team. */
  readonly member?: Stored<TeamMemberRecord> | undefined;
  /** The user's place in the organisation. */
  readonly organizationMember?: Stored<OrganizationMemberRecord> | undefined;
  /** The bundles of models that the key and the team were given. */
  readonly bundles: readonly Stored<AccessGroupRecord>[];
  /** The shared budgets that any of these name. */
  readonly budgets: readonly Stored<BudgetRecord>[];
  /** The user's places: in which teams and organisations, as what. Read with the user; empty without one. */
  readonly teams: ReadonlyMap<string, 'admin' | 'user'>;
  readonly organizations: ReadonlyMap<string, string>;
  /** The same caller in each of the other teams that a token names: the first of all of them that may use a model makes the call. */
  readonly byTeam?: readonly Principal[] | undefined;
  /** Names, patterns and groups that a token's scopes allow, beside what the records say. Absent: they say nothing of it. */
  readonly tokenModels?: readonly string[] | undefined;
  /** Routes that a token's scopes or a configuration allow. Absent: as the key says. */
  readonly tokenRoutes?: readonly string[] | undefined;
  /** The end user that a token names. */
  readonly customerId?: string | undefined;
  /** Claims of a token, for logs and mappings. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
  /** A session's token came in a cookie: what it changes must be shown to be meant (CSRF). */
  readonly byCookie?: boolean | undefined;
  readonly sessionId?: string | undefined;
}

/** Whoever has the master key. */
export const masterPrincipal: Principal = {
  kind: 'master',
  role: 'proxy_admin',
  bundles: [],
  budgets: [],
  teams: new Map(),
  organizations: new Map(),
};

/** Anybody, on a route that needs no key. */
export const openPrincipal: Principal = {
  kind: 'open',
  role: undefined,
  bundles: [],
  budgets: [],
  teams: new Map(),
  organizations: new Map(),
};

/** The key's hash as LiteLLM has it in logs and labels; the master key has none. */
export const keyHashOf = (principal: Principal): string | undefined => principal.key?.id;

/** Who is to blame, in the audit log. */
export const nameOf = (principal: Principal): string => {
  if (principal.kind === 'master') return 'master_key';
  const { userId, key } = principal;
  if (userId !== undefined) return notAPerson.test(userId) ? `user:${userId}` : userId;
  return key ? `key:${key.data.key_alias ?? key.data.key_name}` : principal.kind;
};

/** Names of what is no person (`Actor`): somebody whose id is one of them must not pass for it. */
const notAPerson = /^(?:master_key|config|cli|scim|session|jwt|oauth2|proxy|custom|open|(?:key|user|system|import):.*)$/s;
