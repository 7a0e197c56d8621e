import type { Handling } from './handling.ts';

/** A model as the listings show it. */
export interface ListedModel {
  id: string;
  provider: string;
}

/** When the models were made is not known; LiteLLM's clients expect a number, and it gives this one. */
const created = 1677610602;
export const createdAt = new Date(created * 1000).toISOString();

/** A listing in the client's format. */
interface ModelFormat {
  one(model: ListedModel): object;
  list(models: readonly ListedModel[]): object;
}

const openai: ModelFormat = {
  one: ({ id, provider }) => ({ id, object: 'model', created, owned_by: provider }),
  list: (models) => ({ object: 'list', data: models.map(openai.one) }),
};

const anthropic: ModelFormat = {
  one: ({ id }) => ({ type: 'model', id, display_name: id, created_at: createdAt }),
  list: (models) => ({
    data: models.map(anthropic.one),
    has_more: false,
    first_id: models[0]?.id ?? null,
    last_id: models.at(-1)?.id ?? null,
  }),
};

const gemini: ModelFormat = {
  one: ({ id }) => ({ name: `models/${id}`, displayName: id, supportedGenerationMethods: ['generateContent', 'countTokens'] }),
  list: (models) => ({ models: models.map(gemini.one) }),
};

/** Its SDK knows a model by its type alone. What one can do is not claimed beyond what clients need to go on. */
const mistral: ModelFormat = {
  one: (model) => ({ ...openai.one(model), type: 'base', capabilities: { completion_chat: true, function_calling: true } }),
  list: (models) => ({ object: 'list', data: models.map(mistral.one) }),
};

/** Anthropic's, Google's and Mistral's clients ask on OpenAI's path too and are known by their headers. */
export const modelFormat = (
  path: 'openai' | 'gemini',
  { request: { headers }, vendor }: Pick<Handling, 'request' | 'vendor'>,
): ModelFormat => {
  if (vendor === 'mistral') return mistral;
  if (path === 'gemini' || headers.has('x-goog-api-client') || headers.has('x-goog-api-key')) return gemini;
  return headers.has('anthropic-version') ? anthropic : openai;
};
