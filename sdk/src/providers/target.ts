import { providerOfName, splitModel, type ModelName } from '../catalog/index.ts';
import { firstOf, type Env } from '../lib/env.ts';
import { Secret, type Endpoint, type ModelTraits, type Provider, type Target } from '../types/index.ts';
import type { Providers } from './registry.ts';

/** What a user says of one model at one provider; everything but the name may be missing. */
export interface TargetOptions extends Omit<Target, 'provider' | 'apiKey' | 'model'> {
  /** `groq/llama-3.3-70b`, `openai/responses/gpt-5`, or a vendor's own name (`gpt-4o`). */
  model: string;
  /** The provider, where the name does not say it (`custom_llm_provider`). */
  provider?: string;
  /** Absent: from the environment. A list is the router's: one target has one key. */
  apiKey?: Secret | string;
  /** The model that a private name (an Azure deployment) really is. */
  baseModel?: string;
}

/** What a target is made with. */
export interface TargetContext {
  providers: Providers;
  env: Env;
}

/**
 * A target from what a user said and what the environment adds. A missing key is no error here: a configuration may
 * hold models that nobody calls; the call says it.
 * @throws SluiceError `not_found` where the name means no provider
 */
export const targetOf = (given: TargetOptions, { providers, env }: TargetContext): Target => {
  const { model: name, provider: providerId, apiKey, options, headers, baseModel, ...rest } = given;
  const { provider: called, model, prefer } = resolve(name, providerId, rest.baseUrl, providers);
  const baseUrl = rest.baseUrl ?? firstOf(env, called.baseUrlEnv ?? []);
  const provider =
    called.variant?.({ model: withoutPrefix(baseModel ?? model, called), name: model, ...(baseUrl !== undefined && { baseUrl }) }) ??
    called;
  const resolved = provider.resolveModel?.(model, baseModel) ?? { model };
  const behind = baseModel === undefined ? undefined : whatIs(baseModel, provider);
  const key = apiKey === undefined ? keyFromEnv(provider, options, env) : asSecret(apiKey);
  const apiVersion = rest.apiVersion ?? firstOf(env, provider.apiVersionEnv ?? []);
  const endpoint = rest.prefer ?? prefer ?? resolved.prefer ?? behind?.endpoint;
  const traits = { ...resolved.traits, ...behind?.traits, ...rest.traits };
  const allOptions = optionsOf(provider, resolved.options, options, env);
  return {
    ...rest,
    provider,
    model: resolved.model,
    ...(key && { apiKey: key }),
    ...(baseUrl !== undefined && { baseUrl }),
    ...(apiVersion !== undefined && { apiVersion }),
    ...(endpoint && { prefer: endpoint }),
    ...(headers && { headers: lowerCased(headers) }),
    ...(Object.keys(traits).length > 0 && { traits }),
    ...(resolved.extraBody && { extraBody: { ...resolved.extraBody, ...rest.extraBody } }),
    ...(allOptions && { options: allOptions }),
  };
};

/** LiteLLM's users write a base model with the provider in front. */
const withoutPrefix = (model: string, { id }: Provider): string => (model.startsWith(`${id}/`) ? model.slice(id.length + 1) : model);

/** What is known of the model behind a private name: what it takes, and the endpoint if only one serves it. */
const whatIs = (baseModel: string, provider: Provider): { traits: ModelTraits; endpoint: Endpoint | undefined } => {
  const model = withoutPrefix(baseModel, provider);
  const endpoints = provider.chatEndpoints?.(model);
  return { traits: provider.traits?.(model) ?? {}, endpoint: endpoints?.length === 1 ? endpoints[0] : undefined };
};

/** So that a header of the configuration takes the place of ours, and does not stand beside it. */
const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

const resolve = (
  name: string,
  providerId: string | undefined,
  baseUrl: string | undefined,
  providers: Providers,
): { provider: Provider; model: string; prefer?: Endpoint } => {
  const known = (id: string): Provider => providers.get(id);
  if (providerId === undefined && baseUrl !== undefined && !hasPrefix(name, providers) && !isAvailable(providerOfName(name), providers)) {
    // A name that says nothing, at an address: the vendor whose address it is, else any server that speaks OpenAI's format.
    return { provider: providers.findByBaseUrl(baseUrl) ?? known('custom_openai'), model: name };
  }
  const split: ModelName = splitModel(name, {
    findProvider: providers.lookUp,
    prefixes: providers.prefixes,
    ...(providerId !== undefined && { provider: providerId }),
  });
  return { ...split, provider: known(split.provider) };
};

const hasPrefix = (name: string, providers: Providers): boolean =>
  name.includes('/') && providers.lookUp(name.slice(0, name.indexOf('/'))) !== undefined;

const isAvailable = (id: string | undefined, providers: Providers): boolean => id !== undefined && providers.find(id) !== undefined;

/** Where another credential is configured for this target, a key that happens to be in the environment is not for it. */
const keyFromEnv = (provider: Provider, options: Target['options'], env: Env): Secret | undefined => {
  if (provider.credentialOptions?.some((name) => options?.[name] !== undefined)) return undefined;
  const key = firstOf(env, provider.keyEnv);
  return key === undefined ? undefined : new Secret(key);
};

const asSecret = (key: Secret | string): Secret | undefined => {
  if (key instanceof Secret) return key;
  const text = key.trim();
  return text === '' ? undefined : new Secret(text);
};

/** What must not be seen, by the names such options have. */
const secretName = /(?:^|_)(?:token|secret|password|key|credentials)$/;

const optionsOf = (provider: Provider, named: Target['options'], given: Target['options'], env: Env): Target['options'] => {
  const options: Record<string, unknown> = {};
  for (const [name, variables] of Object.entries(provider.optionsEnv ?? {})) {
    const value = firstOf(env, variables);
    if (value !== undefined) options[name] = value;
  }
  Object.assign(options, named, given);
  for (const [name, value] of Object.entries(options)) {
    if (!secretName.test(name)) continue;
    if (typeof value === 'string') options[name] = new Secret(value);
    // Credentials may be given as the object that their file holds.
    else if (isPlain(value)) options[name] = new Secret(JSON.stringify(value));
  }
  return Object.keys(options).length > 0 ? options : undefined;
};

const isPlain = (value: unknown): value is object => typeof value === 'object' && value !== null && !(value instanceof Secret);
