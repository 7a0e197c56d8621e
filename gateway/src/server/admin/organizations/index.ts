import type { AdminRoute } from '../admin-route.ts';
import { addMembers, deleteMember, updateMember } from './organization-members.ts';
import { listOrganizations, organizationInfo, organizationsInfo } from './see-organizations.ts';
import { createOrganization, deleteOrganization, updateOrganization } from './write-organization.ts';

/** Organisation management, as LiteLLM has it. */
export const organizationsRoutes: readonly AdminRoute[] = [
  createOrganization,
  updateOrganization,
  deleteOrganization,
  listOrganizations,
  organizationInfo,
  organizationsInfo,
  addMembers,
  updateMember,
  deleteMember,
];
