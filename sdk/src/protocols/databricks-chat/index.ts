import type { ChatRequest, JsonObject, ToWireContext, UpstreamProtocol, WireRequest } from '../../types/index.ts';
import { openaiChat } from '../openai-chat/index.ts';
import { parameterName } from '../shared/parameter-name.ts';
import { asNumber, asObject, asObjects } from '../shared/read.ts';

/*
 * Databricks' form of OpenAI's chat format
 * (https://docs.databricks.com/aws/en/machine-learning/foundation-model-apis/api-reference, read 2026-11-22). Its answers
 * hold lists of content with summaries of thoughts, which no client of OpenAI's can read, so none goes on as it came.
 */

/** A speaker's name is refused (BerriAI/litellm `llms/databricks/chat/transformation.py`, read 2026-11-22). */
const withoutNames = (messages: unknown, context: ToWireContext): unknown => {
  if (!asObjects(messages).some(({ role, name }) => role === 'user' && name !== undefined)) return messages;
  context.drop('name', 'the provider takes no name of a user');
  return asObjects(messages).map((message) => {
    const { name: _name, ...rest } = message;
    return message['role'] === 'user' ? rest : message;
  });
};

/** FP-20: a budget of thoughts is part of the limit, and must leave room for an answer. */
const withRoom = (body: JsonObject, context: ToWireContext): JsonObject => {
  const budget = asNumber(asObject(body['thinking'])?.['budget_tokens']);
  const limit = asNumber(body['max_tokens']);
  if (budget === undefined || limit === undefined || limit > budget) return body;
  context.drop(parameterName('maxOutputTokens', context.from), `raised to ${limit + budget} to hold the thinking as well`);
  return { ...body, max_tokens: limit + budget };
};

const toWire = (request: ChatRequest, context: ToWireContext): WireRequest => {
  const { body, ...rest } = openaiChat.request.toWire(request, context);
  return { ...rest, body: withRoom({ ...body, messages: withoutNames(body['messages'], context) }, context) };
};

export const databricksChat: UpstreamProtocol = Object.freeze({
  id: 'databricks-chat',
  origin: openaiChat.origin,
  framing: openaiChat.framing,
  shape: openaiChat.id,
  request: Object.freeze({ toWire }),
  response: Object.freeze({ fromWire: openaiChat.response.fromWire }),
  stream: Object.freeze({ decoder: openaiChat.stream.decoder }),
  errors: Object.freeze({ fromWire: openaiChat.errors.fromWire }),
});
