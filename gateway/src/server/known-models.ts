import { SluiceError } from 'sluice/kit';
import { isKeptModel } from '../config/schema/kept-settings.ts';
import { searchToolOf } from '../config/schema/search-tools.ts';
import type { Live } from '../pipeline/live.ts';
import type { ListedModel } from './models.ts';

const asListed = ({ router }: Live, id: string): ListedModel => ({
  id,
  provider: router.match(id)[0]?.deployment.payload.provider ?? 'sluice',
});

/**
 * The models that clients are told of. "Every name" is no name to choose from a list.
 * @param isWell where names are left out that lead nowhere at the moment
 */
export const listedModels = (live: Live, isWell: (name: string) => boolean = () => true): ListedModel[] =>
  live.router
    .list()
    .filter(({ name }) => name !== '*' && searchToolOf(name) === undefined && !isKeptModel(name) && isWell(name))
    .map(({ name }) => asListed(live, name));

/** One model that can be asked for. @throws SluiceError `not_found`, with the nearest names */
export const knownModel = (live: Live, name: string): ListedModel => {
  if (live.router.match(name).length > 0) return asListed(live, name);
  const near = live.router.nearest(name);
  const hint = near.length > 0 ? ` Did you mean ${near.map((each) => `'${each}'`).join(' or ')}?` : '';
  throw new SluiceError('not_found', `The model '${name.slice(0, 100)}' does not exist.${hint}`, { param: 'model' });
};
