import { SluiceError } from 'sluice/kit';
import { kinds } from '../../../access/records/kinds.ts';
import type { TeamRecord } from '../../../access/records/records.ts';
import type { Owned } from '../../../access/relations.ts';
import type { Reading } from '../../../access/store/reading.ts';
import type { Stored } from '../../../access/store/stored.ts';
import { notFound } from '../../../access/store/writing.ts';
import type { ConfigSnapshot, FilePlace } from '../../../config/snapshot.ts';
import type { AdminContext } from '../admin-route.ts';

/** A team of the database or of the configuration file, which wins. */
export interface FoundTeam {
  readonly id: string;
  readonly data: TeamRecord;
  /** Unix milliseconds; 0 for a team of the file. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Of a team of the database. */
  readonly createdBy?: string;
  readonly updatedBy?: string;
  /** Of a team of the file. */
  readonly place?: FilePlace;
  /** Of a team of the file that the database has as well: what the database says of it, which counts for nothing. */
  readonly shadowed?: TeamRecord;
}

type Teams = Pick<ConfigSnapshot, 'teams'>;

/** A team as it holds: the file's record where the file has one. @param id whose team it is; it may be in neither */
export const foundTeam = (config: Teams, id: string, stored: Stored<TeamRecord> | undefined): FoundTeam | undefined => {
  const ofFile = config.teams.find((team) => team.id === id);
  if (ofFile) return { id, data: ofFile.record, createdAt: 0, updatedAt: 0, place: ofFile.place, ...(stored && { shadowed: stored.data }) };
  if (!stored) return undefined;
  const { data, createdAt, updatedAt, createdBy, updatedBy } = stored;
  return { id, data, createdAt, updatedAt, createdBy, updatedBy };
};

type Where = { readonly services: Pick<AdminContext['services'], 'snapshot'>; readonly store: Reading };

export const findTeam = async ({ services, store }: Where, id: string): Promise<FoundTeam | undefined> =>
  foundTeam(services.snapshot(), id, await store.get(kinds.team, id));

/** Whoever changes a team, or what is in it, holds it until it is written: a team must not go while something is put into it. */
export const teamLock = (id: string): string => `team:${id}`;

/** @throws SluiceError `not_found` */
export const theTeam = async (where: Where, id: string): Promise<FoundTeam> => {
  const team = await findTeam(where, id);
  if (!team) throw notFound(kinds.team, id);
  return team;
};

/** Whose a team is. One that is not there is nobody's, and so only those who may see everything learn of it. */
export const ownedBy = (id: string, team: { readonly data: TeamRecord } | undefined): Owned => ({
  teamId: id,
  organizationId: team?.data.organization_id,
});

export const aboutTeam = async (where: Where, id: string): Promise<readonly Owned[]> => [ownedBy(id, await findTeam(where, id))];

export const aboutTeams = (where: Where, ids: readonly string[]): Promise<readonly Owned[]> =>
  Promise.all(ids.map(async (id) => ownedBy(id, await findTeam(where, id))));

/** @throws SluiceError `invalid_request` for what only the configuration file can change */
export const refuseFileTeam = (config: Teams, id: string): void => {
  const ofFile = config.teams.find((team) => team.id === id);
  if (!ofFile) return;
  const { file, line, path } = ofFile.place;
  throw new SluiceError(
    'invalid_request',
    `The team '${id}' is owned by the configuration file (${file}:${line}, ${path}): change it there.`,
    {
      param: 'team_id',
    },
  );
};
