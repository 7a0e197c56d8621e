import { num, obj, usageOf, type Obj, type UsageReading } from './reading.ts';

/**
 * Usage in OpenAI's chat format and its vendors' dialects. Reasoning is part of the completion, except where the total
 * only adds up with it on top (Azure's Grok), or hides it (Gemini's compatible layer).
 */
export const chatUsage = (usage: Obj): UsageReading => {
  const input = num(usage['prompt_tokens']);
  const completion = num(usage['completion_tokens']);
  const told = num(obj(usage['completion_tokens_details'])['reasoning_tokens']) ?? num(usage['reasoning_tokens']);
  const beyond = input === undefined || completion === undefined ? 0 : (num(usage['total_tokens']) ?? 0) - input - completion;
  const onTop = beyond > 0 && (told === undefined || told === beyond) ? beyond : 0;
  const output = completion === undefined ? undefined : completion + onTop;
  const promptDetails = obj(usage['prompt_tokens_details']);
  return usageOf({
    inputTotal: input,
    outputTotal: output,
    cached: within(
      input,
      num(promptDetails['cached_tokens']) ??
        num(usage['prompt_cache_hit_tokens']) ??
        num(usage['num_cached_tokens']) ??
        num(usage['cached_tokens']) ??
        num(usage['cache_read_input_tokens']),
    ),
    cacheWrite: num(promptDetails['cache_write_tokens']),
    reasoning: atMost(output, onTop > 0 ? onTop : told),
  });
};

/** A part that is larger than the whole was not counted in it (Azure's Grok), and is no part. */
const within = (whole: number | undefined, part: number | undefined): number | undefined =>
  part !== undefined && whole !== undefined && part > whole ? undefined : part;

/** Some vendors count a part by another tokenizer than the whole, and get more than there is. */
const atMost = (whole: number | undefined, part: number | undefined): number | undefined =>
  part === undefined ? undefined : Math.min(part, whole ?? part);

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
