import { kinds } from '../../../access/records/kinds.ts';
import { adminRoute } from '../admin-route.ts';
import { shownKeys } from '../keys/shown.ts';
import { aboutTeam, ownedBy, theTeam } from './find-team.ts';
import { namedOrOwn } from './own-team.ts';
import { infoQuery } from './schemas.ts';
import { teamShown } from './shown.ts';
import { showMemberships, viewTeams } from './view.ts';

export const teamInfo = adminRoute({
  method: 'GET',
  paths: ['/team/info'],
  action: 'team.see',
  query: infoQuery,
  summary: 'Shows a team, its members with what they spent, and those of its keys that the caller may see.',
  about: (context) => aboutTeam(context, namedOrOwn(context, context.query.team_id)),
  handle: async (context) => {
    const { store, query, now } = context;
    const team = await theTeam(context, namedOrOwn(context, query.team_id));
    const [view] = await viewTeams(context, [team]);
    const owned = ownedBy(team.id, team);
    const all = context.may('key.see', owned);
    const { userId, key } = context.principal;
    // Of others' keys, members who may not see them learn nothing, not even how many there are.
    const own = [...(userId === undefined ? [] : [{ is: { user_id: userId } }]), ...(key ? [{ is: { id: key.id } }] : [])];
    const { rows, total } = await store.page(kinds.key, {
      is: { team_id: team.id },
      ...(!all && { anyOf: own }),
      page: 1,
      size: query.key_limit,
    });
    return {
      team_id: team.id,
      team_info: { ...teamShown(view!, now), keys_count: total },
      keys: await shownKeys(context, rows),
      team_memberships: await showMemberships(context, team, view!.members),
    };
  },
});
