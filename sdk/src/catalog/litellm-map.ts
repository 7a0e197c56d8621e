import { isObject } from '../lib/is-object.ts';
import { table } from '../lib/table.ts';
import { abilities, modes, type Ability, type ModelRow, type PricePeriod, type RatesAbove, type TierPrice } from './model-row.ts';
import type { NamedRate, Rates, SimpleRate } from './rates.ts';

/*
 * LiteLLM's price map (`model_prices_and_context_window.json`) and its names for prices in `model_info`: dollars for one of
 * a thing. Names follow a grammar, so that a new tier or class of service is understood when it comes:
 * measure, `_above_1hr`, `_above_<N>k_tokens`, class of service. Field names as in LiteLLM 1.109, read 2026-11-22.
 */

const measures: Readonly<Record<string, SimpleRate>> = table({
  input_cost_per_token: 'inputTokens',
  output_cost_per_token: 'outputTokens',
  cache_read_input_token_cost: 'cacheReadTokens',
  input_cost_per_token_cache_hit: 'cacheReadTokens',
  cache_creation_input_token_cost: 'cacheWriteTokens',
  cache_creation_input_token_cost_above_1hr: 'cacheWrite1hTokens',
  input_cost_per_audio_token: 'inputAudioTokens',
  cache_read_input_audio_token_cost: 'cacheReadAudioTokens',
  input_cost_per_image_token: 'inputImageTokens',
  cache_read_input_image_token_cost: 'cacheReadImageTokens',
  input_cost_per_video_token: 'inputVideoTokens',
  output_cost_per_reasoning_token: 'reasoningTokens',
  output_cost_per_audio_token: 'outputAudioTokens',
  output_cost_per_image_token: 'outputImageTokens',
  input_cost_per_character: 'inputCharacters',
  input_cost_per_second: 'inputSeconds',
  input_cost_per_audio_per_second: 'inputSeconds',
  output_cost_per_second: 'outputSeconds',
  output_cost_per_video_per_second: 'outputSeconds',
  output_cost_per_image: 'images',
  ocr_cost_per_page: 'pages',
  input_cost_per_query: 'queries',
  input_cost_per_request: 'requests',
});

/** The class of service in a name -> ours. */
const classes: Readonly<Record<string, string>> = table({ batches: 'batch' });

const field =
  /^(?<measure>.*?cost(?:_per_[a-z]+(?:_[a-z]+)*?)?(?:_above_1hr)?)(?:_above_(?<tokens>\d+)k_tokens)?(?:_(?<tier>priority|flex|batches|ultrafast|fast|balanced))?$/;

/** Picodollars. */
const price = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.round(value * 1e12) : undefined;

const bySize = (value: unknown): Record<string, number> | undefined => {
  if (!isObject(value)) return undefined;
  const found: Record<string, number> = {};
  for (const [name, each] of Object.entries(value)) {
    const picodollars = price(each);
    if (picodollars !== undefined) found[name.replace(/^search_context_size_/, '')] = picodollars;
  }
  return Object.keys(found).length > 0 ? table(found) : undefined;
};

interface Found {
  rates: Rates;
  above: Map<number, Rates>;
  tiers: Map<string, { rates: Rates; above: Map<number, Rates> }>;
}

const ratesAt = (found: Found, tokens: string | undefined, tier: string | undefined): Rates => {
  let place: { rates: Rates; above: Map<number, Rates> } = found;
  if (tier !== undefined) {
    const name = classes[tier] ?? tier;
    let own = found.tiers.get(name);
    if (!own) found.tiers.set(name, (own = { rates: {}, above: new Map() }));
    place = own;
  }
  if (tokens === undefined) return place.rates;
  const least = Number(tokens) * 1000;
  let above = place.above.get(least);
  if (!above) place.above.set(least, (above = {}));
  return above;
};

const aboveList = (above: ReadonlyMap<number, Rates>): RatesAbove[] =>
  [...above].map(([tokens, rates]) => ({ tokens, rates })).sort((a, b) => a.tokens - b.tokens);

/** `tiered_pricing`: ranges of input, each with prices of its own (Alibaba). */
const readRanges = (found: Found, ranges: unknown): void => {
  if (!Array.isArray(ranges)) return;
  for (const range of ranges.filter(isObject)) {
    const from = Array.isArray(range['range']) ? Number(range['range'][0]) : Number.NaN;
    if (!Number.isFinite(from)) continue;
    let rates = found.rates;
    if (from > 0) found.above.set(from, (rates = found.above.get(from) ?? {}));
    for (const [name, value] of Object.entries(range)) {
      const measure = measures[name];
      const picodollars = price(value);
      if (measure !== undefined && picodollars !== undefined) rates[measure] = picodollars;
    }
  }
};

const named: Readonly<Record<string, (found: Found, value: unknown) => void>> = table({
  search_context_cost_per_query: (found, value) => set(found.rates, 'webSearchesBy', bySize(value)),
  tiered_pricing: readRanges,
  code_interpreter_cost_per_session: (found, value) => setTool(found.rates, 'code_interpreter', price(value)),
  file_search_cost_per_1k_calls: (found, value) => {
    const picodollars = price(value);
    setTool(found.rates, 'file_search', picodollars === undefined ? undefined : Math.round(picodollars / 1000));
  },
});

