import { num, obj, usageOf, type Obj, type UsageReading } from './reading.ts';

/**
 * Usage in OpenAI's chat format and its vendors' dialects. Reasoning is part of the completion, except where the total
 * only adds up with it on top (Azure's Grok).
 */
export const chatUsage = (usage: Obj): UsageReading => {
  const input = num(usage['prompt_tokens']);
  const completion = num(usage['completion_tokens']);
  const details = obj(usage['completion_tokens_details']);
  const promptDetails = obj(usage['prompt_tokens_details']);
  const reasoning = num(details['reasoning_tokens']) ?? num(usage['reasoning_tokens']);
  const onTop =
    reasoning !== undefined &&
    reasoning > 0 &&
    input !== undefined &&
    completion !== undefined &&
    num(usage['total_tokens']) === input + completion + reasoning;
  const output = completion === undefined ? undefined : completion + (onTop ? reasoning : 0);
  return usageOf({
    inputTotal: input,
    outputTotal: output,
    cached:
      num(promptDetails['cached_tokens']) ??
      num(usage['prompt_cache_hit_tokens']) ??
      num(usage['num_cached_tokens']) ??
      num(usage['cached_tokens']) ??
      num(usage['cache_read_input_tokens']),
    cacheWrite: num(promptDetails['cache_write_tokens']),
    // Two vendors estimate it apart from the completion and get more than there is.
    reasoning: reasoning === undefined ? undefined : Math.min(reasoning, output ?? reasoning),
  });
};

/** Usage of the Responses format. */
export const responsesUsage = (usage: Obj): UsageReading => {
  const output = num(usage['output_tokens']);
  const inputDetails = obj(usage['input_tokens_details']);
  return usageOf({
    inputTotal: num(usage['input_tokens']),
    outputTotal: output,
    cached: num(inputDetails['cached_tokens']),
    cacheWrite: num(inputDetails['cache_write_tokens']),
    reasoning: num(obj(usage['output_tokens_details'])['reasoning_tokens']),
  });
};
