import {
  createResponseWatcher,
  needsProviderMemory,
  previousResponseId,
  turnOf,
  turnsUpTo,
  withHistory,
  type StoredTurn,
} from '../protocols/index.ts';
import { chooseSpeaks, mocked } from '../providers/index.ts';
import { SluiceError, type JsonObject } from '../types/index.ts';
import type { Answer, CallContext, ChatCall, StreamAnswer } from './call.ts';
import { exchange } from './exchange.ts';

/** Keeps the turns of conversations for providers that do not. Must be bounded. */
export interface ResponseMemory {
  get(id: string): StoredTurn | undefined;
  set(id: string, turn: StoredTurn): void;
  delete(id: string): void;
}

/**
 * One call in the Responses format. Where the provider speaks it, its own memory serves `previous_response_id`; else the
 * conversation is put together from ours.
 * @throws SluiceError also where the request needs a memory that neither has
 */
export const respond = async (call: ChatCall, context: CallContext, memory?: ResponseMemory): Promise<Answer> => {
  const target = mocked(call.target);
  const { same } = chooseSpeaks(target.provider, target.model, call.format.id, target.prefer);
  const previous = previousResponseId(call.body);
  // An answer that was made here is known here alone, also when a provider with a memory is to go on from it.
  const ours = previous !== undefined && (!same || memory?.get(previous) !== undefined);
  if (!same) refuseMemory(call.body, target.provider.label);

  const full: ChatCall = ours
    ? {
        ...call,
        body: withHistory(
          call.body,
          turnsUpTo(previous, (id) => memory?.get(id)),
        ),
        text: undefined,
      }
    : call;
  const answer = await exchange(full, context);
  if (!memory || (same && !ours && !context.resume)) return answer;

  const keep = (response: JsonObject | undefined) => {
    const turn = response && turnOf(call.body, response);
    if (turn) memory.set(turn.id, turn);
  };
  if (answer.kind === 'whole') {
    if (!same || ours) keep(answer.json());
    return answer;
  }
  // An answer that two providers made halves of is one that neither has.
  return watched(answer, (response) => (same && !ours && !answer.facts.legs ? undefined : keep(response)));
};

const refuseMemory = (body: JsonObject, label: string): void => {
  const [name] = needsProviderMemory(body);
  if (name === undefined) return;
  throw new SluiceError('unsupported_parameter', `'${name}' is not supported: ${label} does not keep conversations.`, { param: name });
};

/** The stream, read along for its last event. */
const watched = (answer: StreamAnswer, keep: (response: JsonObject | undefined) => void): StreamAnswer => {
  const watcher = createResponseWatcher();
  return {
    kind: 'stream',
    facts: answer.facts,
    async read() {
      const chunk = await answer.read();
      if (chunk === undefined) keep(watcher.response);
      else if (!(chunk instanceof Uint8Array)) for (const event of chunk) watcher.push(event);
      return chunk;
    },
    get failure() {
      return answer.failure;
    },
    get complete() {
      return answer.complete;
    },
    cancel: () => answer.cancel(),
  };
};
