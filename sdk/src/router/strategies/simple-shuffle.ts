import type { JsonObject } from '../../types/index.ts';
import type { Candidate } from '../candidate.ts';
import type { Deployment } from '../deployment.ts';
import type { Strategy } from '../strategy.ts';
import { readOptions } from './options.ts';
import { preparedFor } from './prepared.ts';

const shares = ['weight', 'rpm', 'tpm'] as const;

/**
 * A random pick, weighted by the first of `weight`, `rpm`, `tpm` that any candidate has; one that lacks it, or has 0,
 * is picked only where nobody has a share. With none of them all are equal. The sums of the shares are kept, and the pick
 * is a binary search in them.
 *
 * Source: LiteLLM's `simple-shuffle` (litellm/router_strategy/simple_shuffle.py, read 2026-11-22), which asks only the
 * first candidate which of the three is there: the shares then depend on the order of the list.
 */
export const simpleShuffle = <P>(options?: JsonObject): Strategy<P> => {
  readOptions('simple-shuffle', options, {});
  const sumsOf = preparedFor<P, Float64Array | undefined>(sumShares);
  return {
    name: 'simple-shuffle',
    pick(candidates, { random }) {
      const sums = sumsOf(candidates);
      if (!sums) return candidates[Math.floor(random() * candidates.length)]!;
      return candidates[firstOver(sums, random() * sums[sums.length - 1]!)]!;
    },
  };
};

/** The sum of the shares up to each candidate; undefined: all are equal. */
const sumShares = (candidates: readonly Candidate<unknown>[]): Float64Array | undefined => {
  const name = shares.find((each) => candidates.some(({ deployment }) => deployment[each] !== undefined));
  if (name === undefined) return undefined;
  const sums = new Float64Array(candidates.length);
  let sum = 0;
  candidates.forEach(({ deployment }, at) => {
    sum += shareOf(deployment, name);
    sums[at] = sum;
  });
  return sum > 0 ? sums : undefined;
};

const shareOf = (deployment: Deployment<unknown>, name: (typeof shares)[number]): number => Math.max(0, deployment[name] ?? 0);

/** The first place whose sum is above `value`: it has a share itself. `value` is below the last sum. */
const firstOver = (sums: Float64Array, value: number): number => {
  let from = 0;
  let to = sums.length - 1;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sums[middle]! > value) to = middle;
    else from = middle + 1;
  }
  return from;
};
