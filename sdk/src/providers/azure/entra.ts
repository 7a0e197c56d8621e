import { SluiceError, type Secret } from '../../types/index.ts';
import { createTokenCache, type FetchedToken } from '../token-cache.ts';

/** The part of `fetch` that is used here. */
export type TokenFetch = (url: string, init: RequestInit) => Promise<Response>;

/** An application's identity in Microsoft Entra. */
export interface ClientCredentials {
  tenantId: string;
  clientId: string;
  /** Absent: the `assertion`. */
  clientSecret?: Secret;
  /** A token of another provider of identities that the application trusts (workload identity), asked for anew each time. */
  assertion?: () => Promise<string>;
  scope: string;
  /** `https://login.microsoftonline.com`, or that of another cloud. */
  authority: string;
}

export interface EntraTokens {
  /**
   * A valid access token: cached until shortly before it ends; callers that come while one is fetched share it.
   * @throws SluiceError `authentication` where Entra refuses, `connection` where it does not answer
   */
  get(credentials: ClientCredentials): Promise<string>;
  /** Drops a token that was refused. @returns whether the next one may be another */
  forget(credentials: ClientCredentials, authorization: string | undefined): boolean;
}

const idOf = ({ authority, tenantId, clientId, scope }: ClientCredentials): string =>
  JSON.stringify([authority, tenantId, clientId, scope]);

const timeoutMs = 10_000;

/** learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow, third case, read 2026-11-22. */
const proofOf = async ({ clientSecret, assertion, clientId }: ClientCredentials): Promise<Record<string, string>> => {
  if (clientSecret) return { client_secret: clientSecret.reveal() };
  if (assertion)
    return { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: await assertion() };
  throw new SluiceError('authentication', `Client ${clientId} of Microsoft Entra has neither a secret nor a token to sign in with.`, {
    provider: 'azure',
    retry: false,
  });
};

/** Client credentials flow: learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow, read 2026-11-21. */
export const createEntraTokens = ({ fetch, now }: { fetch: TokenFetch; now: () => number }): EntraTokens => {
  const cache = createTokenCache(now);

  const request = async (credentials: ClientCredentials): Promise<FetchedToken> => {
    const { tenantId, clientId, scope, authority } = credentials;
    const proof = await proofOf(credentials);
    const askedAt = now();
    let response: Response;
    let body: { access_token?: unknown; expires_in?: unknown; error?: unknown; error_description?: unknown };
    try {
      response = await fetch(`${authority.replace(/\/+$/, '')}/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: clientId,
          ...proof,
          scope,
        }).toString(),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      body = (await response.json().catch(() => ({}))) as typeof body;
    } catch (cause) {
      throw new SluiceError('connection', `No answer from Microsoft Entra for tenant ${tenantId}.`, { provider: 'azure', cause });
    }
    if (!response.ok || typeof body.access_token !== 'string') {
      // The first line says what is wrong (AADSTS7000215: invalid client secret); the rest are trace ids.
      const [why] = String(body.error_description ?? body.error ?? `status ${response.status}`).split(/[\r\n]/);
      throw response.status >= 500 || response.status === 429
        ? new SluiceError('unavailable', `Microsoft Entra cannot give a token now: ${why}`, { provider: 'azure' })
        : new SluiceError('authentication', `Microsoft Entra refused the credentials of client ${clientId}: ${why}`, { provider: 'azure' });
    }
    return { value: body.access_token, expiresAtMs: askedAt + (Number(body.expires_in) || 3600) * 1000 };
  };

  return {
    async get(credentials) {
      return (await cache.get(idOf(credentials), credentials.clientSecret?.reveal() ?? '', () => request(credentials))).value;
    },
    forget: (credentials, authorization) => cache.forget(idOf(credentials), authorization),
  };
};
