import { breathe, isLong } from '../lib/breathe.ts';
import { dropPath } from '../lib/drop-path.ts';
import { replaceMember } from '../lib/replace-member.ts';
import { spliceTopLevel } from '../lib/splice.ts';
import { anthropicMessages, openaiChat, upstreamProtocolOf } from '../protocols/index.ts';
import { sealedMark } from '../protocols/shared/seal.ts';
import { chooseSpeaks, credentialHeaders, mustRewrite, upstreamUrl, withhold, withholdBetas } from '../providers/index.ts';
import {
  SluiceError,
  type ChatProtocol,
  type ChatRequest,
  type DecodeHints,
  type Dropped,
  type Endpoint,
  type Framing,
  type JsonObject,
  type ProtocolId,
  type Speaks,
  type Target,
  type ToWireContext,
  type UpstreamProtocol,
} from '../types/index.ts';
import type { CallContext, ChatCall } from './call.ts';
import { inlineMedia, inlineSources, type FetchUrl, type MediaKind } from './inline-media.ts';
import { addHeaders, addOwnHeaders, forwarded } from './headers.ts';
import { factsOf } from './target-facts.ts';

/** A call made ready for the wire. */
export interface Prepared {
  endpoint: Endpoint;
  protocol: UpstreamProtocol;
  /** How a stream of the provider lies on the wire. */
  framing: Framing;
  /** The client's format is the provider's. */
  same: boolean;
  url: string;
  host: string;
  headers: Record<string, string>;
  text: string;
  hints?: DecodeHints;
  dropped: Dropped[];
  /** The stream counts what its client has not asked to be counted. */
  asksUsage?: boolean;
  /** The request in the neutral model; read when first needed. */
  request: () => ChatRequest;
}

/**
 * Turns a client's request into the provider's: untouched but for the model's name where both speak the same format
 * and nothing in it needs rewriting, else translated. At once, but for providers that have to fetch something first.
 * @throws SluiceError `invalid_request`, `unsupported_parameter`, `authentication` (no key)
 */
export const prepare = (call: ChatCall, context: Asked): Prepared | Promise<Prepared> => {
  // All that follows asks for the URL, which may hang on what is looked up here.
  const pending = call.target.provider.ready?.(call.target);
  return pending ? pending.then(() => prepareReady(call, context)) : prepareReady(call, context);
};

const prepareReady = (call: ChatCall, context: Asked): Prepared | Promise<Prepared> => {
  const { fetchUrl } = context;
  const wanted = fetchUrl && filesWanted(call);
  if (fetchUrl && wanted) return prepareFilled(call, { ...context, fetchUrl }, wanted);
  return isLong(call.text) ? prepareInTurns(call, context) : prepareNow(call, context);
};

/** A long request that has to be translated is read in one turn of the event loop and written in another. */
const prepareInTurns = async (call: ChatCall, context: Asked): Promise<Prepared> => {
  if (planOf(call.target, call.format, call.stream).same) return prepareNow(call, context);
  await breathe();
  const read = neutralOf(call);
  await breathe();
  return prepareNow(call, context, read);
};

/**
 * What is wanted of the files that a call names by URL: nothing where its target may be told their names; else kinds of
 * parts, or sources, as Anthropic's format calls them, in a body that goes on as it is.
 */
