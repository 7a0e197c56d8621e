import { keySubject } from '../../access/keys/key-subject.ts';
import { memberLimits } from '../../access/member-limits.ts';
import type { Principal } from '../../access/principal.ts';
import { memberId } from '../../access/records/kinds.ts';
import type { KeyRecord, Limits, TeamRecord, UserRecord } from '../../access/records/records.ts';
import type { Stored } from '../../access/store/stored.ts';
import { limitsOfAgent, type BudgetSettings } from '../../config/gateway-budget.ts';
import type { Limit } from '../../limits/index.ts';
import type { Live } from '../live.ts';
import { effectiveLimits } from './effective-limits.ts';
import { keyRatesOf } from './key-rates.ts';
import { limitsOfSubject, spenderOfSubject, type LimitedSubject, type Spender } from './subject-limits.ts';

/** A configuration, as far as limits hang on it. */
export type LimitsOf = Pick<Live, 'router'> & { readonly snapshot: { readonly budgets: BudgetSettings } };

interface Asked {
  readonly model: string;
  /** Further names of the model, and what they hang on beside it (`otherNamesOf`). */
  readonly otherNames?: readonly string[];
  readonly pathProvider?: string | undefined;
  readonly live: LimitsOf;
  readonly now: number;
  /** The key's own budget is spent, and it goes on at a share of its rates. */
  readonly throttled: boolean;
}

/** Everybody behind a caller whose limits count: every one of them, whoever owns the key (FP-67). */
const subjectsOf = (principal: Principal, { model, live, now, throttled }: Asked): readonly LimitedSubject[] => {
  const { key, team, user, member, organization, organizationMember, project, agentId } = principal;
  const { budgets: settings } = live.snapshot;
  const sharedOf = ({ budget_id: id }: Limits) => (id == null ? undefined : principal.budgets.find((budget) => budget.id === id)?.data);
  const all: LimitedSubject[] = [];
  const add = (
    subject: string,
    label: string,
    of: Stored<Limits & Described>,
    limits: Limits = of.data,
    more: Pick<LimitedSubject, 'raisedUsd' | 'throttledShare' | 'modelRates' | 'shadow'> = {},
  ) => {
    const shadow = of.data.metadata?.['shadow_limits'] === true;
    all.push({ subject, label, limits, shared: sharedOf(limits), startedAt: of.createdAt, shadow, ...more });
  };
  if (key) {
    const { key_alias: alias, key_name: name } = key.data;
    const limits =
      settings.defaultSoftBudgetUsd === undefined ? key.data : { soft_budget: settings.defaultSoftBudgetUsd, ...said(key.data) };
    add(keySubject(key), `key "${alias ?? name}"`, key, limits, {
      raisedUsd: raisedUsdOf(key.data, now),
      throttledShare: throttled ? settings.throttledShare : undefined,
      modelRates: keyRatesOf(live, model, team?.data),
    });
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
  // Its metadata is its team's admins' to write, and so is no place for what lets its limits be passed.
  if (project)
    add(`project:${project.id}`, `project "${project.data.project_alias ?? project.id}"`, project, project.data, { shadow: false });
  if (user)
    add(`user:${user.id}`, `user "${user.data.user_email ?? user.id}"`, user, userLimits(user, sharedOf(user.data), !!team, settings));
  if (organization) add(`organization:${organization.id}`, `organisation "${organization.data.organization_alias}"`, organization);
  const ofAgent = agentId === undefined ? undefined : limitsOfAgent(settings, agentId);
  if (ofAgent) all.push({ subject: `agent:${agentId}`, label: `agent "${agentId}"`, limits: ofAgent, startedAt: 0 });
  return all;
};

/** Some have members that are not limits, by which limits are told how to be. */
interface Described {
  readonly metadata?: Readonly<Record<string, unknown>> | null;
}

/** Without what is null, which is as if it were not there. */
const said = (limits: Limits): Limits => Object.fromEntries(Object.entries(limits).filter(([, value]) => value != null));

/** A person's limits; what all who have no budget have (`max_user_budget`), and none of money for a team's key where that is so set. */
const userLimits = (
  { data }: Stored<UserRecord>,
  shared: Limits | undefined,
  inTeam: boolean,
  { defaultUserBudgetUsd: usual, userBudgetOnTeamKeys }: BudgetSettings,
): Limits => {
  if (inTeam && !userBudgetOnTeamKeys) {
    const { max_budget: _, budget_limits: __, model_max_budget: ___, ...rest } = effectiveLimits(data, shared);
    return { ...rest, budget_id: null };
  }
  return usual === undefined || effectiveLimits(data, shared).max_budget != null ? data : { ...data, max_budget: usual };
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
  readonly settings: BudgetSettings;
}

const maxModels = 200;
const known = new WeakMap<Principal, Known>();

/** Worked out once for a caller and a model, as long as the caller and the configuration are the same. */
export const callerLimits = (principal: Principal, asked: Asked): CallerLimits => {
  const { model, otherNames, pathProvider, live, now, throttled } = asked;
  const { budgets: settings } = live.snapshot;
  let found = known.get(principal);
  if (!found || now >= found.until || found.settings !== settings) {
    const expiry = principal.key?.data.temp_budget_expiry;
    found = { byModel: new Map(), until: expiry != null && expiry > now ? expiry : Infinity, settings };
    known.set(principal, found);
  }
  const name = pathProvider === undefined ? model : `${pathProvider}\n${model}`;
  const id = throttled ? `\n${name}` : name;
  const ofModel = found.byModel.get(id);
  if (ofModel) return ofModel;
  const subjects = subjectsOf(principal, asked);
  const { agentId } = principal;
  const made: CallerLimits = {
    limits: subjects.flatMap((subject) => limitsOfSubject(subject, model, settings, otherNames)),
    spenders: [
      ...subjects.map((subject) => spenderOfSubject(subject, settings.timeZone)),
      ...(agentId === undefined || limitsOfAgent(settings, agentId) ? [] : [{ subject: `agent:${agentId}` }]),
    ],
  };
  if (found.byModel.size < maxModels) found.byModel.set(id, made);
  return made;
};
