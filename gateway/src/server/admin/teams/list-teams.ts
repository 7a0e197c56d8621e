import { SluiceError } from 'sluice/kit';
import { kinds } from '../../../access/records/kinds.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import type { FoundTeam } from './find-team.ts';
import { filterQuery, listQuery } from './schemas.ts';
import { teamShown } from './shown.ts';
import { showMemberships, viewTeams } from './view.ts';
import { fileTeamsFor, foundAll, idsWithUser, visibleTeams } from './visible.ts';

/** More are asked for by pages. */
const maxTeams = 1000;

const shownAll = async (context: Pick<AdminContext, 'store' | 'services' | 'now'>, teams: readonly FoundTeam[]) => {
  const views = await viewTeams(context, teams);
  return Promise.all(
    views.map(async (view) => ({
      ...teamShown(view, context.now),
      team_memberships: await showMemberships(context, view.team, view.members),
    })),
  );
};

export const listTeams = adminRoute({
  method: 'GET',
  paths: ['/team/list'],
  action: 'team.list',
  query: listQuery,
  summary: 'Lists the teams that the caller may see, with their members: at most 1,000; more by GET /v2/team/list.',
  about: () => [],
  handle: async (context) => {
    const { user_id: userId, organization_id: organizationId } = context.query;
    const { store } = context;
    const ids = userId === undefined ? undefined : await idsWithUser(store, userId);
    const where = {
      // LiteLLM's word for no organisation.
      is: { id: ids, organization_id: organizationId === 'default_organization' ? null : organizationId },
      ...visibleTeams(context),
    };
    const { rows, total } = await store.page(kinds.team, { ...where, page: 1, size: maxTeams });
    if (total > maxTeams) throw new SluiceError('invalid_request', `There are ${total} teams: list them by pages with GET /v2/team/list.`);
    const stored = foundAll(context, rows);
    const ofFile = await fileTeamsFor(context, ({ id, data }) => {
      if (ids && !ids.includes(id)) return false;
      if (organizationId === undefined) return true;
      return (data.organization_id ?? 'default_organization') === organizationId;
    });
    return shownAll(context, [...ofFile, ...stored]);
  },
});

/** For choosing one of them. */
const maxChoices = 50;

export const filterTeams = adminRoute({
  method: 'GET',
  paths: ['/team/filter/ui'],
  action: 'team.list',
  query: filterQuery,
  summary: 'Finds up to 50 teams by a part of their name or id.',
  about: () => [],
  handle: async (context) => {
    const { team_id: id, team_alias: alias } = context.query;
    const { rows } = await context.store.page(kinds.team, { contains: { id, alias }, ...visibleTeams(context), page: 1, size: maxChoices });
    const stored = foundAll(context, rows);
    const ofFile = await fileTeamsFor(context, (team) => holds(team.id, id) && holds(team.data.team_alias, alias));
    return (await viewTeams(context, [...ofFile, ...stored].slice(0, maxChoices))).map((view) => teamShown(view, context.now));
  },
});

const holds = (text: string | null | undefined, part: string | undefined): boolean =>
  part === undefined || (text ?? '').toLowerCase().includes(part.toLowerCase());
