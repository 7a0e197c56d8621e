import { SluiceError } from 'sluice/kit';
import { kinds, memberId } from '../../../access/records/kinds.ts';
import type {
  KeyRecord,
  OrganizationRecord,
  ProjectRecord,
  TeamMemberRecord,
  TeamRecord,
  UserRecord,
} from '../../../access/records/records.ts';
import type { Owned } from '../../../access/relations.ts';
import type { Reading } from '../../../access/store/reading.ts';
import type { Stored } from '../../../access/store/stored.ts';
import { fileTeams } from '../../../config/team-settings.ts';
import type { ConfigSnapshot } from '../../../config/snapshot.ts';

/** Everybody that a key belongs to, as they are stored. */
export interface KeyOwners {
  readonly team?: TeamRecord | undefined;
  readonly organization?: OrganizationRecord | undefined;
  readonly project?: ProjectRecord | undefined;
  readonly user?: UserRecord | undefined;
  readonly member?: TeamMemberRecord | undefined;
}

/** A team of the file, else of the database. */
export const teamOf = async (reading: Reading, snapshot: Pick<ConfigSnapshot, 'teams'>, id: string): Promise<TeamRecord | undefined> =>
  fileTeams(snapshot).get(id) ?? (await reading.get(kinds.team, id))?.data;

type Named = Pick<KeyRecord, 'team_id' | 'organization_id' | 'project_id' | 'user_id'>;

/** One after another, since a transaction has one connection. */
export const ownersOf = async (reading: Reading, snapshot: Pick<ConfigSnapshot, 'teams'>, key: Named): Promise<KeyOwners> => {
  const { team_id: teamId, project_id: projectId, user_id: userId } = key;
  const team = teamId == null ? undefined : await teamOf(reading, snapshot, teamId);
  const organizationId = key.organization_id ?? team?.organization_id;
  return {
    team,
    organization: organizationId == null ? undefined : (await reading.get(kinds.organization, organizationId))?.data,
    project: projectId == null ? undefined : (await reading.get(kinds.project, projectId))?.data,
    user: userId == null ? undefined : (await reading.get(kinds.user, userId))?.data,
    member: userId == null || teamId == null ? undefined : (await reading.get(kinds.teamMember, memberId(teamId, userId)))?.data,
  };
};

/**
 * What a key names must be there, and belong together. A user need not: LiteLLM's clients give any id, for its spend to be
 * counted under; such a key has nobody's role.
 * @throws SluiceError `invalid_request`
 */
export const demandOwners = (
  { team_id: teamId, organization_id: organizationId, project_id: projectId }: Named,
  owners: KeyOwners,
): void => {
  const { team, organization, project } = owners;
  if (teamId != null && !team) throw noSuch('team', teamId);
  if (organizationId != null && !organization) throw noSuch('organization', organizationId);
  if (projectId != null && !project) throw noSuch('project', projectId);
  if (organizationId != null && team?.organization_id != null && team.organization_id !== organizationId)
    throw new SluiceError('invalid_request', 'The team is in another organization than `organization_id` says.', {
      param: 'organization_id',
    });
  if (project && project.team_id !== teamId)
    throw new SluiceError('invalid_request', 'The project is of another team: give its team as `team_id`.', { param: 'project_id' });
};

const noSuch = (kind: string, id: string): SluiceError =>
  new SluiceError('invalid_request', `There is no ${kind} ${JSON.stringify(id)}.`, { param: `${kind}_id` });

/** Whose a key is, for the table of permissions. */
export const ownedKey = async (
  reading: Reading,
  snapshot: Pick<ConfigSnapshot, 'teams'>,
  { id, data }: Stored<KeyRecord>,
): Promise<Owned> => {
  const team = data.team_id == null ? undefined : await teamOf(reading, snapshot, data.team_id);
  return { organizationId: data.organization_id ?? team?.organization_id, teamId: data.team_id, userId: data.user_id, keyId: id };
};
