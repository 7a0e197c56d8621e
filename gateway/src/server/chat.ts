import {
  anthropicMessages,
  exchange,
  gemini,
  openaiChat,
  openaiCompletions,
  openaiResponses,
  spliceTopLevel,
  type ChatProtocol,
  respond,
  type JsonObject,
  type StreamAnswer,
  type WholeAnswer,
} from 'sluice/kit';
import { overheadOf, runCall } from '../pipeline/call.ts';
import type { Handling } from './handling.ts';
import { modelOf, readGatewayMembers, type GatewayMembers } from './gateway-members.ts';
import type { RouteName } from './routes.ts';
import { jsonArrayFraming, sseFraming, sseResponse } from './sse-response.ts';

/** The client's format of each chat route. */
export const chatFormats: Readonly<Partial<Record<RouteName, ChatProtocol>>> = {
  chat: openaiChat,
  completions: openaiCompletions,
  responses: openaiResponses,
  messages: anthropicMessages,
  generate_content: gemini,
  stream_generate_content: gemini,
};

/** Answers one chat request, whole or streamed, in the format of its route. @throws SluiceError before the answer has begun */
export const handleChat = async (handling: Handling): Promise<Response> => {
  const { request, route, format, state, transport } = handling;
  const { text, json } = await handling.json();
  const asked = readGatewayMembers(json, request.headers);
  const body = without(json, asked);
  // In Gemini's format the path says both; elsewhere a path may name the model and the body the streaming.
  const path = handling.model === undefined ? undefined : { model: handling.model, stream: route === 'stream_generate_content' };
  state.stream = format === gemini ? route === 'stream_generate_content' : body['stream'] === true;
  state.model = modelOf(handling.model, body);
  state.ignored = asked.ignored;

  const call = {
    format,
    body,
    text: asked.taken.length === 0 ? text : spliceTopLevel(text, Object.fromEntries(asked.taken.map((name) => [name, undefined]))),
    headers: request.headers,
    stream: state.stream,
    ...(path && { path }),
  };
  const pending = runCall(state, transport, asked, (target, context) =>
    format === openaiResponses ? respond({ ...call, target }, context, handling.responses) : exchange({ ...call, target }, context),
  );

  if (!state.stream) {
    return wholeResponse(handling, (await pending) as WholeAnswer);
  }
  const framing = route === 'stream_generate_content' && !wantsSse(handling.query) ? jsonArrayFraming() : sseFraming;
  return sseResponse({
    framing,
    answer: pending as Promise<StreamAnswer>,
    ...state.live.snapshot.streaming,
    headers: () => {
      state.overheadMs = overheadOf(state, state.clock());
      return handling.headers();
    },
    errorEvents: (error) => format.errors.toEvents(error),
    cancel: handling.cancel,
    ended: (_, failure) => handling.ended(200, failure),
  });
};

/** A whole answer as it goes out. */
export const wholeResponse = ({ state, headers, ended }: Handling, answer: { body: Uint8Array | string }): Response => {
  state.overheadMs = overheadOf(state, state.clock());
  const made = headers();
  made['content-type'] = 'application/json; charset=utf-8';
  const response = new Response(answer.body as string, { headers: made });
  ended(200, undefined);
  return response;
};

const without = (body: JsonObject, { taken }: GatewayMembers): JsonObject => {
  if (taken.length === 0) return body;
  const rest = { ...body };
  for (const name of taken) delete rest[name];
  return rest;
};

const wantsSse = (query: string): boolean => new URLSearchParams(query).get('alt') === 'sse';
