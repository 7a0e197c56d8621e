import {
  protocolOf,
  type ChatRequest,
  type ChatResult,
  type JsonObject,
  type StreamPart,
  type Transport,
  type TransportRequest,
  type WireEvent,
} from 'sluice/kit';
import { createCollector, explode } from '../../sdk/src/protocols/shared/collect.ts';
import type { CancelSignal, Framing } from '../../sdk/src/types/index.ts';
import { formatEventStream, formatEventStreamChunk, formatPayloadPart } from '../../sdk/src/lib/aws-event-stream.ts';
import { formatSse } from '../../sdk/src/lib/sse.ts';
import { doubles, type Double } from './doubles.ts';

/** What the fake provider was sent, read by its own protocol. */
export interface Seen {
  url: string;
  headers: Record<string, string>;
  body: JsonObject;
  request: ChatRequest;
  stream: boolean;
}

export interface FakeUpstream {
  transport: Transport;
  seen: Seen[];
  /** Every request's signal, to see that leaving reaches the provider. */
  signals: CancelSignal[];
}

export type Reply = ChatResult | { status: number; headers?: Record<string, string>; body: unknown } | 'hang';

const encoder = new TextEncoder();

/** Who plays the vendor: its format where clients speak it too, else a double of its own. */
export const vendorOf = (protocolId: string): Double => doubles[protocolId] ?? protocolOf(protocolId);

/**
 * A provider that reads requests and writes answers by the protocol it is given: what it understood is the proof of what
 * was sent. Streams are cut into pieces of `pieceBytes`.
 */
export const createFakeUpstream = (protocolId: string, reply: (seen: Seen) => Reply, pieceBytes = 17): FakeUpstream => {
  const protocol = vendorOf(protocolId);
  const seen: Seen[] = [];
  const signals: CancelSignal[] = [];

  const transport: Transport = async ({ url, headers, body, signal }: TransportRequest) => {
    const json = JSON.parse(String(body)) as JsonObject;
    const stream = url.includes('stream') || json['stream'] === true;
    const found = /(?:models?|endpoints)\/([^/:]+)[:/]/.exec(url)?.[1];
    const model = found === undefined ? undefined : decodeURIComponent(found);
    // These have the model in the body, and clouds take it from there to the address.
    const whole = model !== undefined && inBody.has(protocolId) ? { model, ...json } : json;
    const one: Seen = { url, headers, body: json, request: protocol.request.fromWire(whole, { stream, ...(model && { model }) }), stream };
    seen.push(one);
    if (signal) signals.push(signal);
    const answer = reply(one);
    if (answer === 'hang') {
      return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
    }
    if ('status' in answer) {
      const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
      return responseOf(answer.status, { 'content-type': 'application/json', ...answer.headers }, [encoder.encode(text)]);
    }
    const writing = {
      model: one.request.model,
      request: one.request,
      newId: (prefix: string) => `${prefix}fake`,
      now: () => 1_700_000_000_000,
    };
    if (!stream)
      return responseOf(200, { 'content-type': 'application/json' }, [
        encoder.encode(JSON.stringify(protocol.response.toWire(answer, writing))),
      ]);
    const events = protocol.stream.encoder({ ...writing, request: { ...one.request, includeUsage: true } });
    // Claude's events on Bedrock lie in messages of their own.
    const framing = url.includes('invoke-with-response-stream')
      ? 'chunks'
      : url.includes('invocations-response-stream')
        ? 'aws-payload'
        : protocol.framing;
    const { type, frame } = framings[framing];
    const framed: Uint8Array[] = [];
    explode(answer, (part: StreamPart) => {
      for (const event of events.push(part)) framed.push(frame(event));
    });
    const bytes = Buffer.concat(framed);
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += pieceBytes) pieces.push(bytes.subarray(at, at + pieceBytes));
    return responseOf(200, { 'content-type': type }, pieces);
  };
  return { transport, seen, signals };
};

const inBody: ReadonlySet<string> = new Set(['anthropic-messages', 'openai-chat']);

/** How streams lie on the wire. */
const framings: Readonly<Record<Framing | 'chunks', { type: string; frame: (event: WireEvent) => Uint8Array }>> = {
  sse: { type: 'text/event-stream', frame: (event) => encoder.encode(formatSse(event)) },
  ndjson: { type: 'application/x-ndjson', frame: ({ data }) => encoder.encode(`${data}\n`) },
  'aws-event-stream': { type: 'application/vnd.amazon.eventstream', frame: formatEventStream },
  'aws-payload': { type: 'application/vnd.amazon.eventstream', frame: (event) => formatPayloadPart(encoder.encode(formatSse(event))) },
  chunks: { type: 'application/vnd.amazon.eventstream', frame: ({ data }) => formatEventStreamChunk(data) },
};

const responseOf = (status: number, headers: Record<string, string>, pieces: Uint8Array[]) => ({
  status,
  headers: new Headers(headers),
  read: async () => pieces.shift(),
  bytes: async () => {
    const all = Buffer.concat(pieces);
    pieces.length = 0;
    return new Uint8Array(all);
  },
  cancel: () => void (pieces.length = 0),
});

/** A client's stream, read by the client's own format. */
export const collectStream = (formatId: string, text: string): ChatResult => {
  const protocol = protocolOf(formatId);
  const collector = createCollector();
  const decoder = protocol.stream.decoder();
  for (const block of text.split('\n\n')) {
    const data = block
      .split('\n')
      .filter((line) => line.startsWith('data: '))
      .map((line) => line.slice(6))
      .join('\n');
    const event = /^event: (.*)$/m.exec(block)?.[1];
    if (data !== '') decoder.push(event === undefined ? { data } : { event, data }, collector.push);
  }
  decoder.close(collector.push);
  return collector.result();
};
