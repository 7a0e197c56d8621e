import { SluiceError, type JsonObject, type Quirks } from '../../types/index.ts';
import { asNumber, asObject } from '../shared/read.ts';
import { camelKeys } from './names.ts';

/**
 * Members of Vertex AI's `CountTokensRequest`
 * (docs.cloud.google.com/vertex-ai/docs/reference/rest/v1beta1/projects.locations.publishers.models/countTokens, read 2026-11-22).
 */
const plainMembers = ['contents', 'systemInstruction', 'tools', 'generationConfig'] as const;

/** A `CountTokensRequest`: the whole request is wrapped, because `contents` alone leaves out instructions and tools. */
export const toWire = (body: JsonObject, { model, quirks }: { model: string; quirks: Quirks }): JsonObject => {
  const request = asObject(camelKeys(body)['generateContentRequest']) ?? body;
  if (!quirks.plainCount) return { generateContentRequest: { ...request, model: model.includes('/') ? model : `models/${model}` } };
  const given = camelKeys(request);
  return Object.fromEntries(plainMembers.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]));
};

export const respond = (inputTokens: number): JsonObject => ({ totalTokens: inputTokens });

/** @throws SluiceError `invalid_response` */
export const fromWire = (body: JsonObject): number => {
  const tokens = asNumber(camelKeys(body)['totalTokens']);
  if (tokens === undefined) throw new SluiceError('invalid_response', 'The provider counted no tokens.');
  return tokens;
};
