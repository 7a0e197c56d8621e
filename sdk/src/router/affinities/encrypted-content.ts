import type { Affinity, AffinityStats } from '../affinity.ts';
import type { Candidate } from '../candidate.ts';
import type { RouteRequest } from '../route-request.ts';
import { isOneAccount, type DeploymentById } from './account.ts';

/**
 * Requests that carry encrypted reasoning first to deployments that can read it: LiteLLM's `encrypted_content_affinity`.
 * Such a deployment is preferred however busy it is, and left alone when it rests; what others cannot read is then left
 * out of the request, so that the conversation goes on without it.
 */
export const encryptedContentAffinity = <P>(byId: DeploymentById<P>): Affinity<P> => {
  const stats: AffinityStats = { hits: 0, misses: 0 };
  const isReader = (request: RouteRequest, { deployment }: Candidate<P>): boolean => {
    const maker = byId(request.encryptedByDeploymentId!);
    return maker !== undefined && isOneAccount(maker, deployment);
  };
  return {
    name: 'encrypted-content',
    stats,
    prefer(candidates, request) {
      const id = request.encryptedByDeploymentId;
      if (id === undefined) return undefined;
      const maker = candidates.find(({ deployment }) => deployment.id === id);
      return maker ?? leastBusy(candidates.filter((each) => isReader(request, each)));
    },
    served(candidate, request) {
      if (request.encryptedByDeploymentId === undefined) return;
      if (isReader(request, candidate)) stats.hits++;
      else stats.misses++;
    },
  };
};

const leastBusy = <P>(candidates: readonly Candidate<P>[]): Candidate<P> | undefined =>
  candidates.length < 2 ? candidates[0] : candidates.reduce((best, each) => (each.state.pending < best.state.pending ? each : best));
