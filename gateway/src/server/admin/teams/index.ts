import type { AdminRoute } from '../admin-route.ts';
import { availableTeams } from './available-teams.ts';
import { blockTeam, unblockTeam } from './block-team.ts';
import { createTeam } from './create-team.ts';
import { deleteTeam } from './delete-team.ts';
import { filterTeams, listTeams } from './list-teams.ts';
import { addMembers } from './member-add.ts';
import { bulkAddMembers } from './member-bulk-add.ts';
import { deleteMember } from './member-delete.ts';
import { ownMembership } from './member-me.ts';
import { updateMember } from './member-update.ts';
import { pageTeams } from './page-teams.ts';
import { teamInfo } from './team-info.ts';
import { addModels, deleteModels } from './team-models.ts';
import { addPermissions, listPermissions, updatePermissions } from './team-permissions.ts';
import { patchTeam, updateTeam } from './update-team.ts';

/** Team management, as LiteLLM has it. */
export const teamsRoutes: readonly AdminRoute[] = [
  createTeam,
  updateTeam,
  patchTeam,
  deleteTeam,
  teamInfo,
  listTeams,
  pageTeams,
  filterTeams,
  availableTeams,
  blockTeam,
  unblockTeam,
  addMembers,
  bulkAddMembers,
  updateMember,
  deleteMember,
  ownMembership,
  addModels,
  deleteModels,
  listPermissions,
  updatePermissions,
  addPermissions,
];
