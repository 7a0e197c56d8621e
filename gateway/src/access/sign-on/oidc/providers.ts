import { Secret } from 'sluice/kit';
import type { FileProvider, SignOnSettings } from '../../../config/sign-on-settings.ts';
import type { OidcProvider } from './provider.ts';

type Env = (name: string) => string | undefined;

const usualScopes = ['openid', 'email', 'profile'];
const usualClaims = { userId: 'sub', email: 'email', name: 'name', groups: 'groups' } as const;

/** Tenants of Entra that are everybody's: whoever has an account anywhere would be let in. */
const sharedTenants: ReadonlySet<string> = new Set(['common', 'organizations', 'consumers']);

/**
 * The providers of a configuration: those that the file lists, then LiteLLM's three, each by its own settings or variables
 * (docs.litellm.ai/docs/proxy/admin_ui_sso, read 2026-11-22). A name that the file has wins.
 */
export const providersOf = (file: SignOnSettings, env: Env): readonly OidcProvider[] => {
  const listed = file.providers.map(ofFile);
  const more = [google(file, env), microsoft(file, env), generic(file, env)].filter((each) => each !== undefined);
  return [...listed, ...more.filter(({ name }) => !listed.some((each) => each.name === name))];
};

const ofFile = ({ name, label, issuer, tenant, clientId, clientSecret, scopes, claims, ...rest }: FileProvider): OidcProvider => ({
  name,
  label: label ?? name,
  clientId,
  clientSecret,
  scopes: scopes ?? usualScopes,
  claims: { ...usualClaims, ...claims },
  trustEmail: rest.trustEmail,
  ...(tenant !== undefined && issuer === undefined ? entra(tenant) : { issuer }),
  ...(issuer === undefined && tenant === undefined && endpointsOf(rest.authorizationEndpoint, rest.tokenEndpoint, rest.userinfoEndpoint)),
});

const google = ({ ssoSettings: stored }: SignOnSettings, env: Env): OidcProvider | undefined => {
  const clientId = stored?.google_client_id || env('GOOGLE_CLIENT_ID');
  if (!clientId) return undefined;
  return {
    name: 'google',
    label: 'Google',
    issuer: 'https://accounts.google.com',
    clientId,
    clientSecret: stored?.google_client_secret ?? secret(env('GOOGLE_CLIENT_SECRET')),
    scopes: usualScopes,
    claims: usualClaims,
  };
};

const microsoft = ({ ssoSettings: stored }: SignOnSettings, env: Env): OidcProvider | undefined => {
  const clientId = stored?.microsoft_client_id || env('MICROSOFT_CLIENT_ID');
  if (!clientId) return undefined;
  return {
    name: 'microsoft',
    label: 'Microsoft',
    clientId,
    clientSecret: stored?.microsoft_client_secret ?? secret(env('MICROSOFT_CLIENT_SECRET')),
    scopes: [...usualScopes, 'User.Read'],
    // Roles of the application are named by its administrators.
    claims: { ...usualClaims, role: 'roles' },
    ...entra(stored?.microsoft_tenant || env('MICROSOFT_TENANT')),
  };
};

const generic = ({ ssoSettings: stored }: SignOnSettings, env: Env): OidcProvider | undefined => {
  const clientId = stored?.generic_client_id || env('GENERIC_CLIENT_ID');
  if (!clientId) return undefined;
  const issuer = stored?.generic_issuer || env('GENERIC_ISSUER');
  const scope = stored?.generic_scope || env('GENERIC_SCOPE');
  return {
    name: 'generic',
    label: env('GENERIC_LABEL') || 'Single sign-on',
    clientId,
    clientSecret: stored?.generic_client_secret ?? secret(env('GENERIC_CLIENT_SECRET')),
    trustEmail: /^(?:true|1)$/i.test(env('GENERIC_TRUST_EMAIL') ?? ''),
    scopes: scope ? scope.split(/\s+/).filter((each) => each !== '') : usualScopes,
    claims: {
      userId: env('GENERIC_USER_ID_ATTRIBUTE') || usualClaims.userId,
      email: env('GENERIC_USER_EMAIL_ATTRIBUTE') || usualClaims.email,
      name: env('GENERIC_USER_DISPLAY_NAME_ATTRIBUTE') || usualClaims.name,
      groups: env('GENERIC_GROUPS_ATTRIBUTE') || usualClaims.groups,
      role: env('GENERIC_USER_ROLE_ATTRIBUTE') || undefined,
    },
    ...(issuer
      ? { issuer }
      : endpointsOf(
          stored?.generic_authorization_endpoint || env('GENERIC_AUTHORIZATION_ENDPOINT'),
          stored?.generic_token_endpoint || env('GENERIC_TOKEN_ENDPOINT'),
          stored?.generic_userinfo_endpoint || env('GENERIC_USERINFO_ENDPOINT'),
        )),
  };
};

type Where = Pick<OidcProvider, 'issuer' | 'endpoints' | 'graphUrl' | 'broken' | 'trustEmail'>;

const entra = (tenant: string | undefined): Where => {
  if (!tenant || !/^[a-zA-Z0-9.-]{1,128}$/.test(tenant) || sharedTenants.has(tenant.toLowerCase()))
    return { broken: 'its tenant must be named: the id or domain of one organisation (MICROSOFT_TENANT)' };
  return { issuer: `https://login.microsoftonline.com/${tenant}/v2.0`, graphUrl: 'https://graph.microsoft.com', trustEmail: true };
};

const endpointsOf = (authorization: string | undefined, token: string | undefined, userinfo: string | undefined): Where =>
  authorization && token && userinfo
    ? { endpoints: { authorization, token, userinfo } }
    : { broken: 'it needs an issuer, or endpoints for authorization, token and userinfo' };

const secret = (text: string | undefined): Secret | undefined => (text ? new Secret(text) : undefined);
