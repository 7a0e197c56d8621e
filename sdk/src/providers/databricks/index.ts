import { claudeTraits, geminiTraits, openaiTraits } from '../../catalog/index.ts';
import { toBase64 } from '../../lib/base64-text.ts';
import type { ModelTraits, Provider, Target } from '../../types/index.ts';
import { bearer, missingKey, secretOption, textOption } from '../credentials.ts';
import { endsIn, fetchToken, tokenIn, type TokenFetch } from '../fetch-token.ts';
import { openaiFormats } from '../speaks.ts';
import { createTokenCache, type FetchedToken } from '../token-cache.ts';
import { checkedUrl } from '../url.ts';

/*
 * Databricks: models in a customer's workspace, in OpenAI's formats
 * (https://docs.databricks.com/aws/en/machine-learning/foundation-model-apis/api-reference and
 * .../dev-tools/auth/oauth-m2m, read 2026-11-22). Names of variables as LiteLLM has them
 * (https://docs.litellm.ai/docs/providers/databricks, read 2026-11-22).
 */

export interface DatabricksOptions {
  fetch?: TokenFetch;
  now?: () => number;
}

interface Client {
  id: string;
  secret: string;
  tokenUrl: string;
}

const issuer = 'Databricks';

/** The service principal that signs in, where that is all there. Its secret goes to the workspace alone. */
const clientOf = (target: Target): Client | undefined => {
  const id = textOption(target, 'databricks_client_id');
  const secret = secretOption(target, 'databricks_client_secret')?.reveal();
  if (id === undefined || secret === undefined || target.baseUrl === undefined) return undefined;
  return { id, secret, tokenUrl: `${checkedUrl(target.baseUrl, target.provider).origin}/oidc/v1/token` };
};

/** Families by the names that Databricks gives its own endpoints; nothing is known of a customer's. */
const traits = (model: string): ModelTraits => {
  const name = model.replace(/^databricks-/, '').replace(/^system\.ai\./, '');
  if (name.startsWith('claude')) return claudeTraits(name);
  if (name.startsWith('gemini')) return { reasoning: geminiTraits(name).reasoning === 'none' ? 'none' : 'effort' };
  return name.startsWith('gpt-5') ? openaiTraits(name) : {};
};

/** Databricks. Holds the tokens of its targets, so a program makes one. */
export const createDatabricks = ({
  fetch = (url, init) => globalThis.fetch(url, init),
  now = Date.now,
}: DatabricksOptions = {}): Provider => {
  const tokens = createTokenCache(now);

  const ask = async ({ id, secret, tokenUrl }: Client, provider: Provider): Promise<FetchedToken> => {
    const askedAt = now();
    const body = await fetchToken({
      fetch,
      url: tokenUrl,
      init: {
        method: 'POST',
        headers: { authorization: `Basic ${toBase64(`${id}:${secret}`)}`, 'content-type': 'application/x-www-form-urlencoded' },
        body: 'grant_type=client_credentials&scope=all-apis',
      },
      issuer,
      provider,
      secrets: [secret],
    });
    return { value: tokenIn(body, 'access_token', issuer, provider), expiresAtMs: endsIn(body['expires_in'], askedAt, 3600) };
  };

  const idOf = ({ id, tokenUrl }: Client): string => JSON.stringify([tokenUrl, id]);

  return {
    id: 'databricks',
    label: 'Databricks',
    baseUrlEnv: ['DATABRICKS_API_BASE', 'DATABRICKS_HOST'],
    baseUrlRules: { append: '/serving-endpoints' },
    auth: {
      kind: 'custom',
      headers(target) {
        const { apiKey, provider } = target;
        if (apiKey) return bearer(apiKey, provider);
        const client = clientOf(target);
        if (!client) throw missingKey(provider, ', or DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET of a service principal');
        return tokens
          .get(idOf(client), client.secret, () => ask(client, provider))
          .then(({ value }) => ({ authorization: `Bearer ${value}` }));
      },
      refused(target, { authorization }) {
        const client = target.apiKey ? undefined : clientOf(target);
        return client !== undefined && tokens.forget(idOf(client), authorization);
      },
    },
    keyEnv: ['DATABRICKS_API_KEY', 'DATABRICKS_TOKEN'],
    optionsEnv: { databricks_client_id: ['DATABRICKS_CLIENT_ID'], databricks_client_secret: ['DATABRICKS_CLIENT_SECRET'] },
    credentialOptions: ['databricks_client_secret'],
    speaks: {
      chat: { protocol: 'databricks-chat', path: '/chat/completions' },
      ...openaiFormats('completions', 'embeddings'),
    },
    chatOrder: ['chat', 'completions'],
    quirks: {
      rename: { max_completion_tokens: 'max_tokens' },
      lacks: ['allowed_tools', 'custom_tools'],
      developerRole: 'system',
      reasoningField: 'content_summary',
      cacheMarks: true,
    },
    traits,
    source: 'https://docs.databricks.com/aws/en/machine-learning/foundation-model-apis/api-reference, 2026-11-22',
  };
};
