import type { JsonObject, OperationAnswer, ResourceKind } from 'sluice/kit';
import { isAnswer, isJobKind, objectsIn } from '../../pipeline/metering/batches/job-state.ts';
import { StreamedJob } from '../../pipeline/metering/batches/streamed-job.ts';
import type { Handling } from '../handling.ts';
import type { ResourceMatch } from './resource-routes.ts';

/** Paths whose answers tell how a job is, or how jobs are. */
const looks: ReadonlySet<string> = new Set(['', '/{}', '/{}/cancel']);
const looksAtRuns: ReadonlySet<string> = new Set(['/{}/runs', '/{}/runs/{}', '/{}/runs/{}/cancel', '/{}/runs/{}/submit_tool_outputs']);
const makesRun: ReadonlySet<string> = new Set(['/runs', '/{}/runs']);

type ByteAnswer = Extract<OperationAnswer, { kind: 'bytes' }>;
type Match = Pick<ResourceMatch, 'kind' | 'rest' | 'ids'>;

/**
 * A batch costs something when it is over: who pays for it is written down before its client hears of it, and whoever sees that
 * it is over has it paid for, once (FP-47). So does a run of a thread.
 * @param match with the providers' own ids
 * @param answer with the provider's own ids
 * @returns the answer, as it is to go on
 */
export const noteJob = async (
  { batches, state, request }: Pick<Handling, 'batches' | 'state' | 'request'>,
  { kind, rest, ids }: Match,
  answer: OperationAnswer,
): Promise<OperationAnswer> => {
  const { deployment } = state;
  const { method } = request;
  if (!batches || !deployment || !isJobKind(kind)) return answer;
  const isRun = kind === 'threads';
  const makes = method === 'POST' && (isRun ? makesRun.has(rest) : rest === '');
  if (!makes && !(isRun ? looksAtRuns : looks).has(rest)) return answer;
  const read = (json: JsonObject): JsonObject => (isRun && ids[0] !== undefined ? { ...json, thread_id: ids[0] } : json);
  if (answer.kind !== 'whole') {
    if (!makes || answer.kind !== 'bytes' || !isAnswer(kind)) return answer;
    const { facts } = answer;
    const nameModel = (json: JsonObject): JsonObject => {
      if (isRun) facts.model = modelOfRun(facts.model, json);
      return read(json);
    };
    // Its client may leave; it is fetched by its id then.
    return notedBytes(answer, new StreamedJob({ batches, state, facts, kind, goesOn: true, read: nameModel }));
  }
  if (makes) {
    const json = read(answer.json());
    if (isRun) answer.facts.model = modelOfRun(answer.facts.model, json);
    if ((await batches.created(state, kind, json)) && isAnswer(kind)) delete answer.facts.usage;
  } else if (method !== 'DELETE') {
    const json = answer.json();
    // Its client waits for none of it.
    void batches.seen(deployment.id, kind, isRun ? { data: objectsIn(json).map(read) } : json);
  }
  return answer;
};

/** A run may be of another model than its deployment's: its assistant's, or one that its client names. Versions of it have its price. */
const modelOfRun = (known: string, { model }: JsonObject): string =>
  typeof model !== 'string' || model === '' || (model.startsWith(known) && version.test(model.slice(known.length))) ? known : model;
const version = /^(?:-\d{4}-\d{2}-\d{2})?$/;

const notedBytes = (answer: ByteAnswer, job: StreamedJob): ByteAnswer => {
  return {
    kind: 'bytes',
    facts: answer.facts,
    contentType: answer.contentType,
    async read() {
      try {
        const bytes = await answer.read();
        if (bytes) await job.see(bytes);
        else if (job.hasEnd && answer.facts.usage && answer.failure === undefined) await job.complete();
        else job.left();
        return bytes;
      } catch (cause) {
        job.left();
        throw cause;
      }
    },
    get failure() {
      return answer.failure;
    },
    cancel() {
      answer.cancel();
      job.left();
    },
  };
};

/** What is looked at before it is gone. */
const deletable: ReadonlySet<ResourceKind> = new Set(['files', 'message_batches', 'responses', 'interactions', 'threads']);

/**
 * Answers that are deleted are paid for first (FP-47).
 * @param id the provider's own
 * @returns what to do when it is deleted
 * @throws SluiceError `unavailable`
 */
export const beforeDelete = async (
  { batches, state, request }: Pick<Handling, 'batches' | 'state' | 'request'>,
  { kind, rest }: Pick<ResourceMatch, 'kind' | 'rest'>,
  id: string | undefined,
): Promise<(() => Promise<void>) | undefined> => {
  const { deployment } = state;
  if (request.method !== 'DELETE' || rest !== '/{}' || id === undefined || !batches || !deployment || !deletable.has(kind))
    return undefined;
  return batches.deleting(deployment.id, kind, id);
};
