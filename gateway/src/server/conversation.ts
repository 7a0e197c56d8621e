import { encryptedIdsOf, SluiceError, type JsonObject } from 'sluice/kit';
import type { CallState } from '../pipeline/call-state.ts';
import type { Handling } from './handling.ts';

/** Where a conversation that a request goes on with has been so far. */
export interface Conversation {
  /** The deployment whose provider keeps it: it goes on there alone. */
  readonly homeDeploymentId?: string;
  /** The deployment that encrypted the newest part of it that only its account can read. */
  readonly encryptedByDeploymentId?: string;
  /** A provider keeps it, and nobody here knows which: another instance saw it, or it was long ago. */
  readonly isLost?: boolean;
}

/** Of a request in the Responses format. Undefined: it begins anew, or says all that there is. */
export const conversationOf = (body: JsonObject, { responses, responseOwners }: Handling): Conversation | undefined => {
  const previous = body['previous_response_id'];
  // Turns that are kept here can go on anywhere.
  if (typeof previous === 'string' && previous !== '' && responses.get(previous) === undefined) {
    const homeDeploymentId = responseOwners.get(previous);
    return homeDeploymentId === undefined ? { isLost: true } : { homeDeploymentId };
  }
  for (const id of encryptedIdsOf(body['input']) ?? []) {
    const encryptedByDeploymentId = responseOwners.get(id);
    if (encryptedByDeploymentId !== undefined) return { encryptedByDeploymentId };
  }
  return undefined;
};

/**
 * The failure of a try with a lost conversation: a deployment that does not know it says nothing of the next one, so that
 * each of the name's is asked once (FP-76).
 */
export const askedElsewhere = (cause: unknown, { attempts, model = '', servedModel, shaped, live }: CallState): unknown => {
  if (!SluiceError.is(cause) || cause.upstream?.code !== 'previous_response_not_found') return cause;
  const name = servedModel ?? shaped?.model ?? model;
  return attempts < live.router.match(name).length ? cause.with({ retry: true }) : cause;
};
