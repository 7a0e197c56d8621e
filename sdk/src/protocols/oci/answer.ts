import type { JsonObject } from '../../types/index.ts';
import { asArray, asNumber, asObject, asObjects, asString, compact } from '../shared/read.ts';

/** Counts as OpenAI has them. */
export const usageOf = (usage: JsonObject | undefined): JsonObject | undefined => {
  if (!usage) return undefined;
  const cached = asNumber(asObject(usage['promptTokensDetails'])?.['cachedTokens']);
  const reasoning = asNumber(asObject(usage['completionTokensDetails'])?.['reasoningTokens']);
  return compact({
    prompt_tokens: asNumber(usage['promptTokens']) ?? 0,
    completion_tokens: asNumber(usage['completionTokens']) ?? 0,
    total_tokens: asNumber(usage['totalTokens']),
    prompt_tokens_details: cached === undefined ? undefined : { cached_tokens: cached },
    completion_tokens_details: reasoning === undefined ? undefined : { reasoning_tokens: reasoning },
  });
};

const textOf = (content: unknown): string | undefined => {
  const texts = asObjects(asArray(content)).flatMap((part) => asString(part['text']) ?? []);
  return texts.length > 0 ? texts.join('') : undefined;
};

/** A call of the generic format, whole or a fragment of one. */
export const callFrom = (call: JsonObject, index: number): JsonObject => ({
  index,
  ...(asString(call['id']) && { id: call['id'] }),
  type: 'function',
  function: compact({ name: asString(call['name']) || undefined, arguments: asString(call['arguments']) ?? '' }),
});

/** A message, or a part of one, as OpenAI has it. `calls`: those of it. */
export const messageFrom = (message: JsonObject, calls: readonly JsonObject[]): JsonObject =>
  compact({
    role: 'assistant',
    content: textOf(message['content']),
    refusal: asString(message['refusal']),
    reasoning_content: asString(message['reasoningContent']),
    tool_calls: calls.length > 0 ? calls : undefined,
  });

/** The words of both formats in OpenAI's, as far as its readers do not know them. */
const finishes: Readonly<Record<string, string>> = {
  complete: 'stop',
  error_limit: 'length',
  user_cancel: 'cancelled',
  tool_call: 'tool_calls',
};

export const finishFrom = (reason: unknown): string | undefined => {
  const word = asString(reason)?.toLowerCase();
  return word === undefined ? undefined : (finishes[word] ?? word);
};

const secondsOf = (time: unknown): number | undefined => {
  const ms = Date.parse(asString(time) ?? '');
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000);
};

/** What stands around an answer. */
export const around = (body: JsonObject, response: JsonObject): JsonObject =>
  compact({ model: asString(body['modelId']), created: secondsOf(response['timeCreated']), usage: usageOf(asObject(response['usage'])) });
