import type { z } from 'zod';
import { kinds } from '../../../access/records/kinds.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { keyCounts, usersPage } from './page.ts';
import { filterQuery, usersQuery, type UsersQuery } from './schemas.ts';
import { shownUsers } from './shown.ts';
import { visibleUsers } from './visible.ts';

export const listUsers = adminRoute({
  method: 'GET',
  paths: ['/user/list'],
  action: 'user.list',
  query: usersQuery,
  about: () => [],
  summary: 'Lists users by pages, filtered and sorted, with how many keys each has: those that the caller may see.',
  handle: async (context: AdminContext<undefined, UsersQuery>) => {
    const { store, query } = context;
    const { rows, total } = await usersPage(store.database, {
      visible: visibleUsers(context),
      role: query.role,
      ids: query.user_ids,
      ssoIds: query.sso_user_ids,
      emailPart: query.user_email,
      team: query.team,
      organizations: query.organization_ids,
      sortBy: query.sort_by,
      // As LiteLLM: the newest first where no order is asked for.
      descending: query.sort_by === undefined || query.sort_order === 'desc',
      page: query.page,
      size: query.page_size,
    });
    const keys = await keyCounts(
      store.database,
      rows.map(({ id }) => id),
    );
    return {
      users: (await shownUsers(context, rows)).map((user) => ({ ...user, key_count: keys.get(user.user_id) ?? 0 })),
      total,
      page: query.page,
      page_size: query.page_size,
      total_pages: Math.ceil(total / query.page_size),
    };
  },
});

export const filterUsers = adminRoute({
  method: 'GET',
  paths: ['/user/filter/ui'],
  action: 'user.list',
  query: filterQuery,
  about: () => [],
  summary: 'Finds users by parts of their id or e-mail address, for lists to choose from.',
  handle: async (context: AdminContext<undefined, z.output<typeof filterQuery>>) => {
    const { store, query } = context;
    const { rows } = await usersPage(store.database, {
      visible: visibleUsers(context),
      idPart: query.user_id,
      emailPart: query.user_email,
      page: query.page,
      size: query.page_size,
    });
    return rows.map(({ id, data }) => ({
      user_id: id,
      user_email: data.user_email ?? null,
      user_alias: data.user_alias ?? null,
      user_role: data.user_role,
    }));
  },
});

export const availableUsers = adminRoute({
  method: 'GET',
  paths: ['/user/available_users'],
  action: 'user.roles',
  about: () => [],
  summary: 'Says how many users and teams there are, and that there may be any number.',
  handle: async ({ store, services, may }) => {
    // How big the gateway is, is the business of those who see all of it.
    const counted = may('user.list', {});
    return {
      total_users: null,
      total_users_used: counted ? await store.count(kinds.user) : null,
      total_users_remaining: null,
      total_teams: null,
      total_teams_used: counted ? (await store.count(kinds.team)) + services.snapshot().teams.length : null,
      total_teams_remaining: null,
    };
  },
});
