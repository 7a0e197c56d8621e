import { formatSse } from '../../lib/sse.ts';
import { cohereRerank, openaiChat, openaiEmbeddings } from '../../protocols/index.ts';
import { createCollector } from '../../protocols/shared/collect.ts';
import { newId } from '../../lib/ids.ts';
import { bodyText } from '../../transport/body-source.ts';
import { abortSignalOf } from '../../transport/canceller.ts';
import {
  Secret,
  SluiceError,
  type JsonObject,
  type StreamPart,
  type TransportRequest,
  type TransportResponse,
  type WireEvent,
} from '../../types/index.ts';
import type { ChatPiece, FunctionChatRequest, FunctionContext, ProviderDefinition } from './definition.ts';
import { piecesOf, PieceWriter } from './pieces.ts';
import type { FunctionName } from './index.ts';

const maxBodyBytes = 256 * 1024 * 1024;
const encoder = new TextEncoder();

/** Answers a request by the definition's own function, as a vendor of OpenAI's format would answer it. */
export const answerByFunction = async (
  name: FunctionName,
  definition: ProviderDefinition,
  request: TransportRequest,
  baseUrl: string | undefined,
): Promise<TransportResponse> => {
  const leaving = new AbortController();
  const signal = request.signal ? AbortSignal.any([abortSignalOf(request.signal), leaving.signal]) : leaving.signal;
  const body = JSON.parse(await bodyText(request.body, maxBodyBytes)) as JsonObject;
  const model = String(body['model']);
  const { authorization, ...headers } = request.headers;
  delete headers['content-type'];
  const key = /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
  const context: FunctionContext = {
    model,
    ...(key !== undefined && { apiKey: new Secret(key) }),
    ...(baseUrl !== undefined && { baseUrl }),
    headers,
    options: request.options ?? {},
    signal,
  };
  try {
    const answer = await answers[name](definition, body, context);
    return {
      ...answer,
      // A reader that leaves a stream cancels what the function waits for, as a closed connection would.
      cancel() {
        leaving.abort(new SluiceError('client_closed_request', 'Nobody reads the answer any more.', { provider: definition.id }));
        answer.cancel();
      },
    };
  } catch (cause) {
    throw failure(cause, definition, signal);
  }
};

/** What a function threw. Ours goes on; the rest is the provider's failure, and said to be. */
const failure = (cause: unknown, { id, label }: ProviderDefinition, signal: AbortSignal): unknown => {
  if (signal.aborted) return signal.reason;
  if (SluiceError.is(cause)) return cause;
  const words = cause instanceof Error ? cause.message : String(cause);
  return new SluiceError('bad_gateway', `${label ?? id} failed: ${words}`, { cause, provider: id });
};

type Answers = {
  [K in FunctionName]: (definition: ProviderDefinition, body: JsonObject, context: FunctionContext) => Promise<TransportResponse>;
};

const answers: Answers = {
  async chat(definition, body, context) {
    const pieces = piecesOf(definition.chat!(body as unknown as FunctionChatRequest, context));
    const writing = { model: context.model, request: openaiChat.request.fromWire(body), newId, now: Date.now };
    if (body['stream'] === true) return streamed(pieces, openaiChat.stream.encoder(writing), definition, context);
    const collector = createCollector();
    const writer = new PieceWriter((part) => collector.push(part), context.model);
    for await (const piece of pieces) writer.push(piece);
    writer.end();
    return whole(openaiChat.response.toWire(collector.result(), writing));
  },

  async embeddings(definition, body, context) {
    const { input, dimensions, encodingFormat } = openaiEmbeddings.request.fromWire(body);
    const asked = { model: context.model, input, ...(dimensions !== undefined && { dimensions }) };
    const { embeddings, usage } = await definition.embeddings!(asked, context);
    const result = { model: context.model, embeddings, ...(usage && { usage }) };
    return whole(openaiEmbeddings.response.toWire(result, { model: context.model, encodingFormat: encodingFormat ?? 'float' }));
  },

  async rerank(definition, body, context) {
    const result = await definition.rerank!(cohereRerank.request.fromWire(body), context);
    return whole(cohereRerank.response.toWire(result, { model: context.model, newId }));
  },
};

/** Pulled piece by piece: a slow client slows the function, and leaving ends it. */
const streamed = (
  pieces: AsyncGenerator<string | ChatPiece>,
  writing: { push(part: StreamPart): readonly WireEvent[] },
  definition: ProviderDefinition,
  { model, signal }: FunctionContext,
): TransportResponse => {
  let text = '';
  let ended = false;
  const writer = new PieceWriter((part) => {
    for (const event of writing.push(part)) text += formatSse(event);
  }, model);
  const next = async (): Promise<Uint8Array | undefined> => {
    try {
      while (text === '' && !ended) {
        const { done, value } = await pieces.next();
        if (done) {
          ended = true;
          writer.end();
        } else writer.push(value);
      }
    } catch (cause) {
      throw failure(cause, definition, signal);
    }
    if (text === '') return undefined;
    const bytes = encoder.encode(text);
    text = '';
    return bytes;
  };
  return response('text/event-stream', next, () => {
    ended = true;
    text = '';
    // The generator's own `finally` runs; what it throws there is of no use to anybody.
    pieces.return(undefined).catch(() => {});
  });
};

const whole = (body: JsonObject): TransportResponse => {
  let rest: Uint8Array | undefined = encoder.encode(JSON.stringify(body));
  const next = (): Promise<Uint8Array | undefined> => {
    const bytes = rest;
    rest = undefined;
    return Promise.resolve(bytes);
  };
  return response('application/json', next, () => (rest = undefined));
};

const response = (type: string, read: () => Promise<Uint8Array | undefined>, drop: () => void): TransportResponse => ({
  status: 200,
  headers: new Headers({ 'content-type': type }),
  read,
  async bytes(maxBytes) {
    const pieces: Uint8Array[] = [];
    let length = 0;
    for (let piece = await read(); piece; piece = await read()) {
      length += piece.length;
      if (length > maxBytes) throw new SluiceError('invalid_response', `The answer is longer than ${maxBytes} bytes.`);
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
