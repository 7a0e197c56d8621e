import {
  anthropicMessages,
  bedrockConverse,
  bedrockInvoke,
  cohereChat,
  gemini,
  ollamaChat,
  ollamaGenerate,
  openaiChat,
  openaiCompletions,
  openaiResponses,
  type ChatCall,
  type ChatProtocol,
  type JsonObject,
  type WholeAnswer,
} from 'sluice/kit';
import { invokeMembers, openClaudeEnvelope } from './claude-envelope.ts';
import { withMembers, type ClientRequest } from './client-request.ts';
import type { ClientFraming } from './framing/client-framing.ts';
import { eventStreamFraming, invokeFraming } from './framing/event-stream.ts';
import { jsonArrayFraming } from './framing/json-array.ts';
import { ndjsonFraming } from './framing/ndjson.ts';
import { sseFraming } from './framing/sse.ts';
import { wholeToolCallsFraming } from './framing/whole-tool-calls.ts';
import { fromMistral, toMistral } from './mistral-dialect.ts';
import type { RouteName } from './routes.ts';

/** How a chat route is gone through: what its clients say, and how they are answered. */
export interface ChatDoor {
  format: ChatProtocol;
  /** Whether the answer is to be streamed, where the path does not say it. */
  streams(body: JsonObject): boolean;
  /** @param query the URL's, without its question mark */
  framing(query: string): ClientFraming;
  /**
   * The request as one of the format, given what the path says of it.
   * @throws SluiceError `invalid_request`
   */
  enter(request: ClientRequest, path: { model: string | undefined; stream: boolean }): ClientRequest & Pick<ChatCall, 'path'>;
  /** A whole answer as these clients want it, where they are stricter than the format. */
  leave?(answer: WholeAnswer): Pick<WholeAnswer, 'body'>;
}

const asksFor = (body: JsonObject): boolean => body['stream'] === true;
const always = (): boolean => true;
const never = (): boolean => false;
const sse = (): ClientFraming => sseFraming;
const eventStream = (): ClientFraming => eventStreamFraming;
const invoke = (): ClientFraming => invokeFraming;

/** A format whose body says all; a model in the path (Azure's deployments) goes into it. */
const inBody = (format: ChatProtocol): ChatDoor => ({
  format,
  streams: asksFor,
  framing: sse,
  enter: (request, { model }) => (model === undefined ? request : withMembers(request, { model })),
});

/** Ollama streams unless it is told not to. */
const ollama = (format: ChatProtocol): ChatDoor => ({
  ...inBody(format),
  streams: (body) => body['stream'] !== false,
  framing: () => ndjsonFraming,
});

/** Model and streaming are in the path, and stay there. */
const inPath = (format: ChatProtocol, streams: () => boolean, framing: ChatDoor['framing']): ChatDoor => ({
  format,
  streams,
  framing,
  enter: (request, { model, stream }) => ({ ...request, path: { ...(model !== undefined && { model }), stream } }),
});

const claude = (streams: () => boolean, framing: ChatDoor['framing']): ChatDoor => ({
  format: anthropicMessages,
  streams,
  framing,
  enter: (request, { model = '', stream }) => openClaudeEnvelope(request, { model, stream }),
});

const geminiFraming = (query: string): ClientFraming => (new URLSearchParams(query).get('alt') === 'sse' ? sseFraming : jsonArrayFraming());

/** Each chat route. */
export const chatDoors = {
  chat: inBody(openaiChat),
  completions: inBody(openaiCompletions),
  responses: inBody(openaiResponses),
  messages: inBody(anthropicMessages),
  raw_predict: claude(never, sse),
  stream_raw_predict: claude(always, sse),
  generate_content: inPath(gemini, never, sse),
  stream_generate_content: inPath(gemini, always, geminiFraming),
  cohere_chat: inBody(cohereChat),
  converse: inPath(bedrockConverse, never, eventStream),
  converse_stream: inPath(bedrockConverse, always, eventStream),
  invoke: claude(never, invoke),
  invoke_stream: claude(always, invoke),
  ollama_chat: ollama(ollamaChat),
  ollama_generate: ollama(ollamaGenerate),
} as const satisfies Partial<Record<RouteName, ChatDoor>>;

export type ChatRoute = keyof typeof chatDoors;

/** InvokeModel with a body that is not Claude's: it goes on as it came. */
const otherInvoke = (streams: () => boolean): ChatDoor => ({
  format: bedrockInvoke,
  streams,
  framing: eventStream,
  enter: (request, { model, stream }) => ({
    ...withMembers(request, invokeMembers(request.headers)),
    path: { ...(model !== undefined && { model }), stream },
  }),
});

/** The door for a body at InvokeModel: every body of Claude's there says its version. */
const byBody =
  (claudes: ChatDoor, others: ChatDoor) =>
  (body: JsonObject): ChatDoor =>
    'anthropic_version' in body ? claudes : others;

export const invokeDoors = {
  invoke: byBody(chatDoors.invoke, otherInvoke(never)),
  invoke_stream: byBody(chatDoors.invoke_stream, otherInvoke(always)),
} as const;

/** OpenAI's chat for Mistral's SDK. */
export const mistralDoor: ChatDoor = {
  ...inBody(openaiChat),
  framing: wholeToolCallsFraming,
  enter: (request) => fromMistral(request),
  leave: toMistral,
};

/**
 * Cursor's agent: a request as for Responses, sent where chat completions are, whose answer it wants
 * (https://docs.litellm.ai/docs/proxy/cursor, read 2026-11-22). A format of its own, so that nothing goes on as it came.
 */
const cursorFormat: ChatProtocol = { ...openaiChat, id: 'cursor-chat', request: openaiResponses.request };

export const cursorDoor = (body: JsonObject): ChatDoor => (body['messages'] === undefined ? inBody(cursorFormat) : chatDoors.chat);
