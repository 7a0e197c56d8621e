import { adminRoute } from '../admin-route.ts';
import { findTeam } from './find-team.ts';
import { availableQuery } from './schemas.ts';
import { teamShown } from './shown.ts';
import { idsWithUser } from './visible.ts';

/** Of a team that one is not in yet, only what one chooses by. */
export const availableTeams = adminRoute({
  method: 'GET',
  paths: ['/team/available'],
  action: 'team.available',
  query: availableQuery,
  summary:
    'Lists the teams that users may join by themselves and that the caller is not in (`default_internal_user_params.available_teams`).',
  about: () => [],
  handle: async (context) => {
    const { principal, services, store, now } = context;
    const open = services.live().snapshot.users.defaults?.available_teams ?? [];
    if (open.length === 0 || principal.userId === undefined) return [];
    const own = new Set(await idsWithUser(store, principal.userId));
    const found = await Promise.all(open.filter((id) => !own.has(id)).map((id) => findTeam(context, id)));
    return found
      .filter((team) => team !== undefined)
      .map((team) => {
        const { team_id, team_alias, models, organization_id, blocked, created_at, updated_at } = teamShown(
          { team, members: [], emails: new Map(), spentUsd: 0, budget: undefined, timeZone: undefined },
          now,
        );
        return { team_id, team_alias, organization_id, models, blocked, created_at, updated_at };
      });
  },
});
