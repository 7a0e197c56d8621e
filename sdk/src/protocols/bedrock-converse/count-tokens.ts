import { SluiceError, type JsonObject } from '../../types/index.ts';

/** Members of a Converse request that CountTokens takes (`ConverseTokensRequest` of the service's model, read 2026-11-22). */
const taken = ['messages', 'system', 'toolConfig', 'additionalModelRequestFields'] as const;

/** The model stands in the path, as with Converse. */
export const toWire = (body: JsonObject): JsonObject => {
  const converse: JsonObject = {};
  for (const name of taken) if (body[name] !== undefined) converse[name] = body[name];
  return { input: { converse } };
};

export const respond = (inputTokens: number): JsonObject => ({ inputTokens });

/** @throws SluiceError `invalid_response` */
export const fromWire = (body: JsonObject): number => {
  const count = body['inputTokens'];
  if (typeof count !== 'number') throw new SluiceError('invalid_response', 'The provider counted no tokens.', { upstream: { body } });
  return count;
};
