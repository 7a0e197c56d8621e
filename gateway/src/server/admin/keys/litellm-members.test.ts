import { expect, test } from 'bun:test';
import { describeAdmin } from '../../../../../test/kit/admin.ts';
import { generateBody, regenerateBody, updateBody } from './schemas.ts';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Members of requests and answers in LiteLLM's OpenAPI document (v1.96.0). */
const inGenerate = words(`
  key_alias duration models spend max_budget user_id team_id agent_id max_parallel_requests metadata tpm_limit rpm_limit budget_duration
  budget_limits allowed_cache_controls config permissions model_max_budget budget_fallbacks model_rpm_limit model_tpm_limit mcp_rpm_limit
  tag_rpm_limit guardrails policies prompts blocked aliases object_permission key budget_id tags disable_global_guardrails
  throttle_on_budget_exceeded enforced_params allowed_routes allowed_passthrough_routes allowed_vector_store_indexes rpm_limit_type
  tpm_limit_type router_settings access_group_ids key_name key_type expires token_id organization_id project_id litellm_budget_table token
  created_by updated_by created_at updated_at`);
const inInfo = words(`
  token key_name key_alias spend max_budget expires models aliases config user_id team_id agent_id project_id max_parallel_requests metadata
  tpm_limit rpm_limit budget_duration budget_reset_at allowed_cache_controls allowed_routes key_type permissions model_spend
  model_max_budget budget_fallbacks soft_budget_cooldown blocked litellm_budget_table budget_id org_id created_at created_by updated_at
  updated_by last_active object_permission_id object_permission access_group_ids rotation_count auto_rotate rotation_interval
  last_rotation_at key_rotation_at router_settings budget_limits`);
const inDeleted = words(`
  token key_name key_alias spend max_budget expires models aliases config user_id team_id agent_id project_id max_parallel_requests metadata
  tpm_limit rpm_limit budget_duration budget_reset_at allowed_cache_controls allowed_routes key_type permissions model_spend
  model_max_budget budget_fallbacks soft_budget_cooldown blocked litellm_budget_table budget_id org_id created_at created_by updated_at
  updated_by last_active object_permission_id object_permission access_group_ids rotation_count auto_rotate rotation_interval
  last_rotation_at key_rotation_at router_settings budget_limits id deleted_at deleted_by deleted_by_api_key litellm_changed_by`);
const ofGenerate = words(`
  key_alias duration models spend max_budget user_id team_id agent_id max_parallel_requests metadata tpm_limit rpm_limit budget_duration
  budget_limits allowed_cache_controls config permissions model_max_budget budget_fallbacks model_rpm_limit model_tpm_limit mcp_rpm_limit
  tag_rpm_limit guardrails policies prompts blocked aliases object_permission key budget_id tags disable_global_guardrails
  throttle_on_budget_exceeded enforced_params allowed_routes allowed_passthrough_routes allowed_vector_store_indexes rpm_limit_type
  tpm_limit_type router_settings access_group_ids soft_budget send_invite_email key_type auto_rotate rotation_interval organization_id
  project_id`);
const ofUpdate = words(`
  key_alias duration models spend max_budget user_id team_id agent_id max_parallel_requests metadata tpm_limit rpm_limit budget_duration
  budget_limits allowed_cache_controls config permissions model_max_budget budget_fallbacks model_rpm_limit model_tpm_limit mcp_rpm_limit
  tag_rpm_limit guardrails policies prompts blocked aliases object_permission key budget_id tags disable_global_guardrails
  throttle_on_budget_exceeded enforced_params allowed_routes allowed_passthrough_routes allowed_vector_store_indexes rpm_limit_type
  tpm_limit_type router_settings access_group_ids temp_budget_increase temp_budget_expiry auto_rotate rotation_interval organization_id`);
const ofRegenerate = words(`
  key_alias duration models spend max_budget user_id team_id agent_id max_parallel_requests metadata tpm_limit rpm_limit budget_duration
  budget_limits allowed_cache_controls config permissions model_max_budget budget_fallbacks model_rpm_limit model_tpm_limit mcp_rpm_limit
  tag_rpm_limit guardrails policies prompts blocked aliases object_permission key budget_id tags disable_global_guardrails
  throttle_on_budget_exceeded enforced_params allowed_routes allowed_passthrough_routes allowed_vector_store_indexes rpm_limit_type
  tpm_limit_type router_settings access_group_ids soft_budget send_invite_email key_type auto_rotate rotation_interval organization_id
  project_id new_key new_master_key grace_period`);

test('every member that LiteLLM takes is known', () => {
  const missing = (
    names: readonly string[],
    schema: { safeParse(value: unknown): { error?: { issues: readonly { code?: string }[] } } },
    base: object,
  ) => names.filter((name) => schema.safeParse({ ...base, [name]: null }).error?.issues.some(({ code }) => code === 'unrecognized_keys'));
  expect(missing(ofGenerate, generateBody, {})).toEqual([]);
  expect(missing(ofUpdate, updateBody, {})).toEqual([]);
  expect(missing(ofRegenerate, regenerateBody, {})).toEqual([]);
});

describeAdmin('what LiteLLM’s clients read of keys', (start) => {
  test('is there', async () => {
    const admin = await start();
    try {
      const missing = (names: readonly string[], answer: object) => names.filter((name) => !(name in answer));
      const made = await admin.ok<{ token: string }>('POST /key/generate', {});
      expect(missing(inGenerate, made)).toEqual([]);
      const { info } = await admin.ok<{ info: object }>(`GET /key/info?key=${made.token}`);
      expect(missing(inInfo, info)).toEqual([]);
      const list = await admin.ok<{ keys: object[] }>('GET /key/list?return_full_object=true');
      expect(missing(inInfo, list.keys[0]!)).toEqual([]);
      const next = await admin.ok<{ token: string }>(`POST /key/${made.token}/regenerate`);
      expect(missing(inGenerate, next)).toEqual([]);
      await admin.ok('POST /key/delete', { keys: [next.token] });
      const deleted = await admin.ok<{ keys: object[] }>('GET /key/list?status=deleted&return_full_object=true');
      for (const key of deleted.keys) expect(missing(inDeleted, key)).toEqual([]);
    } finally {
      await admin.stop();
    }
  });
});
