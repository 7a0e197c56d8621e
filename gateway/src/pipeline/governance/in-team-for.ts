import type { Principal } from '../../access/principal.ts';
import type { CallState } from '../call-state.ts';
import { demandModel } from '../model-rights.ts';

/** The caller in the first of its teams that may use a model; as it is, where it is in one alone or none of them may. */
export const inTeamFor = (
  { principal, pathProvider, live }: Pick<CallState, 'principal' | 'pathProvider' | 'live'>,
  model: string,
): Principal | undefined => {
  if (!principal?.byTeam) return principal;
  const may = (each: Principal): boolean => {
    try {
      demandModel({ principal: each, pathProvider, live }, model);
      return true;
    } catch {
      return false;
    }
  };
  return may(principal) ? principal : (principal.byTeam.find(may) ?? principal);
};
