import type { Handling } from './handling.ts';
import type { Vendor } from './vendor.ts';

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

/** Only names: what its clients ask for. */
const cohere: ModelFormat = {
  one: ({ id }) => ({ name: id, endpoints: ['chat'] }),
  list: (models) => ({ models: models.map(cohere.one) }),
};

const vendors: Readonly<Record<Vendor, ModelFormat>> = { mistral, cohere };

/** As Bedrock's control plane lists them (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_ListFoundationModels.html, read 2026-11-22). */
export const bedrockModels = (models: readonly ListedModel[]): object => ({
  modelSummaries: models.map(({ id, provider }) => ({
    modelArn: `arn:aws:bedrock:::foundation-model/${id}`,
    modelId: id,
    modelName: id,
    providerName: provider,
    inputModalities: ['TEXT'],
    outputModalities: ['TEXT'],
    responseStreamingSupported: true,
    inferenceTypesSupported: ['ON_DEMAND'],
    modelLifecycle: { status: 'ACTIVE' },
  })),
});

/** Anthropic's, Google's and Mistral's clients ask on OpenAI's path too and are known by their headers. */
export const modelFormat = (
  path: 'openai' | 'gemini',
  { request: { headers }, vendor }: Pick<Handling, 'request' | 'vendor'>,
): ModelFormat => {
  if (vendor !== undefined) return vendors[vendor];
  if (path === 'gemini' || headers.has('x-goog-api-client') || headers.has('x-goog-api-key')) return gemini;
  return headers.has('anthropic-version') ? anthropic : openai;
};
