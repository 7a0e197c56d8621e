import { SluiceError } from 'sluice/kit';
import { kinds, memberId } from '../../../access/records/kinds.ts';
import { adminRoute } from '../admin-route.ts';
import { aboutTeam, theTeam } from './find-team.ts';
import { showMemberships } from './view.ts';

export const ownMembership = adminRoute({
  method: 'GET',
  paths: ['/team/{team_id:path}/members/me'],
  action: 'team.see',
  summary: "Shows the caller's own place in a team, with what holds for it.",
  about: (context) => aboutTeam(context, context.params['team_id']!),
  handle: async (context) => {
    const { principal, store } = context;
    const team = await theTeam(context, context.params['team_id']!);
    const member = principal.userId === undefined ? undefined : await store.get(kinds.teamMember, memberId(team.id, principal.userId));
    if (!member) throw new SluiceError('not_found', `You are not in the team '${team.id}'.`);
    const [shown] = await showMemberships(context, team, [member]);
    const user = await store.get(kinds.user, member.data.user_id);
    return { ...shown, user_email: user?.data.user_email ?? null, team_alias: team.data.team_alias ?? null };
  },
});
