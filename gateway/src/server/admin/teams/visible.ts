import { kinds } from '../../../access/records/kinds.ts';
import type { TeamRecord } from '../../../access/records/records.ts';
import type { Reading, Where } from '../../../access/store/reading.ts';
import type { Stored } from '../../../access/store/stored.ts';
import type { AdminContext } from '../admin-route.ts';
import { foundTeam, ownedBy, type FoundTeam } from './find-team.ts';

/** The organisations that the caller administers. */
export const administered = ({ principal }: Pick<AdminContext, 'principal'>): readonly string[] =>
  [...principal.organizations].flatMap(([id, role]) => (role === 'org_admin' ? [id] : []));

/** Whether the caller sees everything there is. */
export const seesAll = ({ principal: { role } }: Pick<AdminContext, 'principal'>): boolean =>
  role === 'proxy_admin' || role === 'proxy_admin_viewer';

/** The teams that the caller may see (`team.see`), as the database is asked for them. */
export const visibleTeams = (context: Pick<AdminContext, 'principal'>): Where =>
  seesAll(context)
    ? {}
    : { anyOf: [{ is: { organization_id: administered(context) } }, { is: { id: [...context.principal.teams.keys()] } }] };

/** Rows of the database as teams: whose a team is says the file, where it has the team too. */
export const foundAll = (context: Pick<AdminContext, 'services' | 'may'>, rows: readonly Stored<TeamRecord>[]): readonly FoundTeam[] =>
  rows
    .map((row) => foundTeam(context.services.snapshot(), row.id, row)!)
    .filter((team) => !team.place || context.may('team.see', ownedBy(team.id, team)));

/** The teams that somebody is in. */
export const idsWithUser = async (store: Reading, userId: string): Promise<readonly string[]> =>
  (await store.find(kinds.teamMember, { is: { user_id: userId } })).map(({ data }) => data.team_id);

/** The visible teams of the file that the database does not have as well: those have their place among its own. */
export const fileTeamsFor = async (context: AdminContext, fits: (team: FoundTeam) => boolean): Promise<readonly FoundTeam[]> => {
  const config = context.services.snapshot();
  const ids = config.teams.map(({ id }) => id);
  const shadowed = new Set((await context.store.getAll(kinds.team, ids)).map(({ id }) => id));
  return ids
    .filter((id) => !shadowed.has(id))
    .map((id) => foundTeam(config, id, undefined)!)
    .filter((team) => context.may('team.see', ownedBy(team.id, team)) && fits(team));
};
