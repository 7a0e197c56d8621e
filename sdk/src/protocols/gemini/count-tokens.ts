import { SluiceError, type JsonObject } from '../../types/index.ts';
import { asNumber, asObject } from '../shared/read.ts';
import { camelKeys } from './names.ts';

/** A `CountTokensRequest`: the whole request is wrapped, because `contents` alone leaves out instructions and tools. */
export const toWire = (body: JsonObject, { model }: { model: string }): JsonObject => {
  const request = asObject(camelKeys(body)['generateContentRequest']) ?? body;
  return { generateContentRequest: { ...request, model: model.includes('/') ? model : `models/${model}` } };
};

export const respond = (inputTokens: number): JsonObject => ({ totalTokens: inputTokens });

/** @throws SluiceError `invalid_response` */
export const fromWire = (body: JsonObject): number => {
  const tokens = asNumber(camelKeys(body)['totalTokens']);
  if (tokens === undefined) throw new SluiceError('invalid_response', 'The provider counted no tokens.');
  return tokens;
};
