import { systemEnv } from '../lib/env.ts';
import { createSseParser } from '../lib/sse.ts';
import { providers, targetOf, withProviders } from '../providers/index.ts';
import { createRouter, type AnswerEnd, type Deployment, type FallbackTarget, type RunOptions, type Try } from '../router/index.ts';
import { createFetchTransport } from '../transport/fetch-transport.ts';
import {
  SluiceError,
  totalInputTokens,
  totalOutputTokens,
  type ChatProtocol,
  type JsonObject,
  type PathFacts,
  type Target,
  type WireEvent,
} from '../types/index.ts';
import type { Answer, CallContext, CallFacts, Resume, StreamAnswer } from './call.ts';
import { exchange } from './exchange.ts';
import { keyOrder, noteKeyFailure } from './key-rotation.ts';
import type { CallOptions } from './options.ts';
import { asTargets, coreOf, refuseModelOptions } from './routed.ts';

/** Targets of a call: one a key. @throws SluiceError `not_found` for a model of no known provider */
const targetsOf = (model: string, options: CallOptions): Deployment<Target>[] => {
  const { apiKey, baseUrl, apiVersion, customProvider, providerOptions, headers, dropParams, allowParams, mockResponse } = options;
  const env = options.env ?? systemEnv();
  const registry = options.providers ? withProviders(providers, options.providers) : providers;
  const keys: readonly (string | undefined)[] = typeof apiKey === 'object' ? apiKey : [apiKey];
  const order = typeof apiKey === 'object' ? keyOrder(apiKey, Date.now()) : [0];
  return keys.map((key, at) => ({
    id: String(at),
    name: model,
    model,
    order: order.indexOf(at),
    payload: targetOf(
      {
        model,
        ...(key !== undefined && { apiKey: key }),
        ...(baseUrl !== undefined && { baseUrl }),
        ...(apiVersion !== undefined && { apiVersion }),
        ...(customProvider !== undefined && { provider: customProvider }),
        ...(headers && { headers }),
        ...(dropParams !== undefined && { dropParams }),
        ...(allowParams && { allowParams }),
        options: { ...providerOptions, ...(mockResponse !== undefined && { mock_response: mockResponse }) },
      },
      { providers: registry, env },
    ),
  }));
};

/** How the router is told that an answer is over which goes on. */
const answersOver = new WeakMap<object, (end: AnswerEnd) => void>();

/** To be called when an answer is over that was not whole. */
export const answerOver = (answer: object & { facts?: CallFacts }, error?: unknown): void => {
  answersOver.get(answer)?.(endOf(answer.facts, error));
  answersOver.delete(answer);
};

const endOf = (facts: CallFacts | undefined, error?: unknown): AnswerEnd => {
  const usage = (facts?.legs?.at(-1) ?? facts)?.usage;
  return {
    ...(SluiceError.is(error) && { error }),
    ...(usage && { inputTokens: totalInputTokens(usage), outputTokens: totalOutputTokens(usage) }),
  };
};

/** Makes a call to one target. @param overrides members that a fallback sets in the request's body */
type Make<T> = (target: Target, context: CallContext, overrides: JsonObject | undefined) => Promise<T>;

