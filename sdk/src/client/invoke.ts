import { systemEnv } from '../lib/env.ts';
import { createSseParser } from '../lib/sse.ts';
import { providers, targetOf, withProviders } from '../providers/index.ts';
import { createRouter, type Deployment } from '../router/index.ts';
import { createFetchTransport } from '../transport/fetch-transport.ts';
import { SluiceError, type ChatProtocol, type JsonObject, type PathFacts, type Target, type WireEvent } from '../types/index.ts';
import type { Answer, CallContext, StreamAnswer } from './call.ts';
import { exchange } from './exchange.ts';
import { keyOrder, noteKeyFailure } from './key-rotation.ts';
import type { CallOptions } from './options.ts';

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

/** Makes a call of any kind with the options' keys, retries and deadlines. @throws SluiceError */
export const invoke = <T>(model: unknown, options: CallOptions, make: (target: Target, context: CallContext) => Promise<T>): Promise<T> => {
  if (typeof model !== 'string' || model === '') {
    throw new SluiceError('invalid_request', "'model' must be a string such as 'openai/gpt-4o'.", { param: 'model' });
  }
  const { apiKey, signal, timeoutMs, deadlines, maxRetries } = options;
  const transport = options.transport ?? createFetchTransport(options.fetch);
  const startedAt = Date.now();
  const context = (): CallContext => ({
    transport,
    deadlines: { ...deadlines, ...(timeoutMs !== undefined && { timeoutMs: Math.max(1, startedAt + timeoutMs - Date.now()) }) },
    ...(signal && { signal }),
  });
  const run = {
    ...(maxRetries !== undefined && { numRetries: maxRetries }),
    ...(signal && { signal }),
    ...(timeoutMs !== undefined && { deadline: startedAt + timeoutMs }),
  };
  const router = createRouter({ deployments: targetsOf(model, options) });
  const attempt = async ({ deployment }: { deployment: Deployment<Target> }): Promise<T> => {
    try {
      return await make(deployment.payload, context());
    } catch (error) {
      if (typeof apiKey === 'object' && SluiceError.is(error)) noteKeyFailure(apiKey, Number(deployment.id), error, Date.now());
      throw error;
    }
  };
  return router.run(model, attempt, run);
};

/** A chat call in one of the formats: the whole answer, or its events as they come. */
export const invokeChat = async (
  format: ChatProtocol,
  { model, body, stream, path }: { model: unknown; body: JsonObject; stream: boolean; path?: PathFacts },
  options: CallOptions,
  call: typeof exchange = exchange,
): Promise<JsonObject | AsyncIterable<JsonObject>> => {
  const answer: Answer = await invoke(model, options, (target, context) =>
    call({ format, body, stream, target, ...(path && { path }) }, context),
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
  }
}
