import { SluiceError } from '../../types/index.ts';
import type { Filter } from '../filter.ts';
import { keepThose, Leftovers, Noted } from './kept.ts';
import { shown } from './words.ts';

/** Schedules are told in minutes: within a second they say the same. */
const lifeMs = 1000;

/** Leaves out deployments whose time it is not (`Deployment.activeAt`). */
export const activeFilter = <P>(): Filter<P> => {
  const scheduled = new Noted<P, boolean>((candidates) => candidates.some(({ deployment }) => deployment.activeAt !== undefined));
  const leftovers = new Leftovers<P>(lifeMs);
  return {
    name: 'active',
    keep: (candidates, _request, now) =>
      scheduled.of(candidates, now)
        ? leftovers.of(candidates, '', now, () => keepThose(candidates, ({ deployment }) => deployment.activeAt?.(now) ?? true))
        : candidates,
    refusal: (name) => new SluiceError('unavailable', `No deployment of the model ${shown(name)} is scheduled for this time.`),
  };
};
