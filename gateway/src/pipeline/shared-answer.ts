import type { Answer, CancelSignal, SluiceError, WireEvent } from 'sluice/kit';
import { endOf } from './call.ts';
import type { CallState } from './call-state.ts';
import type { Coalescer } from './coalesce/index.ts';

export interface SharedAnswer {
  coalescer: Coalescer<CallState>;
  key: string;
  state: CallState;
  /** Makes the call, which goes on for as long as anybody is there to read it. */
  make(signal: CancelSignal): Promise<Answer>;
  /** A failure as events of the client's format. */
  errorEvents(error: SluiceError): readonly WireEvent[];
}

/** The answer to a call that is one with all that are identical to it and under way. @throws SluiceError */
export const sharedAnswer = async ({ coalescer, key, state, make, errorEvents }: SharedAnswer): Promise<Answer> => {
  const sharer = coalescer.join(key, {
    callId: state.callId,
    context: state,
    signal: state.signal,
    errorEvents,
    async make(signal) {
      const answer = await make(signal);
      return { answer, over: (failure) => state.answerOver?.(endOf(answer.facts, failure)) };
    },
  });
  state.shared = sharer;
  const answer = await sharer.answer;
  if (sharer.isFirst) return answer;
  const { deployment, servedModel, fallbacks, maxRetries, routed } = sharer.context;
  state.facts = answer.facts;
  state.fallbacks = fallbacks;
  if (deployment) state.deployment = deployment;
  if (servedModel !== undefined) state.servedModel = servedModel;
  if (maxRetries !== undefined) state.maxRetries = maxRetries;
  if (routed) state.routed = routed;
  return answer;
};
