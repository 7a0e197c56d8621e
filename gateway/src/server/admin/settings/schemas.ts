import { z } from 'zod';
import { anId, money, orUsual } from '../fields.ts';
import { notTaken } from '../not-built.ts';
import { configMembers } from '../models/schemas.ts';
import { sections } from './settable.ts';

const section = z.enum(sections);
const fieldName = z.string().min(1).max(256);

export const configUpdate = z.strictObject({
  general_settings: configMembers.nullish(),
  router_settings: configMembers.nullish(),
  litellm_settings: configMembers.nullish(),
  environment_variables: notTaken('is for the configuration file and the environment: whoever can write there can read every secret'),
  model_list: notTaken('is not taken here: add models with POST /model/new'),
});

export const configTypeQuery = z.strictObject({ config_type: section.default('general_settings') });
export const fieldQuery = z.strictObject({ field_name: fieldName, config_type: section.default('general_settings') });
export const fieldUpdate = z.strictObject({
  field_name: fieldName,
  field_value: z.unknown(),
  config_type: section.default('general_settings'),
});
export const fieldDelete = z.strictObject({ field_name: fieldName, config_type: section.default('general_settings') });

const model = z.string().min(1).max(512);
export const fallbackTypes = ['general', 'context_window', 'content_policy'] as const;
const fallbackType = orUsual(z.enum(fallbackTypes), 'general');
export const newFallback = z.strictObject({
  model,
  fallback_models: z.array(model).min(1, { error: 'must name at least one model' }).max(100),
  fallback_type: fallbackType,
});
export const fallbackQuery = z.strictObject({ fallback_type: fallbackType });

export const ipAddress = z.strictObject({ ip: z.string().min(1).max(64) });

export const discounts = z.record(anId, z.number().min(0).max(1, { error: 'must be a share from 0 to 1' }));
export const margins = z.record(anId, z.union([money, z.strictObject({ percentage: money.optional(), fixed_amount: money.optional() })]));

const guardrails = notTaken('is for guardrails, which are not built yet in this gateway: leave it out');

const endpointShape = {
  path: z.string().min(1).max(512),
  target: z.string().min(1).max(2048),
  headers: configMembers.nullish(),
  default_query_params: configMembers.nullish(),
  include_subpath: z.boolean().nullish(),
  cost_per_request: money.nullish(),
  timeout: z.number().min(0).nullish(),
  auth: z.boolean().nullish(),
  methods: z.array(z.string().min(1).max(16)).max(16).nullish(),
  forward_headers: z.boolean().nullish(),
  guardrails,
  /** Told in answers; LiteLLM's clients send it back. */
  is_from_config: z.literal(false, { error: 'is worked out: leave it out' }).nullish(),
};
export const newEndpoint = z.strictObject({ id: anId.nullish(), ...endpointShape });
export const changedEndpoint = z.strictObject({
  id: anId.nullish(),
  ...endpointShape,
  path: endpointShape.path.nullish(),
  target: endpointShape.target.nullish(),
});
export const endpointsQuery = z.strictObject({ endpoint_id: anId.optional(), team_id: anId.optional() });
export const teamEndpointsQuery = z.strictObject({ endpoint_id: anId.optional() });
export const endpointDelete = z.strictObject({ endpoint_id: anId });
