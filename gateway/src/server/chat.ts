import {
  exchange,
  openaiResponses,
  respond,
  SluiceError,
  type Answer,
  type ChatCall,
  type JsonObject,
  type ResponseMemory,
  type StreamAnswer,
  type WholeAnswer,
} from 'sluice/kit';
import { nameOf, runCall } from '../pipeline/call.ts';
import { govern } from '../pipeline/governance/govern.ts';
import type { Asked, Make } from '../pipeline/call-state.ts';
import { CallContent } from '../pipeline/content.ts';
import { Drain } from '../pipeline/metering/drain.ts';
import { callerOf } from '../pipeline/model-rights.ts';
import { overheadOf } from '../pipeline/record.ts';
import { coalesceKey, mayShare } from '../pipeline/coalesce/index.ts';
import { routeByContent } from '../pipeline/route-by-content.ts';
import { sharedAnswer } from '../pipeline/shared-answer.ts';
import { asksInBackground, noteBackground } from './background.ts';
import type { ChatDoor } from './chat-doors.ts';
import { overridden, type ClientRequest } from './client-request.ts';
import { askedElsewhere, conversationOf } from './conversation.ts';
import type { Handling } from './handling.ts';
import { modelOf, readGatewayMembers, withoutTaken } from './gateway-members.ts';
import { mayHoldIds, openIds } from './resources/sealed-ids.ts';
import { parseText, type JsonBody } from './body.ts';
import { streamResponse } from './stream-response.ts';

/**
 * Answers one chat request, whole or streamed, in the format of its door, or of the one that its body belongs to.
 * @throws SluiceError before the answer has begun
 */
