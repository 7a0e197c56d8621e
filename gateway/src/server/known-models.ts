import { SluiceError } from 'sluice/kit';
import { isKeptModel } from '../config/schema/kept-settings.ts';
import { searchToolOf } from '../config/schema/search-tools.ts';
import type { Principal } from '../access/principal.ts';
import type { Live } from '../pipeline/live.ts';
import { inTeamFor } from '../pipeline/governance/in-team-for.ts';
import { aliased, demandModel, modelAccessOf, routedName } from '../pipeline/model-rights.ts';
import type { ListedModel } from './models.ts';

const asListed = ({ router }: Live, id: string): ListedModel => ({
  id,
  provider: router.match(id)[0]?.deployment.payload.provider ?? 'sluice',
});

/**
 * The models that clients are told of. "Every name" is no name to choose from a list.
 * @param isWell where names are left out that lead nowhere at the moment
 */
export const listedModels = (
  live: Live,
  principal: Principal | undefined,
  isWell: (name: string) => boolean = () => true,
): ListedModel[] => {
  if (principal?.byTeam) {
    const inEach = [{ ...principal, byTeam: undefined }, ...principal.byTeam].flatMap((each) => listedModels(live, each, isWell));
    return [...new Map(inEach.map((model) => [model.id, model])).values()];
  }
  const access = modelAccessOf(principal, live);
  return live.router
    .list()
    .filter(({ name }) => name !== '*' && searchToolOf(name) === undefined && !isKeptModel(name) && isWell(name))
    .flatMap(({ name }) => {
      const shown = shownTo(principal, name, live);
      const denied = shown !== undefined && (shown === name ? access?.deniedBy(shown) : access?.ownDeniedBy(shown));
      return shown === undefined || denied ? [] : [{ ...asListed(live, name), id: shown }];
    });
};

/** What a caller knows a model by: another team's own model is nothing to it. */
const shownTo = (principal: Principal | undefined, name: string, live: Live): string | undefined => {
  const team = live.hasTeamModels ? live.router.match(name)[0]?.deployment.payload.team : undefined;
  if (!team) return name;
  return team.id === principal?.teamId || principal?.role === 'proxy_admin' ? team.publicName : undefined;
};

/** One model that can be asked for. @throws SluiceError `not_found`, with the nearest names */
export const knownModel = (live: Live, caller: Principal | undefined, name: string): ListedModel => {
  const principal = caller && inTeamFor({ principal: caller, live }, name);
  demandModel({ live, ...(principal && { principal }) }, name);
  const routed = routedName(principal, aliased(principal, name), live);
  if (live.router.match(routed).length > 0) return { ...asListed(live, routed), id: name };
  const near = live.router.nearest(name);
  const hint = near.length > 0 ? ` Did you mean ${near.map((each) => `'${each}'`).join(' or ')}?` : '';
  throw new SluiceError('not_found', `The model '${name.slice(0, 100)}' does not exist.${hint}`, { param: 'model' });
};
