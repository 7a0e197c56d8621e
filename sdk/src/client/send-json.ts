import { credentialHeaders, upstreamUrl } from '../providers/index.ts';
import { CallClock, wholeDeadlines } from '../transport/deadline.ts';
import {
  SluiceError,
  type Dropped,
  type JsonObject,
  type Speaks,
  type Target,
  type TransportResponse,
  type UpstreamProtocol,
} from '../types/index.ts';
import type { CallContext, CallFacts } from './call.ts';
import { defaultMaxAnswerBytes } from './exchange.ts';
import { failureOf } from './failure.ts';
import { addHeaders, forwarded } from './headers.ts';
import { renewable } from './refused.ts';
import { parseAnswer } from './whole-answer.ts';

export interface JsonAnswer {
  json: JsonObject;
  /** The body as it came. */
  bytes: Uint8Array;
  facts: CallFacts;
}

export interface JsonCall {
  target: Target;
  speaks: Speaks;
  body: string;
  /** Reads the vendor's failures. */
  errors: UpstreamProtocol['errors'];
  dropped: Dropped[];
  /** Lists are answers too, and become `{ list: [...] }`. */
  mayBeList?: boolean | undefined;
  /** The client's, that are of the provider's format. */
  headers?: Readonly<Record<string, string>>;
}

/**
 * Sends one JSON body and reads one JSON answer: what calls other than chat need.
 * @throws SluiceError
 */
export const sendJson = async (call: JsonCall, context: CallContext): Promise<JsonAnswer> => {
  const headers: Record<string, string> = {};
  try {
    return await send(call, context, headers);
  } catch (error) {
    // Once: what is refused again is not refused for its age.
    if (renewable(error, call.target, headers)) return send(call, context, {});
    throw error;
  }
};

/** @param headers is filled with those that go out */
const send = async (
  { target, speaks, body, errors, dropped, mayBeList, headers: own }: JsonCall,
  context: CallContext,
  headers: Record<string, string>,
): Promise<JsonAnswer> => {
  const now = context.now ?? Date.now;
  const deadlines = wholeDeadlines(context.deadlines, target.deadlines);
  const pending = target.provider.ready?.(target);
  if (pending) await pending;
  const url = upstreamUrl(target, speaks, false);
  const fixed = { 'content-type': 'application/json', accept: 'application/json', ...target.provider.headers };
  Object.assign(headers, forwarded(context.forwardHeaders), fixed, own);
  if (target.headers) addHeaders(headers, target.headers);
  Object.assign(headers, await credentialHeaders(target, { method: 'POST', url, body, headers }));
  const clock = new CallClock(deadlines, context.signal);
  const sentAt = now();
  let response: TransportResponse | undefined;
  try {
    clock.throwIfAborted();
    const transport = target.provider.transport ?? context.transport;
    const { connectTimeoutMs } = deadlines;
    response = await transport({
      method: 'POST',
      url,
      headers,
      body,
      signal: clock,
      connectTimeoutMs,
      options: target.options,
    });
    const headersAt = now();
    if (response.status < 200 || response.status > 299) throw await failureOf(response, { errors }, { target }, now(), headers);
    const bytes = await response.bytes(context.maxAnswerBytes ?? defaultMaxAnswerBytes);
    const json = parseAnswer(bytes, response, mayBeList);
    const endedAt = now();
    const facts: CallFacts = {
      provider: target.provider.id,
      model: target.model,
      protocol: speaks.protocol,
      same: false,
      host: new URL(url).host,
      status: response.status,
      headers: response.headers,
      dropped,
      sentAt,
      headersAt,
      firstOutputAt: endedAt,
      endedAt,
    };
    return { json, bytes, facts };
  } catch (cause) {
    response?.cancel();
    throw SluiceError.from(cause).with({ provider: target.provider.id, model: target.model });
  } finally {
    clock.stop();
  }
};
