import type { CacheProvider, Profile, SAML } from '@node-saml/node-saml';
import { randomBytes } from 'node:crypto';
import { SluiceError } from 'sluice/kit';
import { hashKey } from '../../keys/secret.ts';
import type { Ended, Started } from '../oidc/oidc.ts';
import { signOnLifeMs } from '../oidc/oidc.ts';
import { bounded, demandSafe, providerFailed, type Reach } from '../oidc/reach.ts';
import type { OnceStore } from '../once.ts';
import { sameText } from '../session/session-token.ts';
import type { SamlSettings } from '../settings.ts';
import { readIdpMetadata, type IdpMetadata } from './idp-metadata.ts';
import { identityOfAssertion } from './profile-identity.ts';
import { signedFactsOf } from './signed-facts.ts';

export interface SamlOptions {
  readonly once: OnceStore;
  readonly settings: () => SamlSettings | undefined;
  readonly reach: Reach;
  readonly now: () => number;
}

export interface SamlAnswer {
  readonly SAMLResponse: string;
  readonly RelayState?: string | undefined;
}

/** Clocks of two machines differ. */
const clockSkewMs = 60_000;
const maxAssertionAgeMs = 10 * 60_000;
/** Longer than any assertion is good. */
const rememberMs = 30 * 60_000;
const metadataFreshMs = 3_600_000;
const kind = 'saml';
const requestKind = 'saml-request';
const assertionKind = 'saml-assertion';

/**
 * Sign-on by SAML 2.0: requests by redirect, answers by form. Assertions must be signed, be for this gateway, answer a request
 * that it has sent, and come once.
 */
export class Saml {
  readonly #options: SamlOptions;
  readonly #reach: Reach;
  #metadata: { readonly at: number; readonly url: string; readonly read: IdpMetadata } | undefined;

  constructor(options: SamlOptions) {
    this.#options = options;
    this.#reach = bounded(options.reach);
  }

