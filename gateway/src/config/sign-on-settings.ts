import type { Secret } from 'sluice/kit';
import type { z } from 'zod';
import { defined } from './defined.ts';
import { durationMs } from './durations.ts';
import type { generalSettings } from './schema/general-settings.ts';

type Role = 'proxy_admin' | 'proxy_admin_viewer' | 'internal_user' | 'internal_user_viewer';

/** Who may sign in. */
export type AccessMode = 'all' | 'admin_only' | { readonly group: string; readonly claim: string };

/** Roles by groups of an identity provider. */
export interface RoleMappings {
  /** Absent: of every provider. */
  readonly provider?: string;
  /** A dot path. */
  readonly groupClaim: string;
  readonly defaultRole?: Role;
  readonly roles: Readonly<Partial<Record<Role, readonly string[]>>>;
}

/** Which claims say what, as dot paths. */
export interface ClaimNames {
  readonly userId?: string;
  readonly email?: string;
  readonly name?: string;
  readonly groups?: string;
  readonly role?: string;
}

/** An identity provider as the file says it. */
export interface FileProvider {
  readonly name: string;
  readonly label?: string;
  readonly issuer?: string;
  readonly tenant?: string;
  readonly clientId: string;
  readonly clientSecret?: Secret;
  readonly scopes?: readonly string[];
  readonly authorizationEndpoint?: string;
  readonly tokenEndpoint?: string;
  readonly userinfoEndpoint?: string;
  readonly claims?: ClaimNames;
  /** Addresses count as verified where nothing is said of it. */
  readonly trustEmail?: boolean;
}

/** A SAML identity provider as the file says it. */
export interface FileSaml {
  readonly label?: string;
  readonly metadataUrl?: string;
  readonly metadataXml?: string;
  readonly entityId?: string;
  readonly allowUnsolicited: boolean;
  readonly attributes?: ClaimNames;
}

/** LiteLLM's `SSOConfig`. */
export type SsoSettings = NonNullable<NonNullable<z.output<typeof generalSettings>>['sso_settings']>;

export interface SignOnSettings {
  readonly accessMode?: AccessMode;
  readonly autoRedirect: boolean;
  readonly baseUrl?: string;
  readonly providers: readonly FileProvider[];
  readonly saml?: FileSaml;
  /** In lower case. */
  readonly allowedEmailDomains?: readonly string[];
  readonly roleMappings?: RoleMappings;
  /** A dot path to ids of teams. */
  readonly teamIdsClaim?: string;
  readonly sessionIdleMs: number;
  readonly sessionLifetimeMs: number;
  readonly passwordLogin: boolean;
  /** In LiteLLM's names. The file's; what the database has is read where it is needed. */
  readonly ssoSettings?: SsoSettings;
}

type General = z.output<typeof generalSettings>;
type Given = NonNullable<NonNullable<General>['sso']>;

const usualIdleMs = 8 * 3_600_000;
const usualLifetimeMs = 24 * 3_600_000;

export const signOnSettings = (general: General): SignOnSettings => {
  const sso = general?.sso;
  return {
    ...defined({
      accessMode: accessModeOf(general?.ui_access_mode),
      baseUrl: general?.proxy_base_url,
      saml: sso?.saml && samlOf(sso.saml),
      allowedEmailDomains: texts(sso?.allowed_email_domains)?.map((domain) => domain.toLowerCase()),
      roleMappings: roleMappingsOf(sso?.role_mappings),
      teamIdsClaim: sso?.team_mappings?.team_ids_jwt_field,
      ssoSettings: general?.sso_settings,
    }),
    autoRedirect: general?.auto_redirect_ui_login_to_sso ?? false,
    providers: (sso?.providers ?? []).map(providerOf),
    sessionIdleMs: msOf(sso?.session_idle) ?? usualIdleMs,
    sessionLifetimeMs: msOf(sso?.session_lifetime) ?? usualLifetimeMs,
    passwordLogin: !(sso?.disable_password_login ?? false),
  };
};

export const accessModeOf = (mode: NonNullable<General>['ui_access_mode']): AccessMode | undefined =>
  typeof mode === 'object' ? { group: mode.restricted_sso_group, claim: mode.sso_group_jwt_field } : mode;

export const roleMappingsOf = (given: Given['role_mappings']): RoleMappings | undefined =>
  given && {
    ...defined({ provider: given.provider, defaultRole: given.default_role }),
    groupClaim: given.group_claim,
    roles: given.roles ?? {},
  };

const providerOf = ({
  client_id,
  client_secret,
  authorization_endpoint,
  token_endpoint,
  userinfo_endpoint,
  claims,
  scopes,
  ...rest
}: Entry): FileProvider => ({
  name: rest.name,
  clientId: client_id,
  ...defined({
    label: rest.label,
    trustEmail: rest.trust_email,
    issuer: rest.issuer,
    tenant: rest.tenant,
    clientSecret: client_secret,
    scopes: texts(scopes),
    authorizationEndpoint: authorization_endpoint,
    tokenEndpoint: token_endpoint,
    userinfoEndpoint: userinfo_endpoint,
    claims: claims && claimsOf(claims),
  }),
});
type Entry = NonNullable<Given['providers']>[number];

const samlOf = (saml: NonNullable<Given['saml']>): FileSaml => ({
  allowUnsolicited: saml.allow_unsolicited ?? false,
  ...defined({
    label: saml.label,
    metadataUrl: saml.idp_metadata_url,
    metadataXml: saml.idp_metadata_xml,
    entityId: saml.sp_entity_id,
    attributes: saml.attributes && claimsOf(saml.attributes),
  }),
});

const claimsOf = ({ user_id, ...rest }: NonNullable<Entry['claims']>): ClaimNames => defined<ClaimNames>({ userId: user_id, ...rest });

const msOf = (duration: string | undefined): number | undefined => (duration === undefined ? undefined : durationMs(duration));

const texts = (given: readonly (string | undefined)[] | undefined): readonly string[] | undefined =>
  given?.filter((each) => each !== undefined);
