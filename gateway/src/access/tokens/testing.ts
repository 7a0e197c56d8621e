import { exportJWK, generateKeyPair, SignJWT, type JWK, type JWTPayload } from 'jose';
import { parse } from 'yaml';
import { keySettings } from '../../config/key-settings.ts';
import { generalSettings } from '../../config/schema/general-settings.ts';
import { accessSettings } from '../../config/access-settings.ts';
import { tokenSettings } from '../../config/token-settings.ts';
import { userSettings } from '../../config/user-settings.ts';
import type { AuthHooks } from '../../config/custom-auth.ts';
import type { Authenticate, Caller } from '../caller.ts';
import type { Principal } from '../principal.ts';
import { createTokenAuthenticates, type TokenAuthenticates, type TokenAuthenticatesOptions } from './tokens.ts';

export interface TestKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

/** An issuer on loopback: a set of keys that can change, fail, and is counted. */
export interface TestIssuer {
  readonly issuer: string;
  readonly jwksUrl: string;
  keys: TestKey[];
  /** What the set holds beside `keys`. */
  extra: JWK[];
  isAway: boolean;
  readonly asked: () => number;
  newKey(kid: string, alg?: string): Promise<TestKey>;
  /** With the first key, for an hour, unless something else is said. */
  sign(claims: JWTPayload, how?: { key?: TestKey; header?: Record<string, unknown> }): Promise<string>;
  stop(): Promise<void>;
}

export const startIssuer = async (): Promise<TestIssuer> => {
  let asked = 0;
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch(request) {
      asked++;
      if (issuer.isAway) return new Response('away', { status: 503 });
      if (new URL(request.url).pathname === '/.well-known/openid-configuration')
        return Response.json({ issuer: issuer.issuer, jwks_uri: issuer.jwksUrl });
      return Response.json({ keys: [...issuer.keys.map(({ jwk }) => jwk), ...issuer.extra] });
    },
  });
  const base = server.url.href.replace(/\/$/, '');
  const newKey = async (kid: string, alg = 'ES256'): Promise<TestKey> => {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
  };
  const issuer: TestIssuer = {
    issuer: base,
    jwksUrl: `${base}/jwks`,
    keys: [await newKey('one')],
    extra: [],
    isAway: false,
    asked: () => asked,
    newKey,
    sign: (claims, { key = issuer.keys[0]!, header = {} } = {}) =>
      new SignJWT({ iss: base, aud: 'sluice', exp: Math.floor(Date.now() / 1000) + 3600, ...claims })
        .setProtectedHeader({ alg: key.alg, kid: key.kid, ...header })
        .sign(key.privateKey),
    stop: () => server.stop(true),
  };
  return issuer;
};

/** A request, as far as it matters here. */
export const callerOf = (
  presented: string | undefined,
  more: { headers?: Record<string, string>; peer?: string; address?: string; path?: string } = {},
): Caller => ({
  presented,
  headers: new Headers(more.headers),
  method: 'POST',
  path: more.path ?? '/v1/chat/completions',
  address: () => more.address ?? '127.0.0.1',
  peer: () => more.peer ?? '127.0.0.1',
});

export interface TestTokens {
  readonly tokens: TokenAuthenticates;
  /** As `Identify` tries them. */
  readonly identify: (caller: Caller) => Promise<Principal | undefined>;
  /** The same configuration, read again. */
  reload(): void;
  /** The first way, at once. */
  readonly atOnce: Authenticate;
}

/** All ways of a configuration. @param general YAML of `general_settings` */
export const tokensOf = (
  general: string,
  {
    env = {},
    hooks = {},
    ...options
  }: { env?: Record<string, string>; hooks?: AuthHooks } & Partial<Omit<TokenAuthenticatesOptions, 'env' | 'config'>> = {},
): TestTokens => {
  const settings = generalSettings.parse(parse(general) as unknown);
  const names = Object.keys(hooks) as (keyof AuthHooks)[];
  const modules = names.map((hook) => ({ hook, module: './x.ts', name: 'default', file: 'test.yaml', line: 1, column: 1, path: '' }));
  const made = () => ({
    tokens: tokenSettings(settings, modules),
    authHooks: hooks,
    users: userSettings(undefined, settings),
    keys: keySettings(undefined, settings),
    access: accessSettings(settings),
  });
  let config = made();
  const tokens = createTokenAuthenticates({
    config: () => config,
    env: (name) => env[name],
    isMaster: () => false,
    now: Date.now,
    ...options,
  });
  const identify = async (caller: Caller) => {
    for (const way of tokens.ways()) {
      const found = await way(caller);
      if (found) return found;
    }
    return undefined;
  };
  return { tokens, identify, reload: () => void (config = made()), atOnce: (caller) => tokens.ways()[0]!(caller) };
};