export const handleChat =
  (doors: ChatDoor | ((body: JsonObject) => ChatDoor), atOnce?: (handling: Handling, request: ClientRequest) => Response | undefined) =>
  async (handling: Handling): Promise<Response> => {
    const { request, state, transport } = handling;
    const { text, json, deployment } = withOwnIds(await handling.json());
    const door = typeof doors === 'function' ? doors(json) : doors;
    const { format } = door;
    const asked = readGatewayMembers(json, request.headers, handling.vendor ?? format.id);
    const mine = withoutTaken({ body: json, text, headers: request.headers }, asked);
    state.stream = door.streams(json);
    state.model = modelOf(handling.model, json);
    state.ignored = asked.ignored;
    if (state.books && state.live.snapshot.spend.storeContents) state.content = new CallContent(text);
    const known = atOnce?.(handling, mine);
    if (known) return known;

    const framing = door.framing(handling.query);
    const { body, text: own, headers, path } = door.enter(mine, { model: handling.model, stream: state.stream });
    const conversation = format === openaiResponses ? conversationOf(body, handling) : undefined;
    // Members are set, and not spread into another object: each call does it.
    const whole: Asked = asked;
    if (deployment !== undefined) whole.deploymentId = deployment;
    whole.mayHedge = true;
    whole.said = {
      body: asked.said.body,
      theirs: asked.said.theirs,
      length: text.length,
      homeDeploymentId: conversation?.homeDeploymentId,
      encryptedByDeploymentId: conversation?.encryptedByDeploymentId,
    };
    /** Those that were asked for in the background, by the client or by a fallback's own members. */
    let behind: WeakSet<Answer> | undefined;
    const making =
      (memory: ResponseMemory): Make<Answer> =>
      (target, context, overrides) => {
        const sent = overridden(body, own, overrides);
        const call: ChatCall = {
          format,
          body: sent.body,
          text: sent.text,
          headers,
          path,
          stream: state.stream,
          framing: framing.wire,
          target,
        };
        const made = format === openaiResponses ? respond(call, context, memory) : exchange(call, context);
        if (!asksInBackground(sent.body)) return made;
        return made.then((answer) => {
          (behind ??= new WeakSet()).add(answer);
          return answer;
        });
      };
    const make = making(handling.responses);
    let copied = false;
    if (state.live.autoRouting) await routeByContent(state, whole, json, handling);
    const makeOne: Make<Answer> = (target, context, overrides) => {
      const shadow = state.deployment?.silentModel;
      // What a provider keeps cannot go on elsewhere; what is kept here is read for a copy, and nothing of it is kept.
      if (shadow !== undefined && !copied && !conversation?.homeDeploymentId && !conversation?.isLost) {
        copied = true;
        handling.mirror.send({
          of: state,
          model: shadow,
          transport,
          asked: whole,
          make: making(readOnly(handling.responses)),
        });
      }
      const answer = make(target, context, overrides);
      return conversation?.isLost ? answer.catch((cause: unknown) => Promise.reject(askedElsewhere(cause, state))) : answer;
    };
    const { coalescer } = state.live;
    // Who shares another call's answer makes none of its own, and must be let in all the same.
    if (coalescer && state.model) {
      nameOf(state, state.model, whole);
      await govern(state, state.model, whole);
    }
    const { disconnectDrainMs } = state.live.snapshot.streaming;
    // Who shares an answer leaves it to the others.
    const drain = disconnectDrainMs === undefined || coalescer ? undefined : new Drain(state.signal, state.live, disconnectDrainMs);
    const isOwn = asked.fallbacks?.targets?.some(({ overrides }) => asksInBackground(overrides)) === true;
    const answering =
      coalescer && !isOwn && mayShare({ format, body, ...(path && { path }) })
        ? sharedAnswer({
            coalescer,
            state,
            key: coalesceKey({
              caller: callerOf(state.principal),
              path: request.url,
              format: `${format.id} ${framing.wire ?? ''}`,
              headers: request.headers,
              text,
            }),
            make: (signal) => runCall(state, transport, { ...whole, signal }, makeOne),
            errorEvents: (error) => format.errors.toEvents(error),
          })
        : runCall(state, transport, drain ? { ...whole, signal: drain.signal } : whole, makeOne);
    // Of other formats no request can name an answer later.
    const mayGoOn = isOwn || format === openaiResponses || asksInBackground(body);
    const pending = mayGoOn ? answering.then((answer) => noteBackground(handling, answer, behind?.has(answer) === true)) : answering;
    if (!state.stream) {
      const answer = (await (drain ? pending.finally(() => drain.over()) : pending)) as WholeAnswer;
      // Nobody is there to have it: it is known what it cost.
      if (drain?.left) throw leftBehind();
      return wholeResponse(handling, door.leave?.(answer) ?? answer);
    }

    return streamResponse({
      framing,
      answer: (drain ? pending.then((answer) => drain.kept(answer as StreamAnswer)) : pending) as Promise<StreamAnswer>,
      ...state.live.snapshot.streaming,
      headers: () => {
        state.overheadMs = overheadOf(state, state.clock());
        return handling.headers();
      },
      errorEvents: (error) => format.errors.toEvents(error),
      saw: state.content && ((bytes) => state.content?.add(bytes)),
      cancel: () => handling.cancel(),
      ended: (_, failure) => {
        if (drain?.left) void drain.finish(pending).then(() => handling.ended(200, leftBehind()));
        else handling.ended(200, failure);
      },
    });
  };

const leftBehind = (): SluiceError => new SluiceError('client_closed_request', 'The client closed the connection.');

const readOnly = (memory: ResponseMemory): ResponseMemory => ({ get: (id) => memory.get(id), set() {}, delete() {} });

/** A request that names files of ours by the providers' own ids, and whose they are. */
const withOwnIds = (body: JsonBody): JsonBody & { deployment?: string | undefined } => {
  if (!mayHoldIds(body.text)) return body;
  const { text, deployment } = openIds(body.text);
  return deployment === undefined ? body : { ...parseText(text), deployment };
};

/** A whole answer as it goes out. */
export const wholeResponse = (handling: Handling, answer: { body: Uint8Array | string }): Response => {
  const { state } = handling;
  state.overheadMs = overheadOf(state, state.clock());
  const headers = handling.headers();
  headers['content-type'] = 'application/json; charset=utf-8';
  state.content?.add(answer.body);
  const response = new Response(answer.body as string, { headers });
  handling.ended(200, undefined);
  return response;
};
