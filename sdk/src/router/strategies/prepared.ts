import type { Candidate } from '../candidate.ts';

/**
 * Works something out of an array of candidates once: the array is the same as long as the candidates are. What is kept
 * goes with the array.
 */
export const preparedFor = <P, T>(prepare: (candidates: readonly Candidate<P>[]) => T): ((candidates: readonly Candidate<P>[]) => T) => {
  const kept = new WeakMap<readonly Candidate<P>[], T>();
  // Most routers have a group that most calls are for: the last array is looked at before the map is.
  let lastArray: readonly Candidate<P>[] | undefined;
  let last: T;
  return (candidates) => {
    if (candidates === lastArray) return last;
    let found = kept.get(candidates);
    if (found === undefined) {
      found = prepare(candidates);
      kept.set(candidates, found);
    }
    lastArray = candidates;
    last = found;
    return found;
  };
};

/** Without those of weight 0, which are asked only where there is no other. */
export const weighted = <P>(candidates: readonly Candidate<P>[]): readonly Candidate<P>[] => {
  if (candidates.every(({ deployment }) => deployment.weight !== 0)) return candidates;
  const some = candidates.filter(({ deployment }) => deployment.weight !== 0);
  return some.length === 0 ? candidates : some;
};
