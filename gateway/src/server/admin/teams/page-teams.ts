import { kinds } from '../../../access/records/kinds.ts';
import type { DeletedTeamRecord } from '../../../access/records/records.ts';
import type { Reading, Where } from '../../../access/store/reading.ts';
import type { Stored } from '../../../access/store/stored.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { iso } from '../answer-parts.ts';
import type { FoundTeam } from './find-team.ts';
import { pageQuery, type TeamPageQuery } from './schemas.ts';
import { teamShown } from './shown.ts';
import { viewTeams } from './view.ts';
import { administered, fileTeamsFor, foundAll, idsWithUser, seesAll, visibleTeams } from './visible.ts';

const columns = { team_id: 'id', team_alias: 'alias', created_at: 'created_at', updated_at: 'updated_at' } as const;

interface Window {
  readonly offset: number;
  readonly size: number;
}

/** Some of what a query finds, from anywhere: two pages hold it, wherever it begins. */
const readWindow = async <T>(read: (page: number) => Promise<{ rows: readonly T[]; total: number }>, { offset, size }: Window) => {
  const page = Math.floor(offset / size) + 1;
  const first = await read(page);
  const skip = offset % size;
  const second = skip === 0 ? [] : (await read(page + 1)).rows;
  return { rows: [...first.rows, ...second].slice(skip, skip + size), total: first.total };
};

export const pageTeams = adminRoute({
  method: 'GET',
  paths: ['/v2/team/list'],
  action: 'team.list',
  query: pageQuery,
  summary: 'Lists the teams that the caller may see by pages, filtered and sorted; those of the configuration file come first.',
  about: () => [],
  handle: async (context) => {
    const { query } = context;
    return query.status === 'deleted' ? pageOfDeleted(context) : pageOfTeams(context);
  },
});

type Context = AdminContext<unknown, TeamPageQuery>;

const pageOfTeams = async (context: Context) => {
  const { store, query, now } = context;
  const { page, page_size: size } = query;
  const ids = query.user_id === undefined ? undefined : await idsWithUser(store, query.user_id);
  const ofFile = await fileTeamsFor(context, (team) => fits(team, query, ids));
  const offset = (page - 1) * size;
  const first = ofFile.slice(offset, offset + size);
  const where = whereOf(query, visibleTeams(context), ids);
  const sort = { sortBy: columns[query.sort_by ?? 'created_at'], descending: query.sort_order === 'desc' };
  const read = (at: number) => store.page(kinds.team, { ...where, ...sort, page: at, size });
  const { rows, total } = await readWindow(read, { offset: Math.max(0, offset - ofFile.length), size });
  const stored = foundAll(context, rows.slice(0, size - first.length));
  const views = await viewTeams(context, [...first, ...stored]);
  const keys = await keyCounts(
    store,
    views.map(({ team }) => team.id),
  );
  const groups = new Map(
    (
      await store.getAll(
        kinds.accessGroup,
        views.flatMap(({ team }) => team.data.access_group_ids ?? []),
      )
    ).map(({ id, data }) => [id, data]),
  );
  const teams = views.map((view, at) => ({
    ...teamShown(view, now),
    members_count: view.members.length,
    keys_count: keys[at],
    access_group_models: [...new Set(view.team.data.access_group_ids?.flatMap((id) => groups.get(id)?.access_model_names ?? []))],
    access_group_mcp_server_ids: [],
    access_group_agent_ids: [],
  }));
  return pageShown(teams, total + ofFile.length, query);
};

/** Whoever sees a team no longer learns of it when it is gone: those who administer its organisation do. */
const pageOfDeleted = async (context: Context) => {
  const { store, query, now, services } = context;
  const { timeZone } = services.live().snapshot.budgets;
  const visible: Where = seesAll(context) ? {} : { anyOf: [{ is: { organization_id: administered(context) } }] };
  const where = whereOf(query, visible, query.user_id === undefined ? undefined : []);
  const { rows, total } = await store.page(kinds.deletedTeam, {
    ...where,
    sortBy: columns[query.sort_by ?? 'created_at'],
    descending: query.sort_order === 'desc',
    page: query.page,
    size: query.page_size,
  });
  return pageShown(
    rows.map((row) => deletedShown(row, now, timeZone)),
    total,
    query,
  );
};

const deletedShown = (row: Stored<DeletedTeamRecord>, now: number, timeZone: string | undefined) => ({
  ...teamShown(
    { team: { ...row, createdAt: row.data.made_at }, members: [], emails: new Map(), spentUsd: 0, budget: undefined, timeZone },
    now,
  ),
  // Nobody is in it any more, and what it spent is in the log of calls.
  spend: null,
  id: row.id,
  created_at: iso(row.data.made_at),
  deleted_at: iso(row.updatedAt),
  deleted_by: row.updatedBy ?? null,
  deleted_by_api_key: row.data.deleted_with ?? null,
  litellm_changed_by: null,
});

const pageShown = <T>(teams: readonly T[], total: number, { page, page_size: size }: TeamPageQuery) => ({
  teams,
  total,
  page,
  page_size: size,
  total_pages: Math.max(1, Math.ceil(total / size)),
});

const whereOf = (query: TeamPageQuery, { anyOf: visible }: Where, ids: readonly string[] | undefined): Where => {
  const { organization_id: organizationId, team_id: id, team_alias: alias, search } = query;
  const either: readonly Where[] | undefined =
    search === undefined
      ? undefined
      : [{ contains: { alias: search } }, query.search_team_id_match === 'exact' ? { is: { id: search } } : { contains: { id: search } }];
  // What may be seen and what is looked for both have to hold: each way of the one with each of the other.
  const anyOf = visible && either ? visible.map((way) => ({ ...way, anyOf: either })) : (visible ?? either);
  return {
    is: {
      id: ids && id !== undefined ? ids.filter((each) => each === id) : (ids ?? id),
      organization_id: organizationId === 'default_organization' ? null : organizationId,
    },
    contains: { alias },
    ...(anyOf && { anyOf }),
  };
};

const fits = ({ id, data }: FoundTeam, query: TeamPageQuery, ids: readonly string[] | undefined): boolean => {
  const has = (text: string | null | undefined, part: string) => (text ?? '').toLowerCase().includes(part.toLowerCase());
  const { search } = query;
  return (
    (ids === undefined || ids.includes(id)) &&
    (query.team_id === undefined || query.team_id === id) &&
    (query.organization_id === undefined || query.organization_id === (data.organization_id ?? 'default_organization')) &&
    (query.team_alias === undefined || has(data.team_alias, query.team_alias)) &&
    (search === undefined || has(data.team_alias, search) || (query.search_team_id_match === 'exact' ? id === search : has(id, search)))
  );
};

const keyCounts = (store: Reading, ids: readonly string[]): Promise<readonly number[]> =>
  Promise.all(ids.map((id) => store.count(kinds.key, { is: { team_id: id } })));
