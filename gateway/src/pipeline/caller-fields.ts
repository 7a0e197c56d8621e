import type { Principal } from '../access/principal.ts';
import { defined } from '../config/defined.ts';
import type { CallerFields } from '../telemetry/call-record.ts';

/** Made once for each caller, since each call's line has them. */
const known = new WeakMap<Principal, CallerFields>();

/** Who called, for logs. Undefined: nobody but whoever has the master key. */
export const callerFields = (principal: Principal): CallerFields | undefined => {
  if (principal.kind === 'master' || principal.kind === 'open') return undefined;
  let fields = known.get(principal);
  if (!fields) {
    const { key, team, userId, teamId, organizationId, projectId, agentId } = principal;
    fields = defined({
      keyHash: key?.id,
      keyAlias: key?.data.key_alias ?? undefined,
      userId,
      teamId,
      teamAlias: team?.data.team_alias ?? undefined,
      organizationId,
      projectId,
      agentId,
    });
    known.set(principal, fields);
  }
  return fields;
};
