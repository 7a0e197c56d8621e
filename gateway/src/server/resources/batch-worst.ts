import { Canceller, isObject, SluiceError, type JsonObject, type ResourceKind } from 'sluice/kit';
import type { Deployment } from '../../config/snapshot.ts';
import type { CallState } from '../../pipeline/call-state.ts';
import type { BatchWorst } from '../../pipeline/governance/worst-case.ts';
import { BatchCount } from '../../pipeline/metering/batches/batch-count.ts';
import { readLines } from '../../pipeline/metering/batches/read-job.ts';
import type { Handling } from '../handling.ts';
import { plainModel } from './owners.ts';

/** Larger than OpenAI and Azure take (200 MB). */
const maxInputBytes = 512 * 1024 * 1024;
const readMs = 60_000;
/** Files of one batch (Mistral's take several). */
const maxFiles = 20;
/** Requests that come in the body are counted in turns. */
const perTurn = 500;

/**
 * Counts the requests and tokens of a batch that is to be made, from its input as its provider has it, or from the body where
 * that holds the requests.
 * @param body with the provider's own ids
 * @throws SluiceError what its provider says of the file; `unavailable` where it cannot be read in time, `invalid_request` where it is too large
 */
export const batchWorst = async (
  { state, transport }: Pick<Handling, 'state' | 'transport'>,
  kind: ResourceKind,
  body: JsonObject,
  deployment: Deployment,
): Promise<BatchWorst> => {
  const { live } = state;
  const count = new BatchCount(live, deployment, state.clock());
  const { requests, input_file_id: file, input_files: files, endpoint } = body;
  if (Array.isArray(requests)) {
    const upstreamName = (model: unknown) => (typeof model === 'string' ? (live.router.match(model)[0]?.model ?? model) : undefined);
    for (const [at, request] of (requests as unknown[]).entries()) {
      if (at % perTurn === perTurn - 1) await new Promise((resolve) => setTimeout(resolve, 0));
      const asked = isObject(request) ? request[kind === 'message_batches' ? 'params' : 'body'] : undefined;
      const own = isObject(asked) ? asked : {};
      const model = upstreamName(own['model'] ?? body['model']);
      count.add(typeof endpoint === 'string' ? endpoint : '', model === undefined ? own : { ...own, model }, JSON.stringify(own).length);
    }
  }
  const ids = [file, ...(Array.isArray(files) ? (files as unknown[]) : [])].filter((id) => typeof id === 'string' && id !== '') as string[];
  if (ids.length > maxFiles)
    throw new SluiceError('invalid_request', `A batch may have ${maxFiles} files here, not ${ids.length}.`, { param: 'input_files' });
  if (ids.length > 0) await readFiles(state, transport, deployment, ids, (line, characters) => count.addLine(line, characters));
  return count.worst;
};

const readFiles = async (
  state: CallState,
  transport: Handling['transport'],
  deployment: Deployment,
  ids: readonly string[],
  onLine: (line: JsonObject, characters: number) => void,
): Promise<void> => {
  const signal = new Canceller();
  const left = { handleEvent: () => signal.abort(state.signal.reason) };
  state.signal.addEventListener('abort', left);
  const late = new SluiceError('unavailable', `The input of the batch could not be read in ${readMs / 1000} s, to count its requests.`);
  const timer = setTimeout(() => signal.abort(late), readMs);
  let bytesLeft = maxInputBytes;
  try {
    for (const id of ids) {
      const asked = { live: state.live, deployment, transport, now: state.clock, signal, maxBytes: bytesLeft };
      await readLines(
        asked,
        { upstreamModel: plainModel(deployment.model) },
        { kind: 'files', rest: '/{}/content', id },
        (line, characters) => {
          bytesLeft = Math.max(0, bytesLeft - characters);
          onLine(line, characters);
        },
      );
    }
  } catch (cause) {
    if (!SluiceError.is(cause) || cause.code !== 'invalid_response') throw cause;
    throw new SluiceError(
      'invalid_request',
      `The input of the batch could not be read to count its requests, which limits hold for: ${cause.message}`,
      {
        param: 'input_file_id',
        cause,
      },
    );
  } finally {
    clearTimeout(timer);
    state.signal.removeEventListener('abort', left);
  }
};
