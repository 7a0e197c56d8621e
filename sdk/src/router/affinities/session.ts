import type { Affinity } from '../affinity.ts';
import { Sticky, type StickyOptions } from './sticky.ts';

/**
 * Calls of one session (`sessionId`) at one deployment: LiteLLM's `session_affinity`. There it is a table with a time to
 * live that instances share; here a session belongs to a deployment by rendezvous hashing, which all instances work out
 * for themselves, and only sessions that had to move are remembered (see `Sticky`).
 */
export const sessionAffinity = <P>(options: StickyOptions = {}): Affinity<P> =>
  new Sticky<P>('session', ({ sessionId }) => sessionId, options);
