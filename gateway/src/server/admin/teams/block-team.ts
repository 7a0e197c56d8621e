import { adminRoute } from '../admin-route.ts';
import { aboutTeam } from './find-team.ts';
import { namedTeam } from './schemas.ts';
import { changeTeam } from './update-team.ts';
import { showTeam } from './view.ts';

const blocking = (path: string, blocked: boolean, summary: string) =>
  adminRoute({
    method: 'POST',
    paths: [path],
    action: 'team.block',
    body: namedTeam,
    summary,
    about: (context) => aboutTeam(context, context.body.team_id),
    handle: async (context) => {
      const team = await context.store.write(context.actor, (writing) =>
        changeTeam(context, writing, context.body.team_id, () => ({ blocked }), blocked ? 'blocked' : 'unblocked'),
      );
      return showTeam(context, team);
    },
  });

export const blockTeam = blocking('/team/block', true, 'Refuses all calls with keys of a team.');
export const unblockTeam = blocking('/team/unblock', false, 'Lets calls with keys of a team through again.');
