import {
  createAnswerTap,
  credentialHeaders,
  credentialsRefused,
  relayUrl,
  SluiceError,
  type BodySource,
  type CallFacts,
  type Deadlines,
  type Target,
  type TransportRequest,
  type TransportResponse,
} from 'sluice/kit';
import { presentedKey } from '../../access/presented-key.ts';
import type { Handling } from '../handling.ts';
import { relayedHeaders } from './relay-headers.ts';
import { withoutKey, withQuery } from './relay-query.ts';
import { relayAnswer } from './relay-answer.ts';
import type { RelayBody } from './relay-request.ts';
import { RelayClock } from './relay-clock.ts';

export interface RelayCall {
  target: Target;
  /** In front of the path at the gateway. */
  prefix: string;
  /** Behind it, as it goes to the provider. */
  path: string;
  body: RelayBody;
  deadlines: Deadlines;
  /** All of the client's headers go on, or those alone that describe the body. */
  allHeaders: boolean;
  defaultQuery?: Readonly<Record<string, string>>;
  costUsd?: number;
  /** Upstream's name of the model, where the request says it. */
  model: string | undefined;
}

/** Sends a request on and its answer back. @throws SluiceError before the answer has begun */
export const relayCall = async (handling: Handling, call: RelayCall): Promise<Response> => {
  const { state, request } = handling;
  const { target } = call;
  const { provider } = target;
  state.attempts++;
  const clock = new RelayClock(call.deadlines, state.signal);
  let response: TransportResponse | undefined;
  try {
    await provider.ready?.(target);
    const keyHeader = state.live.snapshot.access.keyHeaderName;
    const presented = presentedOrNone(request.headers, handling.query, keyHeader);
    const base = relayUrl(target, call.path === '' ? '/' : call.path);
    const url = withQuery(base, withoutKey(handling.query, presented), call.defaultQuery);
    const headers = { ...relayedHeaders(request.headers, keyHeader, call.allHeaders), ...provider.headers, ...target.headers };
    const sentAt = state.clock();
    response = await send(handling, call, { url, headers, clock });
    const facts: CallFacts = {
      provider: provider.id,
      model: call.model ?? '',
      protocol: 'pass-through',
      same: true,
      host: new URL(url).host,
      status: response.status,
      headers: response.headers,
      dropped: [],
      sentAt,
      headersAt: state.clock(),
    };
    const tap = createAnswerTap({ contentType: response.headers.get('content-type') });
    return relayAnswer(handling, { response, facts, tap, clock, url, base, prefix: call.prefix, path: call.path, costUsd: call.costUsd });
  } catch (cause) {
    clock.stop();
    response?.cancel();
    throw SluiceError.from(cause).with({ provider: provider.id, ...(call.model !== undefined && { model: call.model }) });
  }
};

/** A signature in place of a key is no key; whoever came so far had one, or needed none. */
const presentedOrNone = (headers: Headers, query: string, keyHeader: string | undefined): string | undefined => {
  try {
    return presentedKey(headers, query, keyHeader);
  } catch {
    return undefined;
  }
};

interface Sending {
  url: string;
  headers: Record<string, string>;
  clock: RelayClock;
}

const send = async (handling: Handling, call: RelayCall, sending: Sending): Promise<TransportResponse> => {
  const { target, body } = call;
  const first = await sendOnce(handling, call, sending);
  // What was fetched for the target (a token) may have grown old: once more with another.
  const refused = (first.response.status === 401 || first.response.status === 403) && body.kind !== 'source';
  if (!refused || !credentialsRefused(target, first.sent)) return first.response;
  first.response.cancel();
  return (await sendOnce(handling, call, sending)).response;
};

const sendOnce = async (
  { request, transport }: Handling,
  { target, body, deadlines }: RelayCall,
  { url, headers, clock }: Sending,
): Promise<{ response: TransportResponse; sent: Record<string, string> }> => {
  const method = request.method as TransportRequest['method'];
  const text = body.kind === 'text' ? body.text : '';
  const sent: Record<string, string> = { ...headers, ...(await credentialHeaders(target, { method, url, body: text, headers })) };
  if (clock.aborted) throw SluiceError.from(clock.reason);
  let content: string | BodySource | undefined = body.kind === 'text' ? text : undefined;
  if (body.kind === 'source') content = body.open(() => clock.awaitHead());
  clock.awaitHead();
  const response = await transport({
    method,
    url,
    headers: sent,
    ...(content !== undefined && { body: content }),
    signal: clock,
    connectTimeoutMs: deadlines.connectTimeoutMs,
    ...(target.options && { options: target.options }),
  });
  clock.rest();
  return { response, sent };
};
