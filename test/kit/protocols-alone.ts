import { parserOf } from '../../sdk/src/client/framing.ts';
import { formatSse } from '../../sdk/src/lib/sse.ts';
import { protocolOf, upstreamProtocolOf } from '../../sdk/src/protocols/index.ts';
import { chooseSpeaks, providers, targetOf } from '../../sdk/src/providers/index.ts';
import {
  SluiceError,
  type ChatProtocol,
  type ChatRequest,
  type FromResultContext,
  type ToWireContext,
  type UpstreamProtocol,
  type WireRequest,
} from '../../sdk/src/types/index.ts';
import { cut, hash } from './chunks.ts';
import { entryOf } from './deployments.ts';
import type { ChatRecording } from './groups.ts';
import { isEventStream } from './read/event-stream.ts';
import { parseJson } from './read/events.ts';
import { obj, type Obj } from './read/reading.ts';
import { nameOf, responseText, type Recording } from './recordings.ts';
import type { Received } from './replay-upstream.ts';
import type { ReplayAnswer, ReplayCall, ReplayOutcome, Sluice, TranslateCall, TranslateOutcome } from './sluice.ts';
import type { Spec } from './specs.ts';
import { placeOf, type WireFormat } from './wire-formats.ts';

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

/** The format that a vendor's description is about. */
const formatOf: Readonly<Record<Spec, WireFormat>> = {
  openai: 'openai-chat',
  'openai-responses': 'openai-responses',
  anthropic: 'anthropic-messages',
  bedrock: 'bedrock-converse',
  cohere: 'cohere-chat',
  gemini: 'gemini',
  mistral: 'openai-chat',
  ollama: 'ollama-chat',
  openrouter: 'openai-chat',
};

const translate = ({ from, to, body, stream }: TranslateCall): TranslateOutcome => {
  try {
    const request = protocolOf(from).request.fromWire(body, { model: 'm', stream });
    return { sent: protocolOf(formatOf[to]).request.toWire(request, contextOf('m', from)).body, refusal: undefined };
  } catch (cause) {
    return { sent: undefined, refusal: String(cause) };
  }
};

const jsonAnswer = (status: number, body: Obj): ReplayAnswer => ({
  status,
  headers: new Headers({ 'content-type': 'application/json' }),
  bytes: new TextEncoder().encode(JSON.stringify(body)),
});

const writingContext = (request: ChatRequest): FromResultContext => {
  let ids = 0;
  return { model: request.model, request, newId: (prefix) => `${prefix}${++ids}`, now: () => 1_700_000_000_000 };
};

/** What a vendor's own format is hangs on the model there. */
const upstreamOf = (chat: ChatRecording): UpstreamProtocol => {
  const { format } = chat.place;
  if (format !== 'bedrock-text' && format !== 'sagemaker-text' && format !== 'writer-text') return protocolOf(format);
  const { model } = entryOf(chat, '', '').litellm_params;
  const { provider, model: name, prefer } = targetOf({ model }, { providers, env: {} });
  return upstreamProtocolOf(chooseSpeaks(provider, name, 'openai-chat', prefer).speaks.protocol);
};

const streamed = (
  client: ChatProtocol,
  provider: UpstreamProtocol,
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
  // Claude on Bedrock is framed otherwise than by its owner.
  const framing = isEventStream(recording.responseBytes) ? 'aws-event-stream' : provider.framing;
  const parser = parserOf(framing, (event) => decoder.push(event, emit));
  for (const piece of cut(recording.responseBytes, hash(nameOf(recording)))) parser.push(piece);
  parser.close();
  decoder.close(emit);
  return { status: 200, headers: new Headers({ 'content-type': 'text/event-stream' }), bytes: new TextEncoder().encode(text) };
};

const answerTo = ({ recording, client: format, request: build, stream }: ReplayCall): ReplayOutcome => {
  const place = placeOf(recording);
  if (!place) throw new Error(`not a chat call: ${nameOf(recording)}`);
  const client = protocolOf(format);
  const provider = upstreamOf({ recording, place });
  let received: Received | undefined;
  try {
    const request = client.request.fromWire(build(recording.model || 'm'), { model: recording.model || 'm', stream });
    const wire = provider.request.toWire(request, contextOf(recording.model, format));
    received = { method: 'POST', path: '', headers: new Headers(wire.headers), text: JSON.stringify(wire.body) };
    const { status } = recording;
    if (status > 299)
      throw provider.errors.fromWire({ status, headers: new Headers(recording.responseHeaders), body: responseText(recording) });
    if (stream) return { answer: streamed(client, provider, recording, request, wire), received };
    const result = provider.response.fromWire(obj(parseJson(responseText(recording))), wire.hints);
    return { answer: jsonAnswer(200, client.response.toWire(result, writingContext(request))), received };
  } catch (cause) {
    if (!SluiceError.is(cause)) throw cause;
    const { status, body } = client.errors.toWire(cause);
    return { answer: jsonAnswer(status, body), received };
  }
};

export const protocolsAlone = (): Sluice => ({
  through: 'protocols',
  call: async (call) => answerTo(call),
  translate: async (call) => translate(call),
  stop: async () => {},
});
