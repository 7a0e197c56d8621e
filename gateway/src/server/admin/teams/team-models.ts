import { noDefaultModels } from '../../../access/models/model-list.ts';
import type { TeamRecord } from '../../../access/records/records.ts';
import { adminRoute } from '../admin-route.ts';
import { aboutTeam } from './find-team.ts';
import { teamModels } from './schemas.ts';
import { changeTeam } from './update-team.ts';
import { showTeam } from './view.ts';

const changing = (path: string, summary: string, change: (team: TeamRecord, models: readonly string[]) => readonly string[]) =>
  adminRoute({
    method: 'POST',
    paths: [path],
    action: 'team.models',
    body: teamModels,
    summary,
    about: (context) => aboutTeam(context, context.body.team_id),
    handle: async (context) => {
      const { team_id: id, models } = context.body;
      const team = await context.store.write(context.actor, (writing) =>
        changeTeam(context, writing, id, (data) => ({ models: change(data, models) })),
      );
      return showTeam(context, team);
    },
  });

export const addModels = changing('/team/model/add', 'Adds models to those that a team may use.', (team, models) => [
  ...new Set([...team.models.filter((each) => each !== noDefaultModels), ...models]),
]);

export const deleteModels = changing('/team/model/delete', 'Takes models from those that a team may use.', (team, models) => {
  const left = team.models.filter((each) => !models.includes(each));
  // An empty list would be everything.
  return left.length === 0 && team.models.length > 0 ? [noDefaultModels] : left;
});
