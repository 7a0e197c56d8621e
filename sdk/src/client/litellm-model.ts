import type { JsonObject } from '../types/index.ts';
import type { LiteLLMModel, RouterModel } from './router.ts';

/** LiteLLM's names of what a deployment has here under another one. */
const names = {
  api_key: 'apiKey',
  api_base: 'baseUrl',
  base_url: 'baseUrl',
  api_version: 'apiVersion',
  custom_llm_provider: 'customProvider',
  extra_headers: 'headers',
  drop_params: 'dropParams',
  allowed_openai_params: 'allowParams',
  mock_response: 'mockResponse',
  weight: 'weight',
  rpm: 'rpm',
  tpm: 'tpm',
  itpm: 'itpm',
  otpm: 'otpm',
  order: 'order',
  max_parallel_requests: 'maxParallelRequests',
  num_retries: 'maxRetries',
  max_retries: 'maxRetries',
  tags: 'tags',
  region_name: 'region',
} as const;

/** What a vendor needs besides a key has the vendor's own prefix. */
const ofProvider = /^(?:aws|vertex|azure|watsonx|oci|sagemaker)_|^(?:tenant_id|client_id|client_secret)$/;

/** A deployment of LiteLLM's `model_list`. What is neither its routing nor its vendor's is a default of its requests. */
export const modelOfLiteLLM = ({
  model_name: name,
  litellm_params: params,
  model_info: info,
}: LiteLLMModel): RouterModel & { defaults: JsonObject } => {
  const { model, timeout, stream_timeout: streamTimeout, cooldown_time: cooldown, ...rest } = params;
  const found: JsonObject = {};
  const providerOptions: JsonObject = {};
  const defaults: JsonObject = {};
  for (const [key, value] of Object.entries(rest)) {
    if (value === undefined || value === null) continue;
    if (Object.hasOwn(names, key)) found[names[key as keyof typeof names]] ??= value;
    else if (ofProvider.test(key)) providerOptions[key] = value;
    else defaults[key] = value;
  }
  const tryMs = typeof timeout === 'number' ? timeout * 1000 : undefined;
  const idleMs = typeof streamTimeout === 'number' ? streamTimeout * 1000 : tryMs;
  const { id, weight } = info ?? {};
  return {
    ...(typeof weight === 'number' && { weight }),
    ...found,
    name,
    model,
    defaults,
    providerOptions,
    ...(typeof id === 'string' && { id }),
    ...(typeof cooldown === 'number' && { cooldownMs: cooldown * 1000 }),
    ...(idleMs !== undefined && { deadlines: { firstTokenTimeoutMs: tryMs ?? idleMs, idleTimeoutMs: idleMs } }),
  };
};
