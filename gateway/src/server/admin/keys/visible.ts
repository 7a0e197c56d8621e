import { kinds } from '../../../access/records/kinds.ts';
import { nameOf } from '../../../access/principal.ts';
import type { Where } from '../../../access/store/reading.ts';
import { fileTeams } from '../../../config/team-settings.ts';
import type { AdminContext } from '../admin-route.ts';

type Context = Pick<AdminContext, 'principal' | 'store' | 'services' | 'may'>;

/** Which keys of others are asked for, beside one's own. */
export interface Wanted {
  /** Those of the teams that the caller administers, or whose keys its members may list. */
  readonly ofTeams: boolean;
  /** Those that the caller has made. */
  readonly made: boolean;
}

export const seesAll: ReadonlySet<string | undefined> = new Set(['proxy_admin', 'proxy_admin_viewer']);

/** The keys that a caller may see, as a condition that the database takes, so that totals count no others. */
export const visibleKeys = async (context: Context, { ofTeams, made }: Wanted): Promise<Where> => {
  const { principal } = context;
  if (seesAll.has(principal.role)) return {};
  const ways: Where[] = [];
  if (principal.userId !== undefined) ways.push({ is: { user_id: principal.userId } });
  if (principal.key) ways.push({ is: { id: principal.key.id } });
  if (made && principal.userId !== undefined) ways.push({ is: { created_by: nameOf(principal) } });
  const organizations = [...principal.organizations].filter(([, role]) => role === 'org_admin').map(([id]) => id);
  if (organizations.length > 0) {
    const teams = await teamsOfOrganizations(context, organizations);
    ways.push({ is: { organization_id: organizations } }, { is: { team_id: teams } });
  }
  if (ofTeams) ways.push({ is: { team_id: await listedTeams(context) } });
  return { anyOf: ways };
};

const teamsOfOrganizations = async ({ store, services }: Context, organizations: readonly string[]): Promise<readonly string[]> => {
  const stored = await store.find(kinds.team, { is: { organization_id: organizations } });
  const ofFile = [...fileTeams(services.snapshot())]
    .filter(([, team]) => organizations.includes(team.organization_id ?? ''))
    .map(([id]) => id);
  return [...stored.map(({ id }) => id), ...ofFile];
};

/** Whose keys a member may list: administrators, and others where the team's permissions name `/key/list`. */
const listedTeams = async ({ principal, services }: Context): Promise<readonly string[]> => {
  const listed: string[] = [];
  for (const [id, role] of principal.teams) {
    const permissions = role === 'admin' ? undefined : (await services.directory.team(id))?.data.team_member_permissions;
    if (role === 'admin' || permissions?.includes('/key/list')) listed.push(id);
  }
  return listed;
};
