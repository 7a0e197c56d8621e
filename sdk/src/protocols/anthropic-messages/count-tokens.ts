import { SluiceError, type JsonObject } from '../../types/index.ts';

/** Members that the call takes (https://platform.claude.com/docs/en/api/messages-count-tokens, read 2026-11-21); any other gets a 400. */
const taken = [
  'system',
  'messages',
  'tools',
  'tool_choice',
  'thinking',
  'output_config',
  'output_format',
  'cache_control',
  'context_management',
  'mcp_servers',
  'speed',
] as const;

export const toWire = (body: JsonObject, { model }: { model: string }): JsonObject => {
  const request: JsonObject = { model };
  for (const name of taken) if (body[name] !== undefined) request[name] = body[name];
  return request;
};

export const respond = (inputTokens: number): JsonObject => ({ input_tokens: inputTokens });

/** @throws SluiceError `invalid_response` */
export const fromWire = (body: JsonObject): number => {
  const count = body['input_tokens'];
  if (typeof count !== 'number') throw new SluiceError('invalid_response', 'The provider counted no tokens.', { upstream: { body } });
  return count;
};
