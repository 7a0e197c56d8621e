import type { z } from 'zod';
import { defined } from './defined.ts';
import type { generalSettings } from './schema/general-settings.ts';

type Role = 'proxy_admin' | 'proxy_admin_viewer' | 'internal_user' | 'internal_user_viewer';

/** What a token counts as. */
export type TokenRole = 'proxy_admin' | 'team' | 'internal_user';

/** Which claims say who somebody is, as dot paths. */
export interface ClaimFields {
  readonly teamId?: string;
  readonly teamIds?: string;
  readonly orgId?: string;
  readonly userId?: string;
  readonly email?: string;
  readonly customerId?: string;
}

/** An issuer with keys, an audience and claims of its own. */
export interface TokenIssuer {
  readonly issuer: string;
  readonly jwksUrl?: string;
  /** Absent: any. */
  readonly audience?: readonly string[];
  readonly fields: ClaimFields;
}

/** What a role or a scope allows. Absent: it says nothing of it. */
export interface Allowed {
  readonly models?: readonly string[];
  readonly routes?: readonly string[];
}

/** `litellm_jwtauth` */
export interface JwtSettings {
  readonly adminScope: string;
  readonly adminRoutes: readonly string[];
  readonly teamRoutes: readonly string[];
  readonly publicRoutes: readonly string[];
  readonly fields: ClaimFields & { readonly teamAlias?: string; readonly orgAlias?: string };
  readonly teamDefault?: string;
  readonly makeTeams: boolean;
  readonly makeUsers: boolean;
  /** A dot path, and the roles of which persons must have one. */
  readonly userRoles?: { readonly field: string; readonly allowed: readonly string[] };
  /** In lower case. */
  readonly emailDomain?: string;
  readonly keysFreshMs: number;
  readonly mustBeSomebody: boolean;
  readonly mustHaveTeam: boolean;
  readonly rolesField?: string;
  readonly objectIdField?: string;
  readonly roleMappings: readonly { readonly role: string; readonly as: TokenRole }[];
  readonly roleMap: readonly { readonly pattern: string; readonly role: Role }[];
  readonly permissions: Readonly<Partial<Record<TokenRole, Allowed>>>;
  /** Absent: scopes say nothing of models. */
  readonly scopes?: readonly (Allowed & { readonly scope: string })[];
  /** The stored user follows the token. */
  readonly syncUsers: boolean;
  readonly joinTeam: boolean;
  readonly userinfo?: { readonly url: string; readonly freshMs: number };
  readonly keyClaim?: string;
  readonly issuers: readonly TokenIssuer[];
}

type General = z.output<typeof generalSettings>;
type Given = NonNullable<NonNullable<General>['litellm_jwtauth']>;

const usualAdminRoutes = ['management_routes', 'spend_tracking_routes', 'global_spend_tracking_routes', 'info_routes'];
const usualTeamRoutes = ['llm_api_routes', 'info_routes'];

export const jwtSettings = (general: NonNullable<General>, given: Given = {}): JwtSettings => ({
  adminScope: given.admin_jwt_scope ?? 'litellm_proxy_admin',
  adminRoutes: texts(given.admin_allowed_routes) ?? usualAdminRoutes,
  teamRoutes: texts(given.team_allowed_routes) ?? usualTeamRoutes,
  publicRoutes: texts(given.public_allowed_routes) ?? ['public_routes'],
  fields: { ...fieldsOf(given), ...defined({ teamAlias: given.team_alias_jwt_field, orgAlias: given.org_alias_jwt_field }) },
  makeTeams: given.team_id_upsert ?? false,
  makeUsers: given.user_id_upsert ?? false,
  keysFreshMs: (given.public_key_ttl ?? 600) * 1000,
  mustBeSomebody: given.enforce_rbac ?? general.enforce_rbac ?? false,
  mustHaveTeam: given.enforce_team_based_model_access ?? false,
  roleMappings: (given.role_mappings ?? []).map(({ role, internal_role }) => ({ role, as: internal_role })),
  roleMap: (given.jwt_litellm_role_map ?? []).map(({ jwt_role, litellm_role }) => ({ pattern: jwt_role, role: litellm_role })),
  permissions: Object.fromEntries((general.role_permissions ?? []).map(({ role, ...allowed }) => [role, allowedOf(allowed)])),
  syncUsers: given.sync_user_role_and_teams ?? false,
  joinTeam: given.upsert_sso_user_to_team ?? false,
  issuers: (given.issuers ?? []).map((each) => ({
    issuer: each.issuer,
    fields: fieldsOf(each),
    ...defined({ jwksUrl: each.jwks_url, audience: each.audience === undefined ? undefined : namesIn(each.audience) }),
  })),
  ...defined({
    teamDefault: given.team_id_default,
    userRoles:
      given.user_roles_jwt_field === undefined
        ? undefined
        : { field: given.user_roles_jwt_field, allowed: texts(given.user_allowed_roles) ?? [] },
    emailDomain: given.user_allowed_email_domain?.toLowerCase().replace(/^@/, ''),
    rolesField: given.roles_jwt_field,
    objectIdField: given.object_id_jwt_field,
    scopes: given.scope_mappings?.map(({ scope, ...allowed }) => ({ scope, ...allowedOf(allowed) })),
    userinfo:
      given.oidc_userinfo_enabled && given.oidc_userinfo_endpoint !== undefined
        ? { url: given.oidc_userinfo_endpoint, freshMs: (given.oidc_userinfo_cache_ttl ?? 300) * 1000 }
        : undefined,
    keyClaim: given.virtual_key_claim_field,
  }),
});

const fieldsOf = (
  given: Partial<
    Pick<
      Given,
      | 'team_id_jwt_field'
      | 'team_ids_jwt_field'
      | 'org_id_jwt_field'
      | 'user_id_jwt_field'
      | 'user_email_jwt_field'
      | 'end_user_id_jwt_field'
    >
  >,
): ClaimFields =>
  defined({
    teamId: given.team_id_jwt_field,
    teamIds: given.team_ids_jwt_field,
    orgId: given.org_id_jwt_field,
    userId: given.user_id_jwt_field,
    email: given.user_email_jwt_field,
    customerId: given.end_user_id_jwt_field,
  });

interface GivenAllowed {
  readonly models?: readonly (string | undefined)[] | undefined;
  readonly routes?: readonly (string | undefined)[] | undefined;
}

export const allowedOf = ({ models, routes }: GivenAllowed): Allowed => defined({ models: texts(models), routes: texts(routes) });

const texts = (given: readonly (string | undefined)[] | undefined): readonly string[] | undefined =>
  given?.filter((each) => each !== undefined);

export const namesIn = (text: string): readonly string[] =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