/** Makes a call of any kind with the options' keys, retries, fallbacks and deadlines. @throws SluiceError */
export const invoke = async <T extends object>(model: unknown, options: CallOptions, make: Make<T>): Promise<T> => {
  if (typeof model !== 'string' || model === '') {
    throw new SluiceError('invalid_request', "'model' must be a string such as 'openai/gpt-4o'.", { param: 'model' });
  }
  const { apiKey, signal, maxRetries, route, router: routed, fallbacks } = options;
  if (routed) refuseModelOptions({ ...options });
  const config = routed?.config;
  const transport = options.transport ?? config?.transport ?? createFetchTransport(options.fetch ?? config?.fetch);
  const timeoutMs = options.timeoutMs ?? config?.timeoutMs;
  const deadlines = { ...config?.deadlines, ...options.deadlines };
  const startedAt = Date.now();
  const context = (one: Try<Target>): CallContext => ({
    transport,
    deadlines: { ...deadlines, ...(timeoutMs !== undefined && { timeoutMs: Math.max(1, startedAt + timeoutMs - Date.now()) }) },
    ...((one.signal ?? signal) && { signal: one.signal ?? signal! }),
    ...(routed && options.dropParams !== undefined && { dropParams: options.dropParams }),
    ...(routed && options.headers && { forwardHeaders: options.headers }),
  });
  const targets = fallbacks && asTargets(fallbacks);
  const core = routed ? coreOf(routed) : createRouter({ deployments: deploymentsOf(model, options, targets) });
  /** Who gave which answer. */
  const ids = new WeakMap<object, string>();
  const attemptOf =
    <A extends object>(makeOne: Make<A>, resume?: Resume) =>
    async (one: Try<Target>): Promise<A> => {
      const { payload: target, id } = one.deployment;
      try {
        const answer = await makeOne(
          one.model === target.model || !routed ? target : { ...target, model: one.model },
          { ...context(one), ...(resume && { resume }) },
          one.overrides,
        );
        ids.set(answer, id);
        if ('cancel' in answer) answersOver.set(answer, one.goesOn());
        else one.tell(endOf((answer as { facts?: CallFacts }).facts));
        return answer;
      } catch (error) {
        if (typeof apiKey === 'object' && one.reason !== 'fallback' && SluiceError.is(error))
          noteKeyFailure(apiKey, Number(id), error, Date.now());
        throw error;
      }
    };
  const runOptions: RunOptions = {
    ...(maxRetries !== undefined && { numRetries: maxRetries }),
    ...(signal && { signal }),
    ...(timeoutMs !== undefined && { deadline: startedAt + timeoutMs }),
    ...(options.timeoutMs !== undefined && { ownFailures: 'timeouts' }),
    ...(route && { request: route }),
    ...(targets && { fallbacks: { targets } }),
    discard(loser) {
      (loser as { cancel?(): void }).cancel?.();
      answerOver(loser as object);
    },
  };
  if (!config?.midStreamFallback) return core.run(model, attemptOf(make), runOptions);

  let answer: T;
  const used: string[] = [];
  const resume: Resume = async (makeNext, broken) => {
    if (used.length === 0) used.push(ids.get(answer)!);
    answerOver(answer, broken);
    const next = await core.run(model, attemptOf(makeNext), { ...runOptions, exclude: used, reason: 'resume', noHedging: true });
    const where = ids.get(next)!;
    used.push(where);
    // Who reads them reads one answer, whose end is that of the last.
    const over = answersOver.get(next);
    if (over) answersOver.set(answer, over);
    return { answer: next, where };
  };
  answer = await core.run(model, attemptOf(make, resume), runOptions);
  return answer;
};

/** Those of the model itself, one a key; and one each for what is asked instead, to which nothing of these goes. */
const deploymentsOf = (model: string, options: CallOptions, fallbacks: readonly FallbackTarget[] = []): Deployment<Target>[] => {
  const names = [...new Set(fallbacks.map(({ name }) => name))].filter((name) => name !== model);
  const {
    apiKey: _key,
    baseUrl: _url,
    apiVersion: _version,
    customProvider: _provider,
    headers: _headers,
    providerOptions: _options,
    ...rest
  } = options;
  const others = names.flatMap((name) => targetsOf(name, rest).map((each) => ({ ...each, id: name })));
  return [...targetsOf(model, options), ...others];
};

/** A chat call in one of the formats: the whole answer, or its events as they come. */
export const invokeChat = async (
  format: ChatProtocol,
  { model, body, stream, path }: { model: unknown; body: JsonObject; stream: boolean; path?: PathFacts },
  options: CallOptions,
  call: typeof exchange = exchange,
): Promise<JsonObject | AsyncIterable<JsonObject>> => {
  const answer: Answer = await invoke(model, options, (target, context, overrides) =>
    call({ format, body: overrides ? { ...body, ...overrides } : body, stream, target, ...(path && { path }) }, context),
  );
  return answer.kind === 'whole' ? answer.json() : eventsOf(answer, format);
};

/** The events of a stream as objects. Leaving the loop cancels the call. @throws SluiceError when the stream fails */
async function* eventsOf(answer: StreamAnswer, format: ChatProtocol): AsyncGenerator<JsonObject> {
  let events: JsonObject[] = [];
  const take = ({ data }: WireEvent) => {
    if (data !== '[DONE]') events.push(JSON.parse(data) as JsonObject);
  };
  const tap = format.stream.tap();
  const parser = createSseParser((event) => {
    tap.push(event);
    take(event);
  });
  let whole = false;
  try {
    for (;;) {
      const chunk = await answer.read();
      // The failure is thrown, and not also handed over as an event of the format.
      if (answer.failure) throw answer.failure;
      if (chunk === undefined) break;
      if (chunk instanceof Uint8Array) {
        parser.push(chunk);
        // An error that the provider sent inside the stream.
        if (tap.error) throw tap.error;
      } else chunk.forEach(take);
      const ready = events;
      events = [];
      yield* ready;
    }
    whole = true;
  } finally {
    if (!whole) answer.cancel();
    answerOver(answer, answer.failure);
  }
}
