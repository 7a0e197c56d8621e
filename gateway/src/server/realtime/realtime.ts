import { credentialHeaders, realtimeRefusal, realtimeUrl, SluiceError, type CallFacts, type JsonObject, type Target } from 'sluice/kit';
import type { Deployment } from '../../config/snapshot.ts';
import { governRelay } from '../../pipeline/governance/govern.ts';
import { asOurs } from '../../pipeline/call.ts';
import { mayGoAnywhere, relayWishes } from '../../pipeline/relay-wishes.ts';
import type { Handling } from '../handling.ts';
import { canRelay } from '../pass-through/relay.ts';
import { withoutKey, withQuery } from '../pass-through/relay-query.ts';
import type { RealtimeDoor } from './door.ts';
import { RealtimeSession, type Connected } from './session.ts';
import type { Offered } from './subprotocols.ts';
import { usualProvider } from '../usual-provider.ts';

/** What of a client's query is said anew for the provider. */
const ownParameters: ReadonlySet<string> = new Set(['model', 'deployment', 'api-version', 'key', 'access_token']);

/**
 * The conversation that a request asks for. OpenAI's is connected before the client's side is opened, so that what the
 * provider refuses is a plain answer; Gemini's cannot be, since its first message says which model is meant.
 * @throws SluiceError
 */
export const openSession = async (
  handling: Handling,
  door: RealtimeDoor,
  offered: Offered,
  key: string | undefined,
): Promise<RealtimeSession> => {
  const { state } = handling;
  state.stream = true;
  if (door.protocol === 'gemini') return new RealtimeSession({ handling, connect: (first) => connectGemini(handling, door, first) });
  const query = new URLSearchParams(handling.query);
  const model = query.get('model') ?? query.get('deployment') ?? undefined;
  const rest = withoutKey(handling.query, key)
    .split('&')
    .filter((part) => part !== '' && !ownParameters.has(nameOf(part)))
    .join('&');
  const beta = offered.beta ?? handling.request.headers.get('openai-beta') ?? undefined;
  const connected = await connect(handling, door, model, { query: rest, headers: beta === undefined ? {} : { 'openai-beta': beta } });
  const session = new RealtimeSession({ handling, errorEvent: openaiError });
  session.attach(connected);
  return session;
};

/** A parameter's name. @throws SluiceError `invalid_request` for escapes that are none */
const nameOf = (part: string): string => {
  try {
    return decodeURIComponent((part.split('=')[0] ?? '').replaceAll('+', ' '));
  } catch (cause) {
    throw new SluiceError('invalid_request', "The address's query has a '%' that is followed by no two hexadecimal digits.", { cause });
  }
};

const openaiError = (error: SluiceError): string =>
  JSON.stringify({
    type: 'error',
    event_id: `event_${crypto.randomUUID().replaceAll('-', '')}`,
    error: {
      type: error.status >= 500 ? 'server_error' : 'invalid_request_error',
      code: error.code,
      message: error.message,
      param: null,
      event_id: null,
    },
  });

/** With the model as the provider's first message would name it. */
interface Named extends Connected {
  name: string;
}

interface Asked {
  query: string;
  headers: Record<string, string>;
}

