import { createNdjsonParser } from '../../sdk/src/lib/ndjson.ts';
import { createSseParser, formatSse } from '../../sdk/src/lib/sse.ts';
import { protocolOf } from '../../sdk/src/protocols/index.ts';
import {
  SluiceError,
  type ChatProtocol,
  type ChatRequest,
  type FromResultContext,
  type ToWireContext,
  type WireRequest,
} from '../../sdk/src/types/index.ts';
import { cut, hash } from './chunks.ts';
import { parseJson } from './read/events.ts';
import { obj, type Obj } from './read/reading.ts';
import { nameOf, responseText, type Recording } from './recordings.ts';
import type { ReplayAnswer, ReplayCall, Sluice } from './sluice.ts';
import { placeOf } from './wire-formats.ts';

/*
 * The protocols without what stands around them: no HTTP, no pass-through, no router. For finding out whether a miss
 * is theirs (`SLUICE_REPLAY=protocols`).
 */

const contextOf = (model: string, from: string): ToWireContext => ({
  model,
  provider: 'recorded',
  from,
  traits: {},
  quirks: {},
  dropParams: true,
  drop: () => {},
  lacks: () => {},
});

/** A client's request in a provider's format. @throws SluiceError */
export const translateRequest = (from: string, to: string, body: Obj, model: string): WireRequest =>
  protocolOf(to).request.toWire(protocolOf(from).request.fromWire(body), contextOf(model, from));

const jsonAnswer = (status: number, body: Obj): ReplayAnswer => ({
  status,
  headers: new Headers({ 'content-type': 'application/json' }),
  bytes: new TextEncoder().encode(JSON.stringify(body)),
});

const writingContext = (request: ChatRequest): FromResultContext => {
  let ids = 0;
  return { model: request.model, request, newId: (prefix) => `${prefix}${++ids}`, now: () => 1_700_000_000_000 };
};

const streamed = (
  client: ChatProtocol,
  provider: ChatProtocol,
  recording: Recording,
  request: ChatRequest,
  wire: WireRequest,
): ReplayAnswer => {
  const decoder = provider.stream.decoder(wire.hints);
  const encoder = client.stream.encoder(writingContext(request));
  let text = '';
  const emit: Parameters<typeof decoder.push>[1] = (part) => {
    for (const event of encoder.push(part)) text += formatSse(event);
  };
  const parser =
    provider.framing === 'ndjson'
      ? createNdjsonParser((data) => decoder.push({ data }, emit))
      : createSseParser((event) => decoder.push(event, emit));
  for (const piece of cut(recording.responseBytes, hash(nameOf(recording)))) parser.push(piece);
  parser.close();
  decoder.close(emit);
  return { status: 200, headers: new Headers({ 'content-type': 'text/event-stream' }), bytes: new TextEncoder().encode(text) };
};

const answerTo = ({ recording, client: format, request: build, stream }: ReplayCall): ReplayAnswer => {
  const place = placeOf(recording);
  if (!place) throw new Error(`not a chat call: ${nameOf(recording)}`);
  const client = protocolOf(format);
  const provider = protocolOf(place.format);
  try {
    const request = client.request.fromWire(build(recording.model), { model: recording.model, stream });
    const wire = provider.request.toWire(request, contextOf(recording.model, format));
    const { status } = recording;
    if (status > 299)
      throw provider.errors.fromWire({ status, headers: new Headers(recording.responseHeaders), body: responseText(recording) });
    if (stream) return streamed(client, provider, recording, request, wire);
    const result = provider.response.fromWire(obj(parseJson(responseText(recording))), wire.hints);
    return jsonAnswer(200, client.response.toWire(result, writingContext(request)));
  } catch (cause) {
    if (!SluiceError.is(cause)) throw cause;
    const { status, body } = client.errors.toWire(cause);
    return jsonAnswer(status, body);
  }
};

export const protocolsAlone = (): Sluice => ({
  through: 'protocols',
  call: async (call) => ({ answer: answerTo(call), received: undefined }),
  stop: async () => {},
});