const filesWanted = (call: ChatCall): readonly MediaKind[] | 'sources' | undefined => {
  const { speaks, protocol, same } = planOf(call.target, call.format, call.stream);
  const sources = speaks.takes?.sources;
  const insideOnly = sources !== undefined && !sources.includes('url');
  // A format without a place for URLs has none in what came in it.
  if (same ? !insideOnly : !insideOnly && !protocol.inlineMedia) return undefined;
  if (!/https?:\/\//i.test(call.text ?? JSON.stringify(call.body))) return undefined;
  return same ? 'sources' : (protocol.inlineMedia ?? ['image', 'file']);
};

/** A request whose files have to be fetched first. */
const prepareFilled = async (
  call: ChatCall,
  context: Asked & { fetchUrl: FetchUrl },
  wanted: readonly MediaKind[] | 'sources',
): Promise<Prepared> => {
  const { fetchUrl, signal, dropParams } = context;
  const fetching = { fetchUrl, signal, mayMiss: dropParams ?? call.target.dropParams ?? false };
  if (wanted === 'sources') {
    const body = await inlineSources(call.body, fetching);
    if (body === call.body) return prepareNow(call, context);
    const { text: _text, ...rest } = call;
    return prepareNow({ ...rest, body }, context);
  }
  if (isLong(call.text)) await breathe();
  const read = await inlineMedia(neutralOf(call), wanted, fetching);
  if (isLong(call.text)) await breathe();
  return prepareNow(call, context, read);
};

const neutralOf = ({ format, body, path, target }: ChatCall): ChatRequest => withDefaults(format.request.fromWire(body, path), target);

type Asked = Pick<CallContext, 'dropParams' | 'forwardHeaders' | 'fetchUrl' | 'signal' | 'asksUsage'>;

/** @param read the request in the neutral model, where it has been read already */
const prepareNow = (
  asked: ChatCall,
  { dropParams, forwardHeaders, asksUsage }: Asked,
  read?: ChatRequest,
): Prepared | Promise<Prepared> => {
  const { format, target } = asked;
  const { endpoint, speaks, protocol, framing, same, url, host, headers: fixed } = planOf(target, format, asked.stream);
  const { takes } = speaks;
  const dropped: Dropped[] = [];
  const own = target.provider.heldMembers ? withoutHeld(asked, target.provider.heldMembers, dropped) : asked;
  const context = toWireContext(own, dropParams, dropped);

  // What the deployment holds for itself is not in what was read.
  let neutral = own === asked ? read : undefined;
  const request = () => (neutral ??= neutralOf(own));

  const untouched = same && !needsRewrite(own, context);
  const counted = asksUsage === true && untouched && !context.quirks.noStreamOptions && countsUnasked(own);
  const call = counted ? withUsageAsked(own) : own;
  const wire = untouched ? undefined : protocol.request.toWire(request(), context);

  const headers: Record<string, string> = { ...forwarded(forwardHeaders, protocol), ...fixed };
  if (call.headers) addOwnHeaders(headers, call.headers, same ? protocol : { passHeaders: speaks.passHeaders?.(target.model) });
  if (wire?.headers) addHeaders(headers, wire.headers);
  if (takes) withholdBetas(headers, takes, context);
  if (target.headers) addHeaders(headers, target.headers);
  const given = wire?.body ?? call.body;
  const members = dialectOf(speaks, target, call.stream, headers, given);

  const kept = takes ? withhold(given, takes, context) : given;
  const extra = extraOf(target, members);
  const text = wire ? finish({ ...kept, ...members }, call, extra) : passOn(call, kept, members, extra, protocol, context);
  const credentials = credentialHeaders(target, { method: 'POST', url, body: text, headers });
  const prepared: Prepared = { endpoint, protocol, framing, same, url, host, headers, text, hints: wire?.hints, dropped, request };
  if (counted) prepared.asksUsage = true;
  if (credentials instanceof Promise) return credentials.then((signed) => withHeaders(prepared, signed));
  return withHeaders(prepared, credentials);
};

/** Formats whose streams say what they used only where they are asked to. */
const countingWhenAsked: ReadonlySet<string> = new Set([openaiChat.id, 'openai-completions']);

const countsUnasked = ({ format, stream, body }: ChatCall): boolean => {
  if (!stream || !countingWhenAsked.has(format.id)) return false;
  const options = body['stream_options'];
  return options === undefined || options === null || (isObject(options) && options['include_usage'] !== true);
};

const withUsageAsked = (call: ChatCall): ChatCall => {
  const given = call.body['stream_options'];
  const options = { ...(isObject(given) && given), include_usage: true };
  return {
    ...call,
    body: { ...call.body, stream_options: options },
    ...(call.text !== undefined && { text: spliceTopLevel(call.text, { stream_options: JSON.stringify(options) }) }),
  };
};

const withHeaders = (prepared: Prepared, more: Readonly<Record<string, string>>): Prepared => {
  Object.assign(prepared.headers, more);
  return prepared;
};

/** The call without what its deployment has set for good. */
const withoutHeld = (call: ChatCall, held: readonly string[], dropped: Dropped[]): ChatCall => {
  const { defaults, extraBody } = call.target;
  const taken = held.filter((name) => name in call.body && (defaults?.[name] ?? extraBody?.[name] ?? null) !== null);
  if (taken.length === 0) return call;
  for (const what of taken) dropped.push({ what, why: "the deployment's own holds" });
  const { text: _text, ...rest } = call;
  return { ...rest, body: Object.fromEntries(Object.entries(call.body).filter(([name]) => !taken.includes(name))) };
};

/** What the deployment adds to every body, but for what the endpoint has no place for there. */
const extraOf = ({ extraBody }: Target, members: Readonly<Record<string, unknown>> | undefined): Target['extraBody'] => {
  if (!extraBody || !members) return extraBody;
  return Object.fromEntries(Object.entries(extraBody).filter(([name]) => !(name in members && members[name] === undefined)));
};

/** What the endpoint wants set in, or left out of, every body. Takes headers away that it does not want, and adds those that it does. */
export const dialectOf = (
  { dialect }: Speaks,
  { model, defaults, extraBody, options }: Target,
  stream: boolean,
  headers: Record<string, string>,
  body: JsonObject,
): Readonly<Record<string, unknown>> | undefined => {
  if (!dialect) return undefined;
  const {
    members,
    withoutHeaders = [],
    headers: more,
  } = dialect({
    model,
    stream,
    headers,
    body: { ...defaults, ...body, ...extraBody },
    ...(options && { options }),
  });
  for (const name of withoutHeaders) delete headers[name];
  Object.assign(headers, more);
  return members;
};

/** What is the same for every call of a format to a target. */
interface Plan {
  endpoint: Endpoint;
  speaks: Speaks;
  protocol: UpstreamProtocol;
  framing: Framing;
  same: boolean;
  url: string;
  host: string;
  headers: Readonly<Record<string, string>>;
}

/** Targets live as long as a configuration, and a call should not work out again what its last one did. */
const plans = new WeakMap<Target, Map<string, Plan>>();

const planOf = (target: Target, format: ChatProtocol, stream: boolean): Plan => {
  let ofTarget = plans.get(target);
  if (!ofTarget) plans.set(target, (ofTarget = new Map()));
  const key = stream ? `${format.id} streamed` : format.id;
  let plan = ofTarget.get(key);
  if (!plan) ofTarget.set(key, (plan = makePlan(target, format, stream)));
  return plan;
};

const makePlan = (target: Target, format: ChatProtocol, stream: boolean): Plan => {
  const { endpoint, speaks, same } = chooseSpeaks(target.provider, target.model, format.id, target.prefer);
  const protocol = upstreamProtocolOf(speaks.protocol);
  const url = upstreamUrl(target, speaks, stream);
  const framing = speaks.framing ?? protocol.framing;
  const accept = stream ? streamTypes[framing] : 'application/json';
  return {
    endpoint,
    speaks,
    protocol,
    framing,
    same,
    url,
    host: new URL(url).host,
    headers: { 'content-type': 'application/json', accept, ...target.provider.headers },
  };
};

const streamTypes: Readonly<Record<Framing, string>> = {
  sse: 'text/event-stream',
  ndjson: 'application/x-ndjson, application/json',
  'aws-event-stream': 'application/vnd.amazon.eventstream',
  'aws-payload': 'application/vnd.amazon.eventstream',
};

export const toWireContext = (
  call: { format: { id: ProtocolId }; target: Target; body: JsonObject },
  dropParams: boolean | undefined,
  dropped: Dropped[],
): ToWireContext => {
  const { target, format } = call;
  const { traits, quirks } = factsOf(target);
  // What the request itself says goes before what its deployment is set to.
  const mayDrop = dropParams ?? target.dropParams ?? false;
  return {
    model: target.model,
    provider: target.provider.id,
    from: format.id,
    traits,
    quirks,
    ...(target.options && { options: target.options }),
    dropParams: mayDrop,
    drop: (what, why) => void dropped.push({ what, why }),
    lacks(parameter, why) {
      if (target.allowParams?.includes(parameter)) return;
      const reason = why ?? `${target.provider.label} (${target.model}) does not take it`;
      if (!mayDrop) {
        throw new SluiceError(
          'unsupported_parameter',
          `'${parameter}' is not supported: ${reason}. Leave it out, or set drop_params (SDK: dropParams) to have it dropped.`,
          {
            param: parameter,
            provider: target.provider.id,
            model: target.model,
          },
        );
      }
      dropped.push({ what: parameter, why: reason });
    },
  };
};

/** Whether a request of the provider's own format still has something in it that this vendor refuses. */
const needsRewrite = ({ body, text, format, target }: ChatCall, { quirks, traits: model }: ToWireContext): boolean => {
  // Whether Claude may think depends on the conversation and the limit of the answer.
  if (format.id === anthropicMessages.id && thinkingDefaults.some((name) => target.defaults?.[name] !== undefined)) return true;
  // A text sealed for a foreign format must not reach any provider (see protocols/shared/seal.ts).
  if ((text ?? JSON.stringify(body)).includes(sealedMark)) return true;
  if (format.request.mustRewrite?.(body, model)) return true;
  return format.id === openaiChat.id && mustRewrite(body, quirks);
};

const thinkingDefaults = ['reasoning', 'reasoning_effort', 'thinking'] as const;

/** Members that hold other members, each a default of its own. */
const containers: ReadonlySet<string> = new Set(['additionalModelRequestFields', 'generationConfig', 'inferenceConfig', 'options']);

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

const hasMembers = (object: object): boolean => {
  for (const _ in object) return true;
  return false;
};

/** The client's own text with only what must change changed. */
const passOn = (
  call: ChatCall,
  kept: JsonObject,
  dialect: Readonly<Record<string, unknown>> | undefined,
  extra: Target['extraBody'],
  protocol: UpstreamProtocol,
  context: ToWireContext,
): string => {
  const { body, target } = call;
  const text = call.text ?? JSON.stringify(body);
  const changes: Record<string, unknown> = {};
  const defaults = defaultMembers(target, protocol, context);
  for (const name in defaults) {
    const [given, value] = [body[name], defaults[name]];
    if (given === undefined) changes[name] = value;
    else if (containers.has(name) && isObject(given) && isObject(value)) changes[name] = { ...value, ...given };
  }
  for (const name in dialect) {
    const [before, value] = [changes[name], dialect[name]];
    changes[name] = containers.has(name) && isObject(before) && isObject(value) ? { ...before, ...value } : value;
  }
  Object.assign(changes, extra);
  const alone = !hasMembers(changes);
  if ('model' in body && !('model' in changes)) changes['model'] = target.model;
  if (kept !== body || target.alwaysDrop?.length) return finish({ ...kept, ...changes }, call, extra);
  if (alone) {
    if (body['model'] === target.model || !('model' in body)) return text;
    const replaced = replaceMember(text, 'model', body['model'], JSON.stringify(target.model));
    if (replaced !== undefined) return replaced;
  }
  const members: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(changes)) members[name] = JSON.stringify(value);
  return spliceTopLevel(text, members);
};

