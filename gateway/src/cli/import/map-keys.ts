import { createHash } from 'node:crypto';
import type { JwtMappingRecord, KeyRecord } from '../../access/records/records.ts';
import { durationMs } from '../../config/durations.ts';
import type { Mapped } from './mapped.ts';
import { approximate, historyOf, isAmount, isMoment, isText, isTexts, limitsOf, metadataOf, notCarried, permissionOf } from './members.ts';
import { defined, Row, some } from './row.ts';
import type { SourceRow } from './source.ts';

/** The team of LiteLLM's pages, whose keys are their sessions. */
const dashboard = 'litellm-dashboard';

/** Keys are found by their hash, which is LiteLLM's: so they go on working. */
export const mapKey = (json: SourceRow, permissions: ReadonlyMap<string, SourceRow>): Mapped<KeyRecord> => {
  const row = new Row(json);
  const token = row.text('token') ?? '';
  const isHash = /^[0-9a-f]{64}$/.test(token);
  const id = isHash ? token : createHash('sha256').update(token).digest('hex');
  if (!isHash) row.notes.push(approximate('token', 'it was stored in plain text there, and is a hash here'));
  const team_id = row.text('team_id');
  if (team_id === dashboard) return { id, data: undefined, notes: [notCarried('all', "it is a session of LiteLLM's pages")] };
  const { createdAt, createdBy, spentUsd } = historyOf(row);
  const meta = metadataOf(row);
  const rotation_interval = row.text('rotation_interval');
  if (rotation_interval !== undefined && durationMs(rotation_interval) === undefined)
    row.notes.push(notCarried('rotation_interval', 'it is no duration'));
  const permissionGiven = permissionOf(row, permissions);
  row.ignore('last_active');
  row.lose('it is not built here', 'allowed_cache_controls', 'policies');
  const serviceAccount = meta.take('service_account_id', isText);
  const expiry = meta.take('temp_budget_expiry', isMoment);
  const data = defined({
    key_name: row.text('key_name') ?? (isHash ? 'sk-...' : `sk-...${token.slice(-4)}`),
    key_alias: row.text('key_alias'),
    user_id: row.text('user_id'),
    team_id,
    organization_id: row.text('organization_id'),
    project_id: row.text('project_id'),
    agent_id: row.text('agent_id'),
    budget_id: row.text('budget_id'),
    models: row.list('models'),
    aliases: texts(row, 'aliases'),
    config: row.object('config'),
    permissions: row.object('permissions'),
    router_settings: row.object('router_settings'),
    allowed_routes: some(row.list('allowed_routes')),
    access_group_ids: some(row.list('access_group_ids')),
    blocked: row.flag('blocked'),
    expires_at: row.moment('expires'),
    auto_rotate: row.flag('auto_rotate'),
    rotation_interval: rotation_interval !== undefined && durationMs(rotation_interval) !== undefined ? rotation_interval : undefined,
    rotate_at: row.moment('key_rotation_at'),
    last_rotation_at: row.moment('last_rotation_at'),
    rotation_count: row.number('rotation_count') || undefined,
    object_permission: permissionGiven,
    ...limitsOf(row),
    ...meta.limits,
    tags: meta.take('tags', isTexts),
    enforced_params: meta.take('enforced_params', isTexts),
    allowed_passthrough_routes: meta.take('allowed_passthrough_routes', isTexts),
    tag_rpm_limit: meta.take('tag_rpm_limit', isCounts),
    rpm_limit_type: meta.take('rpm_limit_type', isLimitType),
    tpm_limit_type: meta.take('tpm_limit_type', isLimitType),
    temp_budget_increase: meta.take('temp_budget_increase', isAmount),
    temp_budget_expiry: expiry === undefined ? undefined : Date.parse(expiry),
    service_account: serviceAccount === undefined ? undefined : true,
    metadata: meta.metadata,
  }) as KeyRecord;
  return { id, data, createdAt, createdBy, spentUsd, notes: row.finish() };
};

export const mapJwtMapping = (json: SourceRow): Mapped<JwtMappingRecord> => {
  const row = new Row(json);
  const id = row.text('id') ?? '';
  const { createdAt, createdBy } = historyOf(row);
  const jwt_claim_name = row.text('jwt_claim_name');
  const jwt_claim_value = row.text('jwt_claim_value');
  const key_id = row.text('token');
  const is_active = row.flag('is_active') ?? false;
  const description = row.text('description');
  const whole = jwt_claim_name !== undefined && jwt_claim_value !== undefined && key_id !== undefined;
  if (!whole) return { id, data: undefined, notes: [notCarried('all', 'a claim or the key is missing')] };
  return {
    id,
    data: defined({ jwt_claim_name, jwt_claim_value, key_id, description, is_active }),
    createdAt,
    createdBy,
    notes: row.finish(),
  };
};

export const texts = (row: Row, name: string): Record<string, string> | undefined => {
  const given = row.object(name);
  if (!given) return undefined;
  if (Object.values(given).every((each) => typeof each === 'string')) return given as Record<string, string>;
  row.notes.push(notCarried(name, 'it maps to what are no names'));
  return undefined;
};

const isCounts = (value: unknown): value is Record<string, number> =>
  typeof value === 'object' && value !== null && Object.values(value).length > 0 && Object.values(value).every(isAmount);

/** What `dynamic` would do is not built. */
const isLimitType = (value: unknown): value is string => value === 'best_effort_throughput' || value === 'guaranteed_throughput';
