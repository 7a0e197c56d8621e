import { hash, seededRandom } from '../kit/chunks.ts';

/** Choices of one case: the same for the same seed and number, whatever the other cases are. */
export interface Choice {
  /** From 0 up to, not including, `below`. */
  int(below: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
}

export const choiceOf = (seed: number, index: number, kind: string): Choice => {
  const random = seededRandom(hash(`${kind} ${seed} ${index}`));
  const int = (below: number) => Math.floor(random() * below);
  return {
    int,
    chance: (probability) => random() < probability,
    pick: (from) => {
      if (from.length === 0) throw new RangeError('nothing to pick from');
      return from[int(from.length)] as (typeof from)[number];
    },
  };
};
