import type { CallFallbacks } from 'sluice/kit';
import { SluiceError } from 'sluice/kit';
import { refusalOf } from '../../limits/index.ts';
import type { CallState } from '../call-state.ts';

/** What a call says of itself, as far as it matters here. */
interface Asking {
  readonly fallbacks?: CallFallbacks | undefined;
  /** It is relayed as it is, so nobody else is asked. */
  readonly relayed?: boolean;
  readonly elsewhere?: boolean;
}

/** Whether limits of models may refuse a call that has others to go to. */
export const mayGoElsewhere = ({ live, principal }: CallState, { fallbacks, relayed }: Asking): boolean => {
  const { priority, router } = live.snapshot;
  if ((!priority.limiter && !priority.fairShare) || !principal || relayed || fallbacks?.disabled) return false;
  return router.fallbacks.general !== undefined || fallbacks?.targets !== undefined;
};

/**
 * A call that its model has no room for is let in all the same, for the fallbacks of the model, which the router asks as after
 * any other failure (so does LiteLLM with its `ProxyRateLimitError`, litellm/proxy/common_request_processing.py, read
 * 2026-11-22). What its caller may use in all it takes even so.
 * @throws SluiceError as `admit` does
 */
export const admitShared = async <T extends Asking>(
  state: CallState,
  asking: T,
  admit: (again: T) => Promise<void> | undefined,
): Promise<void> => {
  try {
    await admit(asking);
  } catch (error) {
    if (!SluiceError.is(error) || !isOfModel(error)) throw error;
    await admit({ ...asking, elsewhere: true });
    state.refused = error;
  }
};

const isOfModel = (error: SluiceError): boolean => /^(?:model|priority|share):/.test(refusalOf(error)?.limit.subject ?? '');
