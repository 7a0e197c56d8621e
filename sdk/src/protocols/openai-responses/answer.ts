import type { ChatResult, FinishReason, FromResultContext, JsonObject, SluiceError, Usage } from '../../types/index.ts';
import { explode } from '../shared/collect.ts';
import { echoRequest } from './echo.ts';
import { responseError } from './errors.ts';
import { writeFinish } from './finish.ts';
import { protocolId } from './native.ts';
import { answerTier } from './options.ts';
import { OutputWriter } from './output-writer.ts';
import { writeUsage } from './usage.ts';

/** What is known of an answer besides its items. */
export interface AnswerFacts {
  id?: string;
  createdAt?: number;
  serviceTier?: string;
  usage?: Usage;
  finish?: { reason: FinishReason; rawReason?: string };
  /** Members of the provider's own answer in this format. */
  extra: JsonObject;
}

/** The members of a Response object that grow with the answer; the others repeat the request. */
export class Answer {
  readonly facts: AnswerFacts = { extra: {} };
  readonly #context: FromResultContext;
  #id: string | undefined;
  #createdAt: number | undefined;

  constructor(context: FromResultContext) {
    this.#context = context;
  }

  get #seconds(): number {
    return Math.floor(this.#context.now() / 1000);
  }

  #head(status: string): JsonObject {
    const { facts } = this;
    this.#id ??= facts.id?.startsWith('resp_') ? facts.id : this.#context.newId('resp_');
    this.#createdAt ??= Math.floor(facts.createdAt ?? this.#seconds);
    return {
      id: this.#id,
      object: 'response',
      created_at: this.#createdAt,
      status,
      completed_at: null,
      error: null,
      incomplete_details: null,
      model: this.#context.model,
      output: [],
      service_tier: answerTier(facts.serviceTier, this.#context.request.serviceTier),
    };
  }

  begun(): JsonObject {
    return this.#head('in_progress');
  }

  failed(error: SluiceError, output: readonly JsonObject[]): JsonObject {
    return { ...this.#head('failed'), output, error: responseError(error) };
  }

  ended(output: readonly JsonObject[]): JsonObject {
    const { finish, usage, extra } = this.facts;
    const { status, incomplete_details } = writeFinish(finish?.reason ?? 'other');
    const reason = finish?.rawReason ?? finish?.reason;
    return {
      ...extra,
      ...this.#head(status),
      incomplete_details,
      output,
      ...(status === 'completed' && { completed_at: this.#seconds }),
      ...(status === 'failed' && { error: { code: 'server_error', message: `The model stopped without a usable answer (${reason}).` } }),
      ...(usage && { usage: writeUsage(usage) }),
    };
  }
}

/** A whole answer for a client, written by what writes streams, so that the two cannot drift. */
export const toWire = (result: ChatResult, context: FromResultContext): JsonObject => {
  const answer = new Answer(context);
  const writer = new OutputWriter(context, () => {});
  const { facts } = answer;
  const { id, createdAt, serviceTier, usage, extra } = result;
  Object.assign(facts, { id, createdAt, serviceTier, usage, extra: extra?.[protocolId] ?? {} });
  explode(result, (part) => {
    if (part.type === 'finish') {
      if (part.candidate !== 0) return;
      facts.finish = { reason: part.reason, ...(part.rawReason !== undefined && { rawReason: part.rawReason }) };
      writer.close(part.reason, part.logprobs);
    } else if ('candidate' in part) {
      writer.push(part);
    }
  });
  return { ...answer.ended(writer.output), ...echoRequest(context.request) };
};
