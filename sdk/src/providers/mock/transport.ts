import { systemClock, type Clock } from '../../lib/clock.ts';
import { formatSse } from '../../lib/sse.ts';
import {
  SluiceError,
  type CancelSignal,
  type ChatProtocol,
  type EmbeddingProtocol,
  type FromResultContext,
  type JsonObject,
  type RerankProtocol,
  type StreamPart,
  type Transport,
  type TransportRequest,
  type TransportResponse,
  type WireEvent,
} from '../../types/index.ts';
import { bodyText } from '../../transport/body-source.ts';
import { answer } from './answer.ts';
import { embed } from './embed.ts';
import { partsOf } from './parts.ts';
import { rerank } from './rerank.ts';
import { scriptOf, type Script } from './script.ts';

export interface MockTransportOptions {
  /** The formats in which the mock is spoken to. */
  chat: ChatProtocol;
  embeddings: EmbeddingProtocol;
  reranking: RerankProtocol;
  clock?: Clock;
}

const maxBodyBytes = 64 * 1024 * 1024;
/** After so many parts with content a stream breaks that is to break. */
const partsBeforeFailure = 3;

/** A provider without a network: it reads the request as a vendor would, and answers in the vendor's bytes. */
export const createMockTransport =
  ({ chat, embeddings, reranking, clock = systemClock }: MockTransportOptions): Transport =>
  async (request) => {
    const body = await readBody(request);
    const model = typeof body['model'] === 'string' ? body['model'] : '';
    try {
      const script = scriptOf(model, request.options);
      await hold(script, clock, request.signal);
      if (script.failure) throw script.failure;
      const { pathname } = new URL(request.url);
      if (pathname.endsWith('/rerank')) {
        const result = rerank(reranking.request.fromWire(body));
        return whole(200, reranking.response.toWire(result, { model, newId: (prefix) => `${prefix}mock` }));
      }
      if (pathname.endsWith('/embeddings')) {
        const asked = embeddings.request.fromWire(body);
        return whole(200, embeddings.response.toWire(embed(asked, script), { model, encodingFormat: asked.encodingFormat ?? 'float' }));
      }
      return chatAnswer(body, model, script);
    } catch (error) {
      if (!SluiceError.is(error) || request.signal?.aborted) throw error;
      const { status, body: told } = chat.errors.toWire(error);
      return whole(status, told);
    }

    function chatAnswer(wire: JsonObject, name: string, script: Script): TransportResponse {
      const asked = chat.request.fromWire(wire);
      const writing: FromResultContext = { model: name, request: asked, newId: (prefix) => `${prefix}mock`, now: () => clock.now() };
      const result = script.body
        ? chat.response.fromWire({ object: 'chat.completion', model: name, ...script.body })
        : answer(asked, script);
      if (asked.stream) return streamed(partsOf(result), script, writing);
      if (script.streamFailure) throw script.streamFailure;
      return whole(200, script.body ? { object: 'chat.completion', model: name, ...script.body } : chat.response.toWire(result, writing));
    }

    function streamed(parts: readonly StreamPart[], script: Script, writing: FromResultContext): TransportResponse {
      const encoder = chat.stream.encoder(writing);
      let at = 0;
      let sent = 0;
      const next = async (): Promise<Uint8Array | undefined> => {
        for (;;) {
          const part = parts[at++];
          if (!part) return undefined;
          if (script.streamFailure && sent >= partsBeforeFailure) {
            at = parts.length;
            return bytesOf(chat.errors.toEvents(script.streamFailure));
          }
          const events = encoder.push(part);
          if (events.length === 0) continue;
          sent++;
          if (script.pieceDelayMs > 0) await clock.sleep(script.pieceDelayMs, request.signal);
          request.signal?.throwIfAborted();
          return bytesOf(events);
        }
      };
      return response(200, 'text/event-stream', next, () => (at = parts.length));
    }
  };

const readBody = async ({ body }: TransportRequest): Promise<JsonObject> => JSON.parse(await bodyText(body, maxBodyBytes)) as JsonObject;

const hold = async ({ hangs, delayMs }: Script, clock: Clock, signal: CancelSignal | undefined): Promise<void> => {
  signal?.throwIfAborted();
  if (delayMs > 0) await clock.sleep(delayMs, signal);
  // A timer cannot wait longer; whoever calls without any deadline gets an error after all.
  if (hangs) {
    await clock.sleep(2 ** 31 - 1, signal);
    throw new SluiceError('timeout', 'This is a mock Timeout.', { provider: 'mock' });
  }
};

const encoder = new TextEncoder();
const bytesOf = (events: readonly WireEvent[]): Uint8Array => encoder.encode(events.map(formatSse).join(''));

const whole = (status: number, body: JsonObject): TransportResponse => {
  let rest: Uint8Array | undefined = encoder.encode(JSON.stringify(body));
  const next = () => {
    const bytes = rest;
    rest = undefined;
    return Promise.resolve(bytes);
  };
  return response(status, 'application/json', next, () => (rest = undefined));
};

const response = (status: number, type: string, next: () => Promise<Uint8Array | undefined>, drop: () => void): TransportResponse => ({
  status,
  headers: new Headers({ 'content-type': type, 'x-request-id': 'req-mock' }),
  read: next,
  async bytes(maxBytes) {
    const pieces: Uint8Array[] = [];
    let length = 0;
    for (let piece = await next(); piece; piece = await next()) {
      length += piece.length;
      if (length > maxBytes)
        throw new SluiceError('invalid_response', `The mock's answer is larger than ${maxBytes} bytes.`, { retry: false });
      pieces.push(piece);
    }
    const all = new Uint8Array(length);
    let at = 0;
    for (const piece of pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    return all;
  },
  cancel: drop,
});
