import { keySubject } from '../../../access/keys/key-subject.ts';
import type { BudgetRecord, DeletedKeyRecord, KeyRecord } from '../../../access/records/records.ts';
import type { Reading as Reader } from '../../../access/store/reading.ts';
import type { Stored } from '../../../access/store/stored.ts';
import { budgetTable, iso, isoOrNull, limitsShown, objectPermissionShown } from '../answer-parts.ts';
import { budgetsOf } from '../budgets/known-budget.ts';
import type { AdminContext } from '../admin-route.ts';
import { spentOf, type Spending } from '../spender.ts';
import { liftedFromMetadata } from './record-changes.ts';

/** A key as one that spends: an old one with its successor. */
const spendingOf = (key: Stored<KeyRecord>, shared: Stored<BudgetRecord> | undefined): Spending => ({
  subject: keySubject(key),
  limits: key.data,
  shared,
  startedAt: key.createdAt,
});

export const keySpending = async (store: Reader, key: Stored<KeyRecord>): Promise<Spending> =>
  spendingOf(key, (await budgetsOf(store, [key])).get(key.data.budget_id ?? ''));

type Reading = Pick<AdminContext, 'store' | 'services' | 'now'>;

/** Keys as clients read them (LiteLLM's `LiteLLM_VerificationToken`), with what they spent. Never with the key itself. */
export const shownKeys = async <T extends KeyRecord>(
  { store, services, now }: Reading,
  keys: readonly Stored<T>[],
): Promise<readonly ShownKey[]> => {
  const { timeZone } = services.live().snapshot.budgets;
  const budgets = await budgetsOf(store, keys);
  const sharedOf = ({ data }: Stored<T>) => budgets.get(data.budget_id ?? '');
  const spending = keys.map((key) => spendingOf(key, sharedOf(key)));
  const spent = await spentOf(spending, { services, now });
  return keys.map((key, at) => ({
    ...shownRecord(key, now, timeZone),
    spend: spent(spending[at]!.subject),
    litellm_budget_table: budgetTable(key.data, key.createdAt, sharedOf(key), now, timeZone),
  }));
};

export const shownKey = async (context: Reading, key: Stored<KeyRecord>): Promise<ShownKey> => (await shownKeys(context, [key]))[0]!;

/** The members that do not depend on anything else. */
export type ShownKey = ReturnType<typeof shownRecord> & { readonly spend: number; readonly litellm_budget_table: unknown };

const shownRecord = (
  { id, data, createdAt, createdBy, updatedAt, updatedBy }: Stored<KeyRecord>,
  now: number,
  timeZone: string | undefined,
) => ({
  token: id,
  token_id: id,
  key_name: data.key_name,
  key_alias: data.key_alias ?? null,
  user_id: data.user_id ?? null,
  team_id: data.team_id ?? null,
  organization_id: data.organization_id ?? null,
  org_id: data.organization_id ?? null,
  project_id: data.project_id ?? null,
  agent_id: data.agent_id ?? null,
  models: data.models,
  aliases: data.aliases ?? {},
  config: {},
  permissions: data.permissions ?? {},
  metadata: shownMetadata(data),
  tags: data.tags ?? null,
  enforced_params: data.enforced_params ?? null,
  ...limitsShown(data, createdAt, now, timeZone),
  model_max_budget: data.model_max_budget ?? {},
  budget_limits: data.budget_limits ?? null,
  budget_id: data.budget_id ?? null,
  budget_fallbacks: data.budget_fallbacks ?? {},
  throttle_on_budget_exceeded: data.throttle_on_budget_exceeded ?? null,
  temp_budget_increase: data.temp_budget_increase ?? null,
  temp_budget_expiry: isoOrNull(data.temp_budget_expiry),
  model_rpm_limit: data.model_rpm_limit ?? null,
  model_tpm_limit: data.model_tpm_limit ?? null,
  mcp_rpm_limit: null,
  tag_rpm_limit: data.tag_rpm_limit ?? null,
  rpm_limit_type: data.rpm_limit_type ?? null,
  tpm_limit_type: data.tpm_limit_type ?? null,
  allowed_cache_controls: [],
  allowed_routes: data.allowed_routes ?? [],
  allowed_passthrough_routes: data.allowed_passthrough_routes ?? null,
  allowed_vector_store_indexes: null,
  allowed_ips: data.allowed_ips ?? null,
  key_type: data.key_type ?? 'default',
  guardrails: null,
  policies: null,
  prompts: null,
  disable_global_guardrails: null,
  object_permission_id: data.object_permission ? id : null,
  object_permission: objectPermissionShown(id, data.object_permission),
  access_group_ids: data.access_group_ids ?? null,
  router_settings: data.router_settings ?? null,
  blocked: data.blocked ?? null,
  duration: data.duration ?? null,
  expires: isoOrNull(data.expires_at),
  auto_rotate: data.auto_rotate ?? false,
  rotation_interval: data.rotation_interval ?? null,
  rotation_count: data.rotation_count ?? 0,
  last_rotation_at: isoOrNull(data.last_rotation_at),
  key_rotation_at: isoOrNull(data.rotate_at),
  /** The hash of the key that has taken its place; it is good until `expires`. */
  replaced_by: data.replaced_by ?? null,
  service_account: data.service_account ?? false,
  soft_budget_cooldown: false,
  // Calls are counted, and not yet kept one by one.
  last_active: null,
  model_spend: {},
  created_at: iso(createdAt),
  created_by: createdBy ?? null,
  updated_at: iso(updatedAt),
  updated_by: updatedBy ?? null,
});

/** With the members that LiteLLM keeps in there, where its clients look for them. */
const shownMetadata = (data: KeyRecord): Record<string, unknown> => ({
  ...data.metadata,
  ...Object.fromEntries(liftedFromMetadata.filter((name) => data[name] != null).map((name) => [name, data[name]])),
});

/** Deleted keys (LiteLLM's `LiteLLM_DeletedVerificationToken`): when and by whom they were made, and deleted. */
export const shownDeletedKeys = async (
  context: Reading,
  keys: readonly Stored<DeletedKeyRecord>[],
): Promise<readonly Record<string, unknown>[]> => {
  const asTheyWere = keys.map((key) => ({ ...key, createdAt: key.data.made_at, createdBy: key.data.made_by ?? undefined }));
  const shown = await shownKeys(context, asTheyWere);
  return shown.map((each, at) => ({
    ...each,
    id: keys[at]!.id,
    // A key that was made and deleted twice under one secret is one row.
    deleted_at: iso(keys[at]!.updatedAt),
    deleted_by: keys[at]!.updatedBy ?? null,
    deleted_by_api_key: keys[at]!.data.deleted_with ?? null,
    litellm_changed_by: null,
  }));
};
