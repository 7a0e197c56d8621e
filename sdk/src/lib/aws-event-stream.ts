import { toBase64 } from './base64-text.ts';
import { crc32 } from './crc32.ts';

/*
 * AWS's `application/vnd.amazon.eventstream`: https://smithy.io/2.0/aws/amazon-eventstream.html and
 * https://docs.aws.amazon.com/lexv2/latest/dg/event-stream-encoding.html, read 2026-11-22. All numbers are big-endian.
 *
 *   total length u32 | headers length u32 | CRC-32 of these eight bytes | headers | payload | CRC-32 of all before it
 */

/** One message. `event`: its `:event-type`, or `:exception-type`; absent where the payload says itself what it is. */
export interface AwsEvent {
  event?: string;
  data: string;
}

/** Cuts bytes into the messages of an event stream, whatever the chunk boundaries. */
export interface EventStreamParser {
  /** @throws Error on a wrong checksum, an impossible length, headers that cannot be read; TypeError on invalid UTF-8 */
  push(bytes: Uint8Array): void;
  /** The stream ended. @throws Error if that was in the middle of a message */
  close(): void;
}

const preludeBytes = 12;
/** Prelude and both checksums: a message without headers and payload. */
export const minMessageBytes = 16;
const maxHeadersBytes = 128 * 1024;
/** What AWS's own parsers take: 24 MiB of payload. */
const maxPayloadBytes = 24 * 1024 * 1024;

const utf8 = new TextDecoder('utf-8', { fatal: true });

const u32 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;

const u16 = (bytes: Uint8Array, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!;

/** A part of a body that is handed on in pieces (`PayloadPart` of InvokeEndpointWithResponseStream). */
const payloadType = 'PayloadPart';

/**
 * @param onPayload called with the bytes of each part of a body; absent: such parts are events like others
 * @param onEvent called synchronously for each message. One of the type `chunk` (InvokeModelWithResponseStream) is
 * opened: `data` is the JSON inside of its base64, and `event` the `type` that this begins with, if it does.
 */
export const createEventStreamParser = (onEvent: (event: AwsEvent) => void, onPayload?: (bytes: Uint8Array) => void): EventStreamParser => {
  const read = (bytes: Uint8Array, start: number, end: number): void => {
    const event = readMessage(bytes, start, end, onPayload);
    if (event) onEvent(event);
  };

  /** A message that is not complete yet. Grows by doubling: joining at every chunk is quadratic in a long message. */
  let held = new Uint8Array(1024);
  let filled = 0;
  /** The message's length once its prelude is there; until then the prelude's. */
  let wanted = preludeBytes;

  const hold = (bytes: Uint8Array, start: number, end: number) => {
    if (filled + end - start > held.length) {
      const larger = new Uint8Array(Math.max(filled + end - start, Math.min(held.length * 2, wanted)));
      larger.set(held.subarray(0, filled));
      held = larger;
    }
    held.set(bytes.subarray(start, end), filled);
    filled += end - start;
  };

  return {
    push(bytes) {
      let at = 0;
      while (at < bytes.length) {
        if (filled === 0 && bytes.length - at >= preludeBytes) {
          // The common case: whole messages, read where they lie.
          const length = messageLength(bytes, at);
          if (bytes.length - at >= length) {
            read(bytes, at, at + length);
            at += length;
            continue;
          }
        }
        const end = Math.min(bytes.length, at + wanted - filled);
        hold(bytes, at, end);
        at = end;
        if (filled < wanted) continue;
        if (wanted === preludeBytes) {
          wanted = messageLength(held, 0);
          continue;
        }
        const length = filled;
        filled = 0;
        wanted = preludeBytes;
        read(held, 0, length);
      }
    },
    close() {
      if (filled > 0) throw new Error(`event stream ended ${filled} bytes into a message`);
    },
  };
};

/** The whole message's length in bytes, by a prelude that has been checked. */
const messageLength = (bytes: Uint8Array, at: number): number => {
  // Checked first: lengths of broken bytes would be waited for.
  if (crc32(bytes, at, at + 8) !== u32(bytes, at + 8)) throw new Error('event stream message has a wrong prelude checksum');
  const length = u32(bytes, at);
  const headers = u32(bytes, at + 4);
  if (headers > maxHeadersBytes) throw new Error(`event stream message has ${headers} bytes of headers, more than 128 KiB`);
  const payload = length - headers - minMessageBytes;
  if (payload < 0) throw new Error(`event stream message of ${length} bytes cannot hold ${headers} bytes of headers`);
  if (payload > maxPayloadBytes) throw new Error(`event stream message has ${payload} bytes of payload, more than 24 MiB`);
  return length;
};

const readMessage = (
  bytes: Uint8Array,
  start: number,
  end: number,
  onPayload: ((bytes: Uint8Array) => void) | undefined,
): AwsEvent | undefined => {
  const sum = end - 4;
  if (crc32(bytes, start, sum) !== u32(bytes, sum)) throw new Error('event stream message has a wrong checksum');
  const headersStart = start + preludeBytes;
  const headersEnd = headersStart + u32(bytes, start + 4);
  const headers = readHeaders(bytes, headersStart, headersEnd);
  const payload = () => utf8.decode(bytes.subarray(headersEnd, sum));
  switch (headers[':message-type']) {
    case 'error':
      return {
        event: 'error',
        data: JSON.stringify({ code: headers[':error-code'] ?? '', message: headers[':error-message'] ?? '' }),
      };
    case 'exception':
      return { event: headers[':exception-type'] ?? 'exception', data: payload() };
    default: {
      const event = headers[':event-type'];
      if (onPayload && event === payloadType) {
        onPayload(bytes.subarray(headersEnd, sum));
        return undefined;
      }
      const data = payload();
      if (event === 'chunk') return openChunk(data);
      return event === undefined ? { data } : { event, data };
    }
  }
};

/** Bytes of the values of header types that have a fixed length: booleans, integers, timestamps and UUIDs. */
const fixedLengths: Readonly<Record<number, number>> = { 0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16 };
const bytesType = 6;
const stringType = 7;

/** The headers that are strings; others are stepped over. */
const readHeaders = (bytes: Uint8Array, start: number, end: number): Record<string, string> => {
  const headers: Record<string, string> = {};
  const torn = () => new Error('event stream message has headers that cannot be read');
  let at = start;
  while (at < end) {
    const nameStart = at + 1;
    const nameEnd = nameStart + bytes[at]!;
    if (nameEnd === nameStart || nameEnd >= end) throw torn();
    const type = bytes[nameEnd]!;
    let valueStart = nameEnd + 1;
    let length = fixedLengths[type];
    if (length === undefined) {
      if ((type !== bytesType && type !== stringType) || valueStart + 2 > end) throw torn();
      length = u16(bytes, valueStart);
      valueStart += 2;
    }
    at = valueStart + length;
    if (at > end) throw torn();
    if (type === stringType) headers[utf8.decode(bytes.subarray(nameStart, nameEnd))] = utf8.decode(bytes.subarray(valueStart, at));
  }
  return headers;
};

const beyondAscii = /[\u0080-\u00ff]/;
const leadingType = /^\s*\{\s*"type"\s*:\s*"([\w.-]+)"/;

/** Opens `{ "bytes": "<base64>" }`, the envelope of InvokeModelWithResponseStream. What is none is left as it is. */
const openChunk = (data: string): AwsEvent => {
  const bytes = (JSON.parse(data) as { bytes?: unknown } | null)?.bytes;
  if (typeof bytes !== 'string') return { event: 'chunk', data };
  const binary = atob(bytes);
  const inner = beyondAscii.test(binary) ? utf8.decode(Uint8Array.from(binary, (character) => character.charCodeAt(0))) : binary;
  const event = leadingType.exec(inner)?.[1];
  return event === undefined ? { data: inner } : { event, data: inner };
};

const encoder = new TextEncoder();

/** Writes one message of string headers. */
const writeMessage = (headers: Readonly<Record<string, string>>, payload: string): Uint8Array =>
  writeBytes(headers, encoder.encode(payload));

const writeBytes = (headers: Readonly<Record<string, string>>, body: Uint8Array): Uint8Array => {
  const fields = Object.entries(headers).map(([name, value]) => [encoder.encode(name), encoder.encode(value)] as const);
  const headersLength = fields.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0);
  const total = minMessageBytes + headersLength + body.length;
  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, total);
  view.setUint32(4, headersLength);
  view.setUint32(8, crc32(bytes, 0, 8));
  let at = preludeBytes;
  for (const [name, value] of fields) {
    bytes[at] = name.length;
    bytes.set(name, at + 1);
    at += 1 + name.length;
    bytes[at] = stringType;
    view.setUint16(at + 1, value.length);
    bytes.set(value, at + 3);
    at += 3 + value.length;
  }
  bytes.set(body, at);
  view.setUint32(total - 4, crc32(bytes, 0, total - 4));
  return bytes;
};

