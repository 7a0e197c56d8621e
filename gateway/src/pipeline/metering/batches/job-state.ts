import { isObject, type JsonObject, type ResourceKind } from 'sluice/kit';

/** Kinds of jobs whose cost is known when they are over. */
export type JobKind = 'batches' | 'message_batches' | 'responses' | 'interactions' | 'fine_tuning' | 'threads';

const kinds: ReadonlySet<string> = new Set<JobKind>(['batches', 'message_batches', 'responses', 'interactions', 'fine_tuning', 'threads']);
export const isJobKind = (kind: ResourceKind): kind is JobKind => kinds.has(kind);

/** What is known of a job from its object. */
export interface JobState {
  /** The provider's own; of a run, its thread's in front of it. */
  readonly id: string;
  /** Nothing more is made. */
  readonly over: boolean;
  /** Where its answers are, one a line. Absent: there are none, or they are in the object itself. */
  readonly output?: { readonly kind: ResourceKind; readonly rest: string; readonly id: string };
  /** Requests that were answered, where that is said. */
  readonly answered?: number;
}

/**
 * States in which nothing more is made, as OpenAI's own client has them (openai/openai-python, src/openai/types, read
 * 2026-11-22): `batch.py` (all others: `validating`, `in_progress`, `finalizing`, `cancelling`), `responses/response_status.py`
 * (others: `queued`, `in_progress`), `fine_tuning/fine_tuning_job.py` (others: `validating_files`, `queued`, `running`),
 * `beta/threads/run_status.py` (others: `queued`, `in_progress`, `requires_action`, `cancelling`).
 */
const ends: ReadonlySet<unknown> = new Set(['completed', 'failed', 'expired', 'cancelled', 'incomplete', 'succeeded']);

const countIn = (counts: unknown, name: string): number | undefined => {
  const count = isObject(counts) ? counts[name] : undefined;
  return typeof count === 'number' ? count : undefined;
};

/**
 * Of Gemini's interactions those in which something is still made; all others are ends, also `requires_action`, behind which
 * another interaction goes on (googleapis.github.io/js-genai, `InteractionStatus`; in capitals in docs.cloud.google.com, `Status`
 * of v1beta1; both read 2026-11-22).
 */
const goesOn: ReadonlySet<unknown> = new Set(['in_progress', 'queued']);

/** One answer that is made behind its call: its call has paid for it where it was over by then. */
export const isAnswer = (kind: JobKind): boolean => kind === 'responses' || kind === 'interactions' || kind === 'threads';

/** What a run is known as: it is asked for below its thread. */
export const idOfRun = (threadId: string, runId: string): string => `${threadId}/${runId}`;

const threadOf = ({ thread_id: threadId }: JsonObject): string | undefined =>
  typeof threadId === 'string' && threadId !== '' ? threadId : undefined;

/** Undefined: it is no such object. */
export const jobState = (kind: JobKind, json: JsonObject): JobState | undefined => {
  const { id, status, processing_status, request_counts: counts, output_file_id: file } = json;
  if (typeof id !== 'string' || id === '') return undefined;
  if (kind === 'message_batches') {
    // `in_progress`, `canceling`, `ended`; its requests are counted one by one when it has ended, and its results are there then
    // (anthropics/anthropic-sdk-python, src/anthropic/types/messages/message_batch.py, read 2026-11-22).
    const answered = countIn(counts, 'succeeded');
    return {
      id,
      over: processing_status === 'ended',
      output: { kind, rest: '/{}/results', id },
      ...(answered !== undefined && { answered }),
    };
  }
  if (kind === 'interactions') return { id, over: !goesOn.has(typeof status === 'string' ? status.toLowerCase() : status) };
  if (kind === 'threads') {
    const threadId = threadOf(json);
    return threadId === undefined ? undefined : { id: idOfRun(threadId, id), over: ends.has(status) };
  }
  if (kind === 'responses' || kind === 'fine_tuning') return { id, over: ends.has(status) };
  const answered = countIn(counts, 'completed');
  return {
    id,
    over: ends.has(status),
    ...(typeof file === 'string' && file !== '' && { output: { kind: 'files', rest: '/{}/content', id: file } }),
    ...(answered !== undefined && { answered }),
  };
};

/** The objects of an answer: itself, or those of a list. */
export const objectsIn = (json: JsonObject): readonly JsonObject[] =>
  Array.isArray(json['data']) ? json['data'].filter(isObject) : [json];

/** The answer in a line of a batch's output: OpenAI's `response.body`, Anthropic's `result.message`. Undefined: it failed. */
export const answerIn = (line: JsonObject): JsonObject | undefined => {
  const { response, result } = line;
  if (isObject(response)) {
    const { body, status_code: status } = response;
    return isObject(body) && !(typeof status === 'number' && status >= 400) ? body : undefined;
  }
  return isObject(result) && isObject(result['message']) ? result['message'] : undefined;
};
