/*
 * Where this gateway answers otherwise than LiteLLM's document would have it, each with its reason. What is not here is as
 * LiteLLM has it.
 */

/** Members that are refused by name when they ask for something: by the operation's name and the member's. */
export const refused: readonly (readonly [operation: RegExp, members: readonly string[], why: RegExp])[] = [
  [
    /./,
    [
      'guardrails',
      'policies',
      'prompts',
      'disable_global_guardrails',
      'mcp_rpm_limit',
      'allowed_cache_controls',
      'secret_manager_settings',
      'allowed_vector_store_indexes',
      'send_invite_email',
      'access_agent_ids',
      'access_mcp_server_ids',
      'enforced_batch_output_expires_after',
      'enforced_file_expires_after',
      'budget_fallbacks',
      'config',
      'permissions',
      'throttle_on_budget_exceeded',
    ],
    /not built/,
  ],
  // Where the keys that it makes would go.
  [/\/key\//, ['rotation_interval', 'auto_rotate'], /secret manager/],
  [
    /^POST \/user\/update$/,
    ['duration', 'agent_id', 'config', 'permissions', 'budget_fallbacks', 'tag_rpm_limit', 'aliases', 'key_alias', 'team_id'],
    /belongs to keys/,
  ],
  [/^POST \/key\/(?:\{key\}\/)?regenerate$/, ['new_master_key'], /master key/],
  [/^POST \/(?:organization|project)\/(?:new|update)$/, ['allowed_models'], /as `models`/],
  [/^POST \/(?:customer|budget)\/(?:new|update)$/, ['budget_reset_at'], /worked out/],
  [/^POST \/customer\/(?:new|update)$/, ['allowed_model_region', 'default_model', 'object_permission'], /not built/],
  [/^POST \/tag\/(?:new|update)$/, ['model_info'], /worked out/],
  [/^POST \/key\/service-account\/generate$/, ['user_id'], /service account/i],
];

/** Members that LiteLLM demands, and that may be left out here. */
export const optional: Readonly<Record<string, readonly string[]>> = {
  'POST /credentials': ['credential_info'],
  // What is not named is not touched.
  'PATCH /credentials/{credential_name}': ['credential_name', 'credential_info', 'credential_values'],
  'POST /config/pass_through_endpoint/{endpoint_id}': ['path', 'target'],
  'POST /model/new': ['model_info'],
};

/** Members that cannot be set to nothing. */
export const neverNull: Readonly<Record<string, readonly string[]>> = {
  'POST /user/update': ['user_role'],
};

/** Answers that are in the shape of LiteLLM's code and pages, which is another one than its document has; each with its reason. */
export const otherShape: Readonly<Record<string, string>> = {
  'GET /global/spend/tags': 'its dashboard reads `spend_per_tag` of an object, where the document has a list of logs',
};
