import { dailyActivity } from '../../../spend/reports/daily-activity.ts';
import type { DaySpan } from '../../../spend/reports/days.ts';
import type { Lens } from '../../../spend/reports/lens.ts';
import { kinds } from '../../../access/records/kinds.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { aboutTeams } from '../teams/find-team.ts';
import { teamsInView } from './teams-in-view.ts';
import {
  activityDays,
  aggregatedQuery,
  entityActivityQuery,
  userActivityQuery,
  type ActivityQuery,
  type EntitiesName,
} from './activity-query.ts';
import { activityShown } from './activity-shown.ts';
import { keyNames } from './keys-shown.ts';
import { organizationLens, teamLens, userLens } from './scope.ts';

type Context = Pick<AdminContext, 'store' | 'services' | 'now'>;

interface Asked {
  readonly lens: Lens;
  readonly span: DaySpan;
  readonly model: string | undefined;
  readonly keyIds: readonly string[] | undefined;
  readonly page: number;
  readonly size: number;
  /** What an entity is called. */
  readonly nameOf?: (context: Context, id: string) => Promise<object>;
}

const report = async (context: Context, { lens, span, model, keyIds, page, size, nameOf }: Asked) => {
  const { database } = context.store;
  const activity = await dailyActivity(database, { lens, span, filter: { model, keyIds }, page, size });
  const entities = [...new Set(activity.days.flatMap((day) => [...day.entities.keys()]))];
  const names = new Map(nameOf ? await Promise.all(entities.map(async (id) => [id, await nameOf(context, id)] as const)) : []);
  const key = await keyNames(
    database,
    activity.days.flatMap((day) => [...day.keys.keys()]),
  );
  return activityShown(activity, { key, entity: (id) => names.get(id) ?? {} }, { page, size });
};

export const userActivity = adminRoute({
  method: 'GET',
  paths: ['/user/daily/activity'],
  action: 'spend.user',
  query: userActivityQuery,
  about: ({ query: { user_id: userId } }) => (userId === undefined ? [] : [{ userId }]),
  summary: 'Shows day by day what a user spent and used, and by what; administrators without a user_id see it of the whole gateway.',
  handle: (context) => {
    const { user_id, model, api_key: keyIds, page, page_size: size } = context.query;
    return report(context, { lens: userLens(context, user_id), span: activityDays(context.query, context.now), model, keyIds, page, size });
  },
});

export const aggregatedActivity = adminRoute({
  method: 'GET',
  paths: ['/user/daily/activity/aggregated'],
  action: 'spend.user',
  query: aggregatedQuery,
  about: ({ query: { user_id: userId } }) => (userId === undefined ? [] : [{ userId }]),
  summary: 'The same on one page.',
  handle: (context) => {
    const { user_id, model, api_key: keyIds } = context.query;
    const span = activityDays(context.query, context.now);
    return report(context, { lens: userLens(context, user_id), span, model, keyIds, page: 1, size: 1000 });
  },
});

const asked = (
  context: Pick<AdminContext, 'now'>,
  query: ActivityQuery,
  lens: Lens,
  except: readonly string[] | undefined,
): Omit<Asked, 'nameOf'> => ({
  lens: { ...lens, ...(except && { except }) },
  span: activityDays(query, context.now),
  model: query.model,
  keyIds: query.api_key,
  page: query.page,
  size: query.page_size,
});

export const teamActivity = adminRoute({
  method: 'GET',
  paths: ['/team/daily/activity'],
  action: 'spend.team',
  query: entityActivityQuery('team_ids'),
  about: (context) => (context.query.team_ids ? aboutTeams(context, context.query.team_ids) : []),
  summary: 'Shows day by day what teams spent and used; who is merely in a team sees what their own keys did there.',
  handle: async (context) => {
    const { team_ids: named, exclude_team_ids: except } = context.query;
    const teams = await teamsInView(context, named);
    return report(context, {
      ...asked(context, context.query, teamLens(context, named && [...teams.keys()], teams), except),
      nameOf: async ({ services }, id) => ({ alias: (await services.directory.team(id))?.data.team_alias ?? null, team_id: id }),
    });
  },
});

export const organizationActivity = adminRoute({
  method: 'GET',
  paths: ['/organization/daily/activity'],
  action: 'spend.organization',
  query: entityActivityQuery('organization_ids'),
  about: ({ query: { organization_ids: named } }) => named?.map((organizationId) => ({ organizationId })) ?? [],
  summary: 'Shows day by day what organisations spent and used.',
  handle: (context) =>
    report(context, {
      ...asked(context, context.query, organizationLens(context, context.query.organization_ids), context.query.exclude_organization_ids),
      nameOf: async ({ store }, id) => ({ alias: (await store.get(kinds.organization, id))?.data.organization_alias ?? null }),
    }),
});

/** Of things that are nobody's but the proxy's. */
const proxyActivity = (paths: readonly [string, ...string[]], name: EntitiesName, kind: Lens['kind'], what: string) =>
  adminRoute({
    method: 'GET',
    paths,
    action: 'spend.global',
    query: entityActivityQuery(name),
    summary: `Shows day by day what ${what} spent and used.`,
    handle: (context) => {
      const [entities, except] = [context.query[name], context.query[`exclude_${name}`]];
      return report(context, asked(context, context.query, { kind, ...(entities && { entities }) }, except));
    },
  });

export const customerActivity = proxyActivity(
  ['/customer/daily/activity', '/end_user/daily/activity'],
  'end_user_ids',
  'customer',
  'end users',
);
export const agentActivity = proxyActivity(['/agent/daily/activity'], 'agent_ids', 'agent', 'agents');
export const projectActivity = proxyActivity(['/project/daily/activity'], 'project_ids', 'project', 'projects');
export const tagActivity = proxyActivity(
  ['/tag/daily/activity'],
  'tags',
  'tag',
  'was spent under tags; a call with several tags counts under each of them',
);
export const userAgentActivity = proxyActivity(['/user_agent/daily/activity'], 'user_agents', 'user_agent', 'user agents');
