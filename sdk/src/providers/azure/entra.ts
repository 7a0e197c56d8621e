import { SluiceError, type Secret } from '../../types/index.ts';

/** The part of `fetch` that is used here. */
export type TokenFetch = (url: string, init: RequestInit) => Promise<Response>;

/** An application's identity in Microsoft Entra. */
interface ClientCredentials {
  tenantId: string;
  clientId: string;
  clientSecret: Secret;
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
}

interface Held {
  secret: string;
  token: Promise<{ value: string; refreshAt: number }>;
}

/** More identities than any gateway has; the oldest is forgotten beyond it. */
const maxHeld = 256;
const refreshAheadMs = 5 * 60_000;
const timeoutMs = 10_000;

/** Client credentials flow: learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow, read 2026-11-21. */
export const createEntraTokens = ({ fetch, now }: { fetch: TokenFetch; now: () => number }): EntraTokens => {
  const held = new Map<string, Held>();

  const request = async (credentials: ClientCredentials): Promise<{ value: string; refreshAt: number }> => {
    const { tenantId, clientId, clientSecret, scope, authority } = credentials;
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
          client_secret: clientSecret.reveal(),
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
    const lifetimeMs = (Number(body.expires_in) || 3600) * 1000;
    return { value: body.access_token, refreshAt: askedAt + Math.max(lifetimeMs - refreshAheadMs, lifetimeMs / 2) };
  };

  const renew = (id: string, credentials: ClientCredentials): Held => {
    const entry: Held = { secret: credentials.clientSecret.reveal(), token: request(credentials) };
    held.delete(id);
    held.set(id, entry);
    if (held.size > maxHeld) held.delete(held.keys().next().value!);
    // A failure is not kept: the next call tries again.
    entry.token.catch(() => {
      if (held.get(id) === entry) held.delete(id);
    });
    return entry;
  };

  return {
    async get(credentials) {
      const id = JSON.stringify([credentials.authority, credentials.tenantId, credentials.clientId, credentials.scope]);
      let entry = held.get(id);
      if (!entry || entry.secret !== credentials.clientSecret.reveal()) entry = renew(id, credentials);
      const token = await entry.token;
      if (now() < token.refreshAt) return token.value;
      // Of all that find it old, the first renews; the others find its entry.
      const current = held.get(id);
      return (await (current && current !== entry ? current : renew(id, credentials)).token).value;
    },
  };
};
