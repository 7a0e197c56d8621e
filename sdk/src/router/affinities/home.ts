import { SluiceError } from '../../types/index.ts';
import type { Filter } from '../filter.ts';
import { isOneAccount, type DeploymentById } from './account.ts';

/**
 * A conversation that a provider keeps (`homeDeploymentId`, from `previous_response_id`) goes on where it is, or at
 * another deployment of the same account. A filter and not a wish: everywhere else it does not exist. Where its home
 * rests, the router does what it does with a deployment that is alone; where it is gone, the client is told so, and not
 * that the conversation had never been (FP-76).
 */
export const homeFilter = <P>(byId: DeploymentById<P>): Filter<P> => ({
  name: 'home',
  keep(candidates, { homeDeploymentId }) {
    if (homeDeploymentId === undefined) return candidates;
    const home = byId(homeDeploymentId);
    if (!home) return [];
    return candidates.every(({ deployment }) => isOneAccount(home, deployment))
      ? candidates
      : candidates.filter(({ deployment }) => isOneAccount(home, deployment));
  },
  refusal: (name, { homeDeploymentId }) =>
    new SluiceError(
      'invalid_request',
      homeDeploymentId !== undefined && byId(homeDeploymentId)
        ? `The conversation is kept by a provider's account that '${name.slice(0, 100)}' does not use: call the model that it was begun with.`
        : 'The conversation cannot go on: the deployment that keeps it is gone.',
      { param: 'previous_response_id', retry: false },
    ),
});
