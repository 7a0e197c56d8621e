import type { HttpFailure, JsonObject, SluiceError } from '../../types/index.ts';
import { openAiErrors } from '../shared/openai-body-error.ts';
import { asObject, parseObject } from '../shared/read.ts';

/** `{ error: { code, message, location, request_id } }`, or a list of such: what is last was tried last. */
export const enveloped = (body: JsonObject): JsonObject => {
  const { error } = body;
  return Array.isArray(error) ? { ...body, error: asObject(error.at(-1)) ?? null } : body;
};

export const readError = (failure: HttpFailure): SluiceError => {
  const body = parseObject(failure.body);
  return openAiErrors.fromWire(body ? { ...failure, body: JSON.stringify(enveloped(body)) } : failure);
};
