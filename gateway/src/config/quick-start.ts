import { alertSettings } from './alert-settings.ts';
import { budgetSettings } from './gateway-budget.ts';
import { usualWithoutRedis } from './limits-without-redis.ts';
import { accessSettings } from './access-settings.ts';
import { keySettings } from './key-settings.ts';
import { ledgerSettings } from './ledger-settings.ts';
import { spendSettings } from './spend-settings.ts';
import type { Provider, Secret } from 'sluice/kit';
import type { Overrides } from './build.ts';
import { defaults } from './defaults.ts';
import { deepFreeze } from './freeze.ts';
import { shortHash } from './hash.ts';
import { plainPriority } from './priority-settings.ts';
import { plainHealthChecks, plainRouter } from './router-defaults.ts';
import { splitModel } from './provider-names.ts';
import type { ConfigSnapshot, Deployment, ModelAlias, RedisSettings } from './snapshot.ts';
import { signOnSettings } from './sign-on-settings.ts';
import { tokenSettings } from './token-settings.ts';
import { userSettings } from './user-settings.ts';

// Nothing here loads the schema: a start without a file must be quick.

/** What a quick start needs to know of a provider. */
export type ProviderFacts = Pick<Provider, 'id' | 'label' | 'keyEnv' | 'baseUrl' | 'baseUrlEnv' | 'keyOptional' | 'servedWith'>;

/** A provider that can be called with what the environment holds. */
export interface FoundProvider {
  provider: ProviderFacts;
  /** The variables that were found, for people to see. */
  variables: string[];
}

/** The providers whose key (and, where there is no usual one, address), or whatever else they need, is in the environment. */
export const findProviders = (providers: readonly ProviderFacts[], env: Readonly<Record<string, string | undefined>>): FoundProvider[] => {
  const isSet = (name: string) => (env[name] ?? '') !== '';
  return providers.flatMap((provider) => {
    if (provider.servedWith) {
      const variables = provider.servedWith.map((names) => names.find(isSet));
      return variables.every((name) => name !== undefined) ? [{ provider, variables }] : [];
    }
    const key = provider.keyEnv.find(isSet);
    const base = provider.baseUrlEnv?.find(isSet);
    const reachable = provider.baseUrl !== undefined || base !== undefined;
    // A local server that needs no key is only there if somebody says where.
    const usable = key === undefined ? provider.keyOptional === true && base !== undefined : reachable;
    return usable ? [{ provider, variables: [key, base].filter((name) => name !== undefined) }] : [];
  });
};

/** The configuration of a start without a file: a wildcard route for each provider that was found, and always `mock/*`. */
export const quickStartSnapshot = (
  found: { providers: readonly string[]; ollama?: { url: string; models: readonly string[] } },
  overrides: Overrides = {},
  redis?: RedisSettings,
): ConfigSnapshot => {
  const routes = found.providers.map((id) => wildcard(id));
  const aliases: Record<string, ModelAlias> = {};
  if (found.ollama) {
    const { url, models } = found.ollama;
    if (!found.providers.includes('ollama')) routes.push({ ...wildcard('ollama'), apiBase: url });
    // By their own names too: that is how Ollama's users know them, and what a chat's list of models shows.
    for (const name of models) {
      routes.push(deployment({ modelName: name, provider: 'ollama', model: name, apiBase: url }));
      if (name.endsWith(':latest')) aliases[name.slice(0, -':latest'.length)] = { model: name, hidden: true };
    }
  }
  // Names without a prefix, as `gpt-4o`: the catalog knows whose they are.
  if (routes.length > 0) routes.push(deployment({ modelName: '*', provider: undefined, model: '*' }));
  routes.push(wildcard('mock'));
  return plainSnapshot(routes, overrides, aliases, redis);
};

export interface SingleModel {
  /** `ollama/llama3.2` */
  model: string;
  alias?: string;
  apiBase?: string;
  apiKey?: Secret;
  apiVersion?: string;
  headers?: Readonly<Record<string, string | Secret>>;
  defaults?: Readonly<Record<string, unknown>>;
}

/** The configuration of `sluice --model NAME`: that model under its name, and under every other one, as LiteLLM does. */
export const singleModelSnapshot = (
  { model: name, alias, ...rest }: SingleModel,
  providers: ReadonlySet<string>,
  overrides: Overrides = {},
  redis?: RedisSettings,
): ConfigSnapshot => {
  const target = { ...splitModel(name, undefined, providers), ...rest };
  const names = [...new Set([alias ?? name, '*'])];
  return plainSnapshot(
    names.map((modelName) => deployment({ ...target, modelName })),
    overrides,
    {},
    redis,
  );
};

const wildcard = (provider: string): Deployment => deployment({ modelName: `${provider}/*`, provider, model: '*' });

const deployment = (given: Pick<Deployment, 'modelName' | 'provider' | 'model'> & Partial<Deployment>): Deployment => ({
  id: shortHash([given.modelName, given.provider, given.model, given.apiBase], 16),
  headers: {},
  extraBody: {},
  defaults: {},
  tags: [],
  tagPatterns: [],
  accessGroups: [],
  deadlines: {},
  dropParams: false,
  additionalDropParams: [],
  allowedOpenaiParams: [],
  modelInfo: {},
  usedInPassThrough: false,
  clientside: {},
  unsetVariables: [],
  ...given,
});

const plainSnapshot = (
  deployments: readonly Deployment[],
  overrides: Overrides,
  aliases: Readonly<Record<string, ModelAlias>> = {},
  redis?: RedisSettings,
): ConfigSnapshot => {
  const { connectTimeoutMs, firstTokenTimeoutMs, idleTimeoutMs, timeoutMs } = defaults;
  return deepFreeze<ConfigSnapshot>({
    version: shortHash([deployments, overrides, aliases], 12),
    file: undefined,
    ...(Object.keys(overrides).length > 0 && { overrides }),
    deployments: overrides.dropParams ? deployments.map((each) => ({ ...each, dropParams: true })) : deployments,
    costs: { discounts: {}, margins: {} },
    ledger: ledgerSettings(undefined),
    spend: spendSettings(undefined, undefined),
    publicModelGroups: [],
    providers: [],
    teams: [],
    providerModules: [],
    discovery: [],
    aliases,
    router: { ...plainRouter, ...(overrides.requestTimeoutMs !== undefined && { timeoutMs: overrides.requestTimeoutMs }) },
    healthChecks: plainHealthChecks,
    ...(redis && { redis }),
    deadlines: { connectTimeoutMs, firstTokenTimeoutMs, idleTimeoutMs, timeoutMs },
    streaming: { headerWaitMs: defaults.headerWaitMs, keepAliveMs: defaults.keepAliveMs },
    access: accessSettings(undefined),
    priority: plainPriority,
    alerts: alertSettings(undefined, undefined),
    budgets: budgetSettings(undefined),
    limitsWithoutRedis: usualWithoutRedis,
    keys: keySettings(undefined, undefined),
    users: userSettings(undefined, undefined),
    signOn: signOnSettings(undefined),
    tokens: tokenSettings(undefined),
    limits: { maxBodyBytes: defaults.maxBodyBytes },
    logging: { level: overrides.logLevel ?? defaults.logLevel, requests: defaults.logRequests },
    shutdown: { drainTimeoutMs: defaults.drainTimeoutMs },
    forwardClientHeaders: false,
    forwardTraceparent: false,
    userUrls: { validate: true, allowedHosts: [] },
    passThrough: { endpoints: [] },
    environment: {},
    notes: [],
    warnings: [],
    unsetVariables: [],
  });
};
