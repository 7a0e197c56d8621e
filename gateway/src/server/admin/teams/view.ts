import { kinds } from '../../../access/records/kinds.ts';
import type { TeamMemberRecord } from '../../../access/records/records.ts';
import type { Reading } from '../../../access/store/reading.ts';
import type { Stored } from '../../../access/store/stored.ts';
import type { AdminContext } from '../admin-route.ts';
import { budgetsOf } from '../budgets/known-budget.ts';
import { emailsOf } from '../people.ts';
import { spentOf } from '../spender.ts';
import type { FoundTeam } from './find-team.ts';
import { memberSpending, membershipShown, teamSpending, teamShown, type TeamView } from './shown.ts';

/** Teams whose members are read in one go. */
const chunk = 100;
/** As many as one query gives; then some may be missing. */
const maxRows = 10_000;

/** The members of each team, in the order in which they came. */
const membersOf = async (reading: Reading, ids: readonly string[]): Promise<ReadonlyMap<string, readonly Stored<TeamMemberRecord>[]>> => {
  const byTeam = new Map<string, Stored<TeamMemberRecord>[]>(ids.map((id) => [id, []]));
  for (let at = 0; at < ids.length; at += chunk) {
    const some = ids.slice(at, at + chunk);
    let rows = await reading.find(kinds.teamMember, { is: { team_id: some } });
    if (rows.length >= maxRows && some.length > 1)
      rows = (await Promise.all(some.map((id) => reading.find(kinds.teamMember, { is: { team_id: id } })))).flat();
    for (const row of rows) byTeam.get(row.data.team_id)?.push(row);
  }
  return byTeam;
};

type ViewContext = Pick<AdminContext, 'store' | 'services' | 'now'>;

/** Teams with their members and what they spent. */
export const viewTeams = async ({ store, services, now }: ViewContext, teams: readonly FoundTeam[]): Promise<readonly TeamView[]> => {
  const members = await membersOf(
    store,
    teams.map(({ id }) => id),
  );
  const emails = await emailsOf(
    store,
    [...members.values()].flat().map(({ data }) => data.user_id),
  );
  const budgets = await budgetsOf(store, teams);
  const spending = teams.map((team) => teamSpending(team, budgets.get(team.data.budget_id ?? '')));
  const spent = await spentOf(spending, { services, now });
  return teams.map((team, at) => ({
    team,
    members: members.get(team.id) ?? [],
    emails,
    spentUsd: spent(spending[at]!.subject),
    budget: budgets.get(team.data.budget_id ?? ''),
    timeZone: services.live().snapshot.budgets.timeZone,
  }));
};

/** One team as answers have it. */
export const showTeam = async (context: ViewContext, team: FoundTeam) => teamShown((await viewTeams(context, [team]))[0]!, context.now);

/** The memberships of a team, with what each member spent in it. */
export const showMemberships = async (context: ViewContext, team: FoundTeam, members: readonly Stored<TeamMemberRecord>[]) => {
  const { store, services, now } = context;
  const budgets = await budgetsOf(store, members);
  const spending = members.map((member) => memberSpending(member, team.data, budgets.get(member.data.budget_id ?? '')));
  const spent = await spentOf(spending, { services, now });
  return members.map((member, at) =>
    membershipShown(
      member,
      team.data,
      spent(spending[at]!.subject),
      budgets.get(member.data.budget_id ?? ''),
      now,
      services.live().snapshot.budgets.timeZone,
    ),
  );
};
