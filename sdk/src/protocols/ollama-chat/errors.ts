import { SluiceError, type HttpFailure, type JsonObject, type WireError, type WireEvent } from '../../types/index.ts';
import { asObject, asString } from '../shared/read.ts';
import { codeOf } from '../shared/status.ts';

/** Ollama's envelope is `{ error: 'text' }` (https://docs.ollama.com/api/errors, read 2026-11-21); proxies before it may have an object there. */
export const errorFromBody = (body: JsonObject | undefined, status = 500): SluiceError => {
  const inner = body?.['error'];
  const message =
    asString(inner) ||
    asString(asObject(inner)?.['message']) ||
    asString(body?.['message']) ||
    `The provider answered ${status} without a message.`;
  return new SluiceError(codeOf(status, message), message, { status, upstream: { body } });
};

export const fromWire = ({ status, body }: HttpFailure): SluiceError => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    const message =
      body
        .replaceAll(/<[^>]*>/g, ' ')
        .replaceAll(/\s+/g, ' ')
        .trim()
        .slice(0, 500) || `The provider answered ${status} without a message.`;
    return new SluiceError(codeOf(status, message), message, { status });
  }
  return errorFromBody(typeof parsed === 'string' ? { error: parsed } : asObject(parsed), status);
};

export const toWire = (error: SluiceError): WireError => ({ status: error.status, body: { error: error.message } });

/** Inside a stream it is a line of its own, which Ollama's clients throw on. */
export const toEvents = (error: SluiceError): readonly WireEvent[] => [{ data: JSON.stringify({ error: error.message }) }];
