import {
  anthropicMessages,
  Canceller,
  cohereRerank,
  credentialHeaders,
  embed,
  exchange,
  openaiCompletions,
  openaiEmbeddings,
  operate,
  relayUrl,
  rerank,
  SluiceError,
  type CallContext,
  type CallFacts,
  type CancelSignal,
  type JsonObject,
  type Target,
  type Transport,
} from 'sluice/kit';
import type { Deployment } from '../config/snapshot.ts';
import type { CheckedUrl } from '../upstream/guard/index.ts';
import { pinnedTo, type ClientSide } from './client-side.ts';
import { guarded } from './guarded-transport.ts';
import type { Live } from './live.ts';

/** What was asked of a deployment: a small paid or free call, or only whether its provider answers and knows the key. */
export type ProbeKind = 'call' | 'connection';

/** How a probe went. */
export interface ProbeOutcome {
  readonly kind: ProbeKind;
  /** Absent: it succeeded. */
  readonly error?: SluiceError;
  /** Of a call, for its bill. */
  readonly facts?: CallFacts;
}

/**
 * The longest output that a probe asks for, in tokens. The first is the least that OpenAI's and Azure's newer models take
 * (LiteLLM's default since litellm#30708); models that think before they answer may use all of it up and call that an
 * error (litellm#26987), so they are asked again with room for their thoughts.
 */
const outputLimits = [16, 4096] as const;

/** A provider's refusal for the output's limit, in the words of OpenAI, Azure, Anthropic and those that follow them. */
const aboutLimit = /max[ _-]?(?:completion|output|new)?[ _-]?tokens|output limit|budget_tokens/i;

/** LiteLLM's default (`HEALTH_CHECK_TIMEOUT_SECONDS`; its docs, read 2026-11-22). */
const defaultTimeoutMs = 60_000;
const maxAnswerBytes = 1024 * 1024;

/** How it is asked, where not as it is configured. */
export interface ProbeWays {
  readonly signal?: CancelSignal;
  /** An address and a key of the request's. */
  readonly own?: ClientSide;
  /** The address, judged. */
  readonly elsewhere?: CheckedUrl | undefined;
}

/** Asks a deployment something small. Never rejects. */
export type Probe = (live: Live, deployment: Deployment, ways?: ProbeWays) => Promise<ProbeOutcome>;

/**
 * @param usual how providers are reached
 * @param now Unix milliseconds
 */
