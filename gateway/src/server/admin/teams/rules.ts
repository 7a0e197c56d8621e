import { SluiceError } from 'sluice/kit';
import { modelsBeside } from '../../../access/grants/key-limits.ts';
import { modelsBeyond } from '../../../access/grants/models-within.ts';
import { demandTeamGrant } from '../../../access/grants/team.ts';
import { demandWithin } from '../../../access/grants/within.ts';
import { kinds } from '../../../access/records/kinds.ts';
import type { OrganizationRecord, TeamRecord } from '../../../access/records/records.ts';
import type { Relation } from '../../../access/relations.ts';
import type { Stored } from '../../../access/store/stored.ts';
import type { Writing } from '../../../access/store/writing.ts';
import type { AdminContext } from '../admin-route.ts';
import { demandBudget } from '../budgets/known-budget.ts';
import { ownedBy } from './find-team.ts';
import { demandThroughput } from './throughput.ts';

export type RuleContext = Pick<AdminContext, 'relationsTo' | 'services'>;

interface TeamWrite {
  readonly id: string;
  readonly before: TeamRecord | undefined;
  readonly after: TeamRecord;
  /** Members that the request names: what it leaves alone is not looked at again. */
  readonly named: ReadonlySet<string>;
}

const boundedByOrganization = [
  'organization_id',
  'models',
  'max_budget',
  'tpm_limit',
  'rpm_limit',
  'max_parallel_requests',
  'model_rpm_limit',
  'model_tpm_limit',
  'model_max_budget',
];
const throughput = ['organization_id', 'rpm_limit', 'tpm_limit', 'rpm_limit_type', 'tpm_limit_type', 'model_rpm_limit', 'model_tpm_limit'];

/** Everything that a team must be before it is stored, and what the caller may make of it. @throws SluiceError */
export const demandTeam = async (context: RuleContext, writing: Writing, { id, before, after, named }: TeamWrite): Promise<void> => {
  const relations = relationsToBoth(context, id, before, after);
  demandTeamGrant(before, after, relations);
  if (named.has('soft_budget') || named.has('max_budget')) demandSoftBelow(after);
  if (named.has('default_team_member_models')) demandMemberModels(after);
  if (named.has('budget_id')) await demandBudget(writing, after.budget_id);
  const { groupsOf } = context.services.live();
  const organization = await organizationOf(writing, after.organization_id);
  if (organization && boundedByOrganization.some((name) => named.has(name)))
    demandWithin(
      { name: `team '${id}'`, data: after },
      { name: `organisation '${organization.id}'`, data: organization.data },
      { groupsOf },
    );
  if (organization && !relations.has('proxy_admin') && (named.has('router_settings') || named.has('organization_id')))
    demandReach(after, organization.data, groupsOf);
  if (throughput.some((name) => named.has(name)))
    await demandThroughput(writing, context.services.live().snapshot, id, after, organization);
};

/** Who moves a team is to it what they are both where it was and where it goes. */
const relationsToBoth = (context: RuleContext, id: string, before: TeamRecord | undefined, after: TeamRecord): ReadonlySet<Relation> => {
  const then = context.relationsTo(ownedBy(id, { data: after }), before ? 'team.update' : 'team.create');
  return before ? then.intersection(context.relationsTo(ownedBy(id, { data: before }), 'team.update')) : then;
};

/** @throws SluiceError `invalid_request` where there is no such organisation */
const organizationOf = async (writing: Writing, id: string | null | undefined): Promise<Stored<OrganizationRecord> | undefined> => {
  if (id == null) return undefined;
  const found = await writing.get(kinds.organization, id);
  if (!found)
    throw new SluiceError('invalid_request', `There is no organisation '${id}'. Make it with POST /organization/new.`, {
      param: 'organization_id',
    });
  return found;
};

/** Fallbacks are looked for in no list when they are used, so that they are here (FP-34). */
const demandReach = (
  { router_settings }: TeamRecord,
  { models }: OrganizationRecord,
  groupsOf: (model: string) => readonly string[],
): void => {
  const [beyond] = modelsBeyond(modelsBeside({ router_settings }), models, { groupsOf });
  if (beyond !== undefined)
    throw new SluiceError('permission_denied', `router_settings has '${beyond}', which is not among the organisation's models.`, {
      param: 'router_settings',
    });
};

/** As LiteLLM has it: a warning that comes with the refusal is none. */
const demandSoftBelow = ({ soft_budget: soft, max_budget: max }: TeamRecord): void => {
  if (soft != null && max != null && soft >= max)
    throw new SluiceError('invalid_request', `soft_budget (${soft}) must be below max_budget (${max}).`, { param: 'soft_budget' });
};

const demandMemberModels = ({ default_team_member_models: given, models }: TeamRecord): void => {
  const [beyond] = modelsBeyond(given ?? [], models);
  if (beyond !== undefined)
    throw new SluiceError('invalid_request', `default_team_member_models has '${beyond}', which is not among the team's models.`, {
      param: 'default_team_member_models',
    });
};
