import { SluiceError, type CancelSignal } from '../types/index.ts';

/** Why a call was cancelled, as an error that can be told. */
export const reasonOf = ({ reason }: CancelSignal): SluiceError =>
  SluiceError.is(reason) ? reason : new SluiceError('client_closed_request', 'The call was cancelled.', { cause: reason });

/** @throws SluiceError the signal's reason */
export const throwIfAborted = (signal: CancelSignal | undefined): void => {
  if (signal?.aborted) throw reasonOf(signal);
};
