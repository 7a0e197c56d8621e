/** Operations of LiteLLM's that this gateway does not have, and why: a route is here, or in this list. */
export const absent: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/^(?:GET|POST) \/team\/\{team_id\}\/(?:callback|disable_logging)$/, 'logging callbacks'],
  [/^POST \/model_hub\/update_useful_links$/, 'the page of public models'],
  [/^GET \/public\/(?:model_hub\/info|litellm_model_cost_map)$/, 'the page of public models'],
];

/** Operations that are answered as calls are, beside the admin API. */
export const beside: readonly string[] = [
  'GET /models',
  'GET /v1/models',
  'GET /models/{model_id}',
  'GET /v1/models/{model_id}',
  'GET /v1/model/info',
  'GET /model/info',
  'GET /model_group/info',
];
