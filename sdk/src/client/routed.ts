import { systemEnv } from '../lib/env.ts';
import { providers, targetOf, withProviders } from '../providers/index.ts';
import {
  createFilters,
  createRouter,
  type Deployment,
  type FallbackLists,
  type FallbackTarget,
  type ModelFacts,
  type Router as Core,
} from '../router/index.ts';
import { SluiceError, type Target } from '../types/index.ts';
import { modelOfLiteLLM } from './litellm-model.ts';
import type { LiteLLMModel, Router, RouterConfig, RouterModel } from './router.ts';

/** Made with a router's first call, so that one that is never used costs nothing. */
const cores = new WeakMap<Router, Core<Target>>();

/** The router behind the public one. @throws RangeError for a strategy that does not exist, SluiceError for a model of no known provider */
export const coreOf = (router: Router): Core<Target> => {
  let core = cores.get(router);
  if (!core) cores.set(router, (core = makeCore(router.config)));
  return core;
};

const makeCore = (config: RouterConfig): Core<Target> => {
  const { aliases, strategy, strategyOptions, groups, maxRetries, retryPolicy, groupRetryPolicies, breaker, hedging, queue } = config;
  const { models, enforceLimits, affinities, preCallChecks } = config;
  /** Of what a key is, the router needs only whether it is the same one. */
  const credentials = new Map<string, string>();
  const credentialId = (credential: string): string => {
    const id = credentials.get(credential) ?? String(credentials.size);
    credentials.set(credential, id);
    return id;
  };
  const deployments = models.map((each, at) => deploymentOf(each, at, config, credentialId));
  const tags = config.tagFiltering ?? (deployments.some((each) => each.tags !== undefined) && {});
  const facts = new Map<string, ModelFacts>();
  models.forEach((each, at) => 'facts' in each && each.facts && facts.set(deployments[at]!.id, each.facts));
  return createRouter<Target>({
    deployments,
    fallbacks: {
      ...(config.fallbacks && { general: listsOf(config.fallbacks) }),
      ...(config.contextWindowFallbacks && { contextWindow: listsOf(config.contextWindowFallbacks) }),
      ...(config.contentPolicyFallbacks && { contentPolicy: listsOf(config.contentPolicyFallbacks) }),
      ...(config.maxFallbacks !== undefined && { maxFallbacks: config.maxFallbacks }),
    },
    ...(aliases && { aliases }),
    ...(strategy !== undefined && { strategy }),
    ...(strategyOptions && { strategyOptions }),
    ...(groups && { groups }),
    ...(maxRetries !== undefined && { numRetries: maxRetries }),
    ...(retryPolicy && { retryPolicy }),
    ...(groupRetryPolicies && { groupRetryPolicies }),
    ...(breaker && { breaker }),
    ...(hedging && { hedging }),
    ...(queue && { queue }),
    ...(enforceLimits !== undefined && { enforceLimits }),
    filters: [...createFilters<Target>({ ...(tags && { tags }), ...(preCallChecks && { preCallChecks }) }), ...(config.filters ?? [])],
    ...(facts.size > 0 && { factsOf: ({ id }) => facts.get(id) ?? {} }),
    ...(affinities && { affinities }),
  });
};

export const asTargets = (names: readonly (string | FallbackTarget)[]): FallbackTarget[] =>
  names.map((each) => (typeof each === 'string' ? { name: each } : each));

const listsOf = (lists: NonNullable<RouterConfig['fallbacks']>): FallbackLists =>
  Object.fromEntries(Object.entries(lists).map(([name, targets]) => [name, asTargets(targets)]));

const deploymentOf = (
  given: RouterModel | LiteLLMModel,
  at: number,
  config: RouterConfig,
  credentialId: (credential: string) => string,
): Deployment<Target> => {
  const one = 'model_name' in given ? modelOfLiteLLM(given) : given;
  const { name, apiKey, baseUrl, apiVersion, customProvider, providerOptions, headers, dropParams, allowParams, deadlines } = one;
  const target = targetOf(
    {
      model: one.model,
      ...(apiKey !== undefined && { apiKey }),
      ...(baseUrl !== undefined && { baseUrl }),
      ...(apiVersion !== undefined && { apiVersion }),
      ...(customProvider !== undefined && { provider: customProvider }),
      ...(headers && { headers }),
      ...(dropParams !== undefined && { dropParams }),
      ...(allowParams && { allowParams }),
      ...(deadlines && { deadlines }),
      ...('defaults' in one && { defaults: one.defaults as Record<string, unknown> }),
      options: { ...providerOptions, ...(one.mockResponse !== undefined && { mock_response: one.mockResponse }) },
    },
    { providers: config.providers ? withProviders(providers, config.providers) : providers, env: config.env ?? systemEnv() },
  );
  const { weight, rpm, tpm, itpm, otpm, order, maxParallelRequests, maxRetries, cooldownMs, tags, region } = one;
  return {
    id: one.id ?? String(at),
    name,
    model: target.model,
    payload: target,
    provider: target.provider.id,
    credential: credentialId(JSON.stringify([target.provider.id, target.baseUrl, target.apiKey?.reveal(), providerOptions])),
    server: `${target.provider.id}\n${target.baseUrl ?? ''}`,
    ...(weight !== undefined && { weight }),
    ...(rpm !== undefined && { rpm }),
    ...(tpm !== undefined && { tpm }),
    ...(itpm !== undefined && { itpm }),
    ...(otpm !== undefined && { otpm }),
    ...(order !== undefined && { order }),
    ...(maxParallelRequests !== undefined && { maxParallelRequests }),
    ...(maxRetries !== undefined && { numRetries: maxRetries }),
    ...(cooldownMs !== undefined && { cooldownMs }),
    ...(tags && { tags }),
    ...(region !== undefined && { region }),
  };
};

/** What a router's models say already, and a call through it cannot. */
const ofModels = [
  'apiKey',
  'baseUrl',
  'apiVersion',
  'customProvider',
  'providerOptions',
  'providers',
  'allowParams',
  'mockResponse',
  'env',
] as const;

/** @throws SluiceError `invalid_request` for an option that would have no effect */
export const refuseModelOptions = (options: Readonly<Record<string, unknown>>): void => {
  const name = ofModels.find((each) => options[each] !== undefined);
  if (name !== undefined)
    throw new SluiceError('invalid_request', `'${name}' is said by the router's models, not by a call.`, { param: name });
};
