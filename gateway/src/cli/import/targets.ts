import { memberLimits } from '../../access/member-limits.ts';
import { kinds } from '../../access/records/kinds.ts';
import type { Limits, TeamMemberRecord } from '../../access/records/records.ts';
import { spenderOfSubject } from '../../pipeline/governance/subject-limits.ts';
import type { Target } from './target.ts';

/** What a thing's spend is counted under, as it is enforced. */
const under =
  (
    subjectOf: (id: string) => string,
    timeZone: string | undefined,
    now: number,
    limitsOf: (data: never) => Limits = (data) => data as Limits,
  ) =>
  ({ id, data, createdAt }: { id: string; data: unknown; createdAt: number }, budget: Limits | undefined) => {
    const { subject, period } = spenderOfSubject(
      { subject: subjectOf(id), limits: limitsOf(data as never), shared: budget, startedAt: createdAt },
      timeZone,
    );
    return { subject, periodStart: period?.(now).start ?? 0 };
  };

const target = <T>(made: Target<T>): Target<T> => made;

/** @param timeZone the gateway's, in which budgets' periods begin; undefined: UTC */
export const targetsAt = (now: number, timeZone: string | undefined) => {
  const named = (kind: string) => under((id) => `${kind}:${id}`, timeZone, now);
  return {
    budgets: target({ kind: kinds.budget }),
    organizations: target({ kind: kinds.organization, spender: named('organization') }),
    users: target({
      kind: kinds.user,
      spender: named('user'),
      unique: [
        { member: 'user_email', column: 'email' },
        { member: 'sso_user_id', column: 'sso_id' },
      ],
    }),
    teams: target({ kind: kinds.team, spender: named('team') }),
    teamMembers: target({
      kind: kinds.teamMember,
      spender: under(
        (id) => `team_member:${id}`,
        timeZone,
        now,
        (data) => memberLimits(data as TeamMemberRecord, { models: [] }),
      ),
    }),
    organizationMembers: target({ kind: kinds.organizationMember, spender: named('organization_member') }),
    projects: target({ kind: kinds.project, spender: named('project') }),
    accessGroups: target({ kind: kinds.accessGroup, unique: [{ member: 'access_group_name', column: 'alias', needed: true }] }),
    keys: target({ kind: kinds.key, spender: named('key'), unique: [{ member: 'key_alias', column: 'alias' }] }),
    jwtMappings: target({ kind: kinds.jwtMapping }),
    customers: target({ kind: kinds.customer, spender: named('customer') }),
    tags: target({ kind: kinds.tag, spender: named('tag') }),
    models: target({ kind: kinds.model }),
    credentials: target({ kind: kinds.credential }),
    settings: target({ kind: kinds.setting }),
  } as const;
};
