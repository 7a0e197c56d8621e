import { isObject } from '../lib/is-object.ts';
import { table } from '../lib/table.ts';
import type { Ability, ModelRow, RatesAbove } from './model-row.ts';
import { readRates, type PublishedRates, type Rates } from './rates.ts';

/*
 * The format of https://models.dev/api.json (read 2026-11-22): provider -> `models` -> model, prices in dollars a million
 * tokens, contexts above a length in `cost.tiers`, before that in `cost.context_over_200k`.
 */

/** Their provider -> the provider's id, where they differ. */
const providerNames: Readonly<Record<string, string>> = table({
  'amazon-bedrock': 'bedrock',
  'azure-cognitive-services': 'azure_ai',
  'cloudflare-workers-ai': 'cloudflare',
  'fireworks-ai': 'fireworks_ai',
  'github-copilot': 'github_copilot',
  'github-models': 'github',
  google: 'gemini',
  'google-vertex': 'vertex_ai',
  'google-vertex-anthropic': 'vertex_ai',
  llama: 'meta_llama',
  lmstudio: 'lm_studio',
  moonshotai: 'moonshot',
  nvidia: 'nvidia_nim',
  togetherai: 'together_ai',
  vercel: 'vercel_ai_gateway',
  xiaomi: 'xiaomi_mimo',
});

const measures: Readonly<Record<string, keyof PublishedRates>> = table({
  input: 'input',
  output: 'output',
  cache_read: 'cacheRead',
  cache_write: 'cacheWrite',
  input_audio: 'inputAudio',
  output_audio: 'outputAudio',
  reasoning: 'reasoning',
});

const isPrice = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;

const ratesOf = (cost: Readonly<Record<string, unknown>>): Rates => {
  const published: Record<string, number> = {};
  for (const [theirs, ours] of Object.entries(measures)) {
    const value = cost[theirs];
    // 0 for input and output is a price where the other has one; of anything else it says nothing.
    if (isPrice(value) && (value > 0 || ours === 'input' || ours === 'output')) published[ours] = value;
  }
  return published['input'] || published['output'] ? readRates(published) : {};
};

const aboveOf = (cost: Readonly<Record<string, unknown>>): RatesAbove[] => {
  const tiers = Array.isArray(cost['tiers']) ? cost['tiers'].filter(isObject) : [];
  const sized = tiers.flatMap((tier) => {
    const { tier: kind } = tier;
    const size = isObject(kind) && kind['type'] === 'context' ? kind['size'] : undefined;
    return typeof size === 'number' ? [{ tokens: size, rates: ratesOf(tier) }] : [];
  });
  const older = cost['context_over_200k'];
  const all = sized.length === 0 && isObject(older) ? [{ tokens: 200_000, rates: ratesOf(older) }] : sized;
  return all.sort((a, b) => a.tokens - b.tokens);
};

const strings = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []);

const inputs: Readonly<Record<string, Ability>> = table({ image: 'vision', pdf: 'pdf_input', audio: 'audio_input', video: 'video_input' });
const flags: Readonly<Record<string, Ability>> = table({
  tool_call: 'function_calling',
  reasoning: 'reasoning',
  structured_output: 'response_schema',
});

const abilitiesOf = (model: Readonly<Record<string, unknown>>): { abilities: Ability[]; lacks: Ability[] } => {
  const modalities = isObject(model['modalities']) ? model['modalities'] : {};
  const taken = strings(modalities['input']);
  const can = Object.entries(inputs).flatMap(([kind, ability]) => (taken.includes(kind) ? [ability] : []));
  const cannot = taken.length === 0 ? [] : Object.entries(inputs).flatMap(([kind, ability]) => (taken.includes(kind) ? [] : [ability]));
  if (strings(modalities['output']).includes('audio')) can.push('audio_output');
  for (const [flag, ability] of Object.entries(flags)) {
    if (model[flag] === true) can.push(ability);
    if (model[flag] === false) cannot.push(ability);
  }
  return { abilities: can, lacks: cannot };
};

const limit = (value: unknown): number | undefined => (typeof value === 'number' && value > 0 ? value : undefined);

const readModel = (provider: string, id: string, model: Readonly<Record<string, unknown>>, source: string): ModelRow => {
  const cost = isObject(model['cost']) ? model['cost'] : {};
  const rates = ratesOf(cost);
  const limits = isObject(model['limit']) ? model['limit'] : {};
  const context = limit(limits['context']);
  const maxInput = limit(limits['input']);
  const maxOutput = limit(limits['output']);
  return {
    provider,
    id,
    ...(context !== undefined && { contextWindow: context }),
    ...(maxInput !== undefined && { maxInputTokens: maxInput }),
    ...(maxOutput !== undefined && { maxOutputTokens: maxOutput }),
    ...abilitiesOf(model),
    prices: Object.keys(rates).length > 0 ? [{ rates, above: aboveOf(cost), tiers: {} }] : [],
    source,
  };
};

/** A vendor of a map as rows; none where it is no vendor. @param source what rows say of where they come from */
export const readModelsDevEntry = ([theirs, vendor]: [string, unknown], source: string): ModelRow[] => {
  if (!isObject(vendor) || !isObject(vendor['models'])) return [];
  const provider = providerNames[theirs] ?? theirs;
  return Object.entries(vendor['models']).flatMap(([id, model]) => (isObject(model) ? [readModel(provider, id, model, source)] : []));
};
