import type { Ability } from '../catalog/model-row.ts';
import { SluiceError } from '../types/index.ts';
import type { AnswerFacts, CallCost, CostOptions } from './info/cost.ts';
import type { EnvironmentCheck } from './info/environment.ts';
import type { ModelInfo } from './info/model-info.ts';
import type { Tokenizer } from './info/tokenizer.ts';
import type { Countable } from './info/tokens.ts';
import type { GivenUsage } from './info/usage-given.ts';
import type { Model } from './models.ts';

const info = () => import('./info/index.ts');

/**
 * What a call cost, from its answer in any of the clients' formats: of a conversation, embeddings, images, a transcription,
 * speech, reranking, OCR, a search or a video.
 * @param answer as the call gave it; for speech, whose answer is bytes, any object
 * @param options what its price hangs on and the answer does not tell: `size` and `quality` of images, the `input` that was spoken
 * @param options.model the model as it was asked for: the answer's own name does not say whose it is
 * @returns US dollars and what they are made of; `usd` is undefined where the price is not known, which is not the same as free
 * @throws SluiceError `invalid_request`, `not_found` for a model of no known provider
 */
export const completionCost = async (answer: object, options: CostOptions & AnswerFacts & { model?: Model } = {}): Promise<CallCost> =>
  (await info()).costOfAnswer(answer, options);

/**
 * What a number of tokens, or anything else that is billed, costs.
 * @param usage disjoint counts (`inputTokens` are those that were neither read from a cache nor of another kind), or those of
 *   OpenAI's and LiteLLM's (`prompt_tokens`, which holds the cached ones)
 * @throws SluiceError `invalid_request` for counts under other names, `not_found` for a model of no known provider
 */
export const costPerToken = async (model: Model, usage: GivenUsage, options: CostOptions = {}): Promise<CallCost> => {
  const { costOfUsage, readGivenUsage } = await info();
  return costOfUsage(model, readGivenUsage(usage), options);
};

/**
 * How many tokens a request is. Exact for OpenAI's models where the package `gpt-tokenizer` is installed or a tokenizer is
 * given; else an estimate. It works in turns of a few milliseconds, so a long text holds nothing up.
 */
export const tokenCounter = async ({ model, tokenizer, ...what }: Countable & { model: Model; tokenizer?: Tokenizer }): Promise<number> =>
  (await (await info()).countLocally(model, what, tokenizer)).tokens;

const tokenizerOf = async (model: string): Promise<Tokenizer> => {
  const { encodingOf, loadTokenizer } = await info();
  const encoding = encodingOf(model);
  const tokenizer = encoding && (await loadTokenizer(encoding));
  if (tokenizer) return tokenizer;
  const why = encoding === undefined ? `The vocabulary of '${model}' is not published.` : 'Install the package gpt-tokenizer for this.';
  throw new SluiceError('invalid_request', why, { param: 'model' });
};

/** The numbers of a text in the vocabulary of one of OpenAI's models; needs the package `gpt-tokenizer`. @throws SluiceError `invalid_request` */
export const encode = async (model: Model, text: string): Promise<number[]> => [...(await tokenizerOf(model)).encode(text)];

/** The text of such numbers. @throws SluiceError `invalid_request` */
export const decode = async (model: Model, tokens: readonly number[]): Promise<string> => (await tokenizerOf(model)).decode(tokens);

/** What is known of a model, in LiteLLM's names. @throws SluiceError `not_found` */
export const getModelInfo = async (model: Model, customProvider?: string): Promise<ModelInfo> =>
  (await info()).modelInfo(model, customProvider);

/** The most tokens that a model writes; undefined where that is not known. @throws SluiceError `not_found` */
export const getMaxTokens = async (model: Model, customProvider?: string): Promise<number | undefined> =>
  (await (await info()).modelInfo(model, customProvider)).max_tokens;

/**
 * Tells prices and facts of models, in the names of LiteLLM's price map, before what is known of them already. A price of 0
 * says that it is free.
 * @throws SluiceError `invalid_request`
 */
export const registerModel = async (models: Readonly<Record<string, Readonly<Record<string, unknown>>>>): Promise<void> =>
  (await info()).register(models);

/** Whose model a name means, and what it is called there. @throws SluiceError `not_found` that names what was probably meant */
export const getLlmProvider = async (model: Model, customProvider?: string): Promise<{ provider: string; model: string }> =>
  (await info()).providerOf(model, customProvider);

/** OpenAI's parameters that go on to a model's provider, in whatever words it has. @throws SluiceError `not_found` */
export const getSupportedOpenAIParams = async (
  model: Model,
  { customProvider, kind = 'chat' }: { customProvider?: string; kind?: 'chat' | 'embeddings' } = {},
): Promise<string[]> => (await info()).supportedParameters(model, customProvider, kind);

/** Whether the environment has what a model's provider needs. @throws SluiceError `not_found` */
export const validateEnvironment = async (
  model: Model,
  { customProvider, env }: { customProvider?: string; env?: Readonly<Record<string, string | undefined>> } = {},
): Promise<EnvironmentCheck> => (await info()).checkEnvironment(model, customProvider, env);

/** Known models whose provider has its key in the environment, as `provider/model`. */
export const getValidModels = async (env?: Readonly<Record<string, string | undefined>>): Promise<string[]> =>
  (await info()).modelsWithKeys(env);

/**
 * The messages that fit into a model: system messages and the last exchange stay, the oldest of the others go first.
 * @param options.maxTokens default: `trimRatio` of the model's input
 * @param options.trimRatio default 0.75
 * @throws SluiceError `invalid_request` where neither says how much fits
 */
export const trimMessages = async <T extends object>(
  messages: readonly T[],
  { model, maxTokens, trimRatio = 0.75, tokenizer }: { model: Model; maxTokens?: number; trimRatio?: number; tokenizer?: Tokenizer },
): Promise<T[]> => {
  const { modelInfo, trim } = await info();
  const most = maxTokens ?? (await modelInfo(model)).max_input_tokens;
  if (most === undefined)
    throw new SluiceError('invalid_request', `How much '${model}' takes is not known: give maxTokens.`, { param: 'maxTokens' });
  return trim(messages, maxTokens ?? Math.floor(most * trimRatio), model, tokenizer);
};

type Asks = (model: Model, customProvider?: string) => Promise<boolean | undefined>;

const asks =
  (ability: Ability): Asks =>
  async (model, customProvider) =>
    (await info()).supports(ability, model, customProvider);

/* Each: true or false where it is known, undefined where it is not. Never throws for a name. */
export const supportsAssistantPrefill = asks('assistant_prefill');
export const supportsAudioInput = asks('audio_input');
export const supportsAudioOutput = asks('audio_output');
export const supportsComputerUse = asks('computer_use');
export const supportsEmbeddingImageInput = asks('embedding_image_input');
export const supportsFunctionCalling = asks('function_calling');
export const supportsNativeStreaming = asks('native_streaming');
export const supportsParallelFunctionCalling = asks('parallel_function_calling');
export const supportsPdfInput = asks('pdf_input');
export const supportsPromptCaching = asks('prompt_caching');
export const supportsReasoning = asks('reasoning');
export const supportsResponseSchema = asks('response_schema');
export const supportsSystemMessages = asks('system_messages');
export const supportsToolChoice = asks('tool_choice');
export const supportsUrlContext = asks('url_context');
export const supportsVideoInput = asks('video_input');
export const supportsVision = asks('vision');
export const supportsWebSearch = asks('web_search');
