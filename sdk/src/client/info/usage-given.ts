import { readOpenAiUsage } from '../../protocols/shared/openai-usage.ts';
import { SluiceError, type BilledUnits, type Usage } from '../../types/index.ts';

/** A number of tokens in the words of OpenAI's usage objects, and of LiteLLM: `prompt_tokens` holds the cached ones. */
export interface OpenAiCounts {
  prompt_tokens?: number;
  completion_tokens?: number;
  input_tokens?: number;
  output_tokens?: number;
  total_tokens?: number;
  prompt_tokens_details?: Readonly<Record<string, unknown>> | null;
  completion_tokens_details?: Readonly<Record<string, unknown>> | null;
  input_tokens_details?: Readonly<Record<string, unknown>> | null;
  output_tokens_details?: Readonly<Record<string, unknown>> | null;
  cache_read_input_tokens?: number;
  cache_creation_input_tokens?: number;
  /** Queries of a reranker or of a search. */
  number_of_queries?: number;
}

/** Disjoint counts, or OpenAI's. */
export type GivenUsage = Partial<Usage> | OpenAiCounts;

const openAiNames: { readonly [K in keyof OpenAiCounts]-?: true } = {
  prompt_tokens: true,
  completion_tokens: true,
  input_tokens: true,
  output_tokens: true,
  total_tokens: true,
  prompt_tokens_details: true,
  completion_tokens_details: true,
  input_tokens_details: true,
  output_tokens_details: true,
  cache_read_input_tokens: true,
  cache_creation_input_tokens: true,
  number_of_queries: true,
};

const ownNames: { readonly [K in keyof Usage]-?: true } = {
  inputTokens: true,
  cacheReadTokens: true,
  cacheWriteTokens: true,
  cacheWrite1hTokens: true,
  inputAudioTokens: true,
  inputImageTokens: true,
  inputVideoTokens: true,
  cacheReadAudioTokens: true,
  cacheReadImageTokens: true,
  toolPromptTokens: true,
  outputTokens: true,
  reasoningTokens: true,
  outputAudioTokens: true,
  outputImageTokens: true,
  webSearchRequests: true,
  units: true,
  serviceTier: true,
  providerCostUsd: true,
  raw: true,
};

const unitNames: { readonly [K in keyof BilledUnits]-?: true } = {
  images: true,
  imageSize: true,
  imageQuality: true,
  inputSeconds: true,
  outputSeconds: true,
  inputCharacters: true,
  pages: true,
  queries: true,
  tools: true,
};

const wrong = (message: string, param: string): SluiceError => new SluiceError('invalid_request', message, { param });

const namesOf = (value: object): string[] =>
  Object.entries(value).flatMap(([name, each]) => (each === undefined || each === null ? [] : [name]));

const words = new Set(['imageSize', 'imageQuality', 'serviceTier', 'raw', 'units', 'tools']);

/** A count that is none would be paid for as nothing, or make the sum no number. */
const checkCounts = (value: object): void => {
  for (const [name, each] of Object.entries(value))
    if (each !== undefined && each !== null && typeof each !== 'object' && !words.has(name))
      if (typeof each !== 'number' || !Number.isFinite(each) || each < 0)
        throw wrong(`'${name}' must be a number that is not negative.`, name);
};

const ofOpenAi = (given: OpenAiCounts): Usage => {
  const { number_of_queries: queries, prompt_tokens: prompt, completion_tokens: completion, ...more } = given;
  if (queries !== undefined && namesOf({ ...given, number_of_queries: undefined }).length === 0)
    return { inputTokens: 0, outputTokens: 0, units: { queries } };
  const counted = {
    ...more,
    ...(prompt !== undefined && { prompt_tokens: prompt }),
    ...(completion !== undefined && { completion_tokens: completion }),
  };
  const usage = readOpenAiUsage(counted);
  if (!usage) throw wrong("Say how many tokens: 'prompt_tokens', 'completion_tokens'.", 'prompt_tokens');
  return queries === undefined ? usage : { ...usage, units: { queries } };
};

/**
 * What was given, as disjoint counts. A name that nobody knows is refused: it would be paid for as nothing.
 * @throws SluiceError `invalid_request`
 */
export const readGivenUsage = (given: GivenUsage): Usage => {
  const names = namesOf(given);
  const strange = names.find((name) => !Object.hasOwn(ownNames, name) && !Object.hasOwn(openAiNames, name));
  if (strange !== undefined)
    throw wrong(
      `Nothing is counted as '${strange}': say inputTokens, outputTokens, cacheReadTokens, units, ... or prompt_tokens and completion_tokens.`,
      strange,
    );
  checkCounts(given);
  const openAi = names.find((name) => Object.hasOwn(openAiNames, name));
  if (openAi === undefined) {
    const own = given as Partial<Usage>;
    const unit = own.units && namesOf(own.units).find((name) => !Object.hasOwn(unitNames, name));
    if (unit !== undefined) throw wrong(`Nothing is billed by '${unit}'. Units are ${Object.keys(unitNames).join(', ')}.`, `units.${unit}`);
    if (own.units) checkCounts(own.units);
    return { inputTokens: 0, outputTokens: 0, ...own };
  }
  const mixed = names.find((name) => Object.hasOwn(ownNames, name));
  if (mixed !== undefined) throw wrong(`'${mixed}' and '${openAi}' count differently: use the names of one of the two.`, mixed);
  return ofOpenAi(given as OpenAiCounts);
};
