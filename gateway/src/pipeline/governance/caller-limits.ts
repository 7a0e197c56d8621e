import { memberLimits } from '../../access/member-limits.ts';
import type { Principal } from '../../access/principal.ts';
import { memberId } from '../../access/records/kinds.ts';
import type { KeyRecord, Limits, TeamRecord } from '../../access/records/records.ts';
import type { Stored } from '../../access/store/stored.ts';
import type { Limit } from '../../limits/index.ts';
import { limitsOfSubject, spenderOfSubject, type LimitedSubject, type Spender } from './subject-limits.ts';

/** Everybody behind a caller whose limits count: every one of them, whoever owns the key (FP-67). */
const subjectsOf = (principal: Principal, now: number): readonly LimitedSubject[] => {
  const { key, team, user, member, organization, organizationMember, project } = principal;
  const sharedOf = ({ budget_id: id }: Limits) => (id == null ? undefined : principal.budgets.find((budget) => budget.id === id)?.data);
  const all: LimitedSubject[] = [];
  const add = (subject: string, label: string, of: Stored<Limits>, limits: Limits = of.data, raisedUsd = 0) =>
    void all.push({ subject, label, limits, shared: sharedOf(limits), startedAt: of.createdAt, raisedUsd });
  if (key) {
    const { replaced_by: successor, key_alias: alias, key_name: name } = key.data;
    add(`key:${successor ?? key.id}`, `key "${alias ?? name}"`, key, key.data, raisedUsdOf(key.data, now));
  }
  if (member && team)
    add(
      `team_member:${memberId(team.id, member.data.user_id)}`,
      `member of the team "${nameOf(team)}"`,
      member,
      memberLimits(member.data, team.data),
    );
  if (organizationMember && organization)
    add(
      `organization_member:${organizationMember.id}`,
      `member of the organisation "${organization.data.organization_alias}"`,
      organizationMember,
    );
  if (team) add(`team:${team.id}`, `team "${nameOf(team)}"`, team);
  if (project) add(`project:${project.id}`, `project "${project.data.project_alias ?? project.id}"`, project);
  if (user) add(`user:${user.id}`, `user "${user.data.user_email ?? user.id}"`, user);
  if (organization) add(`organization:${organization.id}`, `organisation "${organization.data.organization_alias}"`, organization);
  return all;
};

/** What a key's budget is raised by for a time, in US dollars. */
export const raisedUsdOf = ({ temp_budget_increase: raise, temp_budget_expiry: until }: KeyRecord, now: number): number =>
  raise != null && (until == null || now < until) ? raise : 0;

const nameOf = (team: Stored<TeamRecord>): string => team.data.team_alias ?? team.id;

/** The limits of a caller's calls of one model. */
export interface CallerLimits {
  readonly limits: readonly Limit[];
  /** Whose spend is counted, limited or not. */
  readonly spenders: readonly Spender[];
}

interface Known {
  readonly byModel: Map<string, CallerLimits>;
  /** When something of it changes by itself. */
  readonly until: number;
  readonly timeZone: string | undefined;
}

const maxModels = 200;
const known = new WeakMap<Principal, Known>();

/** Worked out once for a caller and a model, as long as the caller is the same. */
export const callerLimits = (principal: Principal, model: string, timeZone: string | undefined, now: number): CallerLimits => {
  let found = known.get(principal);
  if (!found || now >= found.until || found.timeZone !== timeZone) {
    const expiry = principal.key?.data.temp_budget_expiry;
    found = { byModel: new Map(), until: expiry != null && expiry > now ? expiry : Infinity, timeZone };
    known.set(principal, found);
  }
  const ofModel = found.byModel.get(model);
  if (ofModel) return ofModel;
  const subjects = subjectsOf(principal, now);
  const made: CallerLimits = {
    limits: subjects.flatMap((subject) => limitsOfSubject(subject, model, timeZone)),
    spenders: subjects.map((subject) => spenderOfSubject(subject, timeZone)),
  };
  if (found.byModel.size < maxModels) found.byModel.set(model, made);
  return made;
};
