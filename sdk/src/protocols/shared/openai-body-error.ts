import { SluiceError, type JsonObject, type WireEvent } from '../../types/index.ts';
import { envelopeCode, openAiErrorObject, readEnvelope, readOpenAiError, writeOpenAiError } from './openai-error.ts';
import { asObject } from './read.ts';

/** The status that an error inside a 200 stands for: vendors write it as `code` or `status`. */
const statusOf = (error: JsonObject): number | undefined => {
  for (const name of ['code', 'status', 'status_code']) {
    const status = Number(error[name]);
    if (status >= 400 && status < 600) return status;
  }
  return undefined;
};

/**
 * The error in a body that came with a 200, whole or as a chunk of a stream (OpenRouter, Azure's filter).
 * @returns undefined where there is none
 */
export const readBodyError = (body: JsonObject): SluiceError | undefined => {
  const value = body['error'] ?? undefined;
  if (value === undefined) return undefined;
  const envelope = readEnvelope(body);
  const status = statusOf(asObject(value) ?? body);
  const { type, code, param } = envelope;
  const message = envelope.message || 'The provider reported an error without a message.';
  return new SluiceError(envelopeCode(status ?? 502, envelope), message, {
    ...(status !== undefined && { status }),
    upstream: { ...(type !== undefined && { type }), ...(code !== undefined && { code }), ...(param !== undefined && { param }), body },
  });
};

/** After this event comes nothing: no finish reason, no `[DONE]`. OpenAI's SDKs throw when they see it. */
const toEvents = (error: SluiceError): readonly WireEvent[] => [{ data: JSON.stringify({ error: openAiErrorObject(error) }) }];

/** `errors` of the formats that have OpenAI's envelope and bare `data` events. */
export const openAiErrors = Object.freeze({ fromWire: readOpenAiError, toWire: writeOpenAiError, toEvents });
