import type { AdminRoute } from '../admin-route.ts';
import { bulkUpdateUsers } from './bulk-update.ts';
import { createUser } from './create.ts';
import { deleteUsers } from './delete.ts';
import { userInfo, userInfoV2 } from './info.ts';
import { availableUsers, filterUsers, listUsers } from './list.ts';
import { availableRoles } from './roles.ts';
import { getUserDefaults, updateUserDefaults } from './settings.ts';
import { getTeamDefaults, updateTeamDefaults } from './team-settings.ts';
import { updateUser } from './update.ts';

export const usersRoutes: readonly AdminRoute[] = [
  createUser,
  userInfo,
  userInfoV2,
  updateUser,
  bulkUpdateUsers,
  listUsers,
  filterUsers,
  deleteUsers,
  availableUsers,
  availableRoles,
  getUserDefaults,
  updateUserDefaults,
  getTeamDefaults,
  updateTeamDefaults,
];
