import { cachedInputTokens, totalInputTokens, totalOutputTokens, type JsonObject, type Usage } from '../../types/index.ts';
import { asNumber, asObject, compact, isObject } from './read.ts';

/*
 * The `usage` object of OpenAI's chat, completions and embeddings formats and of those who follow it. Its counts overlap:
 * `prompt_tokens` holds the cached, `completion_tokens` the thinking ones. Sources, all read 2026-11-21:
 * https://platform.openai.com/docs/api-reference/chat/object, https://api-docs.deepseek.com/guides/kv_cache,
 * https://openrouter.ai/docs/use-cases/usage-accounting, https://docs.x.ai/developers/cost-tracking (ticks of 1e-10 dollars),
 * https://docs.perplexity.ai/api-reference/chat-completions-post, and the answers of the vendors themselves.
 */

const count = (value: unknown): number | undefined => {
  const number = asNumber(value);
  return number !== undefined && number >= 0 ? number : undefined;
};

/** The same fact under several vendors' names; some send one of them as a constant 0. */
const largest = (...values: unknown[]): number | undefined => {
  let most: number | undefined;
  for (const value of values) {
    const number = count(value);
    if (number !== undefined && number >= (most ?? 0)) most = number;
  }
  return most;
};

/** Parts are taken off a whole, one by one. A count that does not fit was not counted in it (Azure's Grok), so it is left aside. */
class Split {
  rest: number;

  constructor(whole: number) {
    this.rest = whole;
  }

  take(claim: number | undefined): number | undefined {
    if (claim === undefined || claim > this.rest) return undefined;
    this.rest -= claim;
    return claim;
  }
}

const without = (whole: number | undefined, part = 0): number | undefined => (whole === undefined ? undefined : Math.max(0, whole - part));

/**
 * Disjoint counts of a usage object. Their sum is the provider's own total (FP-24).
 * @returns undefined where it is none
 */
export const readOpenAiUsage = (value: unknown): Usage | undefined => {
  if (!isObject(value)) return undefined;
  const prompt = count(value['prompt_tokens']) ?? count(value['input_tokens']);
  const completion = count(value['completion_tokens']) ?? count(value['output_tokens']);
  if (prompt === undefined && completion === undefined) return undefined;
  // Realtime and transcriptions have the singular.
  const inputDetails =
    asObject(value['prompt_tokens_details']) ?? asObject(value['input_tokens_details']) ?? asObject(value['input_token_details']) ?? {};
  const outputDetails =
    asObject(value['completion_tokens_details']) ??
    asObject(value['output_tokens_details']) ??
    asObject(value['output_token_details']) ??
    {};

  const input = new Split(prompt ?? 0);
  const cached = input.take(
    largest(
      inputDetails['cached_tokens'],
      value['prompt_cache_hit_tokens'],
      value['cached_tokens'],
      value['num_cached_tokens'],
      value['cache_read_input_tokens'],
    ),
  );
  const written = input.take(
    largest(inputDetails['cache_write_tokens'], inputDetails['cache_creation_tokens'], value['cache_creation_input_tokens']),
  );
  const hour =
    count(asObject(value['cache_creation'])?.['ephemeral_1h_input_tokens']) ??
    count(asObject(inputDetails['cache_creation_token_details'])?.['ephemeral_1h_input_tokens']);
  const cacheWrite1hTokens = written === undefined || hour === undefined ? undefined : Math.min(hour, written);
  // What was cached of sound and pictures is among the sound and the pictures as well as among the cached.
  const kinds = asObject(inputDetails['cached_tokens_details']);
  const ofCache = new Split(cached ?? 0);
  const cacheReadAudioTokens = ofCache.take(count(kinds?.['audio_tokens']));
  const cacheReadImageTokens = ofCache.take(count(kinds?.['image_tokens']));
  const inputAudioTokens = input.take(without(largest(inputDetails['audio_tokens'], value['audio_prompt_tokens']), cacheReadAudioTokens));
  const inputImageTokens = input.take(without(count(inputDetails['image_tokens']), cacheReadImageTokens));

  const output = readOutput(value, outputDetails, prompt ?? 0, completion ?? 0);
  return compact<Usage>({
    inputTokens: input.rest,
    cacheReadTokens: cached === undefined ? undefined : ofCache.rest,
    cacheReadAudioTokens: cacheReadAudioTokens || undefined,
    cacheReadImageTokens: cacheReadImageTokens || undefined,
    cacheWriteTokens: written === undefined ? undefined : written - (cacheWrite1hTokens ?? 0),
    cacheWrite1hTokens,
    inputAudioTokens,
    inputImageTokens,
    ...output,
    webSearchRequests:
      count(asObject(value['server_tool_use'])?.['web_search_requests']) ??
      count(asObject(value['server_tool_use_details'])?.['web_search_requests']) ??
      count(value['num_search_queries']),
    providerCostUsd: readCost(value),
    raw: value,
  });
};

