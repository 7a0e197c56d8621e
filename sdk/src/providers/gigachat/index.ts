import { shortHash } from '../../lib/short-hash.ts';
import { SluiceError, type Provider, type Target } from '../../types/index.ts';
import { bearer, headerText, missingKey, secretOption, textOption } from '../credentials.ts';
import { fetchToken, tokenIn, type TokenFetch } from '../fetch-token.ts';
import { createTokenCache, type FetchedToken } from '../token-cache.ts';

/*
 * GigaChat of Sber (https://developers.sber.ru/docs/ru/gigachat/api/reference/rest/gigachat-api, read 2026-11-22; shapes
 * checked with the npm package gigachat 0.0.20). Its certificates are signed by an authority that runtimes do not know:
 * give the runtime that one (`NODE_EXTRA_CA_CERTS=/path/russian_trusted_root_ca.pem`). Checks are never turned off.
 */

export interface GigachatOptions {
  fetch?: TokenFetch;
  now?: () => number;
  newUuid?: () => string;
}

const defaultAuthUrl = 'https://ngw.devices.sberbank.ru:9443/api/v2/oauth';
const defaultScope = 'GIGACHAT_API_PERS';
const issuer = 'GigaChat';
/** A token holds for half an hour. */
const assumedLifetimeMs = 30 * 60_000;

/** GigaChat. Holds the tokens of its targets, so a program makes one. */
export const createGigachat = ({
  fetch = (url, init) => globalThis.fetch(url, init),
  now = Date.now,
  newUuid = () => crypto.randomUUID(),
}: GigachatOptions = {}): Provider => {
  const tokens = createTokenCache(now);
  const authUrl = (target: Target): string => textOption(target, 'gigachat_auth_url') ?? defaultAuthUrl;
  const scope = (target: Target): string => textOption(target, 'gigachat_scope') ?? defaultScope;
  const idOf = (target: Target, key: string): string => JSON.stringify([authUrl(target), scope(target), shortHash(key)]);

  const ask = async (target: Target, key: string): Promise<FetchedToken> => {
    const { provider } = target;
    const body = await fetchToken({
      fetch,
      url: authUrl(target),
      init: {
        method: 'POST',
        headers: {
          authorization: `Basic ${headerText(target.apiKey!, provider)}`,
          rquid: newUuid(),
          'content-type': 'application/x-www-form-urlencoded',
          accept: 'application/json',
        },
        body: new URLSearchParams({ scope: scope(target) }).toString(),
      },
      issuer,
      provider,
      secrets: [key],
    }).catch((error: unknown) => {
      if (!SluiceError.is(error) || error.code !== 'connection') throw error;
      const hint = 'No answer from GigaChat. Does the runtime know its certificate authority (NODE_EXTRA_CA_CERTS)?';
      throw new SluiceError('connection', hint, { provider: provider.id, cause: error.cause });
    });
    // Milliseconds here; the older call beside it says seconds, as `exp`.
    const expiresAtMs = Number(body['expires_at']) || Number(body['exp']) * 1000 || now() + assumedLifetimeMs;
    return { value: tokenIn(body, body['access_token'] === undefined ? 'tok' : 'access_token', issuer, provider), expiresAtMs };
  };

  return {
    id: 'gigachat',
    label: 'GigaChat',
    baseUrl: 'https://gigachat.devices.sberbank.ru/api/v1',
    baseUrlEnv: ['GIGACHAT_API_BASE', 'GIGACHAT_BASE_URL'],
    baseUrlRules: { append: '/api/v1' },
    auth: {
      kind: 'custom',
      headers(target) {
        const { provider, apiKey } = target;
        if (apiKey) {
          const key = apiKey.reveal();
          return tokens.get(idOf(target, key), key, () => ask(target, key)).then(({ value }) => ({ authorization: `Bearer ${value}` }));
        }
        const token = secretOption(target, 'gigachat_access_token');
        if (token) return bearer(token, provider);
        throw missingKey(provider, ' (the authorization key of the project), or a token (GIGACHAT_ACCESS_TOKEN)');
      },
      refused: (target, { authorization }) =>
        target.apiKey !== undefined && tokens.forget(idOf(target, target.apiKey.reveal()), authorization),
    },
    keyEnv: ['GIGACHAT_CREDENTIALS', 'GIGACHAT_API_KEY'],
    optionsEnv: {
      gigachat_access_token: ['GIGACHAT_ACCESS_TOKEN'],
      gigachat_scope: ['GIGACHAT_SCOPE'],
      gigachat_auth_url: ['GIGACHAT_AUTH_URL'],
    },
    credentialOptions: ['gigachat_access_token'],
    speaks: {
      chat: {
        protocol: 'gigachat-chat',
        path: '/chat/completions',
        takes: { members: { metadata: 'drop', prompt_cache_key: 'drop', service_tier: 'drop', store: 'drop', user: 'drop' } },
      },
      embeddings: { protocol: 'gigachat-embeddings', path: '/embeddings' },
    },
    quirks: {
      rename: { max_completion_tokens: 'max_tokens' },
      lacks: [
        'allowed_tools',
        'audio',
        'custom_tools',
        'file',
        'frequency_penalty',
        'image_url',
        'input_audio',
        'logit_bias',
        'logprobs',
        'modalities',
        'parallel_tool_calls',
        'prediction',
        'presence_penalty',
        'seed',
        'stop',
        'top_logprobs',
        'verbosity',
        'video_url',
        'web_search_options',
      ],
      developerRole: 'system',
      contentAsString: true,
      structuredOutput: 'none',
      noStreamOptions: true,
    },
    source: 'https://developers.sber.ru/docs/ru/gigachat/api/reference/rest/gigachat-api, 2026-11-22',
  };
};
