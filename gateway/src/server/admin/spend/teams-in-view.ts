import { kinds } from '../../../access/records/kinds.ts';
import type { AdminContext } from '../admin-route.ts';
import { findTeam } from '../teams/find-team.ts';
import { seesAll, visibleTeams } from '../teams/visible.ts';

/** Whose organisation each of some teams is in. */
export type TeamsInView = ReadonlyMap<string, string | null | undefined>;

/** The named teams, else all that the caller may see; of who sees everything, only the named ones are needed. */
export const teamsInView = async (
  context: Pick<AdminContext, 'principal' | 'store' | 'services'>,
  named: readonly string[] | undefined,
): Promise<TeamsInView> => {
  const { principal, store } = context;
  if (named || seesAll(context)) return organizationsOf(context, named ?? []);
  const stored = await store.find(kinds.team, visibleTeams(context));
  // Teams of the configuration file are in no table.
  return organizationsOf(context, [...new Set([...principal.teams.keys(), ...stored.map(({ id }) => id)])]);
};

const organizationsOf = async (context: Pick<AdminContext, 'store' | 'services'>, ids: readonly string[]): Promise<TeamsInView> =>
  new Map(await Promise.all(ids.map(async (id) => [id, (await findTeam(context, id))?.data.organization_id] as const)));
