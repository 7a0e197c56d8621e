import { isObject, type Answer, type JsonObject, type StreamAnswer } from 'sluice/kit';
import { jobState } from '../pipeline/metering/batches/job-state.ts';
import { StreamedJob } from '../pipeline/metering/batches/streamed-job.ts';
import type { Handling } from './handling.ts';

const goingOn: ReadonlySet<unknown> = new Set(['queued', 'in_progress']);

/**
 * An answer that is being made in the background is paid for when it is there, by whoever sees it first (FP-47). What is asked
 * may be a fallback's own, or the configuration's: the answer itself tells it.
 * @param isAsked it was asked for in what was sent
 */
export const noteBackground = async (handling: Handling, answer: Answer, isAsked: boolean): Promise<Answer> => {
  const { batches, state } = handling;
  const { facts } = answer;
  if (!batches || state.shared) return answer;
  if (answer.kind === 'stream') return isAsked || mayName(answer) ? noted(handling, answer, isAsked) : answer;
  if (facts.answerId === undefined) return answer;
  const json = answer.json();
  const { status } = json;
  // What counts already, and was not asked to go on, is all there: servers differ in what they call that.
  if (!(isAsked ? jobState('responses', json)?.over === false : goingOn.has(status) && !facts.usage)) return answer;
  state.free = true;
  if (await batches.created(state, 'responses', json)) delete facts.usage;
  else state.free = false;
  return answer;
};

/** Of others no later request can name the answer. */
const mayName = ({ facts }: StreamAnswer): boolean => facts.same && facts.protocol === 'openai-responses';

const noted = ({ batches, state }: Handling, answer: StreamAnswer, isAsked: boolean): StreamAnswer => {
  const { facts } = answer;
  const job = new StreamedJob({ batches: batches!, state, facts, kind: 'responses', ...(isAsked && { goesOn: true }) });
  return {
    kind: 'stream',
    facts,
    async read() {
      const chunk = await answer.read();
      if (chunk !== undefined) await job.see(chunk);
      if (chunk === undefined || answer.complete) {
        if (answer.complete && answer.failure === undefined) await job.complete();
        else job.left();
      }
      return chunk;
    },
    get failure() {
      return answer.failure;
    },
    get complete() {
      return answer.complete;
    },
    cancel() {
      answer.cancel();
      job.left();
    },
  };
};

/** Whether a fallback that a client names asks for it by itself. */
export const asksInBackground = (overrides: JsonObject | undefined): boolean => isObject(overrides) && overrides['background'] === true;
