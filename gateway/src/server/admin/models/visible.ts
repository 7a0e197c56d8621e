import { ModelAccess } from '../../../access/models/model-access.ts';
import type { Principal } from '../../../access/principal.ts';
import type { Live } from '../../../pipeline/live.ts';

/** Whether a caller sees everything. */
export const seesAll = ({ role }: Pick<Principal, 'role'>): boolean => role === 'proxy_admin' || role === 'proxy_admin_viewer';

interface Named {
  readonly modelName: string;
  readonly teamId?: string | null | undefined;
}

/** Which models a caller is told of: those that it may ask for, and those of its teams. */
export const visibleTo = (principal: Principal, live: Pick<Live, 'groupsOf'>): ((model: Named) => boolean) => {
  if (seesAll(principal)) return () => true;
  const access = new ModelAccess(principal, live.groupsOf);
  return ({ modelName, teamId }) => (teamId == null ? access.may(modelName) : principal.teams.has(teamId) || principal.teamId === teamId);
};
