import type { AdminRoute } from '../admin-route.ts';
import { accessGroupInfo, listAccessGroups } from './read.ts';
import { createAccessGroup, deleteAccessGroup, updateAccessGroup } from './write.ts';

export const accessGroupsRoutes: readonly AdminRoute[] = [
  createAccessGroup,
  listAccessGroups,
  accessGroupInfo,
  updateAccessGroup,
  deleteAccessGroup,
];
