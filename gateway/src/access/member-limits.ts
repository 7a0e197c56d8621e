import type { Limits, TeamMemberRecord, TeamRecord } from './records/records.ts';

/** What holds for a member of a team: their own limits, and those that the team has for members where they say nothing. */
export const memberLimits = (member: TeamMemberRecord, team: TeamRecord): Limits => ({
  max_budget: member.max_budget ?? team.team_member_budget,
  budget_duration: member.budget_duration ?? team.team_member_budget_duration,
  tpm_limit: member.tpm_limit ?? team.team_member_tpm_limit,
  rpm_limit: member.rpm_limit ?? team.team_member_rpm_limit,
  budget_id: member.budget_id,
});
