import {
  accessModeOf,
  roleMappingsOf,
  type AccessMode,
  type ClaimNames,
  type RoleMappings,
  type SignOnSettings,
} from '../../config/sign-on-settings.ts';
import { providersOf } from './oidc/providers.ts';
import type { OidcProvider } from './oidc/provider.ts';

export interface SamlSettings {
  readonly label: string;
  readonly metadataUrl?: string | undefined;
  readonly metadataXml?: string | undefined;
  readonly entityId?: string | undefined;
  readonly allowUnsolicited: boolean;
  readonly attributes: ClaimNames;
}

/** Everything that is said about sign-on: by the file, by the database in LiteLLM's names, and by LiteLLM's variables. */
export interface ResolvedSignOn {
  /** Where browsers reach this gateway. Undefined: the host that they ask for. */
  readonly publicUrl: string | undefined;
  readonly providers: readonly OidcProvider[];
  readonly saml: SamlSettings | undefined;
  /** In lower case. Empty: all. */
  readonly allowedEmailDomains: readonly string[];
  readonly accessMode: AccessMode;
  readonly roleMappings: RoleMappings | undefined;
  readonly teamIdsClaim: string | undefined;
  /** Whoever has this id, here or at the provider, is a proxy admin. */
  readonly adminId: string | undefined;
  /** Whoever signs in with this address is one, too. In lower case. */
  readonly adminEmail: string | undefined;
  readonly passwordLogin: boolean;
  readonly autoRedirect: boolean;
  readonly uiUsername: string;
  /** Absent: the master key is the password. */
  readonly uiPassword: string | undefined;
}

type Env = (name: string) => string | undefined;

/** @param env reads a variable; the file's own ones first */
export const resolveSignOn = (file: SignOnSettings, env: Env): ResolvedSignOn => {
  const stored = file.ssoSettings;
  const said = (name: string): string | undefined => env(name) || undefined;
  const metadataUrl = stored?.saml_idp_metadata_url ?? said('SAML_IDP_METADATA_URL');
  const metadataXml = stored?.saml_idp_metadata_xml ?? said('SAML_IDP_METADATA_XML');
  const saml: SamlSettings | undefined = file.saml
    ? { label: usualSamlLabel, attributes: {}, ...file.saml }
    : metadataUrl || metadataXml
      ? {
          label: usualSamlLabel,
          metadataUrl,
          metadataXml,
          entityId: stored?.saml_sp_entity_id ?? said('SAML_SP_ENTITY_ID'),
          allowUnsolicited: stored?.saml_allow_unsolicited ?? isTrue(said('SAML_ALLOW_UNSOLICITED')),
          attributes: {},
        }
      : undefined;
  return {
    publicUrl: file.baseUrl ?? stored?.proxy_base_url ?? said('PROXY_BASE_URL'),
    providers: providersOf(file, env),
    saml,
    allowedEmailDomains: file.allowedEmailDomains ?? listOf(said('ALLOWED_EMAIL_DOMAINS')),
    accessMode: file.accessMode ?? accessModeOf(stored?.ui_access_mode) ?? 'all',
    roleMappings: file.roleMappings ?? roleMappingsOf(stored?.role_mappings),
    teamIdsClaim: file.teamIdsClaim ?? stored?.team_mappings?.team_ids_jwt_field,
    adminId: said('PROXY_ADMIN_ID'),
    adminEmail: stored?.user_email?.toLowerCase(),
    passwordLogin: file.passwordLogin,
    autoRedirect: file.autoRedirect,
    uiUsername: said('UI_USERNAME') ?? 'admin',
    uiPassword: said('UI_PASSWORD'),
  };
};

const usualSamlLabel = 'Single sign-on (SAML)';

const isTrue = (text: string | undefined): boolean => /^(true|1|yes)$/i.test(text ?? '');

const listOf = (text: string | undefined): readonly string[] =>
  (text ?? '')
    .split(',')
    .map((each) => each.trim().toLowerCase())
    .filter((each) => each !== '');
