import { createHash, randomBytes } from 'node:crypto';
import type { TransportResponse } from 'sluice/kit';
import { ChunkedDecoder } from '../chunked.ts';
import { readHead, type ResponseHead } from '../head.ts';
import type { Place } from '../origin.ts';
import { requestBytes } from '../request-bytes.ts';

const magic = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const maxHeadBytes = 64 * 1024;
/** Of a refusal's words. */
const maxBodyBytes = 64 * 1024;

/** What became of a handshake: what follows it, the answer that it was not to be, or what is wrong with it. */
export type Shaken = { kind: 'open'; rest: Buffer } | { kind: 'refused'; response: TransportResponse } | { kind: 'broken'; what: string };

/** A client's half of the opening handshake (RFC 6455, section 4.1). */
export class Handshake {
  readonly request: string;
  readonly #accept: string;
  #bytes: Buffer = Buffer.alloc(0);
  #head: ResponseHead | undefined;

  /** @throws SluiceError `invalid_request` for a header that would break the request apart */
  constructor(url: string, headers: Record<string, string>, place: Place) {
    const key = randomBytes(16).toString('base64');
    this.#accept = createHash('sha1')
      .update(key + magic)
      .digest('base64');
    const own = { 'sec-websocket-version': '13', 'sec-websocket-key': key };
    const request = requestBytes({ method: 'GET', url, headers: { ...headers, ...own } }, place).toString();
    this.request = `${request.slice(0, -2)}upgrade: websocket\r\nconnection: Upgrade\r\n\r\n`;
  }

  /** @returns undefined until the answer is there */
  push(bytes: Buffer): Shaken | undefined {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    if (!this.#head) {
      const head = readHead(this.#bytes);
      if (typeof head === 'string') return { kind: 'broken', what: head };
      if (!head) return this.#bytes.length > maxHeadBytes ? { kind: 'broken', what: 'its head is too large' } : undefined;
      this.#bytes = Buffer.from(this.#bytes.subarray(head.bodyAt));
      if (head.status === 101)
        return head.headers.get('sec-websocket-accept') === this.#accept
          ? { kind: 'open', rest: this.#bytes }
          : { kind: 'broken', what: 'it accepts another WebSocket' };
      // 103 Early Hints: the answer itself comes after.
      if (head.status < 200) return this.push(Buffer.alloc(0));
      this.#head = head;
    }
    const { framing } = this.#head;
    const complete =
      this.#bytes.length >= maxBodyBytes ||
      framing.kind === 'none' ||
      (framing.kind === 'length' && this.#bytes.length >= framing.bytes) ||
      (framing.kind === 'chunked' && this.#unchunked().done);
    return complete ? this.ended() : undefined;
  }

  /** The answer as far as it came, if it is one. */
  ended(): Shaken | undefined {
    if (!this.#head) return undefined;
    const { status, headers, framing } = this.#head;
    const body = framing.kind === 'chunked' ? this.#unchunked().body : this.#bytes;
    let left: Uint8Array | undefined = body;
    const read = () => {
      const bytes = left;
      left = undefined;
      return Promise.resolve(bytes);
    };
    return { kind: 'refused', response: { status, headers, read, bytes: () => Promise.resolve(body), cancel: () => {} } };
  }

  #unchunked(): { body: Buffer; done: boolean } {
    const decoder = new ChunkedDecoder(maxHeadBytes);
    const body = decoder.push(Buffer.from(this.#bytes), 0) ?? Buffer.alloc(0);
    return { body, done: decoder.done || decoder.problem !== undefined };
  }
}