/** The usage in an answer, or in a chunk of one; Groq's streams have it in a place of their own. */
export const openAiUsageOf = (body: JsonObject): Usage | undefined => {
  const usage = readOpenAiUsage(body['usage']) ?? readOpenAiUsage(asObject(body['x_groq'])?.['usage']);
  const tier = body['service_tier'];
  return usage && typeof tier === 'string' ? { ...usage, serviceTier: tier } : usage;
};

/** It says that nothing at all was used. */
export const countsNothing = (usage: Usage): boolean =>
  totalInputTokens(usage) === 0 && totalOutputTokens(usage) === 0 && usage.units === undefined && usage.providerCostUsd === undefined;

const readOutput = (
  value: JsonObject,
  details: JsonObject,
  prompt: number,
  completion: number,
): Pick<Usage, 'outputTokens' | 'reasoningTokens' | 'outputAudioTokens' | 'outputImageTokens'> => {
  const detailed = count(details['reasoning_tokens']);
  let reasoning = largest(detailed, value['reasoning_tokens']);
  let whole = completion;
  const unexplained = (count(value['total_tokens']) ?? 0) - prompt - completion;
  if (unexplained > 0 && (!reasoning || reasoning === unexplained)) {
    // xAI counts thinking beside `completion_tokens`; Gemini's compatible API counts it in the total alone.
    reasoning = unexplained;
    whole += unexplained;
  } else if (!detailed && (reasoning ?? 0) > completion) {
    // Perplexity's deep research: many times the answer, and in no other count.
    whole += reasoning ?? 0;
  }
  const output = new Split(whole);
  // Thinking that is counted by another tokenizer can exceed the output that it is part of.
  const reasoningTokens = output.take(reasoning === undefined ? undefined : Math.min(reasoning, whole));
  const outputAudioTokens = output.take(count(details['audio_tokens']));
  const outputImageTokens = output.take(count(details['image_tokens']));
  return { outputTokens: output.rest, reasoningTokens, outputAudioTokens, outputImageTokens };
};

const ticksPerDollar = 1e10;

/** What the vendor says the call cost. A 0 is "not known" as often as "free" (FP-14), so it says nothing. */
const readCost = (value: JsonObject): number | undefined => {
  const ticks = count(value['cost_in_usd_ticks']);
  const cost =
    count(value['cost']) ?? count(asObject(value['cost'])?.['total_cost']) ?? (ticks === undefined ? undefined : ticks / ticksPerDollar);
  // With a key of one's own, OpenRouter's `cost` is its fee alone.
  const own = value['is_byok'] === true ? count(asObject(value['cost_details'])?.['upstream_inference_cost']) : undefined;
  return (cost ?? 0) + (own ?? 0) || undefined;
};

/**
 * A usage object in OpenAI's shape, with LiteLLM's names for what OpenAI has none for. Members of a vendor's own that
 * came in this shape stay.
 */
export const writeOpenAiUsage = (usage: Usage): JsonObject => {
  const raw = asObject(usage.raw);
  const own = raw && count(raw['prompt_tokens']) !== undefined ? raw : {};
  const prompt = totalInputTokens(usage);
  const completion = totalOutputTokens(usage);
  const { cacheWriteTokens, cacheWrite1hTokens } = usage;
  const written =
    cacheWriteTokens === undefined && cacheWrite1hTokens === undefined ? undefined : (cacheWriteTokens ?? 0) + (cacheWrite1hTokens ?? 0);
  return compact<JsonObject>({
    ...own,
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: details(own['prompt_tokens_details'], {
      cached_tokens: cachedInputTokens(usage),
      cache_write_tokens: written,
      ...(cacheWrite1hTokens !== undefined && {
        cache_creation_token_details: { ephemeral_5m_input_tokens: cacheWriteTokens ?? 0, ephemeral_1h_input_tokens: cacheWrite1hTokens },
      }),
      audio_tokens: sumOf(usage.inputAudioTokens, usage.cacheReadAudioTokens),
      image_tokens: sumOf(usage.inputImageTokens, usage.cacheReadImageTokens),
    }),
    completion_tokens_details: details(own['completion_tokens_details'], {
      reasoning_tokens: usage.reasoningTokens,
      audio_tokens: usage.outputAudioTokens,
      image_tokens: usage.outputImageTokens,
    }),
    ...(own !== raw && foreign(usage, written)),
  });
};

/** What OpenAI's shape has no name for, in LiteLLM's. */
const foreign = (usage: Usage, written: number | undefined): JsonObject =>
  compact<JsonObject>({
    ...(written !== undefined && { cache_creation_input_tokens: written, cache_read_input_tokens: cachedInputTokens(usage) }),
    ...(usage.webSearchRequests !== undefined && { server_tool_use: { web_search_requests: usage.webSearchRequests } }),
    cost: usage.providerCostUsd,
  });

const sumOf = (...counts: (number | undefined)[]): number | undefined =>
  counts.every((each) => each === undefined) ? undefined : counts.reduce<number>((sum, each) => sum + (each ?? 0), 0);

const details = (own: unknown, ours: JsonObject): JsonObject | undefined => {
  const merged = { ...asObject(own), ...compact(ours) };
  return Object.keys(merged).length === 0 ? undefined : merged;
};
