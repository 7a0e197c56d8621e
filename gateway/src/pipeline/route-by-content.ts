import {
  embed,
  isObject,
  openaiEmbeddings,
  SluiceError,
  type CancelSignal,
  type EmbedTexts,
  type JsonObject,
  type Transport,
} from 'sluice/kit';
import type { CallRecord } from '../telemetry/call-record.ts';
import { bareDeployment } from './bare-deployment.ts';
import { mayGoAnywhere } from './relay-wishes.ts';
import { account } from './account.ts';
import { endOf, nameOf, runCall } from './call.ts';
import type { Asked, CallState } from './call-state.ts';

/** Vectors of the utterances may take longer than a request waits for its own. Milliseconds. */
const embeddingTimeoutMs = 30_000;

/** What the calls of a choice are made and accounted with. */
export interface ContentWorld {
  readonly transport: Transport;
  /** Told of each call that was made for the choice: it costs, and no client has asked for it. */
  record(call: CallRecord): void;
}

/**
 * Where a call's name is a choice of models, what the request is about decides which of them answers. Costs calls of other
 * names a look at a map, and nothing at all where no such name is configured.
 * @throws SluiceError
 */
export const routeByContent = async (state: CallState, asked: Asked, body: JsonObject, world: ContentWorld): Promise<void> => {
  const { live, model, signal, clock } = state;
  if (!model || !live.autoRouting) return;
  const name = nameOf(state, model, asked);
  if (!live.autoRouting.has(name)) return;
  const begun = clock();
  const routed = await live.autoRouting.choose(name, body, {
    isHealthy: live.router.isHealthy,
    embedder: (embeddingModel) => embedderOf(state, embeddingModel, world, asked.route?.regions),
    signal,
  });
  state.routed = { ...routed, waitedMs: clock() - begun };
  state.servedModel = routed.model;
};

/** Asks an embedding model through the gateway's own router, or the environment's provider where it is no name of the configuration. */
const embedderOf =
  (parent: CallState, embeddingModel: string, world: ContentWorld, regions: readonly string[] | undefined): EmbedTexts =>
  async (texts, signal) => {
    const { live, clock, callId } = parent;
    const state: CallState = {
      callId: `${callId}.route`,
      route: 'auto_routing',
      ...(parent.books && { books: parent.books }),
      live,
      startedAt: clock(),
      clock,
      signal,
      stream: false,
      model: embeddingModel,
      fallbacks: 0,
      attempts: 0,
      tries: [],
      waitedMs: 0,
      ignored: [],
    };
    let failure: unknown;
    try {
      const body: JsonObject = { model: embeddingModel, input: [...texts] };
      const answer = await made(state, world.transport, body, signal, regions);
      state.facts = answer.facts;
      return vectorsIn(answer.json());
    } catch (cause) {
      failure = cause;
      throw cause;
    } finally {
      state.answerOver?.(endOf(state.facts, failure));
      state.shaped?.ended(state.tries, clock());
      world.record(account(state, failure === undefined ? 200 : SluiceError.from(failure).status, failure));
    }
  };

/** The words that it is about stay in the call's own regions (FP-88). */
const made = (state: CallState, transport: Transport, body: JsonObject, signal: CancelSignal, regions: readonly string[] | undefined) => {
  const { live, model = '', clock } = state;
  if (live.router.match(model).length > 0) {
    const asked = { clientHeaders: new Headers(), timeoutMs: embeddingTimeoutMs, ...(regions && { route: { regions } }) };
    return runCall(state, transport, asked, (target, context, overrides) =>
      embed({ format: openaiEmbeddings, body: overrides ? { ...body, ...overrides } : body, target }, context),
    );
  }
  mayGoAnywhere({ regions });
  const deployment = bareDeployment(live, model, 'auto_routing');
  state.deployment = deployment;
  state.attempts = 1;
  const context = { transport, signal, now: clock, deadlines: { timeoutMs: embeddingTimeoutMs } };
  return embed({ format: openaiEmbeddings, body, target: live.targetOf(deployment, deployment.model) }, context);
};

/** @throws SluiceError for an answer without vectors */
const vectorsIn = (json: unknown): number[][] => {
  const data = isObject(json) ? json['data'] : undefined;
  if (!Array.isArray(data)) throw withoutVectors();
  return data
    .map((one: unknown, at) => ({
      at: isObject(one) && typeof one['index'] === 'number' ? one['index'] : at,
      vector: isObject(one) ? one['embedding'] : undefined,
    }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ vector }) => {
      if (!Array.isArray(vector) || !vector.every((each) => typeof each === 'number')) throw withoutVectors();
      return vector as number[];
    });
};

const withoutVectors = (): SluiceError => new SluiceError('invalid_response', 'The embedding model gave no vectors.');
