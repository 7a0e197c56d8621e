import { randomBytes } from 'node:crypto';
import { SluiceError } from 'sluice/kit';
import { textAt, textsAt } from '../claim-at.ts';
import { hashKey } from '../../keys/secret.ts';
import type { OnceStore } from '../once.ts';
import type { Identity } from '../people/identity.ts';
import { sameText } from '../session/session-token.ts';
import { exchangeOauth2, oauth2Url, type WithEndpoints } from './exchange-oauth2.ts';
import { authorizationUrl, exchangeOpenid, type Began, type Proved, type WithIssuer } from './exchange-openid.ts';
import { graphGroups, hasGroupsElsewhere } from './graph-groups.ts';
import { KnownIssuers } from './known-issuers.ts';
import type { OidcProvider } from './provider.ts';
import { bounded, type Reach } from './reach.ts';

export interface OidcOptions {
  readonly once: OnceStore;
  readonly providers: () => readonly OidcProvider[];
  readonly reach: Reach;
  readonly now: () => number;
}

export interface Started {
  readonly url: string;
  /** For the browser to keep: only who began a sign-on ends it. */
  readonly browser: string;
}

export interface Ended {
  readonly identity: Identity;
  readonly returnTo: string;
}

/** How long somebody may take at the provider. */
export const signOnLifeMs = 10 * 60_000;
const kind = 'oidc';

/** Sign-on by OpenID Connect and OAuth 2: a code, with PKCE, state and nonce, always. */
export class Oidc {
  readonly #options: OidcOptions;
  readonly #reach: Reach;
  readonly #issuers: KnownIssuers;

  constructor(options: OidcOptions) {
    this.#options = options;
    this.#reach = bounded(options.reach);
    this.#issuers = new KnownIssuers(this.#reach, options.now);
  }

  /**
   * @param redirectUri this gateway's `/sso/callback`
   * @param returnTo a path of this gateway
   * @throws SluiceError `not_found`, `unavailable`
   */
  async start(name: string, redirectUri: string, returnTo: string): Promise<Started> {
    const provider = this.#provider(name);
    const began: Began = { state: token(), nonce: token(), codeVerifier: token() };
    const browser = token();
    const url =
      provider.issuer !== undefined
        ? await authorizationUrl(this.#issuers, provider as WithIssuer, redirectUri, began)
        : oauth2Url(provider as WithEndpoints, redirectUri, began);
    await this.#options.once.keep(
      kind,
      began.state,
      {
        provider: name,
        nonce: began.nonce,
        code_verifier: began.codeVerifier,
        browser: hashKey(browser),
        redirect_uri: redirectUri,
        return_to: returnTo,
      },
      signOnLifeMs,
    );
    return { url: url.href, browser };
  }

  /**
   * @param query of the request that the browser came back with
   * @param browser what the browser has kept
   * @throws SluiceError `authentication`, `unavailable`
   */
  async end(query: string, browser: string | undefined): Promise<Ended> {
    const params = new URLSearchParams(query);
    const state = params.get('state');
    const kept = state === null ? undefined : await this.#options.once.take(kind, state);
    if (state === null || !kept)
      throw new SluiceError('authentication', 'This sign-on is over, or was never begun. Begin it again.', { type: 'auth_error' });
    const said = kept as Readonly<Record<string, string>>;
    if (browser === undefined || !sameText(hashKey(browser), said['browser']!))
      throw new SluiceError('authentication', 'This sign-on was begun in another browser. Begin it again in this one.', {
        type: 'auth_error',
      });
    const provider = this.#provider(said['provider']!);
    const redirectUri = said['redirect_uri']!;
    const began: Began = { state, nonce: said['nonce']!, codeVerifier: said['code_verifier']! };
    const callback = new URL(redirectUri);
    callback.search = query;
    const proved =
      provider.issuer !== undefined
        ? await exchangeOpenid(this.#issuers, provider as WithIssuer, callback, began)
        : await exchangeOauth2(this.#reach, provider as WithEndpoints, callback, redirectUri, began);
    return { identity: await this.#identity(provider, proved), returnTo: said['return_to']! };
  }

  #provider(name: string): OidcProvider {
    const provider = this.#options.providers().find((each) => each.name === name);
    if (!provider) throw new SluiceError('not_found', `There is no identity provider ${JSON.stringify(name.slice(0, 64))} here.`);
    if (provider.broken !== undefined)
      throw new SluiceError('unavailable', `Nobody can sign in by ${provider.label}: ${provider.broken}.`, { retry: false });
    return provider;
  }

  async #identity(provider: OidcProvider, { claims, accessToken }: Proved): Promise<Identity> {
    const { claims: names, graphUrl, trustEmail } = provider;
    const subject = textAt(claims, names.userId);
    if (subject === undefined || subject.length > 256)
      throw new SluiceError('authentication', `${provider.label} says no id of yours (${names.userId}).`, { type: 'auth_error' });
    const elsewhere =
      graphUrl !== undefined && hasGroupsElsewhere(claims) ? await graphGroups(this.#reach, graphUrl, accessToken) : undefined;
    const verified = claims['email_verified'];
    const groups = elsewhere ?? textsAt(claims, names.groups);
    return {
      provider: provider.name,
      subject,
      email: textAt(claims, names.email)?.toLowerCase(),
      // Some say it as a text.
      emailVerified: verified === undefined ? trustEmail || undefined : verified === true || verified === 'true',
      name: textAt(claims, names.name),
      groups,
      roles: names.role === undefined ? undefined : textsAt(claims, names.role),
      claims: elsewhere ? { ...claims, [names.groups]: elsewhere } : claims,
    };
  }
}

const token = (): string => randomBytes(32).toString('base64url');
