import { createHash } from 'node:crypto';
import { SluiceError } from 'sluice/kit';
import { z } from 'zod';
import type { Began, Proved } from './exchange-openid.ts';
import { providerFailed, type Reach } from './reach.ts';
import type { OidcProvider } from './provider.ts';

export type WithEndpoints = OidcProvider & { readonly endpoints: NonNullable<OidcProvider['endpoints']> };

/** Where the browser is sent to, at a provider that is known by its endpoints alone. */
export const oauth2Url = (provider: WithEndpoints, redirectUri: string, began: Began): URL => {
  const url = new URL(provider.endpoints.authorization);
  const params = {
    response_type: 'code',
    client_id: provider.clientId,
    redirect_uri: redirectUri,
    scope: provider.scopes.join(' '),
    state: began.state,
    nonce: began.nonce,
    code_challenge: createHash('sha256').update(began.codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value);
  return url;
};

const tokenAnswer = z.looseObject({ access_token: z.string().min(1).max(16_384) });
const claimsAnswer = z.record(z.string(), z.unknown());

/**
 * Without an issuer there is nothing that an id token could be checked against, so it is not looked at: who it is says the
 * userinfo endpoint, to who has the token that came straight from the provider.
 * @throws as `exchangeOpenid`
 */
export const exchangeOauth2 = async (
  reach: Reach,
  provider: WithEndpoints,
  callback: URL,
  redirectUri: string,
  began: Began,
): Promise<Proved> => {
  const { token, userinfo } = provider.endpoints;
  const code = callback.searchParams.get('code');
  if (code === null || callback.searchParams.has('error')) throw notProved(provider, 'no code');
  const secret = provider.clientSecret?.reveal();
  const ask = async (url: string, init: RequestInit): Promise<unknown> => {
    const response = await reach(url, init).catch((cause: unknown) => {
      throw providerFailed(provider.label, cause);
    });
    if (response.status >= 500) throw providerFailed(provider.label, new Error(`status ${response.status}`));
    if (!response.ok) throw notProved(provider, `status ${response.status}`);
    return response.json().catch(() => undefined);
  };
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    client_id: provider.clientId,
    code_verifier: began.codeVerifier,
    ...(secret !== undefined && { client_secret: secret }),
  });
  const answered = tokenAnswer.safeParse(
    await ask(token, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      body: body.toString(),
    }),
  );
  if (!answered.success) throw notProved(provider, 'no access token');
  const accessToken = answered.data.access_token;
  const claims = claimsAnswer.safeParse(
    await ask(userinfo, { headers: { accept: 'application/json', authorization: `Bearer ${accessToken}` } }),
  );
  if (!claims.success) throw notProved(provider, 'no claims');
  return { claims: claims.data, accessToken };
};

const notProved = ({ label }: OidcProvider, detail: string): SluiceError =>
  new SluiceError('authentication', `${label} has not proved who you are. Sign in again.`, { type: 'auth_error', detail });