export const createProbe = (usual: Transport, now: () => number): Probe => {
  /** The limit that a deployment's model took, where it was not the first. Goes with its configuration. */
  const limits = new WeakMap<Deployment, number>();

  const chat = async (format: typeof anthropicMessages | typeof openaiCompletions, to: To): Promise<CallFacts> => {
    const { deployment, target, context } = to;
    const fixed = deployment.healthCheck?.maxTokens ?? limits.get(deployment);
    const ask = async (limit: number): Promise<CallFacts> => {
      const body: JsonObject = { model: target.model, max_tokens: limit };
      if (format === openaiCompletions) body['prompt'] = 'Hi';
      else body['messages'] = [{ role: 'user', content: 'Hi' }];
      const { facts } = await exchange({ format, body, text: JSON.stringify(body), stream: false, target }, context);
      return facts;
    };
    if (fixed !== undefined) return ask(fixed);
    try {
      return await ask(outputLimits[0]);
    } catch (cause) {
      if (!SluiceError.is(cause) || cause.status !== 400 || !aboutLimit.test(cause.message)) throw cause;
      const facts = await ask(outputLimits[1]);
      limits.set(deployment, outputLimits[1]);
      return facts;
    }
  };

  const callOf = (to: To): (() => Promise<CallFacts>) | undefined => {
    const { deployment, target, context } = to;
    switch (deployment.mode) {
      case undefined:
      case 'chat':
      case 'responses':
        // Anthropic's format, since it is translated for most: a translated limit has the name that the model wants.
        return () => chat(anthropicMessages, to);
      case 'completion':
        return () => chat(openaiCompletions, to);
      case 'embedding':
        return async () => (await embed({ format: openaiEmbeddings, body: { model: target.model, input: ['Hi'] }, target }, context)).facts;
      case 'rerank': {
        const body = { model: target.model, query: 'Hi', documents: ['Hi'] };
        return async () => (await rerank({ format: cohereRerank, body, target }, context)).facts;
      }
      case 'moderation': {
        const body = { model: target.model, input: 'Hi' };
        const text = (members: Readonly<JsonObject>) => ({
          contentType: 'application/json',
          body: JSON.stringify({ ...body, ...members }),
        });
        return async () =>
          (await operate({ operation: 'moderation', target, known: body, request: () => body, relay: text }, context)).facts;
      }
      default:
        // A picture, a minute of speech, a search: nothing that is paid for by the piece is asked for.
        return undefined;
    }
  };

  return async (live, deployment, { signal, own, elsewhere } = {}) => {
    const transport = elsewhere ? pinnedTo(usual, elsewhere) : deployment.isolated ? guarded(usual, live.guardUrl) : usual;
    const timeoutMs = deployment.healthCheck?.timeoutMs ?? defaultTimeoutMs;
    let kind: ProbeKind = 'call';
    try {
      const model = askedModel(deployment);
      const target = live.targetOf(deployment, model ?? deployment.model, own);
      const deadlines = { connectTimeoutMs: Math.min(10_000, timeoutMs), firstTokenTimeoutMs: timeoutMs, timeoutMs };
      const context: CallContext = { transport, deadlines, now, dropParams: true, maxAnswerBytes, ...(signal && { signal }) };
      const call = model === undefined ? undefined : callOf({ deployment, target, context });
      if (call) return { kind, facts: await call() };
      kind = 'connection';
      // What answers by itself cannot be reached or not.
      if (!target.provider.transport && !deployment.mock) await connect(target, transport, timeoutMs, signal);
      return { kind };
    } catch (cause) {
      return { kind, error: SluiceError.from(cause) };
    }
  };
};

interface To {
  readonly deployment: Deployment;
  readonly target: Target;
  readonly context: CallContext;
}

/** The model that is asked; undefined: a wildcard, of which no model is known. */
const askedModel = ({ healthCheck, provider, model }: Deployment): string | undefined => {
  const asked = healthCheck?.model ?? model;
  if (asked.includes('*')) return undefined;
  return provider !== undefined && asked.startsWith(`${provider}/`) ? asked.slice(provider.length + 1) : asked;
};

/**
 * Whether a provider answers and takes the key, for free: its list of models is asked for. Whether it has one is of no
 * matter, "no such path" is an answer too.
 * @throws SluiceError
 */
const connect = async (target: Target, transport: Transport, timeoutMs: number, signal: CancelSignal | undefined): Promise<void> => {
  const { provider } = target;
  const own = provider.overNetwork?.(transport) ?? transport;
  const until = new Canceller();
  const leave = () => until.abort(signal?.reason);
  signal?.addEventListener('abort', leave);
  const timer = setTimeout(
    () => until.abort(new SluiceError('upstream_timeout', `${provider.label} did not answer within ${timeoutMs} ms.`)),
    timeoutMs,
  );
  try {
    await provider.ready?.(target);
    const url = relayUrl(target, '/models');
    const given = { ...provider.headers, ...target.headers };
    const headers = { ...given, ...(await credentialHeaders(target, { method: 'GET', url, body: '', headers: given })) };
    until.throwIfAborted();
    const connectTimeoutMs = Math.min(10_000, timeoutMs);
    const response = await own({
      method: 'GET',
      url,
      headers,
      signal: until,
      connectTimeoutMs,
      ...(target.options && { options: target.options }),
    });
    response.cancel();
    const refused = codes[response.status] ?? (response.status >= 500 ? 'unavailable' : undefined);
    if (refused) {
      const message = `${provider.label} answered ${response.status} to a look at its models.`;
      throw new SluiceError(refused, message, { status: response.status, provider: provider.id, model: target.model });
    }
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', leave);
  }
};

/** Answers that say that calls would fail as well. 403 does not: keys may be for calls alone, and not for lists. */
const codes: Readonly<Record<number, 'authentication' | 'payment_required' | 'rate_limited'>> = {
  401: 'authentication',
  402: 'payment_required',
  429: 'rate_limited',
};
