import { SluiceError } from '../../types/index.ts';
import type { Filter } from '../filter.ts';
import { keepThose, Leftovers } from './kept.ts';
import { shown, shownList } from './words.ts';
import { isWithin } from './zones.ts';

/**
 * Keeps a call in the regions that it names. Fails closed: a deployment that does not say where it computes is not known
 * to be there, and is left out (FP-88).
 */
export const regionFilter = <P>(): Filter<P> => {
  const leftovers = new Leftovers<P>();
  return {
    name: 'region',
    keep(candidates, { regions }, now) {
      if (regions === undefined || regions.length === 0) return candidates;
      return leftovers.of(candidates, regions.join('|'), now, () =>
        keepThose(candidates, ({ deployment: { region } }) => region !== undefined && regions.some((wanted) => isWithin(region, wanted))),
      );
    },
    refusal: (name, { regions = [] }) =>
      new SluiceError('invalid_request', `No deployment of the model ${shown(name)} is known to be in ${shownList(regions)}.`, {
        param: 'allowed_model_region',
      }),
  };
};
