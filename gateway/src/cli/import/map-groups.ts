import type {
  AccessGroupRecord,
  BudgetRecord,
  CustomerRecord,
  ProjectRecord,
  TagRecord,
  TeamRecord,
} from '../../access/records/records.ts';
import type { Mapped } from './mapped.ts';
import { historyOf, isText, isTexts, limitsOf, metadataOf, notCarried, permissionOf, type Metadata } from './members.ts';
import { texts } from './map-keys.ts';
import { limitsShape } from '../../server/admin/fields.ts';
import { defined, Row, some } from './row.ts';
import type { SourceRow } from './source.ts';

type Permissions = ReadonlyMap<string, SourceRow>;

/** Rows of other tables that teams name. */
export interface TeamRows {
  readonly permissions: Permissions;
  /** `LiteLLM_ModelTable`, by number. */
  readonly aliases: ReadonlyMap<number, SourceRow>;
  /** `LiteLLM_BudgetTable`, by id. */
  readonly budgets: ReadonlyMap<string, SourceRow>;
}

export const mapTeam = (json: SourceRow, { permissions, aliases, budgets }: TeamRows): Mapped<TeamRecord> => {
  const row = new Row(json);
  const id = row.text('team_id') ?? '';
  const { createdAt, createdBy, spentUsd } = historyOf(row);
  const meta = metadataOf(row);
  // Carried on their own.
  row.ignore('members', 'admins', 'members_with_roles');
  row.lose('it is not built here', 'policies', 'allow_team_guardrail_config');
  const modelId = row.number('model_id');
  const aliasRow = modelId === undefined ? undefined : aliases.get(modelId);
  const data = defined({
    team_alias: row.text('team_alias'),
    organization_id: row.text('organization_id'),
    models: row.list('models'),
    model_aliases: aliasRow && texts(new Row(aliasRow), 'aliases'),
    blocked: row.flag('blocked'),
    router_settings: row.object('router_settings'),
    access_group_ids: some(row.list('access_group_ids')),
    team_member_permissions: some(row.list('team_member_permissions')),
    default_team_member_models: some(row.list('default_team_member_models')),
    object_permission: permissionOf(row, permissions),
    ...limitsOf(row),
    ...meta.limits,
    ...memberBudget(meta, budgets),
    tags: meta.take('tags', isTexts),
    team_member_key_duration: meta.take('team_member_key_duration', isText),
    allowed_passthrough_routes: meta.take('allowed_passthrough_routes', isTexts),
    metadata: meta.metadata,
  }) as TeamRecord;
  return { id, data, createdAt, createdBy, spentUsd, notes: row.finish() };
};

/** What every member may use: LiteLLM has it in a budget that the team's metadata names. */
const memberBudget = (meta: Metadata, budgets: ReadonlyMap<string, SourceRow>): Partial<TeamRecord> => {
  const id = meta.take('team_member_budget_id', isText);
  const budget = limitsOf(new Row((id !== undefined && budgets.get(id)) || {}));
  return {
    team_member_budget: budget.max_budget ?? undefined,
    team_member_budget_duration: budget.budget_duration ?? undefined,
    team_member_rpm_limit: budget.rpm_limit ?? undefined,
    team_member_tpm_limit: budget.tpm_limit ?? undefined,
  } as Partial<TeamRecord>;
};

export const mapBudget = (json: SourceRow): Mapped<BudgetRecord> => {
  const row = new Row(json);
  const id = row.text('budget_id') ?? '';
  const { createdAt, createdBy } = historyOf(row);
  // Of members of teams, where it is carried to.
  row.ignore('allowed_models');
  return { id, data: limitsOf(row) as BudgetRecord, createdAt, createdBy, notes: row.finish() };
};

export const mapProject = (json: SourceRow, permissions: Permissions): Mapped<ProjectRecord> => {
  const row = new Row(json);
  const id = row.text('project_id') ?? '';
  const team_id = row.text('team_id');
  if (team_id === undefined) return { id, data: undefined, notes: [notCarried('all', 'it belongs to no team')] };
  const { createdAt, createdBy, spentUsd } = historyOf(row);
  const meta = metadataOf(row);
  const data = defined({
    project_alias: row.text('project_alias'),
    description: row.text('description'),
    team_id,
    models: row.list('models'),
    budget_id: row.text('budget_id'),
    model_rpm_limit: row.checked('model_rpm_limit', limitsShape.model_rpm_limit),
    model_tpm_limit: row.checked('model_tpm_limit', limitsShape.model_tpm_limit),
    blocked: row.flag('blocked'),
    tags: meta.take('tags', isTexts),
    metadata: meta.metadata,
    object_permission: permissionOf(row, permissions),
  }) as ProjectRecord;
  return { id, data, createdAt, createdBy, spentUsd, notes: row.finish() };
};

export const mapCustomer = (json: SourceRow, permissions: Permissions): Mapped<CustomerRecord> => {
  const row = new Row(json);
  const id = row.text('user_id') ?? '';
  const { createdAt, createdBy, spentUsd } = historyOf(row);
  const region = row.text('allowed_model_region');
  if (region !== undefined && region !== 'eu' && region !== 'us')
    row.notes.push(notCarried('allowed_model_region', `${JSON.stringify(region)} is no region here: eu and us are`));
  const data = defined({
    alias: row.text('alias'),
    blocked: row.flag('blocked'),
    allowed_model_region: region === 'eu' || region === 'us' ? region : undefined,
    default_model: row.text('default_model'),
    budget_id: row.text('budget_id'),
    object_permission: permissionOf(row, permissions),
  }) as CustomerRecord;
  return { id, data, createdAt, createdBy, spentUsd, notes: row.finish() };
};

export const mapTag = (json: SourceRow): Mapped<TagRecord> => {
  const row = new Row(json);
  const id = row.text('tag_name') ?? '';
  const { createdAt, createdBy, spentUsd } = historyOf(row);
  // Worked out from `models`.
  row.ignore('model_info');
  const data = defined({ description: row.text('description'), models: row.list('models'), budget_id: row.text('budget_id') }) as TagRecord;
  return { id, data, createdAt, createdBy, spentUsd, notes: row.finish() };
};

export const mapAccessGroup = (json: SourceRow): Mapped<AccessGroupRecord> => {
  const row = new Row(json);
  const id = row.text('access_group_id') ?? '';
  const { createdAt, createdBy } = historyOf(row);
  row.lose('MCP and agents are not built here', 'access_mcp_server_ids', 'access_agent_ids');
  const data = defined({
    access_group_name: row.text('access_group_name') ?? id,
    description: row.text('description'),
    access_model_names: row.list('access_model_names'),
    assigned_team_ids: row.list('assigned_team_ids'),
    assigned_key_ids: row.list('assigned_key_ids'),
  }) as AccessGroupRecord;
  return { id, data, createdAt, createdBy, notes: row.finish() };
};
