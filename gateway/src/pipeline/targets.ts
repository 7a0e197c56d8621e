import {
  providers as builtIn,
  Secret,
  SluiceError,
  targetOf,
  withProviders,
  type Env,
  type Provider,
  type Providers,
  type Target,
} from 'sluice/kit';
import { reveal } from '../config/reveal.ts';
import type { Deployment } from '../config/snapshot.ts';
import { asClientSays, type ClientSide } from './client-side.ts';
import type { LoopGuard } from './loops.ts';

/** More different models than this are asked for through wildcards only by mistake. */
const maxCached = 2000;

/** What targets are made with. */
interface World {
  env: Env;
  /** Built-in ones, and before them those of the configuration. */
  providers: Providers;
}

/**
 * Deployments as targets of calls. Made once a deployment and model, since a target carries what its provider has
 * worked out for it (parsed addresses, fetched tokens).
 */
export const createTargets = (
  env: Env,
  loops: LoopGuard,
  vendors: readonly Provider[] = [],
): ((deployment: Deployment, model: string, own?: ClientSide) => Target) => {
  const world: World = { env, providers: withProviders(builtIn, vendors) };
  const cache = new Map<string, Target>();
  return (deployment, model, own) => {
    if (deployment.autoRouter)
      throw new SluiceError(
        'invalid_request',
        `The model '${deployment.modelName}' chooses among models by what a chat request says; it answers no other.`,
        { param: 'model', retry: false },
      );
    if (own) return ownTarget(deployment, model, own, world, loops);
    if (deployment.unsetVariables.length > 0) {
      const names = deployment.unsetVariables.join(', ');
      throw new SluiceError(
        'authentication',
        `The model '${deployment.modelName}' needs the environment variable ${names}, which is not set where the gateway runs.`,
        {
          status: 500,
          retry: false,
        },
      );
    }
    const key = `${deployment.id}\n${model}`;
    const known = cache.get(key);
    if (known) return known;
    const made = loops.mark(makeTarget(deployment, model, deployment.isolated ? { ...world, env: {} } : world));
    if (cache.size >= maxCached) cache.clear();
    cache.set(key, made);
    return made;
  };
};

/** Not remembered: the next request says another one. Where it goes to an address of its own, no key of the environment may go along. */
const ownTarget = (deployment: Deployment, model: string, own: ClientSide, world: World, loops: LoopGuard): Target => {
  const { provider, ...rest } = asClientSays(deployment, own);
  const apiKey = own.api_key === undefined ? deployment.apiKey : new Secret(own.api_key);
  const given = { ...rest, provider, ...(apiKey && { apiKey }) };
  return loops.mark(makeTarget(given, model, own.api_base === undefined ? world : { ...world, env: {} }));
};

const makeTarget = (deployment: Deployment, model: string, world: World): Target => {
  const { provider, apiKey, apiBase, apiVersion, organization, headers, extraBody, defaults, azure, mock, mode, chatOnly, baseModel } =
    deployment;
  const options: Record<string, unknown> = {
    ...(azure?.tenantId !== undefined && { tenant_id: azure.tenantId }),
    ...(azure?.clientId !== undefined && { client_id: azure.clientId }),
    ...(azure?.clientSecret && { client_secret: azure.clientSecret }),
    ...(azure?.adToken && { azure_ad_token: azure.adToken }),
    ...deployment.options,
    ...mockOptions(mock),
  };
  return targetOf(
    {
      model,
      ...(provider !== undefined && { provider }),
      ...(apiKey && { apiKey }),
      ...(apiBase !== undefined && { baseUrl: apiBase }),
      ...(apiVersion !== undefined && { apiVersion }),
      headers: { ...(organization !== undefined && { 'openai-organization': organization }), ...reveal(headers) },
      extraBody: reveal(extraBody),
      defaults: reveal(defaults),
      dropParams: deployment.dropParams,
      alwaysDrop: deployment.additionalDropParams,
      allowParams: deployment.allowedOpenaiParams,
      ...(mode === 'responses' && { prefer: 'responses' }),
      ...(chatOnly && { prefer: 'chat' }),
      ...(baseModel !== undefined && { baseModel }),
      ...(Object.keys(options).length > 0 && { options }),
    },
    world,
  );
};

/** What makes a call be answered without its provider, in the mock provider's words. */
const mockOptions = (mock: Deployment['mock']): Record<string, unknown> => ({
  ...(mock?.response !== undefined && { mock_response: mock.response }),
  ...(mock?.toolCalls !== undefined && { mock_tool_calls: mock.toolCalls }),
  ...(mock?.timeout !== undefined && { mock_timeout: mock.timeout }),
  ...(mock?.delayMs !== undefined && { mock_delay: mock.delayMs / 1000 }),
});