/** The deployment's defaults, which are in OpenAI's spelling, in the protocol's. */
const defaultMembers = (target: Target, protocol: UpstreamProtocol, context: ToWireContext): JsonObject | undefined => {
  const defaults = target.defaults;
  if (!defaults || !hasMembers(defaults)) return undefined;
  if (protocol.id === openaiChat.id) return { ...defaults };
  const {
    model: _model,
    messages: _messages,
    input: _input,
    contents: _contents,
    ...members
  } = protocol.request.toWire(openaiChat.request.fromWire({ model: target.model, messages: [], ...defaults }), {
    ...context,
    from: openaiChat.id,
    // Not the client's words, so that it is not refused for them.
    lacks: (name, why = 'the provider does not take it') => context.drop(name, why),
  }).body;
  return members;
};

const withDefaults = (request: ChatRequest, target: Target): ChatRequest => {
  const defaults = target.defaults;
  if (!defaults || !hasMembers(defaults)) return request;
  const {
    messages: _messages,
    model: _model,
    stream: _stream,
    unknown,
    ...given
  } = openaiChat.request.fromWire({
    model: target.model,
    messages: [],
    ...defaults,
  });
  const merged: ChatRequest = { ...request, unknown: { ...unknown, ...request.unknown } };
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined && merged[name as keyof ChatRequest] === undefined) Object.assign(merged, { [name]: value });
  }
  return merged;
};

/** The last touches of a body that was made here. */
const finish = (made: JsonObject, { body, target }: ChatCall, extra: Target['extraBody']): string => {
  const result: JsonObject = { ...made, ...extra };
  for (const name of target.allowParams ?? []) if (body[name] !== undefined && result[name] === undefined) result[name] = body[name];
  return JSON.stringify((target.alwaysDrop ?? []).reduce(dropPath, result));
};
