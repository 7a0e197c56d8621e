import type { AdminRoute } from '../admin-route.ts';
import { resourceType, resourceTypes, schemaList, schemaOne, scimRoot, serviceProviderConfig } from './about.ts';
import { createGroup, listGroups, patchGroup, removeGroup, replaceGroup, showGroup } from './groups.ts';
import { createUser, listUsers, patchUser, removeUser, replaceUser, showUser } from './users.ts';

export const scimRoutes: readonly AdminRoute[] = [
  scimRoot,
  serviceProviderConfig,
  resourceTypes,
  resourceType,
  schemaList,
  schemaOne,
  listUsers,
  createUser,
  showUser,
  replaceUser,
  patchUser,
  removeUser,
  listGroups,
  createGroup,
  showGroup,
  replaceGroup,
  patchGroup,
  removeGroup,
];
