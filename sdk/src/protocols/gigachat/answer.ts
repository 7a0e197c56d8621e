import type { JsonObject } from '../../types/index.ts';
import { asNumber, asObject, asObjects, asString } from '../shared/read.ts';

/** The call of a message or a delta as OpenAI has it now. Its id is what has to come back with it. */
const withCalls = (message: JsonObject): JsonObject => {
  const { function_call: call, functions_state_id: state, ...rest } = message;
  const called = asObject(call);
  const name = asString(called?.['name']);
  if (!called || !name) return rest;
  const given = called['arguments'] ?? {};
  return {
    ...rest,
    tool_calls: [
      {
        index: 0,
        ...(asString(state) && { id: state }),
        type: 'function',
        function: { name, arguments: typeof given === 'string' ? given : JSON.stringify(given) },
      },
    ],
  };
};

/** "precached" tokens are not among those of the prompt (.../api/reference/rest/post-chat, read 2026-11-22). */
const withCached = (usage: JsonObject): JsonObject => {
  const { precached_prompt_tokens: cached, ...rest } = usage;
  const count = asNumber(cached) ?? 0;
  if (count === 0) return rest;
  return {
    ...rest,
    prompt_tokens: (asNumber(usage['prompt_tokens']) ?? 0) + count,
    total_tokens: (asNumber(usage['total_tokens']) ?? 0) + count,
    prompt_tokens_details: { cached_tokens: count },
  };
};

/** An answer, or a chunk of one, as OpenAI has it. */
export const asOpenAi = (body: JsonObject): JsonObject => {
  const usage = asObject(body['usage']);
  return {
    ...body,
    ...(Array.isArray(body['choices']) && {
      choices: asObjects(body['choices']).map(({ message, delta, finish_reason: finish, ...rest }) => ({
        ...rest,
        ...(asObject(message) && { message: withCalls(message as JsonObject) }),
        ...(asObject(delta) && { delta: withCalls(delta as JsonObject) }),
        finish_reason: finish === 'blacklist' ? 'content_filter' : finish,
      })),
    }),
    ...(usage && { usage: withCached(usage) }),
  };
};
