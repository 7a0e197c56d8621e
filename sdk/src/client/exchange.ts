import { newId } from '../lib/ids.ts';
import { errorsOf } from '../protocols/index.ts';
import { mocked } from '../providers/index.ts';
import { CallClock, wholeDeadlines } from '../transport/deadline.ts';
import {
  SluiceError,
  type ChatRequest,
  type FromResultContext,
  type Target,
  type TransportResponse,
  type UpstreamProtocol,
} from '../types/index.ts';
import type { Answer, CallContext, CallFacts, ChatCall } from './call.ts';
import { failureOf } from './failure.ts';
import { chatInstead, knownTarget, rememberChat } from './other-endpoint.ts';
import { prepare, type Prepared } from './prepare.ts';
import { renewable } from './refused.ts';
import { refusedThoughts, refusesThoughts, withoutRefused, withoutSignatures } from './refused-thoughts.ts';
import { resumable } from './resume/resumable.ts';
import { streamAnswer } from './stream-answer.ts';
import { wholeAnswer, type AnswerParts } from './whole-answer.ts';

/** Long enough for a deployment that has answered and then says nothing to be left for another; clients get signs of life meanwhile. */
const defaultOutputHoldMs = 10_000;
export const defaultMaxAnswerBytes = 256 * 1024 * 1024;

/**
 * Makes one chat call to one target, end to end: request, answer, errors, deadlines, cancellation. No retries: those are
 * the router's. A stream is handed over once its first output, or for `outputHoldMs` its first event, was seen, so that
 * an error before it is thrown here and can be tried elsewhere.
 * @throws SluiceError
 */
export const exchange = (asked: ChatCall, context: CallContext): Promise<Answer> =>
  context.resume && asked.stream ? resumable(asked, context, once) : once(asked, context);

const once = async (asked: ChatCall, context: CallContext): Promise<Answer> => {
  const target = knownTarget(mocked(asked.target));
  const given = target === asked.target ? asked : { ...asked, target };
  const call = withoutRefused(given);
  const ready = prepare(call, context);
  const prepared = ready instanceof Promise ? await ready : ready;
  if (call !== given) noteRefused(prepared);
  try {
    return await send(call, prepared, context);
  } catch (error) {
    // Once: what is refused again is not refused for its age.
    if (renewable(error, target, prepared.headers)) return send(call, await prepare(call, context), context);
    const bare = refusesThoughts(error) ? withoutSignatures(call) : undefined;
    if (bare) return await sendUnsigned(bare, context);
    const instead = SluiceError.is(error) ? chatInstead(target, prepared, error) : undefined;
    if (!instead) throw error;
    const other = { ...asked, target: instead };
    const answer = await send(other, await prepare(other, context), context);
    rememberChat(target, instead);
    return answer;
  }
};

/** Once more, without the thoughts that were refused. */
const sendUnsigned = async (call: ChatCall, context: CallContext): Promise<Answer> => {
  const prepared = await prepare(call, context);
  noteRefused(prepared);
  return send(call, prepared, context);
};

/** What it became in its new form says less than why. */
const noteRefused = (prepared: Prepared): void =>
  void (prepared.dropped = [...prepared.dropped.filter(({ what }) => what !== refusedThoughts.what), refusedThoughts]);

/** Whose words failures are in: the protocol's, or those of the vendor that serves it. */
const errorsIn = ({ protocol, endpoint }: Prepared, { provider }: Target): UpstreamProtocol['errors'] => {
  const vendor = provider.speaks[endpoint]?.errors;
  return vendor === undefined ? protocol.errors : errorsOf(vendor);
};

const send = async (call: ChatCall, prepared: Prepared, context: CallContext): Promise<Answer> => {
  const now = context.now ?? Date.now;
  const { target } = call;
  const { provider } = target;
  const deadlines = wholeDeadlines(context.deadlines, target.deadlines);
  const clock = new CallClock(deadlines, context.signal);
  const transport = provider.transport ?? provider.overNetwork?.(context.transport) ?? context.transport;
  const maxAnswerBytes = context.maxAnswerBytes ?? defaultMaxAnswerBytes;
  const sentAt = now();

  let response: TransportResponse | undefined;
  try {
    clock.throwIfAborted();
    response = await transport({
      method: 'POST',
      url: prepared.url,
      headers: prepared.headers,
      body: prepared.text,
      signal: clock,
      connectTimeoutMs: deadlines.connectTimeoutMs,
      options: target.options,
    });
    if (response.status < 200 || response.status > 299)
      throw await failureOf(response, { errors: errorsIn(prepared, target) }, call, now(), prepared.headers);

    const facts: CallFacts = {
      provider: provider.id,
      model: target.model,
      protocol: prepared.protocol.id,
      same: prepared.same,
      host: prepared.host,
      status: response.status,
      headers: response.headers,
      dropped: prepared.dropped,
      sentAt,
      headersAt: now(),
    };
    context.onAnswer?.(facts);
    const writing = new Writing(call, prepared, context.newId ?? newId, now);
    const parts: AnswerParts = { call, prepared, response, facts, clock, writing, now, maxAnswerBytes };
    if (call.stream) return await streamAnswer(parts, context.outputHoldMs ?? defaultOutputHoldMs);
    const bytes = await response.bytes(maxAnswerBytes);
    facts.firstOutputAt = facts.endedAt = now();
    const answer = wholeAnswer(parts, bytes);
    clock.stop();
    return answer;
  } catch (cause) {
    clock.stop();
    response?.cancel();
    throw SluiceError.from(cause).with({ provider: provider.id, model: target.model });
  }
};

/** What an answer is written with in the client's format. The request is read into the neutral model only for who asks. */
class Writing implements FromResultContext {
  readonly model: string;
  readonly newId: FromResultContext['newId'];
  readonly now: () => number;
  readonly #prepared: Prepared;

  constructor({ body, path, target }: ChatCall, prepared: Prepared, makeId: FromResultContext['newId'], now: () => number) {
    this.model = typeof body['model'] === 'string' ? body['model'] : (path?.model ?? target.model);
    this.newId = makeId;
    this.now = now;
    this.#prepared = prepared;
  }

  get request(): ChatRequest {
    return this.#prepared.request();
  }
}
