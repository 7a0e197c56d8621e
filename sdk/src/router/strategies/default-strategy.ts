import type { Strategy } from '../strategy.ts';
import { adaptive } from './adaptive.ts';
import { preparedFor } from './prepared.ts';
import { simpleShuffle } from './simple-shuffle.ts';

/**
 * Where no strategy is named: `simple-shuffle` for groups that say how they want to be shared (any `weight`, `rpm` or
 * `tpm`), else `adaptive`.
 */
export const defaultStrategy = <P>(): Strategy<P> => {
  const shuffle = simpleShuffle<P>();
  const adapt = adaptive<P>();
  const strategyFor = preparedFor<P, Strategy<P>>((candidates) =>
    candidates.some(({ deployment: { weight, rpm, tpm } }) => weight !== undefined || rpm !== undefined || tpm !== undefined)
      ? shuffle
      : adapt,
  );
  // Both live from what is in the candidates' state: there is nothing to tell them.
  return { name: 'default', pick: (candidates, context) => strategyFor(candidates).pick(candidates, context) };
};
