import { SluiceError, type JsonObject } from 'sluice/kit';

export interface JsonBody {
  /** As it was sent. */
  text: string;
  json: JsonObject;
}

const decoder = new TextDecoder('utf-8', { fatal: true });

const json = /^\s*(?:application\/(?:[\w.+-]*\+)?json|text\/(?:json|plain))\b/i;
const binary = /^\s*application\/octet-stream\b/i;

/**
 * A request's body must be JSON by what its headers say.
 * @param unlabelled JSON may be called bytes, as AWS's SDKs do where they are not told
 * @throws SluiceError `unsupported_media_type`
 */
export const mustBeJson = (headers: Headers, unlabelled = false): void => {
  const type = headers.get('content-type');
  if (type !== null && type !== 'application/json' && !json.test(type) && !(unlabelled && binary.test(type)))
    throw new SluiceError('unsupported_media_type', `The request's content type is ${type.split(';')[0]}: send application/json.`);
  const encoding = headers.get('content-encoding');
  if (encoding !== null && encoding !== 'identity')
    throw new SluiceError('unsupported_media_type', `The request body is compressed (${encoding}): send it as it is.`);
};

/** @throws SluiceError `request_too_large` */
export const readBytes = (request: Request, maxBytes: number): Promise<ArrayBuffer | Uint8Array> => {
  const declared = request.headers.get('content-length');
  if (declared === null) return counted(request, maxBytes);
  if (Number(declared) > maxBytes) throw tooLarge(maxBytes);
  return request.arrayBuffer();
};

/** @throws SluiceError `invalid_request` (not UTF-8, not JSON, not an object) */
export const parseJson = (bytes: ArrayBuffer | Uint8Array): JsonBody => parseText(textOf(bytes));

/** @throws SluiceError `invalid_request` (not JSON, not an object) */
export const parseText = (text: string): JsonBody => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    // The engine's message may quote the body, so only that it failed is told.
    throw new SluiceError(
      'invalid_request',
      text.trim() === '' ? 'The request body is empty: send a JSON object.' : 'The request body is not valid JSON.',
      { cause },
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new SluiceError('invalid_request', 'The request body must be a JSON object.');
  return { text, json: value as JsonObject };
};

/** @throws SluiceError `invalid_request` */
export const textOf = (bytes: ArrayBuffer | Uint8Array): string => {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new SluiceError('invalid_request', 'The request body is not valid UTF-8.', { cause });
  }
};

const tooLarge = (maxBytes: number): SluiceError =>
  new SluiceError(
    'request_too_large',
    `The request body is larger than ${maxBytes} bytes. The gateway's limit is general_settings.max_request_size_mb.`,
  );

/** A body of unknown length, counted as it comes. */
const counted = async ({ body }: Request, maxBytes: number): Promise<Uint8Array> => {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body ?? []) {
    length += piece.length;
    if (length > maxBytes) throw tooLarge(maxBytes);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
};