const json = 'application/json';

/**
 * Writes one event as a message: an exception where its name ends so (`throttlingException`), an error where it is
 * `error` and its data `{ code, message }`, a `chunk` where it has no name, else an event.
 */
export const formatEventStream = ({ event, data }: AwsEvent): Uint8Array => {
  if (event === undefined) return formatEventStreamChunk(data);
  if (event === 'error') {
    const { code, message } = JSON.parse(data) as { code?: unknown; message?: unknown };
    // A header's value has two bytes for its length.
    const text = (value: unknown) => String(value ?? '').slice(0, 8192);
    return writeMessage({ ':error-code': text(code), ':error-message': text(message), ':message-type': 'error' }, '');
  }
  return event.endsWith('Exception')
    ? writeMessage({ ':exception-type': event, ':content-type': json, ':message-type': 'exception' }, data)
    : writeMessage({ ':event-type': event, ':content-type': json, ':message-type': 'event' }, data);
};

/** Writes a `chunk` of InvokeModelWithResponseStream: the data of the model's own format in base64. */
export const formatEventStreamChunk = (data: string): Uint8Array =>
  writeMessage({ ':event-type': 'chunk', ':content-type': json, ':message-type': 'event' }, `{"bytes":"${toBase64(data)}"}`);

/** Writes a part of a body that is handed on in pieces. */
export const formatPayloadPart = (payload: Uint8Array): Uint8Array =>
  writeBytes({ ':event-type': payloadType, ':content-type': 'application/octet-stream', ':message-type': 'event' }, payload);
