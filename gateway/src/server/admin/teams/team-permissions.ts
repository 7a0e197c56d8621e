import { SluiceError } from 'sluice/kit';
import { teamMemberPermissions, usualMemberPermissions } from '../../../access/permissions.ts';
import { kinds } from '../../../access/records/kinds.ts';
import { adminRoute } from '../admin-route.ts';
import { aboutTeam, aboutTeams, theTeam } from './find-team.ts';
import { namedOrOwn } from './own-team.ts';
import { bulkPermissions, teamPermissions, teamQuery } from './schemas.ts';
import { changeTeam } from './update-team.ts';
import { showTeam } from './view.ts';

export const listPermissions = adminRoute({
  method: 'GET',
  paths: ['/team/permissions_list'],
  action: 'team.permissions.see',
  query: teamQuery,
  summary: 'Shows what members who do not administer a team may do with its keys.',
  about: (context) => aboutTeam(context, namedOrOwn(context, context.query.team_id)),
  handle: async (context) => {
    const team = await theTeam(context, namedOrOwn(context, context.query.team_id));
    return {
      team_id: team.id,
      team_member_permissions: team.data.team_member_permissions ?? usualMemberPermissions,
      all_available_permissions: Object.keys(teamMemberPermissions),
    };
  },
});

export const updatePermissions = adminRoute({
  method: 'POST',
  paths: ['/team/permissions_update'],
  action: 'team.permissions',
  body: teamPermissions,
  summary: 'Sets what members who do not administer a team may do with its keys.',
  about: (context) => aboutTeam(context, context.body.team_id),
  handle: async (context) => {
    const { team_id: id, team_member_permissions } = context.body;
    const team = await context.store.write(context.actor, (writing) =>
      changeTeam(context, writing, id, () => ({ team_member_permissions: [...new Set(team_member_permissions)] })),
    );
    return showTeam(context, team);
  },
});

/** All in one transaction. */
const maxTeams = 1000;

export const addPermissions = adminRoute({
  method: 'POST',
  paths: ['/team/permissions_bulk_update'],
  action: 'team.permissions',
  body: bulkPermissions,
  summary: 'Adds to what members may do with the keys of some teams, or of all.',
  about: (context) => (context.body.apply_to_all_teams ? [{}] : aboutTeams(context, context.body.team_ids ?? [])),
  handle: async (context) => {
    const { permissions, team_ids, apply_to_all_teams: all } = context.body;
    const owned = new Set(context.services.snapshot().teams.map(({ id }) => id));
    const count = await context.store.write(context.actor, async (writing) => {
      if (all && (await writing.count(kinds.team)) > maxTeams)
        throw new SluiceError('invalid_request', `There are more than ${maxTeams} teams: name them in \`team_ids\`, some at a time.`, {
          param: 'team_ids',
        });
      const found = all ? (await writing.find(kinds.team)).map(({ id }) => id).filter((id) => !owned.has(id)) : [...new Set(team_ids)];
      for (const id of found.toSorted())
        await changeTeam(context, writing, id, ({ team_member_permissions: before }) => ({
          team_member_permissions: [...new Set([...(before ?? usualMemberPermissions), ...permissions])],
        }));
      return found.length;
    });
    return {
      message: `Added to ${count} team${count === 1 ? '' : 's'}.`,
      teams_updated: count,
      permissions_appended: [...new Set(permissions)],
    };
  },
});
