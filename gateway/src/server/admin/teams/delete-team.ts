import { kinds } from '../../../access/records/kinds.ts';
import type { Actor } from '../../../access/store/actor.ts';
import { notFound, type Writing } from '../../../access/store/writing.ts';
import { adminRoute } from '../admin-route.ts';
import { linkAccessGroups } from './access-groups.ts';
import { aboutTeams, refuseFileTeam, teamLock } from './find-team.ts';
import { removeKeys } from './remove-keys.ts';
import { namedTeams } from './schemas.ts';

/** Deletes a team with all that is in it and would be nobody's: keys, memberships, projects, models of its own. */
export const removeTeam = async (writing: Writing, id: string, { keyHash }: Actor): Promise<void> => {
  await writing.tx.lock(teamLock(id));
  const team = await writing.get(kinds.team, id);
  if (!team) throw notFound(kinds.team, id);
  await removeKeys(writing, { is: { team_id: id } }, `team '${id}'`, keyHash);
  await writing.removeAll(kinds.teamMember, { is: { team_id: id } });
  await writing.removeAll(kinds.project, { is: { team_id: id } });
  await writing.removeAll(kinds.model, { is: { team_id: id } });
  await linkAccessGroups(writing, id, team.data.access_group_ids, []);
  await writing.remove(kinds.team, id);
  // Of two deleted teams of one name, the later one is remembered.
  await writing.put(kinds.deletedTeam, id, () => ({
    ...team.data,
    made_at: team.createdAt,
    ...(keyHash !== undefined && { deleted_with: keyHash }),
  }));
};

export const deleteTeam = adminRoute({
  method: 'POST',
  paths: ['/team/delete'],
  action: 'team.delete',
  body: namedTeams,
  summary: 'Deletes teams with their keys, memberships, projects and models.',
  about: (context) => aboutTeams(context, context.body.team_ids),
  handle: async ({ body, store, services, actor }) => {
    const ids = [...new Set(body.team_ids)];
    for (const id of ids) refuseFileTeam(services.snapshot(), id);
    await store.write(actor, async (writing) => {
      for (const id of ids.toSorted()) await removeTeam(writing, id, actor);
    });
    return { deleted_teams: ids };
  },
});
