import type { AdminRoute } from './admin-route.ts';
import { accessGroupsRoutes } from './access-groups/index.ts';
import { alertsRoutes } from './alerts/index.ts';
import { auditRoutes } from './audit/index.ts';
import { budgetsRoutes } from './budgets/index.ts';
import { credentialsRoutes } from './credentials/index.ts';
import { customersRoutes } from './customers/index.ts';
import { invitationsRoutes } from './invitations/index.ts';
import { jwtMappingsRoutes } from './jwt-mappings/index.ts';
import { keyRoutes } from './keys/index.ts';
import { modelsRoutes } from './models/index.ts';
import { organizationsRoutes } from './organizations/index.ts';
import { projectsRoutes } from './projects/index.ts';
import { scimRoutes } from './scim/index.ts';
import { settingsRoutes } from './settings/index.ts';
import { signOnRoutes } from './sign-on/index.ts';
import { spendRoutes } from './spend/index.ts';
import { tagsRoutes } from './tags/index.ts';
import { teamsRoutes } from './teams/index.ts';
import { usersRoutes } from './users/index.ts';

/** Every route of the admin API. */
export const adminRoutes: readonly AdminRoute[] = [
  ...keyRoutes,
  ...teamsRoutes,
  ...modelsRoutes,
  ...organizationsRoutes,
  ...projectsRoutes,
  ...accessGroupsRoutes,
  ...alertsRoutes,
  ...auditRoutes,
  ...budgetsRoutes,
  ...credentialsRoutes,
  ...customersRoutes,
  ...invitationsRoutes,
  ...jwtMappingsRoutes,
  ...scimRoutes,
  ...settingsRoutes,
  ...signOnRoutes,
  ...spendRoutes,
  ...tagsRoutes,
  ...usersRoutes,
];
