import { providerAnswers, type Answers } from '../kit/faults/answers.ts';
import { connectionFaults } from '../kit/faults/connection.ts';
import { contentFaults } from '../kit/faults/content.ts';
import type { Fault } from '../kit/faults/fault.ts';
import { framingFaults } from '../kit/faults/framing.ts';
import { chunk, chunked, good, lastChunk, piecesOf } from '../kit/faults/http.ts';
import { framingOf, scriptsOf } from '../kit/faults/matrix.ts';
import type { FaultUpstream, Scripts } from '../kit/faults/upstream.ts';
import type { Obj } from '../kit/read/reading.ts';

/** Names of models, by how their providers behave. */
export interface Models {
  good: string[];
  /** Answers with pauses in them, so that there are streams to leave. */
  slow: string[];
  faulty: string[];
  list: Obj[];
}

const faults: readonly Fault[] = [...connectionFaults, ...framingFaults, ...contentFaults].filter(({ place }) => !place);

const withPauses =
  (answers: Answers): Scripts =>
  ({ stream }) => {
    const pieces = piecesOf(answers, stream);
    if (!stream) return { steps: [{ waitMs: 300 }, good(pieces)] };
    return {
      steps: [
        chunked(pieces.head),
        { waitMs: 100 },
        chunk(pieces.before),
        chunk(pieces.begun),
        { waitMs: 300 },
        chunk(pieces.rest),
        lastChunk,
      ],
    };
  };

/** Models of every provider's format: good ones and slow ones, and one for every fault. */
export const createModels = (upstream: FaultUpstream): Models => {
  const models: Models = { good: [], slow: [], faulty: [], list: [] };
  const add = (kind: 'good' | 'slow' | 'faulty', answers: Answers, scripts: Scripts) => {
    const name = `${kind}-${models.list.length}`;
    const { params, mode } = answers.entry(upstream.serve(name, scripts));
    models[kind].push(name);
    models.list.push({
      model_name: name,
      litellm_params: { api_key: 'sk-soak', ...params },
      ...(mode !== undefined && { model_info: { mode } }),
    });
  };
  for (const answers of providerAnswers) {
    add('good', answers, ({ stream }) => ({ steps: [good(piecesOf(answers, stream))] }));
    add('slow', answers, withPauses(answers));
  }
  // One format for each fault: with all of them, what is remembered of every model would take the whole soak to fill up.
  faults.forEach((fault, at) => {
    const able = providerAnswers.filter((answers) => !fault.framings || fault.framings.includes(framingOf(answers)));
    const answers = able[at % able.length];
    if (answers) add('faulty', answers, scriptsOf(fault, answers));
  });
  return models;
};
