import type { JsonObject } from '../../types/index.ts';
import type { Candidate } from '../candidate.ts';
import type { Strategy } from '../strategy.ts';
import { lowest, someOf } from './lowest.ts';
import { readOptions } from './options.ts';
import { preparedFor, weighted } from './prepared.ts';
import { probeShare, staleAfterMs, toProbe } from './probe.ts';
import { openCalls } from './room.ts';

/** Health below this makes no further difference. */
const leastHealth = 0.1;

/**
 * The one with the fewest open calls, those of other processes included; ties are random. Its calls weigh more the more of
 * them failed lately, (open + 1) / health^2: what fails at once is never busy, and would get all calls; and one pick in
 * twenty may go to one that was not asked for ten seconds, which may be well again. In groups over 128 it is the
 * least busy of 8 random ones (see `someOf`).
 *
 * Source: LiteLLM's `least-busy` (litellm/router_strategy/least_busy.py, read 2026-11-22). Its counts are written back
 * whole, so that processes overwrite each other's; a tie is always won by the first; and a resting deployment that is the
 * least busy of all makes the pick a random one. None of it is so here.
 */
export const leastBusy = <P>(options?: JsonObject): Strategy<P> => {
  readOptions('least-busy', options, {});
  const membersOf = preparedFor<P, readonly Candidate<P>[]>(weighted);
  return {
    name: 'least-busy',
    pick(candidates, { random, now }) {
      const members = membersOf(candidates);
      const probe = random() < probeShare ? toProbe(members, random, now, () => staleAfterMs) : undefined;
      return probe ?? lowest(someOf(members, random), random, load);
    },
  };
};

const load = (candidate: Candidate<unknown>): number => {
  const health = Math.max(candidate.state.health, leastHealth);
  return (openCalls(candidate) + 1) / (health * health);
};
