import type { HttpFailure, JsonObject, SluiceError, WireEvent } from '../../types/index.ts';
import { openAiErrors } from '../shared/openai-body-error.ts';
import { asObject, asObjects, asString, parseObject } from '../shared/read.ts';

/** `{ errors: [{ code, message, more_info }], trace, status_code }` with OpenAI's envelope beside it. */
const enveloped = (body: JsonObject): JsonObject => {
  const [first] = asObjects(body['errors']);
  if (!first || asObject(body['error'])) return body;
  const message = asObjects(body['errors'])
    .map((each) => asString(each['message']) ?? '')
    .filter((each) => each !== '')
    .join('; ');
  return { ...body, error: { message, code: first['code'] ?? null, status: body['status_code'] ?? null } };
};

export const readError = (failure: HttpFailure): SluiceError => {
  const body = parseObject(failure.body);
  return openAiErrors.fromWire(body ? { ...failure, body: JSON.stringify(enveloped(body)) } : failure);
};

/** An event of a stream, with OpenAI's envelope where it is an error. */
export const withEnvelope = (event: WireEvent): WireEvent => {
  if (event.event !== 'error' && !/^\s*\{\s*"errors"/.test(event.data)) return event;
  const body = parseObject(event.data);
  return body ? { event: 'error', data: JSON.stringify(enveloped(body)) } : event;
};
