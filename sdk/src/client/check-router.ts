import { nearest } from '../lib/nearest.ts';
import { SluiceError } from '../types/index.ts';
import type { RouterConfig, RouterModel } from './router.ts';

/** All of them, so that one that is mistyped is not one that does nothing: not everybody has the types. */
const options: Readonly<Record<keyof RouterConfig, true>> = {
  models: true,
  aliases: true,
  strategy: true,
  strategyOptions: true,
  groups: true,
  maxRetries: true,
  retryPolicy: true,
  groupRetryPolicies: true,
  fallbacks: true,
  contextWindowFallbacks: true,
  contentPolicyFallbacks: true,
  maxFallbacks: true,
  breaker: true,
  hedging: true,
  midStreamFallback: true,
  queue: true,
  enforceLimits: true,
  tagFiltering: true,
  preCallChecks: true,
  filters: true,
  affinities: true,
  providers: true,
  env: true,
  fetch: true,
  transport: true,
  timeoutMs: true,
  deadlines: true,
};

const ofModel: Readonly<Record<keyof RouterModel, true>> = {
  name: true,
  model: true,
  apiKey: true,
  id: true,
  weight: true,
  rpm: true,
  tpm: true,
  itpm: true,
  otpm: true,
  order: true,
  maxParallelRequests: true,
  maxRetries: true,
  cooldownMs: true,
  tags: true,
  region: true,
  facts: true,
  baseUrl: true,
  apiVersion: true,
  customProvider: true,
  providerOptions: true,
  headers: true,
  dropParams: true,
  allowParams: true,
  deadlines: true,
  mockResponse: true,
};

const fallbackOptions = ['fallbacks', 'contextWindowFallbacks', 'contentPolicyFallbacks'] as const;

/** @throws SluiceError `invalid_request` that names what is wrong */
export const checkRouterConfig = (config: RouterConfig): void => {
  if (!Array.isArray(config.models)) {
    const hint = 'model_list' in config ? " ('model_list' is called 'models' here)" : '';
    throw wrong('models', `'models' must be a list of deployments${hint}.`);
  }
  refuseUnknown(config, options, 'router');
  if (config.models.length === 0) throw wrong('models', "'models' is empty: a router needs deployments.");
  for (const each of config.models) {
    const [name, model] = 'model_name' in each ? [each.model_name, each.litellm_params?.model] : [each.name, each.model];
    if (typeof name !== 'string' || name === '' || typeof model !== 'string' || model === '')
      throw wrong('models', "Each of 'models' needs a name, and a model such as 'openai/gpt-4o'.");
    if (!('model_name' in each)) refuseUnknown(each, ofModel, 'model of a router');
  }
  for (const option of fallbackOptions) {
    const lists = config[option];
    if (lists === undefined) continue;
    const isRight = !Array.isArray(lists) && Object.values(lists).every((names) => Array.isArray(names));
    if (!isRight) throw wrong(option, `'${option}' must be an object of lists, such as { chat: ['spare'] }.`);
  }
};

const refuseUnknown = (given: object, known: Readonly<Record<string, true>>, of: string): void => {
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(known, name)) continue;
    const [near] = nearest(name, Object.keys(known), 1);
    throw wrong(name, `A ${of} has no '${name}'${near === undefined ? '' : ` (did you mean '${near}'?)`}.`);
  }
};

const wrong = (param: string, message: string): SluiceError => new SluiceError('invalid_request', message, { param });
