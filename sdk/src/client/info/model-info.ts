import { abilities, type Ability, type ModelRow } from '../../catalog/model-row.ts';
import { periodAt } from '../../catalog/cost.ts';
import { SluiceError } from '../../types/index.ts';
import { rowOf } from './known-models.ts';

type Supports = { readonly [A in Ability as `supports_${A}`]?: boolean };

/** What is known of a model, in LiteLLM's names; what is not known is absent. Prices are US dollars for one, of now and of the shortest input. */
export interface ModelInfo extends Supports {
  key: string;
  litellm_provider: string;
  mode?: string;
  max_tokens?: number;
  max_input_tokens?: number;
  max_output_tokens?: number;
  output_vector_size?: number;
  input_cost_per_token?: number;
  output_cost_per_token?: number;
  cache_read_input_token_cost?: number;
  cache_creation_input_token_cost?: number;
  cache_creation_input_token_cost_above_1hr?: number;
  input_cost_per_audio_token?: number;
  output_cost_per_audio_token?: number;
  output_cost_per_reasoning_token?: number;
  input_cost_per_character?: number;
  input_cost_per_second?: number;
  output_cost_per_second?: number;
  output_cost_per_image?: number;
  ocr_cost_per_page?: number;
  input_cost_per_query?: number;
  input_cost_per_request?: number;
  /** Where the prices come from, and when they were read. */
  source: string;
}

const priceNames = {
  inputTokens: 'input_cost_per_token',
  outputTokens: 'output_cost_per_token',
  cacheReadTokens: 'cache_read_input_token_cost',
  cacheWriteTokens: 'cache_creation_input_token_cost',
  cacheWrite1hTokens: 'cache_creation_input_token_cost_above_1hr',
  inputAudioTokens: 'input_cost_per_audio_token',
  outputAudioTokens: 'output_cost_per_audio_token',
  reasoningTokens: 'output_cost_per_reasoning_token',
  inputCharacters: 'input_cost_per_character',
  inputSeconds: 'input_cost_per_second',
  outputSeconds: 'output_cost_per_second',
  images: 'output_cost_per_image',
  pages: 'ocr_cost_per_page',
  queries: 'input_cost_per_query',
  requests: 'input_cost_per_request',
} as const;

/** The row in LiteLLM's names. @param at Unix milliseconds */
export const infoOf = (row: ModelRow, at: number): ModelInfo => {
  const rates = periodAt(row.prices, at)?.rates;
  const prices: Record<string, number> = {};
  if (rates)
    for (const [ours, theirs] of Object.entries(priceNames)) {
      const rate = rates[ours as keyof typeof priceNames];
      if (rate !== undefined) prices[theirs] = rate / 1e12;
    }
  const supports: Record<string, boolean> = {};
  for (const ability of abilities) {
    if (row.abilities.includes(ability)) supports[`supports_${ability}`] = true;
    else if (row.lacks.includes(ability)) supports[`supports_${ability}`] = false;
  }
  const input = row.maxInputTokens ?? row.contextWindow;
  const most = row.maxOutputTokens ?? input;
  return {
    key: row.id,
    litellm_provider: row.provider,
    ...(row.mode && { mode: row.mode }),
    ...(most !== undefined && { max_tokens: most }),
    ...(input !== undefined && { max_input_tokens: input }),
    ...(row.maxOutputTokens !== undefined && { max_output_tokens: row.maxOutputTokens }),
    ...(row.outputVectorSize !== undefined && { output_vector_size: row.outputVectorSize }),
    ...prices,
    ...supports,
    source: row.source,
  };
};

/** @throws SluiceError `not_found` */
export const modelInfo = async (model: string, customProvider?: string): Promise<ModelInfo> => {
  const row = await rowOf(model, customProvider);
  if (!row) throw new SluiceError('not_found', `Nothing is known of the model '${model}'. Tell with registerModel.`, { param: 'model' });
  return infoOf(row, Date.now());
};

/** Undefined: not known. Never throws for a name. */
export const supports = async (ability: Ability, model: string, customProvider?: string): Promise<boolean | undefined> => {
  let row: ModelRow | undefined;
  try {
    row = await rowOf(model, customProvider);
  } catch {
    return undefined;
  }
  if (row?.abilities.includes(ability)) return true;
  return row?.lacks.includes(ability) ? false : undefined;
};
