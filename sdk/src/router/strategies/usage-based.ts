import type { JsonObject } from '../../types/index.ts';
import type { Candidate } from '../candidate.ts';
import { scopeOf } from '../circuit.ts';
import { MinuteCount, type DeploymentState } from '../state.ts';
import type { Strategy } from '../strategy.ts';
import { lowest } from './lowest.ts';
import { readOptions } from './options.ts';
import { preparedFor, weighted } from './prepared.ts';
import { hasRoom, inputTokensOf, limitsTokens, openCalls } from './room.ts';

/** More than any count of tokens: those without room come after all others. */
const withoutRoom = 1e15;
/** A new call counts so much in the size of a usual one. */
const sizeShare = 0.05;
/** One that was not asked for so long comes back as a newcomer, in milliseconds. */
const awayMs = 10_000;

/**
 * The one that has taken the fewest tokens in the running minute (UTC), among those whose `rpm` and `tpm` leave room for
 * the call; ties are random. In groups over 128 it is the lowest of 16 random ones (see `lowest`). Where nobody has room
 * the lowest is picked all the same: whether limits are enforced is not the strategy's to say.
 *
 * Source: LiteLLM's `usage-based-routing` and `-v2` (litellm/router_strategy/lowest_tpm_rpm.py and lowest_tpm_rpm_v2.py,
 * read 2026-11-22). Tokens are counted there when an answer is over, so that until then all calls go to the same
 * deployment; here each open call counts as one of the usual size, and so does each that failed: what fails takes no
 * tokens, and would get all calls. One that comes, or comes back, within a minute starts from the average of the others
 * instead of being flooded until it has caught up. v1 leaves the last request of `rpm` unused; not here. Both names are
 * the same strategy: what made v2 another one, counts shared by processes, is the router's.
 */
export const usageBased =
  (name: string) =>
  <P>(options?: JsonObject): Strategy<P> => {
    // LiteLLM's entries carry their minute in their key: a longer life changes nothing, and a shorter one would lose counts.
    readOptions(name, options, { ttl: { default: 60, min: 60 } });
    // As long-lived as what the router itself knows of a deployment.
    const ledgers = new WeakMap<DeploymentState, Ledger>();
    const ledgerOf = ({ state }: Candidate<P>): Ledger => {
      let ledger = ledgers.get(state);
      if (!ledger) ledgers.set(state, (ledger = new Ledger()));
      return ledger;
    };
    const groupOf = preparedFor<P, Group<P>>((candidates) => ({
      members: weighted(candidates).map((candidate) => ({ candidate, ledger: ledgerOf(candidate) })),
      limitsTokens: limitsTokens(candidates),
      isNew: true,
    }));
    let usualSize = 1;
    return {
      name,
      pick(candidates, context) {
        const group = groupOf(candidates);
        const { now } = context;
        if (group.isNew) {
          group.isNew = false;
          levelNewcomers(group.members, now);
        }
        const tokens = inputTokensOf(context, group.limitsTokens);
        const usedOf = ({ candidate, ledger: { extra } }: Member<P>): number => {
          const { requests: failed, tokens: head } = extra.at(now);
          const used = candidate.state.minute.at(now).tokens + head + (openCalls(candidate) + failed) * usualSize;
          return hasRoom(candidate, now, tokens) ? used : used + withoutRoom;
        };
        return lowest(group.members, context.random, usedOf).candidate;
      },
      finished(candidate, { error, now, inputTokens = 0, outputTokens = 0 }) {
        if (error && scopeOf(error)) ledgerOf(candidate).extra.at(now).requests++;
        const size = inputTokens + outputTokens;
        if (size > 0) usualSize += (size - usualSize) * (usualSize === 1 ? 1 : sizeShare);
      },
    };
  };

/** What counts besides the tokens that a deployment took. */
class Ledger {
  /** Failures of the minute as `requests`; as `tokens` what a newcomer starts from. */
  readonly extra = new MinuteCount();
  /** The minute in which it was last looked at as a newcomer. */
  levelledIn = -1;
}

interface Member<P> {
  readonly candidate: Candidate<P>;
  readonly ledger: Ledger;
}

interface Group<P> {
  readonly members: readonly Member<P>[];
  readonly limitsTokens: boolean;
  isNew: boolean;
}

const levelNewcomers = (members: readonly Member<unknown>[], now: number): void => {
  const usedOf = ({ candidate, ledger }: Member<unknown>): number => candidate.state.minute.at(now).tokens + ledger.extra.at(now).tokens;
  const minute = Math.floor(now / 60_000);
  const average = members.reduce((sum, member) => sum + usedOf(member), 0) / members.length;
  for (const member of members) {
    const { candidate, ledger } = member;
    const isNew = ledger.levelledIn === -1 || now - candidate.state.lastPickedAt >= awayMs;
    if (!isNew || ledger.levelledIn === minute) continue;
    ledger.levelledIn = minute;
    ledger.extra.tokens += Math.max(0, average - usedOf(member));
  }
};
