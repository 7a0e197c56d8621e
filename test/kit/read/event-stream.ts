import { parseJson } from './events.ts';
import { obj, str } from './reading.ts';

/*
 * AWS's event streams, read from a whole body as server-sent events would be written. Checksums are not looked at: the
 * parser under test does. Format: docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html, read 2026-11-22.
 */

/** A message: total length, length of the headers, a checksum; headers; payload; another checksum. */
const preludeBytes = 12;
const checksumBytes = 4;
const textHeader = 7;

const latin = new TextDecoder('latin1');
const utf8 = new TextDecoder();

/** Headers whose values are texts; Bedrock sends no others. */
const headersOf = (bytes: Uint8Array): Map<string, string> => {
  const headers = new Map<string, string>();
  for (let at = 0; at < bytes.length;) {
    const nameLength = bytes[at]!;
    const name = latin.decode(bytes.subarray(at + 1, at + 1 + nameLength));
    at += 1 + nameLength;
    if (bytes[at] !== textHeader) throw new Error(`header ${name} is no text`);
    const length = (bytes[at + 1]! << 8) | bytes[at + 2]!;
    headers.set(name, utf8.decode(bytes.subarray(at + 3, at + 3 + length)));
    at += 3 + length;
  }
  return headers;
};

/** Whether bytes begin as an event stream does: with a length that is small, so its first byte is 0. */
export const isEventStream = (bytes: Uint8Array): boolean => bytes.length > preludeBytes && bytes[0] === 0;

/** The messages as server-sent events, those of `InvokeModelWithResponseStream` unwrapped. A torn message ends it. */
export const asServerSentEvents = (bytes: Uint8Array): string => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = '';
  for (let at = 0; at + preludeBytes <= bytes.length;) {
    const total = view.getUint32(at);
    const headersEnd = at + preludeBytes + view.getUint32(at + 4);
    if (total < preludeBytes + checksumBytes || at + total > bytes.length) break;
    const headers = headersOf(bytes.subarray(at + preludeBytes, headersEnd));
    const payload = utf8.decode(bytes.subarray(headersEnd, at + total - checksumBytes));
    const kind = headers.get(':event-type') ?? headers.get(':exception-type') ?? '';
    if (kind === 'chunk') {
      const data = utf8.decode(Buffer.from(str(obj(parseJson(payload))['bytes']), 'base64'));
      text += `event: ${str(obj(parseJson(data))['type'])}\ndata: ${data}\n\n`;
    } else text += `event: ${kind}\ndata: ${payload}\n\n`;
    at += total;
  }
  return text;
};