/** One provider after another, until one opens the conversation. */
const connect = async (handling: Handling, door: RealtimeDoor, model: string | undefined, asked: Asked): Promise<Named> => {
  const { state } = handling;
  const { live } = state;
  const attempt = (target: Target, deployment?: Deployment) => {
    if (deployment) state.deployment = deployment;
    return open(handling, target, deployment, asked);
  };
  const speaks = (deployment: Deployment): boolean => {
    // Sockets go where an address says; one that is no operator's is not judged there.
    if (deployment.isolated && deployment.apiBase !== undefined) return false;
    const id = live.providerOf(deployment);
    return id !== undefined && live.providers.find(id)?.realtime?.protocol === door.protocol;
  };
  const request = relayWishes(state, handling.request.headers);
  await governRelay(state, {
    model,
    provider: door.provider?.id,
    path: new URL(handling.request.url).pathname,
    headers: handling.request.headers,
  });
  const run = { request, numRetries: 0, signal: state.signal };
  try {
    if (model !== undefined) {
      const known = live.router.match(model).some(({ deployment }) => speaks(deployment.payload));
      const elsewhere =
        !known && door.provider && canRelay({ prefix: '', path: '', to: { kind: 'provider', provider: door.provider } }, live);
      if (!elsewhere) {
        state.model = model;
        return await live.router.run(model, ({ deployment: { payload }, model: name }) => attempt(live.targetOf(payload, name), payload), {
          request,
          signal: state.signal,
          noHedging: true,
          only: ({ payload }) => speaks(payload as Deployment),
        });
      }
    }
    const provider = door.provider ?? live.relays.find(usualProvider);
    if (!provider || (model === undefined && asked.query === ''))
      throw new SluiceError('invalid_request', "'model' is missing: say which model is to answer (?model=).", { param: 'model' });
    const named = (target: Target): Target => ({ ...target, model: model ?? '' });
    const pool = live.relays.pool(provider.id);
    if (!pool) {
      mayGoAnywhere(request);
      return await attempt(named(live.relays.fromEnv(provider)));
    }
    return await pool.run(
      provider.id,
      ({ deployment: { payload } }) => {
        state.model = payload.modelName;
        return attempt(named(live.targetOf(payload, payload.model)), payload);
      },
      run,
    );
  } catch (cause) {
    throw asOurs(cause);
  }
};

const open = async (handling: Handling, target: Target, deployment: Deployment | undefined, asked: Asked): Promise<Named> => {
  const { state } = handling;
  const { live } = state;
  const { provider } = target;
  state.attempts++;
  await provider.ready?.(target);
  const url = withQuery(realtimeUrl(target), asked.query);
  const headers = { ...asked.headers, ...target.headers };
  const credentials = await credentialHeaders(target, { method: 'GET', url: url.replace(/^ws/, 'http'), body: '', headers });
  const deadlines = deployment ? live.deadlinesOf(deployment, true, {}) : live.snapshot.deadlines;
  const sentAt = state.clock();
  const sent = { ...headers, ...credentials };
  try {
    const opened = await handling.openSocket({ url, headers: sent, timeoutMs: deadlines.connectTimeoutMs, signal: state.signal });
    if ('refused' in opened) throw await realtimeRefusal(target, opened.refused, state.clock(), sent);
    const name = provider.realtime?.nameOf?.(target) ?? `models/${target.model}`;
    const facts: CallFacts = {
      provider: provider.id,
      model: target.model,
      protocol: 'realtime',
      same: true,
      host: new URL(url).host,
      status: 101,
      headers: new Headers(),
      dropped: [],
      sentAt,
      headersAt: state.clock(),
    };
    return { upstream: opened.socket, facts, maxDurationMs: deadlines.timeoutMs, name };
  } catch (cause) {
    throw SluiceError.from(cause).with({ provider: provider.id, model: target.model });
  }
};

/** `models/gemini-live`, `projects/p/locations/l/publishers/google/models/gemini-live` */
const lastName = (model: string): string => model.slice(model.lastIndexOf('/models/') + 1).replace(/^models\//, '');

const connectGemini = async (handling: Handling, door: RealtimeDoor, first: string): Promise<Connected> => {
  const said = parse(first);
  const setup = said?.['setup'];
  const given = isObject(setup) ? setup['model'] : undefined;
  if (!isObject(setup) || typeof given !== 'string')
    throw new SluiceError('invalid_request', "The first message must be 'setup', with the model's name.", { param: 'setup' });
  const connected = await connect(handling, door, lastName(given), { query: '', headers: {} });
  const { model } = connected.facts;
  // A deployment's project is its own; where there is none, a whole name says whose project it is to be.
  const whole = given.includes('/models/') && handling.state.deployment === undefined;
  const renamed = whole ? given.replace(/[^/]+$/, model) : connected.name;
  return { ...connected, first: JSON.stringify({ ...said, setup: { ...setup, model: renamed } }) };
};

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

const parse = (text: string): JsonObject | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};
