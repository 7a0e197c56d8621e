import { SluiceError } from 'sluice/kit';
import { ManagerFailure, passes } from './manager.ts';

/**
 * What a failure is for everybody else: 503, whatever the manager said, because no client is at fault. Names the
 * manager and the secret, and holds neither the secret nor what signs in (FP-26).
 * @param doing `give OPENAI_API_KEY`
 */
export const unavailable = (manager: string, doing: string, cause: unknown): SluiceError =>
  new SluiceError('unavailable', `The secret manager ${manager} cannot ${doing}: ${reasonOf(cause)}.`, { retry: passes(cause) });

/** Words of ours and of the SDK, which hold no secret; those of others (runtimes, parsers) might. */
const reasonOf = (cause: unknown): string => {
  if (cause instanceof ManagerFailure || SluiceError.is(cause)) return cause.message.replace(/\.$/, '');
  const name = (cause as { name?: unknown } | null)?.name;
  return typeof name === 'string' && /^\w{1,40}$/.test(name) ? `it failed (${name})` : 'it failed';
};
