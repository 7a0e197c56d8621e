import type { UserRole } from '../../../access/records/records.ts';
import { adminRoute } from '../admin-route.ts';

const roles: Readonly<Record<UserRole, { readonly description: string; readonly ui_label: string }>> = {
  proxy_admin: { description: 'Does everything: keys, teams, users, models and settings.', ui_label: 'Admin (all permissions)' },
  proxy_admin_viewer: { description: 'Sees everything, and changes nothing.', ui_label: 'Admin (view only)' },
  internal_user: { description: 'Makes, sees and deletes keys of their own.', ui_label: 'Internal user (own keys)' },
  internal_user_viewer: { description: 'Sees keys of their own, and changes nothing.', ui_label: 'Internal user (view only)' },
};

export const availableRoles = adminRoute({
  method: 'GET',
  paths: ['/user/available_roles'],
  action: 'user.roles',
  about: () => [],
  summary: 'Lists the roles that users can have.',
  handle: async () => roles,
});
