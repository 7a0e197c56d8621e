import { SluiceError } from 'sluice/kit';
import type { z } from 'zod';
import { kinds } from '../../../access/records/kinds.ts';
import type { UserRecord } from '../../../access/records/records.ts';
import type { Stored } from '../../../access/store/stored.ts';
import { notFound } from '../../../access/store/writing.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { shownKeys } from '../keys/shown.ts';
import { visibleKeys } from '../keys/visible.ts';
import { findTeam, ownedBy } from '../teams/find-team.ts';
import { teamShown } from '../teams/shown.ts';
import { viewTeams } from '../teams/view.ts';
import { demandUser } from './places.ts';
import { userQuery } from './schemas.ts';
import { shownUser } from './shown.ts';

type Context = AdminContext<undefined, z.output<typeof userQuery>>;

/** More of somebody's keys are in `/key/list`. */
const maxKeys = 1000;

export const userInfo = adminRoute({
  method: 'GET',
  paths: ['/user/info'],
  action: 'user.see',
  query: userQuery,
  about: () => [],
  summary: `Shows a user, or the caller, with up to ${maxKeys} keys and all teams.`,
  handle: async (context: Context) => {
    const { store, query, principal } = context;
    // The master key is nobody's.
    if (query.user_id === undefined && principal.kind === 'master') return { user_id: null, user_info: null, keys: [], teams: [] };
    const user = await theUser(context);
    const shown = await shownUser(context, user);
    const visible = await visibleKeys(context, { ofTeams: true, made: false });
    const keys = await store.page(kinds.key, { ...visible, is: { ...visible.is, user_id: user.id }, page: 1, size: maxKeys });
    return { user_id: user.id, user_info: shown, keys: await shownKeys(context, keys.rows), teams: await teamsOf(context, shown.teams) };
  },
});

export const userInfoV2 = adminRoute({
  method: 'GET',
  paths: ['/v2/user/info'],
  action: 'user.see',
  query: userQuery,
  about: () => [],
  summary: 'Shows a user, or the caller, alone.',
  handle: async (context: Context) => shownUser(context, await theUser(context)),
});

/** @throws SluiceError `permission_denied`, also for users who do not exist, unless the caller may see all */
const theUser = async (context: Context): Promise<Stored<UserRecord>> => {
  const id = context.query.user_id ?? context.principal.userId;
  if (id === undefined)
    throw new SluiceError('invalid_request', 'This key belongs to no user: name one with `user_id`.', { param: 'user_id' });
  await demandUser(context, 'user.see', id);
  const user = await context.store.get(kinds.user, id);
  if (!user) throw notFound(kinds.user, id);
  return user;
};

/** Those of the user's teams that the caller may see. */
const teamsOf = async (context: Context, ids: readonly string[]) => {
  const found = (await Promise.all(ids.map((id) => findTeam(context, id)))).filter((team) => team !== undefined);
  const seen = found.filter((team) => context.may('team.see', ownedBy(team.id, team)));
  return (await viewTeams(context, seen)).map((view) => teamShown(view, context.now));
};
