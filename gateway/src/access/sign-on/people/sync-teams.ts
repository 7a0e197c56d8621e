import { deleteKeys } from '../../keys/delete-keys.ts';
import { kinds, memberId } from '../../records/kinds.ts';
import type { TeamMemberRecord, TeamRecord } from '../../records/records.ts';
import { systemActor } from '../../store/actor.ts';
import type { Reading } from '../../store/reading.ts';
import type { Writing } from '../../store/writing.ts';

/** Who puts people into teams because of their groups. Only what it has done does it undo. */
export const groupsActor = systemActor('sso-groups');

const pageSize = 1000;

/** Teams whose group somebody is in, or whose id was named. */
export const teamsOf = async (reading: Reading, groups: ReadonlySet<string>, ids: readonly string[]): Promise<ReadonlySet<string>> => {
  const found = new Set<string>();
  if (ids.length > 0) for (const { id } of await reading.getAll(kinds.team, ids.slice(0, pageSize))) found.add(id);
  if (groups.size === 0) return found;
  for (let page = 1; ; page++) {
    const { rows } = await reading.page<TeamRecord>(kinds.team, { page, size: pageSize, sortBy: 'id' });
    for (const { id, data } of rows) if (data.sso_groups?.some((group) => groups.has(group))) found.add(id);
    if (rows.length < pageSize) return found;
  }
};

/** Puts somebody into these teams, and takes them out of those that they were put into in the same way before. */
export const syncTeams = async (writing: Writing, userId: string, teams: ReadonlySet<string>): Promise<void> => {
  const places = await writing.find(kinds.teamMember, { is: { user_id: userId } });
  const isIn = new Set(places.map(({ data }) => data.team_id));
  for (const { id, data, createdBy } of places) {
    if (createdBy !== groupsActor.by || teams.has(data.team_id)) continue;
    // A key of a team is for who is in it.
    const keys = await writing.find(kinds.key, { is: { team_id: data.team_id, user_id: userId } });
    await deleteKeys(
      writing,
      keys.map((key) => key.id),
    );
    await writing.remove(kinds.teamMember, id);
  }
  for (const team of teams)
    if (!isIn.has(team))
      await writing.insert<TeamMemberRecord>(kinds.teamMember, memberId(team, userId), { team_id: team, user_id: userId, role: 'user' });
};
