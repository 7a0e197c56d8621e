import type { Affinity } from '../affinity.ts';
import { Sticky, type StickyOptions } from './sticky.ts';

/**
 * Calls of one caller (its key), or, where callers are not told apart, of one end user at one deployment: LiteLLM's
 * `deployment_affinity`. A caller with much traffic is not held to one deployment's quota: beyond twice that deployment's
 * share of the open calls it goes on to the next one.
 */
export const userAffinity = <P>(options: StickyOptions = {}): Affinity<P> =>
  new Sticky<P>('user', ({ caller, user }) => caller ?? user, options);
