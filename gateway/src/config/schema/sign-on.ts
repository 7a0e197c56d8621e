import { z } from 'zod';
import { duration } from './budgets.ts';
import { boolean, choice, describe, requiredText, secret, text, texts, url } from './fields.ts';

const roles = ['proxy_admin', 'proxy_admin_viewer', 'internal_user', 'internal_user_viewer'] as const;

const accessMode = describe(
  z
    .union([
      z.enum(['all', 'admin_only']),
      z.strictObject({
        type: z.literal('restricted_sso_group'),
        restricted_sso_group: requiredText({ about: 'Who is in this group at the identity provider may sign in.' }),
        sso_group_jwt_field: requiredText({ about: 'The claim that holds the groups, as a dot path.' }),
      }),
    ])
    .optional(),
  { about: 'Who may sign in: everybody, only proxy admins and their viewers, or one group of the identity provider.', default: 'all' },
);

const roleMappings = describe(
  z
    .strictObject({
      provider: text({ about: 'The provider that it is for. Absent: all.' }),
      group_claim: requiredText({ about: 'The claim that holds the groups, as a dot path.' }),
      default_role: choice(roles, { about: 'For people in none of the groups. Absent: their role stays.' }),
      roles: describe(z.partialRecord(z.enum(roles), z.array(z.string())).nullish(), {
        about: 'Groups by the role that they give. Of several, the one that may most counts.',
      }),
    })
    .optional(),
  { about: 'Roles by groups of the identity provider. They are set anew at every sign-on.' },
);

const teamMappings = describe(
  z.strictObject({ team_ids_jwt_field: text({ about: 'The claim that holds ids of teams, as a dot path.' }) }).optional(),
  { about: 'Teams by a claim of the identity provider, beside the groups that teams name themselves (`sso_groups`).' },
);

const claims = describe(
  z
    .strictObject({
      user_id: text({ about: 'The person’s lasting id.', default: 'sub' }),
      email: text({ about: 'Their e-mail address.', default: 'email' }),
      name: text({ about: 'Their name.', default: 'name' }),
      groups: text({ about: 'Their groups.', default: 'groups' }),
      role: text({ about: 'A role of the gateway. Absent: no claim gives roles.' }),
    })
    .optional(),
  { about: 'Which claims say what, as dot paths.' },
);

const provider = z.strictObject({
  name: describe(z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, { error: 'must be lower case letters, digits, - and _' }), {
    about: 'In addresses: `/sso/key/generate?provider=name`.',
  }),
  label: text({ about: 'On the page that people sign in on. Absent: the name.' }),
  issuer: url({ about: 'The OpenID Connect issuer; everything else is read from its discovery document.' }),
  tenant: text({ about: 'Of Microsoft Entra, instead of an issuer.' }),
  client_id: requiredText({ about: 'Of the gateway, at the provider.' }),
  client_secret: secret({ about: 'Of the gateway, at the provider. Absent: a public client, with PKCE alone.' }),
  scopes: texts({ about: 'What is asked for. Absent: openid, email, profile.' }),
  authorization_endpoint: url({ about: 'For providers of OAuth 2 without an issuer.' }),
  token_endpoint: url({ about: 'For providers of OAuth 2 without an issuer.' }),
  userinfo_endpoint: url({ about: 'For providers of OAuth 2 without an issuer.' }),
  trust_email: boolean({
    default: false,
    about: 'E-mail addresses count as verified where the provider says nothing of it (`email_verified`). Users are then found by them.',
  }),
  claims,
});

const samlAttributes = describe(
  z
    .strictObject({
      user_id: text({ about: 'The person’s lasting id. Absent: the NameID.' }),
      email: text({ about: 'Their e-mail address. Absent: the usual names of it, then the NameID if it is one.' }),
      name: text({ about: 'Their name.' }),
      groups: text({ about: 'Their groups.', default: 'groups' }),
      role: text({ about: 'A role of the gateway. Absent: no attribute gives roles.' }),
    })
    .optional(),
  { about: 'Which attributes of an assertion say what.' },
);

