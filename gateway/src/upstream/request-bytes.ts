import { SluiceError, type TransportRequest } from 'sluice/kit';
import type { Place } from './origin.ts';

/** What this client decides itself, and what concerns one connection only. */
const ours = new Set([
  'host',
  'content-length',
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'accept-encoding',
]);

const nameShape = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// oxlint-disable-next-line no-control-regex
const valueShape = /^[^\0\r\n]*$/;

/** Below this a request is written as one string: the runtime encodes it as it goes out. */
const maxTextChars = 32 * 1024;

/** Methods that have a body as a rule: that there is none is said (RFC 9110, section 8.6). */
const bodied = new Set(['POST', 'PUT', 'PATCH']);

/**
 * A request as it goes onto the wire: a string, or bytes where it is large or not text; the head alone where its body has a source.
 * @throws SluiceError `invalid_request` for a header that would break the request apart
 */
export const requestBytes = ({ method, headers, body }: TransportRequest, { origin, target }: Place): string | Buffer => {
  let head = `${method} ${target} HTTP/1.1\r\nhost: ${origin.host}\r\n`;
  let named = false;
  for (const name in headers) {
    const value = headers[name] as string;
    if (!nameShape.test(name) || !valueShape.test(value)) {
      throw new SluiceError(
        'invalid_request',
        `The header "${nameShape.test(name) ? name : '?'}" cannot be sent: it has characters that are not allowed.`,
      );
    }
    const lower = name.toLowerCase();
    if (ours.has(lower)) continue;
    if (lower === 'user-agent') named = true;
    head += `${lower}: ${value}\r\n`;
  }
  if (!named) head += 'user-agent: sluice\r\n';
  if (origin.proxy?.authorization !== undefined && !origin.secure && origin.address === undefined)
    head += `proxy-authorization: ${origin.proxy.authorization}\r\n`;
  // Compression saves little on short answers, costs both sides, and holds events of a stream back.
  head += 'accept-encoding: identity\r\n';
  if (body === undefined) return bodied.has(method) ? `${head}content-length: 0\r\n\r\n` : `${head}\r\n`;
  if (typeof body !== 'string' && !(body instanceof Uint8Array))
    return body.length === undefined ? `${head}transfer-encoding: chunked\r\n\r\n` : `${head}content-length: ${body.length}\r\n\r\n`;

  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
  head += `content-length: ${length}\r\n\r\n`;
  if (typeof body === 'string' && length <= maxTextChars) return head + body;
  const headLength = Buffer.byteLength(head);
  const bytes = Buffer.allocUnsafeSlow(headLength + length);
  bytes.write(head, 0, 'utf8');
  if (typeof body === 'string') bytes.write(body, headLength, 'utf8');
  else bytes.set(body, headLength);
  return bytes;
};
