import { SluiceError, type ChatProtocol, type JsonObject } from '../../types/index.ts';
import { asNumber } from '../shared/read.ts';

/** What `POST /v1/responses/input_tokens` takes (TokenCountsBody of https://github.com/openai/openai-openapi, 2026-08-21). */
const members = [
  'input',
  'previous_response_id',
  'tools',
  'text',
  'reasoning',
  'truncation',
  'instructions',
  'personality',
  'conversation',
  'tool_choice',
  'parallel_tool_calls',
];

export const countTokens: NonNullable<ChatProtocol['countTokens']> = {
  toWire(body, { model }) {
    const request: JsonObject = { model };
    for (const name of members) if (body[name] !== undefined) request[name] = body[name];
    return request;
  },
  respond: (inputTokens) => ({ object: 'response.input_tokens', input_tokens: inputTokens }),
  fromWire(body) {
    const count = asNumber(body['input_tokens']);
    if (count === undefined) throw new SluiceError('invalid_response', "The provider's token count has no 'input_tokens'.");
    return count;
  },
};
