import { SluiceError } from 'sluice/kit';
import type { Limits, TeamRecord } from '../records/records.ts';
import type { Relation } from '../relations.ts';
import { keyAdminsMember, proxyAdminsMember } from './admins-metadata.ts';
import { modelsBeyond } from './models-within.ts';

type Rule = (before: TeamRecord | undefined, after: TeamRecord) => string | undefined;

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

const untouched =
  (name: keyof TeamRecord, who: string): Rule =>
  (before, after) =>
    same(before?.[name], after[name]) ? undefined : `Only ${who} may set ${name} of a team.`;

/** Lower than it was, where there was one. */
const notRaised =
  (name: keyof Limits & keyof TeamRecord): Rule =>
  (before, after) => {
    const was = before?.[name] as number | null | undefined;
    const is = after[name] as number | null | undefined;
    return was == null || (is != null && is <= was)
      ? undefined
      : `${name} is ${was}: who administers only the team may lower it, and not raise it.`;
  };

const notRaisedByModel =
  (name: 'model_rpm_limit' | 'model_tpm_limit'): Rule =>
  (before, after) => {
    const raised = Object.entries(before?.[name] ?? {}).find(([model, was]) => !((after[name]?.[model] ?? Infinity) <= was));
    return raised && `${name}.${raised[0]} is ${raised[1]}: who administers only the team may lower it, and not raise it.`;
  };

const subset =
  (name: 'access_group_ids', who: string): Rule =>
  (before, after) =>
    (after[name] ?? []).every((each) => before?.[name]?.includes(each)) ? undefined : `Only ${who} may add ${name} to a team.`;

const orgAdmins = 'an admin of the organisation or the proxy';
const proxyAdmins = 'a proxy admin';

/** The models that a team may use, not more than before. An empty list is everything. */
const fewerModels: Rule = (before, after) => {
  const had = before?.models ?? [];
  const beyond = after.models.length === 0 && had.length > 0 ? ['*'] : modelsBeyond(after.models, had);
  return beyond.length === 0 ? undefined : `Only ${orgAdmins} may add models to a team: '${beyond[0]}' is not among its own.`;
};

/** What is spent under a tag may be bounded: who administers only the team adds tags, and takes none away. */
const keepsTags: Rule = (before, after) => {
  const gone = before?.tags?.find((tag) => !after.tags?.includes(tag));
  return gone === undefined ? undefined : `Only ${orgAdmins} may take the tag '${gone}' from a team.`;
};

/** Who shares of the gateway's capacity are given to is not decided by those who get them. */
const ofProxyAdmins: Rule = (before, after) => {
  const member = proxyAdminsMember(before?.metadata, after.metadata);
  return member && `Only ${proxyAdmins} may set metadata.${member} of a team.`;
};

/** What bounds the sessions of the team's keys is a limit too. */
const keepsSessionBounds: Rule = (before, after) => {
  const member = keyAdminsMember(before?.metadata, after.metadata);
  return member && `Only ${orgAdmins} may change metadata.${member} of a team that has it.`;
};

const forOrgAdmins: readonly Rule[] = [ofProxyAdmins, untouched('allowed_passthrough_routes', proxyAdmins)];

const forTeamAdmins: readonly Rule[] = [
  ...forOrgAdmins,
  fewerModels,
  keepsTags,
  keepsSessionBounds,
  subset('access_group_ids', orgAdmins),
  notRaised('max_budget'),
  notRaised('tpm_limit'),
  notRaised('rpm_limit'),
  notRaised('max_parallel_requests'),
  notRaisedByModel('model_rpm_limit'),
  notRaisedByModel('model_tpm_limit'),
  // A shorter period is a larger budget.
  untouched('budget_duration', orgAdmins),
  untouched('budget_limits', orgAdmins),
  untouched('budget_id', orgAdmins),
  untouched('model_max_budget', orgAdmins),
  untouched('object_permission', orgAdmins),
  untouched('organization_id', orgAdmins),
  untouched('blocked', orgAdmins),
  untouched('router_settings', orgAdmins),
  untouched('rpm_limit_type', orgAdmins),
  untouched('tpm_limit_type', orgAdmins),
];

/**
 * Nobody gives a team more than they may give (FP-34): who administers only the team may take, and not add.
 * @param relations what the caller is to the team
 * @throws SluiceError `permission_denied`, naming the member
 */
export const demandTeamGrant = (before: TeamRecord | undefined, after: TeamRecord, relations: ReadonlySet<Relation>): void => {
  if (relations.has('proxy_admin')) return;
  for (const rule of relations.has('org_admin') ? forOrgAdmins : forTeamAdmins) {
    const refused = rule(before, after);
    if (refused !== undefined) throw new SluiceError('permission_denied', refused);
  }
};
