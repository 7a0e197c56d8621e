import { cachedInputTokens, totalInputTokens, totalOutputTokens, type JsonObject, type Usage } from '../../types/index.ts';
import { asNumber, asObject, compact } from '../shared/read.ts';

/*
 * Two counts of one call: `tokens` is what went through the model, `billed_units` what is paid for, which leaves out
 * Cohere's own preamble. Clients count tokens to know how full the window is, so `tokens` is what they get, as with
 * LiteLLM; what is billed stays in `raw`. Cached tokens are among the input tokens, reasoning tokens among the output
 * tokens; image tokens are beside both (seen with command-a-vision, read 2026-11-22).
 */
export const readUsage = (value: unknown): Usage | undefined => {
  const usage = asObject(value);
  const tokens = asObject(usage?.['tokens']) ?? asObject(usage?.['billed_units']);
  if (!usage || !tokens) return undefined;
  const input = asNumber(tokens['input_tokens']) ?? 0;
  const output = asNumber(tokens['output_tokens']) ?? 0;
  const cached = least(asNumber(usage['cached_tokens']), input);
  const reasoning = least(asNumber(tokens['reasoning_tokens']), output);
  return compact<Usage>({
    inputTokens: input - (cached ?? 0),
    cacheReadTokens: cached,
    inputImageTokens: asNumber(tokens['image_tokens']),
    outputTokens: output - (reasoning ?? 0),
    reasoningTokens: reasoning,
    raw: usage,
  });
};

const least = (part: number | undefined, whole: number): number | undefined => (part === undefined ? undefined : Math.min(part, whole));

/** Cohere's own counts go back as they came. What others bill is what they counted. */
export const writeUsage = (usage: Usage): JsonObject => {
  const raw = asObject(usage.raw);
  if (raw && (asObject(raw['tokens']) ?? asObject(raw['billed_units']))) return raw;
  const output = totalOutputTokens(usage);
  const images = usage.inputImageTokens;
  const input = totalInputTokens(usage) - (images ?? 0);
  return compact({
    billed_units: { input_tokens: input + (images ?? 0), output_tokens: output },
    tokens: compact({ input_tokens: input, output_tokens: output, reasoning_tokens: usage.reasoningTokens, image_tokens: images }),
    cached_tokens: cachedInputTokens(usage),
  });
};
