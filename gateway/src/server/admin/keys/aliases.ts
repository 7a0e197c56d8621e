import type { z } from 'zod';
import { kinds } from '../../../access/records/kinds.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { aliasesQuery } from './queries.ts';
import { visibleKeys } from './visible.ts';

type Context = AdminContext<undefined, z.output<typeof aliasesQuery>>;

export const keyAliases = adminRoute({
  method: 'GET',
  paths: ['/key/aliases'],
  action: 'key.list',
  summary: 'Aliases of the keys that the caller may see, page by page.',
  query: aliasesQuery,
  about: () => [],
  handle: async (context: Context) => {
    const { page, size, search, team_id: teamId } = context.query;
    const where = await visibleKeys(context, { ofTeams: true, made: false });
    // Every alias contains nothing, and who has none does not.
    const named = { ...where, is: { team_id: teamId }, contains: { alias: search ?? '' } };
    const { rows, total } = await context.store.page(kinds.key, { ...named, sortBy: 'alias', page, size });
    return {
      aliases: rows.map(({ data }) => data.key_alias),
      total_count: total,
      current_page: page,
      total_pages: Math.ceil(total / size),
      size,
    };
  },
});
