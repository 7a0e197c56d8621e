import type { Provider, Target } from '../../types/index.ts';
import { bearer, headerText, missingKey, secretOption, textOption } from '../credentials.ts';
import { shortHash } from '../../lib/short-hash.ts';
import { endsIn, fetchToken, tokenIn, type TokenFetch } from '../fetch-token.ts';
import { createTokenCache, type FetchedToken } from '../token-cache.ts';

/** https://cloud.ibm.com/docs/account?topic=account-iamtoken_from_apikey, read 2026-11-22. */
const defaultIamUrl = 'https://iam.cloud.ibm.com/identity/token';
const issuer = 'IBM Cloud IAM';

/** A key of IBM Cloud is exchanged for a token of an hour; a token, and a key of Cloud Pak for Data (Zen), go as they are. */
export const watsonxAuth = ({
  fetch,
  now,
}: {
  fetch: TokenFetch;
  now: () => number;
}): Required<Extract<Provider['auth'], { kind: 'custom' }>> => {
  const tokens = createTokenCache(now);
  const iamUrl = (target: Target): string => textOption(target, 'watsonx_iam_url') ?? defaultIamUrl;
  const idOf = (target: Target, key: string): string => JSON.stringify([iamUrl(target), shortHash(key)]);

  const ask = async (target: Target, key: string): Promise<FetchedToken> => {
    const askedAt = now();
    const body = await fetchToken({
      fetch,
      url: iamUrl(target),
      init: {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        body: new URLSearchParams({ grant_type: 'urn:ibm:params:oauth:grant-type:apikey', apikey: key }).toString(),
      },
      issuer,
      provider: target.provider,
      secrets: [key],
    });
    return { value: tokenIn(body, 'access_token', issuer, target.provider), expiresAtMs: endsIn(body['expires_in'], askedAt, 3600) };
  };

  return {
    kind: 'custom',
    headers(target) {
      const { provider, apiKey } = target;
      if (apiKey) {
        const key = apiKey.reveal();
        return tokens.get(idOf(target, key), key, () => ask(target, key)).then(({ value }) => ({ authorization: `Bearer ${value}` }));
      }
      const token = secretOption(target, 'token');
      if (token) return bearer(token, provider);
      const zen = secretOption(target, 'zen_api_key');
      if (zen) return { authorization: `ZenApiKey ${headerText(zen, provider)}` };
      throw missingKey(provider, ', or a token (WATSONX_TOKEN, token), or a Zen key (WATSONX_ZENAPIKEY, zen_api_key)');
    },
    refused: (target, { authorization }) =>
      target.apiKey !== undefined && tokens.forget(idOf(target, target.apiKey.reveal()), authorization),
  };
};
