import { SluiceError } from '../../types/index.ts';
import type { Filter } from '../filter.ts';
import { isOneAccount, type DeploymentById } from './account.ts';

/**
 * A conversation that a provider keeps (`homeDeploymentId`, from `previous_response_id`) goes on where it is, or at
 * another deployment of the same account. A filter and not a wish: everywhere else it does not exist. Where its home
 * rests, the router does what it does with a deployment that is alone; where it is gone, the client is told so, and not
 * that the conversation had never been (FP-76). Where the client calls a name that none of the account is of, others of
 * the same vendor may know it under another address: the vendor says.
 */
export const homeFilter = <P>(byId: DeploymentById<P>): Filter<P> => ({
  name: 'home',
  keep(candidates, { homeDeploymentId }) {
    if (homeDeploymentId === undefined) return candidates;
    const home = byId(homeDeploymentId);
    if (!home) return [];
    if (candidates.every(({ deployment }) => isOneAccount(home, deployment))) return candidates;
    const ofAccount = candidates.filter(({ deployment }) => isOneAccount(home, deployment));
    return ofAccount.length > 0 ? ofAccount : candidates.filter(({ deployment }) => deployment.provider === home.provider);
  },
  refusal: (name, { homeDeploymentId }) =>
    new SluiceError(
      'invalid_request',
      homeDeploymentId !== undefined && byId(homeDeploymentId)
        ? `The conversation is kept by a provider that '${name.slice(0, 100)}' is not of: call the model that it was begun with.`
        : 'The conversation cannot go on: the deployment that keeps it is gone.',
      { param: 'previous_response_id', retry: false },
    ),
});