  /** The gateway's own metadata, as XML. */
  async metadata(publicUrl: string): Promise<string> {
    const { SAML } = await import('@node-saml/node-saml');
    // It says nothing of the other side, which may have to be told of this one first.
    const own = new SAML({ ...this.#own(publicUrl), idpCert: 'none', entryPoint: publicUrl });
    return own.generateServiceProviderMetadata(null);
  }

  /** @throws SluiceError `not_found`, `unavailable` */
  async start(publicUrl: string, returnTo: string): Promise<Started> {
    const requestId = `_${randomBytes(16).toString('hex')}`;
    const relayState = randomBytes(32).toString('base64url');
    const browser = randomBytes(32).toString('base64url');
    const saml = await this.#saml(publicUrl, await this.#idp(this.#settings()), () => requestId);
    const url = await saml.getAuthorizeUrlAsync(relayState, undefined, {});
    await this.#options.once.keep(
      kind,
      relayState,
      { request_id: requestId, browser: hashKey(browser), return_to: returnTo },
      signOnLifeMs,
    );
    return { url, browser };
  }

  /**
   * @param browser what the browser has kept
   * @param boundToBrowser false where no cookie comes back with a form of another site: in the clear, which only tests do
   * @throws SluiceError `authentication`, `unavailable`
   */
  async end(answer: SamlAnswer, publicUrl: string, browser: string | undefined, boundToBrowser: boolean): Promise<Ended> {
    const settings = this.#settings();
    const kept = answer.RelayState ? await this.#options.once.take(kind, answer.RelayState) : undefined;
    if (!kept && !settings.allowUnsolicited) throw refused('This sign-on is over, or was never begun. Begin it again.');
    if (kept && boundToBrowser && (browser === undefined || !sameText(hashKey(browser), kept['browser'] as string)))
      throw refused('This sign-on was begun in another browser. Begin it again in this one.');
    const idp = await this.#idp(settings);
    const saml = await this.#saml(publicUrl, idp);
    const profile = await validated(saml, answer.SAMLResponse);
    if (profile.issuer !== idp.entityId) throw refused('This is the answer of another identity provider.');
    const facts = signedFactsOf(profile.getAssertion?.());
    if (!facts || (kept && facts.inResponseTo !== kept['request_id']))
      throw refused('The identity provider has answered another sign-on. Begin it again.');
    if (facts.recipient !== this.#own(publicUrl).callbackUrl) throw refused('The answer of the identity provider is for somebody else.');
    if (!(await this.#options.once.isFirst(assertionKind, `${profile.issuer}\n${facts.id}`, rememberMs)))
      throw refused('This answer of the identity provider was used already. Begin the sign-on again.');
    const attributes = profile['attributes'];
    const identity = identityOfAssertion(
      {
        nameId: profile.nameID ?? '',
        nameIdFormat: profile.nameIDFormat ?? '',
        attributes: typeof attributes === 'object' && attributes !== null ? { ...attributes } : {},
      },
      settings,
    );
    return { identity, returnTo: (kept?.['return_to'] as string | undefined) ?? '/' };
  }

  #settings(): SamlSettings {
    const settings = this.#options.settings();
    if (!settings) throw new SluiceError('not_found', 'No SAML identity provider is configured.');
    return settings;
  }

  #own(publicUrl: string) {
    return {
      issuer: this.#options.settings()?.entityId ?? `${publicUrl}/sso/saml/metadata`,
      callbackUrl: `${publicUrl}/sso/saml/acs`,
      identifierFormat: null,
      wantAssertionsSigned: true,
    };
  }

  async #saml(publicUrl: string, idp: IdpMetadata, generateUniqueId?: () => string): Promise<SAML> {
    const settings = this.#settings();
    const { SAML, ValidateInResponseTo } = await import('@node-saml/node-saml');
    const own = this.#own(publicUrl);
    return new SAML({
      ...own,
      idpCert: [...idp.certificates],
      entryPoint: idp.entryPoint,
      idpIssuer: idp.entityId,
      audience: own.issuer,
      // The assertion's signature is the one that counts; the answer around it may have one as well.
      wantAuthnResponseSigned: false,
      acceptedClockSkewMs: clockSkewMs,
      maxAssertionAgeMs,
      disableRequestedAuthnContext: true,
      validateInResponseTo: settings.allowUnsolicited ? ValidateInResponseTo.ifPresent : ValidateInResponseTo.always,
      requestIdExpirationPeriodMs: signOnLifeMs,
      cacheProvider: requestsIn(this.#options.once),
      ...(generateUniqueId && { generateUniqueId }),
    });
  }

  async #idp({ metadataXml, metadataUrl }: SamlSettings): Promise<IdpMetadata> {
    try {
      if (metadataXml) return safe(readIdpMetadata(metadataXml));
      if (!metadataUrl) throw new Error('neither idp_metadata_url nor idp_metadata_xml is set');
      const known = this.#metadata?.url === metadataUrl ? this.#metadata : undefined;
      if (known && this.#options.now() < known.at + metadataFreshMs) return known.read;
      const response = await this.#reach(metadataUrl, {});
      if (!response.ok) throw new Error(`status ${response.status}`);
      const read = safe(readIdpMetadata(await response.text()));
      this.#metadata = { at: this.#options.now(), url: metadataUrl, read };
      return read;
    } catch (cause) {
      throw providerFailed('The SAML identity provider', cause);
    }
  }
}

const safe = (metadata: IdpMetadata): IdpMetadata => {
  demandSafe(metadata.entryPoint);
  return metadata;
};

const validated = async (saml: SAML, SAMLResponse: string): Promise<Profile> => {
  try {
    const { profile } = await saml.validatePostResponseAsync({ SAMLResponse });
    if (profile) return profile;
  } catch (cause) {
    if (SluiceError.is(cause)) throw cause;
    throw refused('The identity provider has not proved who you are. Sign in again.', cause);
  }
  throw refused('The identity provider has not said who you are. Sign in again.');
};

const refused = (message: string, cause?: unknown): SluiceError =>
  new SluiceError('authentication', message, {
    type: 'auth_error',
    ...(cause !== undefined && { detail: cause instanceof Error ? cause.message.slice(0, 300) : String(cause), cause }),
  });

/** Ids of requests that were sent, whichever gateway sent them. */
const requestsIn = (once: OnceStore): CacheProvider => ({
  async saveAsync(key, value) {
    await once.keep(requestKind, key, { value }, signOnLifeMs);
    return { value, createdAt: Date.now() };
  },
  async getAsync(key) {
    return ((await once.look(requestKind, key))?.['value'] as string | undefined) ?? null;
  },
  async removeAsync(key) {
    if (key === null) return null;
    return (await once.take(requestKind, key)) ? key : null;
  },
});
