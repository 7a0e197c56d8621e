import { keyTypeRoutes, routeAllowed } from '../../../gateway/src/access/keys/route-groups.ts';
import { permits, teamMemberPermissions, usualMemberPermissions, type Action } from '../../../gateway/src/access/permissions.ts';
import type { Principal } from '../../../gateway/src/access/principal.ts';
import { relationsTo, type Owned } from '../../../gateway/src/access/relations.ts';
import { memberPermissions } from './places.ts';

/** Whether the key is for the route at all. */
export const mayCall = ({ key }: Principal, path: string): boolean => {
  const { allowed_routes: own, key_type: type } = key?.data ?? {};
  const allowed = own?.length ? own : type == null ? [] : keyTypeRoutes[type];
  return allowed.length === 0 || routeAllowed(allowed, path);
};

/** What the table says. */
export const mayDo = (principal: Principal, action: Action, things: readonly Owned[]): boolean =>
  things.every((owned) =>
    permits(
      action,
      relationsTo(principal, owned, (teamId) =>
        (memberPermissions[teamId] ?? usualMemberPermissions).some(
          (permission) => teamMemberPermissions[permission as keyof typeof teamMemberPermissions] === action,
        ),
      ),
    ),
  );
