import {
  callResource,
  createNdjsonParser,
  SluiceError,
  type CallContext,
  type CancelSignal,
  type JsonObject,
  type OperationAnswer,
  type ResourceKind,
  type Transport,
} from 'sluice/kit';
import type { Deployment } from '../../../config/snapshot.ts';
import { guarded } from '../../guarded-transport.ts';
import type { Live } from '../../live.ts';
import type { OpenJob } from './batch-table.ts';
import { parsedObject } from './parsed-object.ts';

/** A line of a batch's output holds one answer. Characters. */
const maxLineChars = 64 * 1024 * 1024;
/** And all of them: more than vendors let a batch be. Bytes. */
const maxOutputBytes = 8 * 1024 ** 3;
/** Of a file in one piece, before others have their turn. */
const turnBytes = 256 * 1024;

interface Asked {
  readonly live: Live;
  readonly deployment: Deployment;
  readonly transport: Transport;
  readonly now: () => number;
  readonly signal?: CancelSignal;
  /** Larger is not read to its end. */
  readonly maxBytes?: number;
}

/** What is kept at a provider, one line an object. */
interface Wanted {
  readonly kind: ResourceKind;
  readonly rest: string;
  readonly id: string;
  /** Where the path has more than one. */
  readonly ids?: readonly string[];
  readonly headers?: Headers;
}

const ask = (
  { live, deployment, transport, now, signal }: Asked,
  { upstreamModel }: Pick<OpenJob, 'upstreamModel'>,
  { kind, rest, id, ids = [id], headers }: Wanted,
): Promise<OperationAnswer> => {
  const context: CallContext = {
    transport: deployment.isolated ? guarded(transport, live.guardUrl) : transport,
    fetchUrl: live.fetchOver(transport),
    guardUrl: live.guardAnswerUrl,
    deadlines: live.deadlinesOf(deployment, true, {}),
    now,
    ...(signal && { signal }),
  };
  const target = live.targetOf(deployment, upstreamModel);
  const nothing = { body: {} };
  const look = { kind, method: 'GET', rest, ids, query: {}, target, request: () => nothing, relay: () => ({}) } as const;
  return callResource(headers ? { ...look, headers } : look, context);
};

/** A job's object as its provider gives it now. @throws SluiceError */
export const readJob = (asked: Asked, job: OpenJob): Promise<JsonObject> =>
  readObject(asked, job, job.kind === 'threads' ? runOf(job.batchId) : { kind: job.kind, rest: '/{}', id: job.batchId });

/** OpenAI answers nothing about threads without the header (its client sends it with each call: openai/openai-python, src/openai/resources/beta/threads/runs/runs.py, read 2026-11-22). */
const runOf = (id: string): Wanted => {
  const ids = id.split('/');
  return { kind: 'threads', rest: '/{}/runs/{}', id, ids, headers: new Headers({ 'openai-beta': 'assistants=v2' }) };
};

/** The same of something else that a provider keeps. @throws SluiceError */
export const readObject = async (asked: Asked, job: Pick<OpenJob, 'upstreamModel'>, wanted: Wanted): Promise<JsonObject> => {
  const answer = await ask(asked, job, wanted);
  if (answer.kind === 'whole') return answer.json();
  answer.cancel();
  throw new SluiceError('invalid_response', 'The provider told of a batch in something that is not JSON.');
};

/** Hands over the lines of a file one by one, as they come. What is no JSON is passed over. @throws SluiceError */
export const readLines = async (
  asked: Asked,
  job: Pick<OpenJob, 'upstreamModel'>,
  wanted: Wanted,
  onLine: (line: JsonObject, characters: number) => void,
): Promise<void> => {
  const { maxBytes = maxOutputBytes, signal } = asked;
  const answer = await ask(asked, job, wanted);
  const parser = createNdjsonParser((text) => {
    const line = parsedObject(text);
    if (line) onLine(line, text.length);
  }, maxLineChars);
  if (answer.kind === 'whole') {
    const { body } = answer;
    const all = typeof body === 'string' ? new TextEncoder().encode(body) : body;
    if (all.length > maxBytes) throw tooLarge(maxBytes);
    for (let from = 0; from < all.length; from += turnBytes) {
      parser.push(all.subarray(from, from + turnBytes));
      await new Promise((resolve) => setTimeout(resolve, 0));
      signal?.throwIfAborted();
    }
  } else {
    let bytes = 0;
    try {
      for (;;) {
        const piece = await answer.read();
        if (!piece) break;
        bytes += piece.length;
        if (bytes > maxBytes) throw tooLarge(maxBytes);
        parser.push(piece);
        signal?.throwIfAborted();
      }
    } finally {
      answer.cancel();
    }
  }
  parser.close();
};

const tooLarge = (maxBytes: number): SluiceError =>
  new SluiceError('invalid_response', `A file of a batch is larger than ${maxBytes} bytes.`);
