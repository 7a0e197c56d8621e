import type { JsonObject } from '../../types/index.ts';
import type { Candidate } from '../candidate.ts';
import { scopeOf } from '../circuit.ts';
import type { DeploymentState, MinuteCount } from '../state.ts';
import type { Strategy } from '../strategy.ts';
import { lowest } from './lowest.ts';
import { Members } from './members.ts';
import { readOptions } from './options.ts';
import { preparedFor, weighted } from './prepared.ts';
import { inputTokensOf, isWithin, limitsTokens, type Rates } from './room.ts';

/** More than any count of tokens: those without room come after all others. */
const withoutRoom = 1e15;
/** A new call counts so much in the size of a usual one. */
const sizeShare = 0.05;
/** One that was not asked for so long comes back as a newcomer, in milliseconds. */
const awayMs = 10_000;

/**
 * The one that has taken the fewest tokens in the running minute (UTC), among those whose `rpm`, `tpm`, `itpm` and
 * `otpm` leave room for the call; ties are random. In groups over 128 it is the lowest of 8 random ones (see `someOf`). Where nobody has room
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
    const memberOf = (candidate: Candidate<P>): Member<P> => asMember(candidate, ledgerOf(candidate));
    const groupOf = preparedFor<P, Group<P>>((candidates) => ({
      members: new Members(weighted(candidates), memberOf),
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
          // In a large one a newcomer is drawn so seldom that nothing can flood it.
          if (group.members.all) levelNewcomers(group.members.all, now);
        }
        const tokens = inputTokensOf(context, group.limitsTokens);
        const usedOf = (member: Member<P>): number => {
          const { state, ledger, minute } = member;
          let used = minute.at(now).tokens + (state.pending + state.pendingElsewhere) * usualSize;
          if (ledger.endsAt > now) used += ledger.head + ledger.failed * usualSize;
          return isWithin(member, minute, now, tokens) ? used : used + withoutRoom;
        };
        return lowest(group.members.some(context.random), context.random, usedOf).candidate;
      },
      finished(candidate, { error, now, inputTokens = 0, outputTokens = 0 }) {
        if (error && scopeOf(error)) ledgerOf(candidate).at(now).failed++;
        const size = inputTokens + outputTokens;
        if (size > 0) usualSize += (size - usualSize) * (usualSize === 1 ? 1 : sizeShare);
      },
    };
  };

/** What counts in the running minute besides the tokens that a deployment took. */
class Ledger {
  failed = 0;
  /** Tokens that a newcomer starts from. */
  head = 0;
  /** Of its minute, Unix milliseconds. */
  endsAt = 0;
  /** When it was last looked at as a newcomer, Unix milliseconds. */
  levelledAt = -Infinity;

  /** In the minute of `now`. */
  at(now: number): this {
    if (now >= this.endsAt) {
      this.failed = this.head = 0;
      this.endsAt = (Math.floor(now / 60_000) + 1) * 60_000;
    }
    return this;
  }
}

/** All that a pick reads, without the way through the candidate. */
interface Member<P> extends Rates {
  readonly candidate: Candidate<P>;
  readonly state: DeploymentState;
  readonly minute: MinuteCount;
  readonly ledger: Ledger;
}

const asMember = <P>(candidate: Candidate<P>, ledger: Ledger): Member<P> => {
  const { state, deployment } = candidate;
  const { rpm, tpm, itpm, otpm } = deployment;
  return { candidate, state, minute: state.minute, ledger, rpm, tpm, itpm, otpm };
};

interface Group<P> {
  readonly members: Members<Candidate<P>, Member<P>>;
  readonly limitsTokens: boolean;
  isNew: boolean;
}

const levelNewcomers = (members: readonly Member<unknown>[], now: number): void => {
  const usedOf = ({ minute, ledger }: Member<unknown>): number => minute.at(now).tokens + ledger.at(now).head;
  const isNew = ({ state, ledger }: Member<unknown>): boolean => ledger.levelledAt === -Infinity || now - state.lastPickedAt >= awayMs;
  const others = members.filter((member) => !isNew(member));
  const average = others.reduce((sum, member) => sum + usedOf(member), 0) / Math.max(1, others.length);
  for (const member of members) {
    const { ledger } = member;
    // Once a minute: it would be lifted again and again where groups come and go.
    if (!isNew(member) || ledger.levelledAt >= ledger.endsAt - 60_000) continue;
    ledger.levelledAt = now;
    ledger.head += Math.max(0, average - usedOf(member));
  }
};
