import { SluiceError } from '../types/index.ts';
import type { RouterCandidate } from './candidates.ts';
import type { Circuit } from './circuit.ts';
import type { Group } from './group.ts';

/** What a client is told where everything rests. In our words alone: the vendor's may quote another client's prompt. */
const restingError = (name: string, { code, status, restUntil }: Circuit, now: number): SluiceError => {
  const retryAfterMs = Math.max(1, restUntil - now);
  const what = `No deployment of '${name}' can be asked at the moment: all rest after failures (${code}, ${status}).`;
  const hint = ` Try again in ${Math.ceil(retryAfterMs / 1000)} seconds.`;
  const ofVendor = code === 'rate_limited' || code === 'payment_required' || code === 'permission_denied';
  return new SluiceError(ofVendor ? code : 'unavailable', what + hint, { retryAfterMs, ...(ofVendor && { status }) });
};

/** What is told of the one of them that is asked again first. */
export const restingErrorOf = <P>(group: Group<P>, candidates: readonly RouterCandidate<P>[], now: number): SluiceError => {
  const circuits = candidates.flatMap(({ circuits: { all } }) => all.filter(({ restUntil }) => restUntil > 0));
  const first = circuits.toSorted((a, b) => a.restUntil - b.restUntil)[0];
  return first
    ? restingError(group.name, first, now)
    : new SluiceError('unavailable', `No deployment of '${group.name}' can be asked at the moment.`);
};
