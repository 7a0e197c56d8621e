import type { OperationAnswer, ResourceKind } from 'sluice/kit';
import { isJobKind } from '../../pipeline/metering/batches/job-state.ts';
import type { Handling } from '../handling.ts';
import type { ResourceMatch } from './resource-routes.ts';

/** Paths whose answers tell how a job is, or how jobs are. */
const looks: ReadonlySet<string> = new Set(['', '/{}', '/{}/cancel']);

/**
 * A batch costs something when it is over: who pays for it is written down before its client hears of it, and whoever sees that
 * it is over has it paid for, once (FP-47).
 * @param answer with the provider's own ids
 */
export const noteJob = async (
  { batches, state, request }: Pick<Handling, 'batches' | 'state' | 'request'>,
  { kind, rest }: Pick<ResourceMatch, 'kind' | 'rest'>,
  answer: OperationAnswer,
): Promise<void> => {
  const { deployment } = state;
  if (!batches || !deployment || answer.kind !== 'whole' || !isJobKind(kind) || !looks.has(rest)) return;
  if (request.method === 'POST' && rest === '') await batches.created(state, kind, answer.json());
  // Its client waits for none of it.
  else if (request.method !== 'DELETE') void batches.seen(deployment.id, kind, answer.json());
};

/** What is looked at before it is gone. */
const deletable: ReadonlySet<ResourceKind> = new Set(['files', 'message_batches', 'responses']);

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