const set = (rates: Rates, name: NamedRate, value: Record<string, number> | undefined): void => {
  if (value) rates[name] = value;
};

const setTool = (rates: Rates, kind: string, picodollars: number | undefined): void => {
  if (picodollars) rates.tools = table({ ...rates.tools, [kind]: picodollars });
};

const sized = /^output_cost_per_second_(\d+p|\dk)$/;

/** Fields of a row or of a user's `model_info` -> prices. Undefined where there are none among them. */
const readPeriod = (fields: Readonly<Record<string, unknown>>, zeros: boolean): PricePeriod | undefined => {
  const found: Found = { rates: {}, above: new Map(), tiers: new Map() };
  let any = false;
  for (const [name, value] of Object.entries(fields)) {
    const special = named[name];
    if (special) {
      special(found, value);
      continue;
    }
    const picodollars = price(value);
    if (picodollars === undefined || !name.includes('cost')) continue;
    const size = sized.exec(name)?.[1];
    if (size !== undefined) {
      found.rates.outputSecondsBySize = table({ ...found.rates.outputSecondsBySize, [size]: picodollars });
      continue;
    }
    const { measure = '', tokens, tier } = field.exec(name)?.groups ?? {};
    const rate = measures[measure];
    if (rate === undefined) continue;
    any = true;
    ratesAt(found, tokens, tier)[rate] = picodollars;
  }
  const { rates } = found;
  if (!zeros) dropZeros(rates);
  const empty = !any || Object.values(rates).every((each) => each === undefined);
  if (empty && rates.webSearchesBy === undefined && rates.tools === undefined && found.above.size === 0) return undefined;
  const tiers: Record<string, TierPrice> = {};
  for (const [name, own] of found.tiers) tiers[name] = { rates: own.rates, above: aboveList(own.above) };
  return { rates, above: aboveList(found.above), tiers };
};

/**
 * A map's 0 says "not known" as often as "free". Beside a price it says that this measure is not billed; alone it says
 * nothing.
 */
const dropZeros = (rates: Rates): void => {
  const values = Object.entries(rates).filter(([, value]) => typeof value === 'number') as [SimpleRate, number][];
  const tokens = (rates.inputTokens ?? 0) + (rates.outputTokens ?? 0) > 0;
  for (const [name, value] of values)
    if (value === 0 && !(tokens && (name === 'inputTokens' || name === 'outputTokens'))) delete rates[name];
};

/** LiteLLM's `litellm_provider` -> the provider's id, where they differ. */
const providerNames: Readonly<Record<string, string>> = table({
  bedrock_converse: 'bedrock',
  cohere_chat: 'cohere',
  azure_text: 'azure',
  'text-completion-openai': 'openai',
  'text-completion-codestral': 'codestral',
});

const providerOf = (name: string): string => providerNames[name] ?? (name.startsWith('vertex_ai-') ? 'vertex_ai' : name);

const limit = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;

const readAbilities = (fields: Readonly<Record<string, unknown>>, wanted: boolean): Ability[] =>
  abilities.filter((ability) => fields[`supports_${ability}`] === wanted);

/** What is known of a model from fields in LiteLLM's names. @param zeros a price of 0 is one: the user says so */
export const readLitellmFields = (
  provider: string,
  id: string,
  fields: Readonly<Record<string, unknown>>,
  source: string,
  zeros = false,
): ModelRow => {
  const mode = modes.find((each) => each === fields['mode']);
  const period = readPeriod(fields, zeros);
  if (period && mode === 'audio_transcription' && period.rates.inputSeconds === undefined && period.rates.outputSeconds !== undefined) {
    // What is heard, which some rows call output.
    period.rates.inputSeconds = period.rates.outputSeconds;
    delete period.rates.outputSeconds;
  }
  if (period && (mode === 'image_generation' || mode === 'image_edit'))
    period.rates.images ??= price(fields['input_cost_per_image']) || undefined;
  const maxInput = limit(fields['max_input_tokens']);
  const maxOutput = limit(fields['max_output_tokens']) ?? limit(fields['max_tokens']);
  const vector = limit(fields['output_vector_size']);
  return {
    provider,
    id,
    ...(mode && { mode }),
    ...(maxInput !== undefined && { maxInputTokens: maxInput }),
    ...(maxOutput !== undefined && { maxOutputTokens: maxOutput }),
    ...(vector !== undefined && { outputVectorSize: vector }),
    abilities: readAbilities(fields, true),
    lacks: readAbilities(fields, false),
    prices: period ? [period] : [],
    source,
  };
};

/** Keys of pictures by size (`1024-x-1024/dall-e-3`) name no model. */
const bySizeKey = /(?:^|\/)(?:\d+|max)-x-(?:\d+|max)\//;

/** An entry of a map as a row; none where it is no row. @param source what rows say of where they come from */
export const readLitellmEntry = ([key, fields]: [string, unknown], source: string): ModelRow[] => {
  if (key === 'sample_spec' || bySizeKey.test(key) || !isObject(fields) || typeof fields['litellm_provider'] !== 'string') return [];
  const theirs = fields['litellm_provider'];
  const provider = providerOf(theirs);
  const prefix = [theirs, provider].find((each) => key.startsWith(`${each}/`));
  return [readLitellmFields(provider, prefix === undefined ? key : key.slice(prefix.length + 1), fields, source)];
};
