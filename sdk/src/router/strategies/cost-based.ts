import type { JsonObject } from '../../types/index.ts';
import type { Candidate } from '../candidate.ts';
import type { Strategy } from '../strategy.ts';
import { readOptions } from './options.ts';
import { preparedFor, weighted } from './prepared.ts';
import { hasRoom, inputTokensOf, limitsTokens } from './room.ts';

/** US dollars a token, where a price is not known: above every real one. */
const unknownPrice = 5;
/** So many of one price, and so many prices, are asked for room for a call: one that is too large for most may be so for all. */
const looks = 64;

/**
 * The cheapest by the sum of its prices for a token of input and one of output, among those whose `rpm`, `tpm`,
 * `itpm` and `otpm` leave room for the call; ties are random. An unknown price counts as 5 dollars. Where nobody has room, one of the cheapest.
 *
 * Candidates are sorted by price once. What is used up is passed over for the rest of its minute, so that a pick costs the
 * same however many there are.
 *
 * Source: LiteLLM's `cost-based-routing` (litellm/router_strategy/lowest_cost.py, read 2026-11-22), where the first of
 * those with one price gets all calls.
 */
export const costBased = <P>(options?: JsonObject): Strategy<P> => {
  readOptions('cost-based-routing', options, {});
  const groupOf = preparedFor<P, Group<P>>(sortedByPrice);
  return {
    name: 'cost-based-routing',
    pick(candidates, context) {
      const group = groupOf(candidates);
      const { now, random } = context;
      const { tiers } = group;
      startMinute(group, Math.floor(now / 60_000));
      const tokens = inputTokensOf(context, group.limitsTokens);
      const end = Math.min(tiers.length, group.from + looks);
      for (let at = group.from; at < end; at++) {
        const found = withRoom(tiers[at]!, now, tokens, random);
        if (found) return found;
        if (at === group.from && tiers[at]!.open === 0) group.from++;
      }
      const { members } = tiers[0]!;
      return members[Math.floor(random() * members.length)]!;
    },
  };
};

interface Group<P> {
  readonly tiers: readonly Tier<P>[];
  readonly limitsTokens: boolean;
  minute: number;
  /** All before it are used up for this minute. */
  from: number;
}

/** Candidates of one price. */
interface Tier<P> {
  /** Those that are used up for this minute stand behind the others. */
  readonly members: Candidate<P>[];
  /** How many are not. */
  open: number;
}

const sortedByPrice = <P>(candidates: readonly Candidate<P>[]): Group<P> => {
  const byPrice = new Map<number, Candidate<P>[]>();
  for (const candidate of weighted(candidates)) {
    const price = priceOf(candidate);
    const members = byPrice.get(price);
    if (members) members.push(candidate);
    else byPrice.set(price, [candidate]);
  }
  const tiers = [...byPrice].sort(([a], [b]) => a - b).map(([, members]) => ({ members, open: members.length }));
  return { tiers, limitsTokens: limitsTokens(candidates), minute: 0, from: 0 };
};

const priceOf = ({ facts }: Candidate<unknown>): number =>
  (facts.inputUsdPerToken ?? unknownPrice) + (facts.outputUsdPerToken ?? unknownPrice);

const startMinute = (group: Group<unknown>, minute: number): void => {
  if (minute === group.minute) return;
  group.minute = minute;
  group.from = 0;
  for (const tier of group.tiers) tier.open = tier.members.length;
};

const withRoom = <P>(tier: Tier<P>, now: number, tokens: number, random: () => number): Candidate<P> | undefined => {
  const { members } = tier;
  let place = Math.floor(random() * tier.open);
  for (let look = 0; look < looks && tier.open > 0; look++) {
    if (place >= tier.open) place = 0;
    const candidate = members[place]!;
    if (hasRoom(candidate, now, tokens)) return candidate;
    // One token more is too much, too: it is used up. Else only this call is too large for it.
    if (hasRoom(candidate, now, 1)) place++;
    else {
      const last = --tier.open;
      members[place] = members[last]!;
      members[last] = candidate;
    }
  }
  return undefined;
};
