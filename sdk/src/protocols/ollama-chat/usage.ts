import { totalInputTokens, totalOutputTokens, type JsonObject, type Usage } from '../../types/index.ts';
import { asNumber, asObject, compact } from '../shared/read.ts';

/** Thoughts are among `eval_count`, and not told apart. A prompt that was cached as a whole has no `prompt_eval_count`. */
export const usageFromWire = (body: JsonObject): Usage | undefined => {
  const input = asNumber(body['prompt_eval_count']);
  const output = asNumber(body['eval_count']);
  if (input === undefined && output === undefined) return undefined;
  return { inputTokens: input ?? 0, outputTokens: output ?? 0, raw: compact({ prompt_eval_count: input, eval_count: output }) };
};

/** Ollama's own counts go back as they came. */
export const usageToWire = (usage: Usage | undefined): JsonObject => {
  if (!usage) return {};
  const raw = asObject(usage.raw);
  if (raw?.['eval_count'] !== undefined) return raw;
  return { prompt_eval_count: totalInputTokens(usage), eval_count: totalOutputTokens(usage) };
};
