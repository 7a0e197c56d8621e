import { SluiceError, type CallFacts, type Transport } from 'sluice/kit';
import type { Deployment } from '../../config/snapshot.ts';
import type { CallState } from '../call-state.ts';

/** One try, as far as it may have cost something: whoever was asked may bill it, whatever became of it. */
export interface Sending {
  /** Absent: it was relayed to a provider of no deployment. */
  readonly deployment: Deployment | undefined;
  /** Its id, where the call was relayed. */
  readonly provider?: string;
  /** The upstream's name of the model. */
  readonly model: string;
  /** Its request went out. */
  sent: boolean;
  /** A provider has begun to answer. */
  facts?: CallFacts;
  /** The answer is the call's own: it is paid for by what it says it used. */
  taken: boolean;
  /** There is an answer. */
  answered: boolean;
  /** How it failed. Absent, without an answer: it is under way, or was cancelled in the middle. */
  code?: string;
}

export const addSending = (state: CallState, deployment: Deployment | undefined, model: string, provider?: string): Sending => {
  const sending: Sending = { deployment, model, sent: false, taken: false, answered: false, ...(provider !== undefined && { provider }) };
  (state.sendings ??= []).push(sending);
  return sending;
};

/** The same transport, which says that something was sent. */
export const noticed =
  (transport: Transport, sending: Sending): Transport =>
  (request) => {
    sending.sent = true;
    return transport(request);
  };

/** Notes how a try failed, and fails with it. */
export const failed = (sending: Sending, cause: unknown): never => {
  sending.code = SluiceError.is(cause) ? cause.code : 'internal';
  throw cause;
};
