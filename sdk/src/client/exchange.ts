import { newId } from '../lib/ids.ts';
import { errorsOf } from '../protocols/index.ts';
import { mocked } from '../providers/index.ts';
import { CallClock, wholeDeadlines } from '../transport/deadline.ts';
import { SluiceError, type ChatProtocol, type FromResultContext, type Target, type TransportResponse } from '../types/index.ts';
import type { Answer, CallContext, CallFacts, ChatCall } from './call.ts';
import { failureOf } from './failure.ts';
import { chatInstead, knownTarget, rememberChat } from './other-endpoint.ts';
import { prepare, type Prepared } from './prepare.ts';
import { streamAnswer } from './stream-answer.ts';
import { wholeAnswer } from './whole-answer.ts';

const defaultOutputHoldMs = 1000;
export const defaultMaxAnswerBytes = 256 * 1024 * 1024;

/**
 * Makes one chat call to one target, end to end: request, answer, errors, deadlines, cancellation. No retries: those are
 * the router's. A stream is handed over once its first output, or for `outputHoldMs` its first event, was seen, so that
 * an error before it is thrown here and can be tried elsewhere.
 * @throws SluiceError
 */
export const exchange = async (asked: ChatCall, context: CallContext): Promise<Answer> => {
  const target = knownTarget(mocked(asked.target));
  const call = target === asked.target ? asked : { ...asked, target };
  const prepared = await prepare(call, context);
  try {
    return await send(call, prepared, context);
  } catch (error) {
    const instead = SluiceError.is(error) ? chatInstead(target, prepared, error) : undefined;
    if (!instead) throw error;
    const other = { ...asked, target: instead };
    const answer = await send(other, await prepare(other, context), context);
    rememberChat(target, instead);
    return answer;
  }
};

/** Whose words failures are in: the protocol's, or those of the vendor that serves it. */
const errorsIn = ({ protocol, endpoint }: Prepared, { provider }: Target): ChatProtocol['errors'] => {
  const vendor = provider.speaks[endpoint]?.errors;
  return vendor === undefined ? protocol.errors : errorsOf(vendor);
};

const send = async (call: ChatCall, prepared: Prepared, context: CallContext): Promise<Answer> => {
  const now = context.now ?? Date.now;
  const { target } = call;
  const where = { provider: target.provider.id, model: target.model };
  const deadlines = wholeDeadlines(context.deadlines, target.deadlines);
  const clock = new CallClock(deadlines, context.signal);
  const transport = target.provider.transport ?? context.transport;
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
      throw await failureOf(response, { errors: errorsIn(prepared, target) }, call, now());

    const facts: CallFacts = {
      ...where,
      protocol: prepared.protocol.id,
      same: prepared.same,
      host: prepared.host,
      status: response.status,
      headers: response.headers,
      dropped: prepared.dropped,
      sentAt,
      headersAt: now(),
    };
    const writing: FromResultContext = {
      model: typeof call.body['model'] === 'string' ? call.body['model'] : (call.path?.model ?? target.model),
      get request() {
        return prepared.request();
      },
      newId: context.newId ?? newId,
      now,
    };
    const parts = { call, prepared, response, facts, clock, writing, now, maxAnswerBytes: context.maxAnswerBytes ?? defaultMaxAnswerBytes };
    if (call.stream) return await streamAnswer(parts, context.outputHoldMs ?? defaultOutputHoldMs);
    const answer = await wholeAnswer(parts);
    clock.stop();
    return answer;
  } catch (cause) {
    clock.stop();
    response?.cancel();
    throw SluiceError.from(cause).with(where);
  }
};
