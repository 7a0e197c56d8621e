import type { UserPlaces } from '../../../access/grants/user.ts';
import type { Action } from '../../../access/permissions.ts';
import { kinds } from '../../../access/records/kinds.ts';
import type { OrganizationMemberRecord, TeamMemberRecord } from '../../../access/records/records.ts';
import type { Owned } from '../../../access/relations.ts';
import type { Reading } from '../../../access/store/reading.ts';
import type { Stored } from '../../../access/store/stored.ts';
import type { ConfigSnapshot } from '../../../config/snapshot.ts';
import type { AdminContext } from '../admin-route.ts';
import { denied } from '../context.ts';

/** The teams and organisations that somebody is in, with their organisations, and who put them there. */
export const placesOf = async (
  reading: Reading,
  { teams }: Pick<ConfigSnapshot, 'teams'>,
  userId: string,
): Promise<UserPlaces & { readonly putBy: readonly (string | undefined)[] }> => {
  const members = await reading.find(kinds.teamMember, { is: { user_id: userId } });
  const organizations = await reading.find(kinds.organizationMember, { is: { user_id: userId } });
  const ofDatabase = await reading.getAll(
    kinds.team,
    members.map(({ data }) => data.team_id),
  );
  const organizationOf = new Map(ofDatabase.map(({ id, data }) => [id, data.organization_id ?? undefined]));
  for (const { id, record } of teams) organizationOf.set(id, record.organization_id);
  return {
    organizations: organizations.map(({ data }) => data.organization_id),
    teams: members.map(({ data }) => ({ teamId: data.team_id, organizationId: organizationOf.get(data.team_id) })),
    putBy: [...members, ...organizations].map(({ createdBy }) => createdBy),
  };
};

/** Whose a user is: their own, and of each of their organisations. Who may do something in one of these may do it. */
const ownedOf = async (reading: Reading, userId: string): Promise<readonly Owned[]> => [
  { userId },
  ...(await reading.find(kinds.organizationMember, { is: { user_id: userId } })).map(({ data }) => ({
    userId,
    organizationId: data.organization_id,
  })),
];

/** @throws SluiceError `permission_denied`, also for users who do not exist: nobody learns who does */
export const demandUser = async ({ store, may }: Pick<AdminContext, 'store' | 'may'>, action: Action, userId: string): Promise<void> => {
  if (!(await ownedOf(store, userId)).some((owned) => may(action, owned))) throw denied(action);
};

/** Places of several people. */
export interface PlacesByUser {
  readonly teams: ReadonlyMap<string, readonly Stored<TeamMemberRecord>[]>;
  readonly organizations: ReadonlyMap<string, readonly Stored<OrganizationMemberRecord>[]>;
}

/** Of at most 100 people at once. */
export const placesOfAll = async (reading: Reading, userIds: readonly string[]): Promise<PlacesByUser> => {
  const where = { is: { user_id: userIds } };
  return {
    teams: byUser(await reading.find(kinds.teamMember, where)),
    organizations: byUser(await reading.find(kinds.organizationMember, where)),
  };
};

const byUser = <T extends { readonly user_id: string }>(rows: readonly Stored<T>[]): ReadonlyMap<string, readonly Stored<T>[]> => {
  const found = new Map<string, Stored<T>[]>();
  for (const row of rows) {
    const list = found.get(row.data.user_id);
    if (list) list.push(row);
    else found.set(row.data.user_id, [row]);
  }
  return found;
};
