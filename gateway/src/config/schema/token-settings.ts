import { z } from 'zod';
import { boolean, describe, number, requiredText, text, texts } from './fields.ts';
import { jwtAuth, rolePermissions } from './jwt-auth.ts';

const headerName = z.string().refine((name) => /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/.test(name), { error: 'must be the name of a header' });
const header = (about: string) => describe(headerName.optional(), { about }, { type: 'string' });
const requiredHeader = (about: string) => describe(headerName.clone(), { about }, { type: 'string' });

/** What a header may say: who somebody is, never what they may do. The same as LiteLLM lets (its source, read 2026-11-22), beside `end_user_id`. */
const proxyMappings = describe(
  z
    .strictObject({
      user_id: header('The header with the id of the user.'),
      user_email: header('The header with the e-mail address of the user.'),
      team_id: header('The header with the id of the team.'),
      team_alias: header('The header with the name of the team.'),
      org_id: header('The header with the id of the organisation.'),
      end_user_id: header('The header with the end user.'),
      models: header('The header with the models that may be used, with commas between them.'),
    })
    .optional(),
  { about: 'Which header of the proxy says what. Only what says who somebody is: no roles, no limits.' },
);

const certificateMapping = z.strictObject({
  match: requiredText({ about: 'The value of the field; `*` stands for any text.' }),
  user_id: text({ about: 'The user that it is. Absent, and no team: the value itself.' }),
  team_id: text({ about: 'The team that it belongs to.' }),
  organization_id: text({ about: 'The organisation that it belongs to.' }),
  models: texts({ about: 'Models that it may use. Absent: as the user and the team may.' }),
  routes: texts({ about: 'Routes that it may call. Absent: as the user may.' }),
});

const clientCertificate = describe(
  z
    .strictObject({
      header: requiredHeader('The header in which the proxy tells of the certificate that it has verified.'),
      format: describe(z.enum(['xfcc', 'subject']).optional(), {
        about: 'Envoy’s `x-forwarded-client-cert`, or the subject alone (RFC 4514). Absent: as the header’s name says.',
      }),
      verified_header: header('A header that must say that the certificate is good, where the proxy also passes on others.'),
      verified_value: text({ default: 'SUCCESS', about: 'What `verified_header` must say.' }),
      subject_field: text({
        default: 'CN',
        about: 'What names the caller: an attribute of the subject (`CN`, `OU`), or `URI`, `DNS`, `Hash` of Envoy’s header.',
      }),
      mappings: describe(z.array(certificateMapping).max(1000).optional(), {
        about: 'Who is who. The first that fits holds; a certificate that fits none is refused. Absent: the value is the user’s id.',
      }),
    })
    .optional(),
  { about: 'Callers that show a client certificate to the proxy before the gateway. Needs `trusted_proxy_ranges`.' },
);

const headerMapping = z.strictObject({
  header_name: requiredHeader('The header.'),
  litellm_user_role: describe(z.enum(['customer', 'internal_user']), { about: 'Whom it names: `customer` is the end user.' }),
});

/** Members of `general_settings` about ways to show who one is beside keys. */
export const tokenShape = {
  enable_jwt_auth: boolean({
    default: false,
    about: 'JWTs of an identity provider are taken in place of keys (JWT_PUBLIC_KEY_URL, JWT_AUDIENCE, JWT_ISSUER).',
  }),
  litellm_jwtauth: jwtAuth,
  enforce_rbac: boolean({ default: false, about: 'The same as `litellm_jwtauth.enforce_rbac`.' }),
  role_permissions: rolePermissions,
  enable_oauth2_auth: boolean({
    default: false,
    about: 'Opaque tokens are taken in place of keys: OAUTH_TOKEN_INFO_ENDPOINT is asked about them.',
  }),
  enable_oauth2_proxy_auth: boolean({
    default: false,
    about: 'Headers of a proxy of `trusted_proxy_ranges` say who calls (`oauth2_config_mappings`).',
  }),
  oauth2_config_mappings: proxyMappings,
  client_certificate_auth: clientCertificate,
  custom_auth: text({ about: 'A module, relative to this file, whose function says who calls: `./auth.ts`, `./auth.ts:whoCalls`.' }),
  custom_auth_settings: describe(
    z
      .strictObject({
        mode: describe(z.enum(['on', 'off', 'auto']).optional(), {
          about: '`on`: it alone decides. `auto`: keys and tokens still work for whom it does not know. `off`: it is not asked.',
          default: 'on',
        }),
        timeout: number({ min: 0.001, max: 60, unit: 'seconds', default: 5, about: 'How long it may take.' }),
      })
      .optional(),
    { about: 'How `custom_auth` is used.' },
  ),
  custom_auth_run_common_checks: boolean({
    default: true,
    about:
      'The users and teams that it names are looked up, and their limits hold. False: they are taken as names, and nothing is looked up.',
  }),
  user_header_name: header('A header that says which end user a call is for.'),
  user_header_mappings: describe(
    z
      .preprocess(
        (value) => (typeof value === 'object' && value !== null && !Array.isArray(value) ? [value] : value),
        z.array(headerMapping).max(32),
      )
      .optional(),
    { about: 'Headers that say which end user a call is for; the first that is there holds.' },
    { type: ['array', 'object'] },
  ),
};
