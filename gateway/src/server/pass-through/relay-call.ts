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
import { estimateInput } from '../../pipeline/estimate-input.ts';
import { demandMeterable } from '../../pipeline/metering/relayed.ts';
import { addSending, failed, noticed, type Sending } from '../../pipeline/metering/sending.ts';
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
  demandMeterable(state, {
    method: request.method,
    path: call.path.split('?')[0]!,
    provider: provider.id,
    model: call.model,
    mayGoOn: mayGoOn(call),
    costUsd: call.costUsd,
  });
  state.inputTokens = () => promptOf(call.body);
  state.attempts++;
  const sending = addSending(state, state.deployment, call.model ?? '', provider.id);
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
    response = await send(handling, call, { url, headers, clock, sending });
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
    sending.facts = facts;
    sending.taken = true;
    const tap = createAnswerTap({ contentType: response.headers.get('content-type') });
    return relayAnswer(handling, { response, facts, tap, clock, url, base, prefix: call.prefix, path: call.path, costUsd: call.costUsd });
  } catch (cause) {
    clock.stop();
    response?.cancel();
    const error = SluiceError.from(cause).with({ provider: provider.id, ...(call.model !== undefined && { model: call.model }) });
    return failed(sending, error);
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

/** About how long a prompt is whose answer counts nothing. Bytes that go by are not looked into. */
const promptOf = (body: RelayBody): number => (body.kind === 'text' && body.json ? estimateInput(body.json, 0) : 0);

/** What may be asked to go on in the background. */
const goesOn = /(?:responses|interactions)\/*$/i;

/** Of what goes on behind its answer nobody sees what it used (FP-4). What cannot be read may ask for it. */
const mayGoOn = ({ body, path }: RelayCall): boolean => {
  if (body.kind === 'none') return false;
  if (body.kind === 'text' && body.json) return ![undefined, null, false].includes(body.json['background'] as null);
  return goesOn.test(decoded(path.split('?')[0]!));
};

const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
};

interface Outgoing {
  url: string;
  headers: Record<string, string>;
  clock: RelayClock;
  sending: Sending;
}

const send = async (handling: Handling, call: RelayCall, outgoing: Outgoing): Promise<TransportResponse> => {
  const { target, body } = call;
  const first = await sendOnce(handling, call, outgoing);
  // What was fetched for the target (a token) may have grown old: once more with another.
  const refused = (first.response.status === 401 || first.response.status === 403) && body.kind !== 'source';
  if (!refused || !credentialsRefused(target, first.sent)) return first.response;
  first.response.cancel();
  return (await sendOnce(handling, call, outgoing)).response;
};

const sendOnce = async (
  { request, transport }: Handling,
  { target, body, deadlines }: RelayCall,
  { url, headers, clock, sending }: Outgoing,
): Promise<{ response: TransportResponse; sent: Record<string, string> }> => {
  const method = request.method as TransportRequest['method'];
  const text = body.kind === 'text' ? body.text : '';
  const sent: Record<string, string> = { ...headers, ...(await credentialHeaders(target, { method, url, body: text, headers })) };
  if (clock.aborted) throw SluiceError.from(clock.reason);
  let content: string | BodySource | undefined = body.kind === 'text' ? text : undefined;
  if (body.kind === 'source') content = body.open(() => clock.awaitHead());
  clock.awaitHead();
  const response = await noticed(
    transport,
    sending,
  )({
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
