import type { z } from 'zod';
import type { AuthModule } from './custom-auth.ts';
import { defined } from './defined.ts';
import { allowedOf, jwtSettings, type Allowed, type JwtSettings } from './jwt-settings.ts';
import type { generalSettings } from './schema/general-settings.ts';

/** Names of headers, in lower case. */
export interface ProxyHeaders {
  readonly userId?: string;
  readonly email?: string;
  readonly teamId?: string;
  readonly teamAlias?: string;
  readonly orgId?: string;
  readonly customerId?: string;
  readonly models?: string;
}

export interface CertificateSettings {
  /** In lower case. */
  readonly header: string;
  readonly format: 'xfcc' | 'subject';
  readonly verified?: { readonly header: string; readonly value: string };
  readonly field: string;
  /** Absent: the field's value is the user's id. */
  readonly mappings?: readonly CertificateMapping[];
}

export interface CertificateMapping extends Allowed {
  readonly match: string;
  readonly userId?: string;
  readonly teamId?: string;
  readonly organizationId?: string;
}

/** Ways to show who one is beside keys. */
export interface TokenSettings {
  /** Absent: JWTs are no keys. */
  readonly jwt?: JwtSettings;
  readonly oauth2: boolean;
  readonly proxyHeaders?: ProxyHeaders;
  readonly certificate?: CertificateSettings;
  readonly custom?: { readonly mode: 'on' | 'auto'; readonly timeoutMs: number; readonly lookUp: boolean };
  /** Headers that name the end user, in lower case, in the order in which they are asked. */
  readonly customerHeaders: readonly string[];
  /** Of functions that the command line loads. */
  readonly modules: readonly AuthModule[];
}

type General = z.output<typeof generalSettings>;

const usualTimeoutMs = 5000;

export const tokenSettings = (general: General, modules: readonly AuthModule[] = []): TokenSettings => ({
  ...defined({
    jwt: general?.enable_jwt_auth ? jwtSettings(general, general.litellm_jwtauth) : undefined,
    proxyHeaders: general?.enable_oauth2_proxy_auth ? proxyOf(general.oauth2_config_mappings) : undefined,
    certificate: certificateOf(general?.client_certificate_auth),
    custom: modules.some(({ hook }) => hook === 'customAuth') ? customOf(general) : undefined,
  }),
  oauth2: general?.enable_oauth2_auth ?? false,
  customerHeaders: [
    ...(general?.user_header_name === undefined ? [] : [general.user_header_name]),
    ...(general?.user_header_mappings ?? [])
      .filter(({ litellm_user_role: role }) => role === 'customer')
      .map(({ header_name: name }) => name),
  ].map((name) => name.toLowerCase()),
  modules,
});

const proxyOf = (given: NonNullable<General>['oauth2_config_mappings'] = {}): ProxyHeaders => {
  const lower = (name: string | undefined) => name?.toLowerCase();
  return defined({
    userId: lower(given.user_id),
    email: lower(given.user_email),
    teamId: lower(given.team_id),
    teamAlias: lower(given.team_alias),
    orgId: lower(given.org_id),
    customerId: lower(given.end_user_id),
    models: lower(given.models),
  });
};

const certificateOf = (given: NonNullable<General>['client_certificate_auth']): CertificateSettings | undefined =>
  given && {
    header: given.header.toLowerCase(),
    format: given.format ?? (given.header.toLowerCase() === 'x-forwarded-client-cert' ? 'xfcc' : 'subject'),
    field: given.subject_field ?? 'CN',
    ...defined({
      verified:
        given.verified_header === undefined
          ? undefined
          : { header: given.verified_header.toLowerCase(), value: given.verified_value ?? 'SUCCESS' },
      mappings: given.mappings?.map(({ match, models, routes, ...ids }) => ({
        match,
        ...allowedOf({ models, routes }),
        ...defined({ userId: ids.user_id, teamId: ids.team_id, organizationId: ids.organization_id }),
      })),
    }),
  };

const customOf = (general: General): NonNullable<TokenSettings['custom']> => {
  const { mode, timeout } = general?.custom_auth_settings ?? {};
  return {
    mode: mode === 'auto' ? 'auto' : 'on',
    timeoutMs: timeout === undefined ? usualTimeoutMs : timeout * 1000,
    lookUp: general?.custom_auth_run_common_checks ?? true,
  };
};
