import { SluiceError } from 'sluice/kit';
import { hashOfNamed } from '../../../access/keys/secret.ts';
import { kinds } from '../../../access/records/kinds.ts';
import type { UserRecord } from '../../../access/records/records.ts';
import type { Reading, Where } from '../../../access/store/reading.ts';
import type { Stored } from '../../../access/store/stored.ts';
import { sql, type Statement } from '../../../storage/sql/statement.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { listQuery, type ListQuery } from './queries.ts';
import { shownDeletedKeys, shownKeys } from './shown.ts';
import { seesAll, visibleKeys } from './visible.ts';

type Context = AdminContext<undefined, ListQuery>;

/** Columns that every key has. */
const plain: Readonly<Record<string, string>> = { created_at: 'created_at', updated_at: 'updated_at', token: 'id' };
/** `keySubject`, for the database: of keys, and of those that are deleted. */
export const subjectColumn = sql`'key:' || coalesce(data->>'counts_as', data->>'replaced_by', id)`;
const values: Readonly<Record<string, Statement>> = {
  key_alias: sql`alias`,
  user_id: sql`user_id`,
  team_id: sql`team_id`,
  expires: sql`expires_at`,
  max_budget: sql`cast(data->>'max_budget' as double precision)`,
  spend: sql`coalesce((select nanodollars from spend_totals where subject = ${subjectColumn} and period_start = 0), 0)`,
};

const paging = ({ page, size, sort_by: sortBy = 'created_at', sort_order: order }: ListQuery) => ({
  page,
  size,
  descending: order === 'desc',
  ...(plain[sortBy] !== undefined && { sortBy: plain[sortBy] }),
  ...(values[sortBy] && { sortByValue: values[sortBy] }),
});

const conditions = async (context: Context): Promise<Where> => {
  const { query, now, principal, store } = context;
  const { substring_matching: substring, user_id: user, key_alias: alias, access_group_id: group } = query;
  // Others would find keys by pieces of names that they may not know.
  if (substring && principal.role !== 'proxy_admin')
    throw new SluiceError('permission_denied', 'Only proxy admins search by parts of names (substring_matching).', {
      param: 'substring_matching',
    });
  const asUser = substring || user === undefined ? undefined : await keysAround(context, user);
  const ofGroup = group === undefined ? undefined : await membersOf(store, group);
  const named = query.key_hash === undefined ? undefined : hashOfNamed(query.key_hash);
  const id = named !== undefined && ofGroup ? ofGroup.filter((each) => each === named) : (named ?? ofGroup);
  const lives: Where[] = [{ is: { expires_at: null } }, { from: { expires_at: now } }];
  const isExpired = query.expires === 'expired' || query.status === 'expired';
  const isActive = query.expires === 'active' || query.status === 'active';
  return {
    is: {
      team_id: query.team_id,
      organization_id: query.organization_id,
      project_id: query.project_id,
      agent_id: query.agent_id,
      ...(query.status === 'blocked' && { blocked: 1 }),
      id,
      ...(!substring && { alias, ...(!asUser && { user_id: user }) }),
    },
    ...(asUser && { allOf: [asUser] }),
    ...(substring && { contains: { user_id: user, alias } }),
    ...(isExpired && { below: { expires_at: now } }),
    ...(isActive && { anyOf: lives }),
  };
};

/** For whoever sees all: with the keys that the user's own list would have. Undefined: the user's own keys alone. */
const keysAround = async ({ query, principal, store }: Context, userId: string): Promise<Where | undefined> => {
  const { include_team_keys: ofTeams, include_created_by_keys: made } = query;
  if (!seesAll.has(principal.role) || (!ofTeams && !made)) return undefined;
  const ways: Where[] = [{ is: { user_id: userId } }];
  if (made) ways.push({ is: { created_by: userId } });
  if (ofTeams) {
    const places = await store.find(kinds.teamMember, { is: { user_id: userId, role: 'admin' } });
    ways.push({ is: { team_id: places.map(({ data }) => data.team_id) } });
  }
  return { anyOf: ways };
};

const membersOf = async (store: Reading, group: string): Promise<readonly string[]> =>
  (await store.get(kinds.accessGroup, group))?.data.assigned_key_ids ?? [];

const listed = async (context: Context) => {
  const { store, query } = context;
  const { page, size, status } = query;
  const wanted = { ofTeams: query.include_team_keys || query.team_id !== undefined, made: query.include_created_by_keys };
  const where: Where = { allOf: [await conditions(context), await visibleKeys(context, wanted)] };
  const full = query.return_full_object || query.expand?.includes('user') === true;
  if (status === 'deleted') {
    demandOfDeleted(query);
    const { rows, total } = await store.page(kinds.deletedKey, { ...where, ...paging(query) });
    return { keys: full ? await shownDeletedKeys(context, rows) : rows.map(({ id }) => id), total, page, size };
  }
  const { rows, total } = await store.page(kinds.key, { ...where, ...paging(query) });
  if (!full) return { keys: rows.map(({ id }) => id), total, page, size };
  const shown = await shownKeys(context, rows);
  return { keys: query.expand?.includes('user') ? await withUsers(store, shown) : shown, total, page, size };
};

/** Deleted keys are not looked for by everything. */
const demandOfDeleted = (query: ListQuery): void => {
  for (const name of ['project_id', 'agent_id', 'expires', 'access_group_id'] as const)
    if (query[name] !== undefined) throw new SluiceError('invalid_request', `Deleted keys are not looked for by ${name}.`, { param: name });
  if (query.sort_by === 'spend' || query.sort_by === 'expires')
    throw new SluiceError('invalid_request', `Deleted keys are not sorted by ${query.sort_by}.`, { param: 'sort_by' });
};

const withUsers = async <T extends { readonly user_id: string | null }>(store: Reading, keys: readonly T[]) => {
  const ids = [...new Set(keys.map((key) => key.user_id).filter((id) => id !== null))];
  const users = new Map((await store.getAll(kinds.user, ids)).map((user) => [user.id, user]));
  return keys.map((key) => ({ ...key, user: shownUser(users.get(key.user_id ?? '')) }));
};

const shownUser = (user: Stored<UserRecord> | undefined) =>
  user
    ? {
        user_id: user.id,
        user_email: user.data.user_email ?? null,
        user_alias: user.data.user_alias ?? null,
        user_role: user.data.user_role,
      }
    : null;

export const listKeys = adminRoute({
  method: 'GET',
  paths: ['/key/list'],
  action: 'key.list',
  summary: 'Keys that the caller may see, page by page: their hashes, or with `return_full_object` all that is known of them.',
  query: listQuery,
  about: () => [],
  handle: async (context: Context) => {
    const { keys, total, page, size } = await listed(context);
    return { keys, total_count: total, current_page: page, total_pages: Math.ceil(total / size) };
  },
});
