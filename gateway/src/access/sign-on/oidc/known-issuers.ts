import type { Configuration } from 'openid-client';
import type { JWTVerifyGetKey } from 'jose';
import type { OidcProvider } from './provider.ts';
import { demandSafe, type Reach } from './reach.ts';

/** What is known of an issuer: its endpoints, and the keys that it signs with. */
export interface KnownIssuer {
  readonly config: Configuration;
  readonly keys: JWTVerifyGetKey;
  readonly algorithms: string[];
}

const freshMs = 3_600_000;
const maxKnown = 64;
/** Between two looks for keys that are not among those that are known: an issuer that changes its keys is followed at once. */
const keysCooldownMs = 2000;
const timeoutMs = 10_000;

/** Signatures that only who has a private key can make. Never `none`, and never one made with the client's secret. */
const asymmetric: ReadonlySet<string> = new Set([
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]);

/** Reads discovery documents, and keeps them for an hour. */
export class KnownIssuers {
  readonly #known = new Map<string, { readonly at: number; readonly issuer: Promise<KnownIssuer> }>();
  readonly #reach: Reach;
  readonly #now: () => number;

  constructor(reach: Reach, now: () => number) {
    this.#reach = reach;
    this.#now = now;
  }

  get(provider: OidcProvider & { readonly issuer: string }): Promise<KnownIssuer> {
    const { issuer, clientId, clientSecret } = provider;
    const id = JSON.stringify([issuer, clientId, clientSecret?.reveal()]);
    const known = this.#known.get(id);
    if (known && this.#now() < known.at + freshMs) return known.issuer;
    this.#known.delete(id);
    if (this.#known.size >= maxKnown) this.#known.delete(this.#known.keys().next().value!);
    const found = this.#discover(provider);
    this.#known.set(id, { at: this.#now(), issuer: found });
    found.catch(() => this.#known.delete(id));
    return found;
  }

  async #discover({ issuer, clientId, clientSecret }: OidcProvider & { readonly issuer: string }): Promise<KnownIssuer> {
    const [client, jose] = await Promise.all([import('openid-client'), import('jose')]);
    const plain: ((config: Configuration) => void)[] = new URL(issuer).protocol === 'http:' ? [client.allowInsecureRequests] : [];
    const reach = this.#reach;
    const found = await client.discovery(new URL(issuer), clientId, undefined, client.None(), {
      execute: plain,
      timeout: timeoutMs / 1000,
      [client.customFetch]: (url, init) => reach(url, init as RequestInit),
    });
    const server = found.serverMetadata();
    for (const url of [server.authorization_endpoint, server.token_endpoint, server.jwks_uri, server.userinfo_endpoint])
      if (url !== undefined) demandSafe(url);
    if (!server.authorization_endpoint || !server.token_endpoint || !server.jwks_uri)
      throw new Error('its discovery document lacks endpoints');
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const secret = clientSecret?.reveal();
    const auth =
      secret === undefined
        ? client.None()
        : methods.includes('client_secret_basic')
          ? client.ClientSecretBasic(secret)
          : client.ClientSecretPost(secret);
    const config = new client.Configuration(server, clientId, undefined, auth);
    config.timeout = timeoutMs / 1000;
    config[client.customFetch] = (url, init) => reach(url, init as RequestInit);
    for (const allow of plain) allow(config);
    return {
      config,
      keys: jose.createRemoteJWKSet(new URL(server.jwks_uri), {
        cooldownDuration: keysCooldownMs,
        cacheMaxAge: freshMs,
        timeoutDuration: timeoutMs,
        [jose.customFetch]: (url, init) => reach(String(url), init as RequestInit),
      }),
      algorithms: (server.id_token_signing_alg_values_supported ?? ['RS256']).filter((each) => asymmetric.has(each)),
    };
  }
}
