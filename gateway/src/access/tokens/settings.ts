import { Secret } from 'sluice/kit';
import type { AuthHooks } from '../../config/custom-auth.ts';
import { namesIn, type ClaimFields, type JwtSettings } from '../../config/jwt-settings.ts';
import type { TokenSettings } from '../../config/token-settings.ts';

/** Whose tokens are good, and what is read of them. */
export interface TrustedIssuer {
  /** Their `iss`. Empty: any. */
  readonly names: readonly string[];
  /** Where their keys are: JWK sets, or discovery documents. */
  readonly urls: readonly string[];
  /** Absent: their tokens for anybody are good. */
  readonly audience: readonly string[] | undefined;
  /** Wins over what is said for all. */
  readonly fields: ClaimFields;
}

/** An endpoint that says whether an opaque token is good (RFC 7662), or whose it is. */
export interface Introspection {
  readonly url: string;
  readonly clientId: string | undefined;
  readonly clientSecret: Secret | undefined;
  readonly userIdField: string;
  readonly roleField: string;
  readonly teamIdField: string;
}

/** Everything that is said about tokens: by the file, by its modules and by LiteLLM's variables. */
export interface ResolvedTokens {
  readonly file: TokenSettings;
  readonly jwt: (JwtSettings & { readonly trusted: readonly TrustedIssuer[] }) | undefined;
  readonly introspection: Introspection | undefined;
  readonly hooks: AuthHooks;
}

type Env = (name: string) => string | undefined;

/** @param env reads a variable; the file's own ones first */
const resolveTokens = (file: TokenSettings, hooks: AuthHooks, env: Env): ResolvedTokens => {
  const said = (name: string): string | undefined => env(name) || undefined;
  return {
    file,
    hooks,
    jwt: file.jwt && { ...file.jwt, trusted: trustedBy(file.jwt, said) },
    introspection: file.oauth2 ? introspectionOf(said) : undefined,
  };
};

const discovery = '/.well-known/openid-configuration';

const trustedBy = ({ issuers }: JwtSettings, said: Env): readonly TrustedIssuer[] => {
  const own = issuers.map(({ issuer, jwksUrl, audience, fields }): TrustedIssuer => ({
    names: [issuer],
    urls: [jwksUrl ?? issuer.replace(/\/$/, '') + discovery],
    audience,
    fields,
  }));
  const urls = namesIn(said('JWT_PUBLIC_KEY_URL') ?? '');
  if (urls.length === 0) return own;
  const audience = said('JWT_AUDIENCE');
  return [
    ...own,
    { names: namesIn(said('JWT_ISSUER') ?? ''), urls, audience: audience === undefined ? undefined : namesIn(audience), fields: {} },
  ];
};

const introspectionOf = (said: Env): Introspection | undefined => {
  const url = said('OAUTH_TOKEN_INFO_ENDPOINT');
  const secret = said('OAUTH_CLIENT_SECRET');
  return url === undefined
    ? undefined
    : {
        url,
        clientId: said('OAUTH_CLIENT_ID'),
        clientSecret: secret === undefined ? undefined : new Secret(secret),
        userIdField: said('OAUTH_USER_ID_FIELD_NAME') ?? 'sub',
        roleField: said('OAUTH_USER_ROLE_FIELD_NAME') ?? 'role',
        teamIdField: said('OAUTH_USER_TEAM_ID_FIELD_NAME') ?? 'team_id',
      };
};

const variables = [
  'JWT_PUBLIC_KEY_URL',
  'JWT_AUDIENCE',
  'JWT_ISSUER',
  'OAUTH_TOKEN_INFO_ENDPOINT',
  'OAUTH_CLIENT_ID',
  'OAUTH_CLIENT_SECRET',
  'OAUTH_USER_ID_FIELD_NAME',
  'OAUTH_USER_ROLE_FIELD_NAME',
  'OAUTH_USER_TEAM_ID_FIELD_NAME',
];

const noHooks: AuthHooks = {};

/** What is asked for each time: the same object as long as it says the same, so that a reload of something else forgets nothing. */
export const rememberedTokens = (
  config: () => { readonly tokens: TokenSettings; readonly authHooks?: AuthHooks },
  env: Env,
): (() => ResolvedTokens) => {
  let from: TokenSettings | undefined;
  let hooks: AuthHooks | undefined;
  let text = '';
  let made: ResolvedTokens | undefined;
  return () => {
    const { tokens, authHooks = noHooks } = config();
    if (made && from === tokens && hooks === authHooks) return made;
    const says = JSON.stringify([tokens, variables.map((name) => env(name) ?? null)]);
    if (!made || says !== text || hooks !== authHooks) made = resolveTokens(tokens, authHooks, env);
    [from, hooks, text] = [tokens, authHooks, says];
    return made;
  };
};