const saml = describe(
  z
    .strictObject({
      label: text({ about: 'On the page that people sign in on.', default: 'Single sign-on (SAML)' }),
      idp_metadata_url: url({ about: 'Where the identity provider’s metadata is.' }),
      idp_metadata_xml: text({ about: 'The metadata itself, as XML.' }),
      sp_entity_id: text({ about: 'The gateway’s own entity id. Absent: the address of its metadata, /sso/saml/metadata.' }),
      allow_unsolicited: boolean({
        default: false,
        about: 'Sign-on may begin at the identity provider. Then nothing proves that the person meant it.',
      }),
      attributes: samlAttributes,
    })
    .optional(),
  { about: 'A SAML 2.0 identity provider.' },
);

const sso = describe(
  z
    .strictObject({
      providers: describe(z.array(provider).max(32).optional(), { about: 'Identity providers of OpenID Connect and OAuth 2.' }),
      saml,
      allowed_email_domains: texts({
        about: 'Domains of e-mail addresses that may sign in by a provider. Absent: ALLOWED_EMAIL_DOMAINS, else all.',
      }),
      role_mappings: roleMappings,
      team_mappings: teamMappings,
      session_idle: duration('How long a session lasts without being used. Default: 8h.'),
      session_lifetime: duration('How long a session lasts at most. Default: 24h.'),
      disable_password_login: boolean({ default: false, about: 'People sign in by a provider alone. The master key still does.' }),
    })
    .optional(),
  { about: 'How people sign in, beside the variables and settings that LiteLLM has for it.' },
);

/** What `PATCH /update/sso_settings` takes, in LiteLLM's names. */
const ssoSettings = describe(
  z
    .strictObject({
      google_client_id: text({ about: 'As GOOGLE_CLIENT_ID.' }),
      google_client_secret: secret({ about: 'As GOOGLE_CLIENT_SECRET.' }),
      microsoft_client_id: text({ about: 'As MICROSOFT_CLIENT_ID.' }),
      microsoft_client_secret: secret({ about: 'As MICROSOFT_CLIENT_SECRET.' }),
      microsoft_tenant: text({ about: 'As MICROSOFT_TENANT.' }),
      generic_client_id: text({ about: 'As GENERIC_CLIENT_ID.' }),
      generic_client_secret: secret({ about: 'As GENERIC_CLIENT_SECRET.' }),
      generic_issuer: url({ about: 'As GENERIC_ISSUER.' }),
      generic_authorization_endpoint: url({ about: 'As GENERIC_AUTHORIZATION_ENDPOINT.' }),
      generic_token_endpoint: url({ about: 'As GENERIC_TOKEN_ENDPOINT.' }),
      generic_userinfo_endpoint: url({ about: 'As GENERIC_USERINFO_ENDPOINT.' }),
      generic_scope: text({ about: 'As GENERIC_SCOPE.' }),
      saml_idp_metadata_url: url({ about: 'As SAML_IDP_METADATA_URL.' }),
      saml_idp_metadata_xml: text({ about: 'As SAML_IDP_METADATA_XML.' }),
      saml_sp_entity_id: text({ about: 'As SAML_SP_ENTITY_ID.' }),
      saml_allow_unsolicited: boolean({ default: false, about: 'As SAML_ALLOW_UNSOLICITED.' }),
      proxy_base_url: url({ about: 'As PROXY_BASE_URL.' }),
      user_email: text({ about: 'Whoever signs in with this address is a proxy admin.' }),
      ui_access_mode: accessMode,
      role_mappings: roleMappings,
      team_mappings: teamMappings,
    })
    .optional(),
  { about: 'Single sign-on as LiteLLM’s dashboard writes it; the database may own it.' },
);

/** Members of `general_settings` about sign-on. */
export const signOnShape = {
  ui_access_mode: accessMode,
  auto_redirect_ui_login_to_sso: boolean({ default: false, about: 'GET /login goes on to the provider, where there is exactly one.' }),
  proxy_base_url: url({ about: 'Where browsers reach this gateway. Absent: PROXY_BASE_URL, else the host that they ask for.' }),
  sso,
  sso_settings: ssoSettings,
};
