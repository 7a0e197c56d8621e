import type { JsonObject, Usage } from '../../../types/index.ts';
import { asArray, asNumber, compact } from '../read.ts';

/** What Hugging Face's text generation, wherever it runs, calls the parameters. */
export const tgiParameters = {
  maxOutputTokens: 'max_new_tokens',
  temperature: 'temperature',
  topP: 'top_p',
  topK: 'top_k',
  stop: 'stop',
  seed: 'seed',
  frequencyPenalty: 'frequency_penalty',
} as const;

/** Its `details`. Counts of the prompt are there only where it was asked for what it was read as. */
export const tgiCounts = (details: JsonObject): Partial<Usage> =>
  compact<Partial<Usage>>({
    inputTokens: asNumber(details['input_length']) ?? (asArray(details['prefill']).length || undefined),
    outputTokens: asNumber(details['generated_tokens']),
  });
