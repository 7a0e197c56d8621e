import type { Deadlines, FallbackTarget } from 'sluice/kit';
import { isAutoRouter, type AutoRouters } from './auto-router.ts';
import { readAddress } from './address.ts';
import { defined } from './defined.ts';
import { shortHash } from './hash.ts';
import { healthCheckOf } from './health-checks.ts';
import { note, type Findings } from './issues.ts';
import type { Located, Merged } from './merge.ts';
import { nearest } from './nearest.ts';
import { requestParams } from './params.ts';
import { priceFields } from './prices.ts';
import type { Path } from './problem.ts';
import { splitModel } from './provider-names.ts';
import { accessGroupsOf, budgetOf, isServed, keepFallbacks, regionOf } from './deployment-routing.ts';
import { milliseconds } from './milliseconds.ts';
import { scheduleOf } from './schedule.ts';
import { asPattern } from './tag-pattern.ts';
import { referenceName, wrapSecrets } from './references.ts';
import { awsNames } from './schema/aws-params.ts';
import { keptNames } from './schema/kept-params.ts';
import { isKeptModel } from './schema/kept-settings.ts';
import { searchNames } from './schema/search-params.ts';
import { vendorNames } from './schema/vendor-params.ts';
import { vertexOptions } from './schema/vertex-params.ts';
import type { PartialParams } from './schema/litellm-params.ts';
import type { ModelEntry } from './schema/model-list.ts';
import type { AzureSettings, Deployment, MockSettings } from './snapshot.ts';

interface Context {
  merged: Merged;
  findings: Findings;
  /** Built-in ones; none: they are not known here, and no name is judged. */
  providers: ReadonlySet<string>;
  /** Those of the configuration. */
  own: ReadonlySet<string>;
  /** For deployments that do not say. */
  dropParams: boolean;
  /** `LITELLM_ENVIRONMENT` */
  environment: string | undefined;
  autoRouters: AutoRouters;
  /** Filled: what deployments say of fallbacks, by their names. */
  ownFallbacks: Map<string, FallbackTarget[]>;
}

/** Where members of a deployment's parameters come from, weakest first. */
interface Origin {
  params: Record<string, unknown>;
  raw: Record<string, unknown>;
  path: Path;
  unset: Located<unknown>['unset'];
}

/** Every entry of `model_list` as a deployment; one with a list of organisations as several. */
export const buildDeployments = (context: Context): Deployment[] => {
  const { merged, findings } = context;
  const seen = new Map<string, number>();
  return merged.models.flatMap((entry) => {
    if (!isServed(entry, context) || lacksCredential(entry, merged)) return [];
    const made = deploymentsOf(entry, context);
    return made.flatMap((deployment) => {
      const before = seen.get(deployment.id) ?? 0;
      seen.set(deployment.id, before + 1);
      if (before === 0) return [deployment];
      // One provider for files and for tuning is no mistake.
      if (isKeptModel(deployment.modelName)) return [];
      findings.warnings.push(
        note(entry.source, entry.path, 'other', `model_list.${deployment.id}`, 'is the same as an entry above, or has the same id'),
      );
      return [{ ...deployment, id: `${deployment.id}-${before + 1}` }];
    });
  });
};

/** It would be called with another key than the one that is meant. */
const lacksCredential = ({ value }: Located<ModelEntry>, { credentials }: Merged): boolean => {
  const name = value.litellm_params.litellm_credential_name;
  return name !== undefined && !credentials.some((each) => each.value.credential_name === name);
};

const deploymentsOf = (entry: Located<ModelEntry>, context: Context): Deployment[] => {
  const origins = originsOf(entry, context);
  const params = layer(origins.map((origin) => origin.params)) as PartialParams & { model: string };
  const raw = layer(origins.map((origin) => origin.raw));
  const organizations = Array.isArray(params.organization) ? params.organization : [params.organization];
  return organizations.map((organization, at) =>
    deploymentOf(entry, context, origins, params, raw, organization, organizations.length > 1 ? at + 1 : undefined),
  );
};

const originsOf = (entry: Located<ModelEntry>, { merged }: Context): Origin[] => {
  const origins: Origin[] = merged.defaultParams.map(({ value, ...rest }) => ({ params: value, ...rest }));
  const name = entry.value.litellm_params.litellm_credential_name;
  const credential = name === undefined ? undefined : merged.credentials.find((each) => each.value.credential_name === name);
  if (credential) {
    origins.push({
      params: credential.value.credential_values ?? {},
      raw: (credential.raw['credential_values'] ?? {}) as Record<string, unknown>,
      path: [...credential.path, 'credential_values'],
      unset: credential.unset,
    });
  }
  origins.push({
    params: entry.value.litellm_params,
    raw: entry.raw['litellm_params'] as Record<string, unknown>,
    path: [...entry.path, 'litellm_params'],
    unset: entry.unset,
  });
  return origins;
};

const deploymentOf = (
  entry: Located<ModelEntry>,
  context: Context,
  origins: readonly Origin[],
  params: PartialParams & { model: string },
  raw: Record<string, unknown>,
  organization: string | undefined,
  copy: number | undefined,
): Deployment => {
  const { value } = entry;
  const info = value.model_info;
  const path = [...entry.path, 'litellm_params'];
  const { provider, model } = providerOf(entry, params, context);

  const defaults: Record<string, unknown> = {};
  for (const key of requestParams(params)) {
    const item = (params as Record<string, unknown>)[key];
    if (item !== undefined) defaults[key] = wrapSecrets(item, raw[key], key);
  }
  if (params.api_base !== undefined && params.base_url !== undefined && params.api_base !== params.base_url) {
    context.findings.warnings.push(
      note(entry.source, [...path, 'base_url'], 'other', 'litellm_params.base_url', 'is given beside `api_base`, which holds'),
    );
  }
  if (model.includes('*') && !value.model_name.includes('*')) {
    context.findings.warnings.push(
      note(entry.source, [...path, 'model'], 'other', 'litellm_params.model', 'has a `*` that nothing fills, as `model_name` has none'),
    );
  }
  const written = params.api_base ?? params.base_url;
  const address = written === undefined ? undefined : readAddress(written);
  keepFallbacks(params, entry, context);
  const id = info?.id ?? shortHash([value.model_name, raw, organization], 16);

  return defined({
    id: info?.id !== undefined && copy !== undefined ? `${id}-${copy}` : id,
    modelName: value.model_name,
    provider,
    model,
    apiKey: params.api_key,
    apiBase: address?.apiBase,
    apiVersion: params.api_version,
    organization,
    headers: { ...(address?.authorization && { authorization: address.authorization }), ...headersOf(params, raw) },
    extraBody: wrapSecrets(params.extra_body ?? {}, raw['extra_body']) as Record<string, unknown>,
    defaults,
    weight: params.weight ?? info?.weight,
    rpm: params.rpm ?? value.rpm,
    tpm: params.tpm ?? value.tpm,
    itpm: params.itpm,
    otpm: params.otpm,
    order: params.order,
    tags: params.tags ?? [],
    tagPatterns: (params.tag_regex ?? []).flatMap((pattern) => asPattern(pattern) ?? []),
    maxParallelRequests: params.max_parallel_requests,
    // 0 is a time, too: it never rests.
    cooldownMs: params.cooldown_time === undefined ? undefined : Math.round(params.cooldown_time * 1000),
    region: regionOf(params, info),
    accessGroups: accessGroupsOf(entry),
    budget: budgetOf(params, entry, context),
    keyLimits: keyLimitsOf(params),
    silentModel: params.silent_model === value.model_name ? undefined : params.silent_model,
    autoRouter: context.autoRouters.byEntry.get(entry),
    healthCheck: healthCheckOf(info),
    schedule: scheduleOf(value.sluice_params?.active),
    deadlines: deadlinesOf(value),
    timeoutMs: milliseconds(params.timeout),
    streamTimeoutMs: milliseconds(params.stream_timeout),
    maxRetries: params.num_retries ?? params.max_retries,
    dropParams: params.drop_params ?? context.dropParams,
    additionalDropParams: params.additional_drop_params ?? [],
    allowedOpenaiParams: params.allowed_openai_params ?? [],
    mode: info?.mode,
    chatOnly: params.use_chat_completions_api,
    baseModel: info?.base_model ?? params.base_model,
    modelInfo: wrapSecrets(entry.raw['model_info'] ?? {}, {}) as Record<string, unknown>,
    prices: pricesOf(params),
    mock: mockOf(params),
    azure: azureOf(params),
    options: optionsOf((provider ?? 'vertex_ai').startsWith('vertex_ai') ? withVertex(params, context) : params),
    usedInPassThrough: params.use_in_pass_through ?? false,
    clientside: clientsideOf(params),
    unsetVariables: unsetOf(entry, origins),
  });
};

const keyLimitsOf = ({
  default_api_key_rpm_limit: requestsPerMinute,
  default_api_key_tpm_limit: tokensPerMinute,
}: PartialParams): Deployment['keyLimits'] =>
  requestsPerMinute === undefined && tokensPerMinute === undefined
    ? undefined
    : defined<NonNullable<Deployment['keyLimits']>>({ requestsPerMinute, tokensPerMinute });

const pricesOf = (params: PartialParams): Record<string, unknown> | undefined => {
  const prices = priceFields(params);
  return Object.keys(prices).length > 0 ? prices : undefined;
};

const providerOf = (entry: Located<ModelEntry>, params: PartialParams & { model: string }, { providers, own, findings }: Context) => {
  // It calls no vendor itself.
  if (isAutoRouter(params.model)) return { provider: undefined, model: params.model };
  const path = [...entry.path, 'litellm_params', params.custom_llm_provider ? 'custom_llm_provider' : 'model'];
  const known = new Set([...own, ...providers]);
  const found = splitModel(params.model, params.custom_llm_provider, known);
  if (providers.size === 0) return found;
  if (found.provider !== undefined && !known.has(found.provider)) {
    const suggestion = params.custom_llm_provider ? nearest(found.provider, [...known]) : undefined;
    findings.notes.push(
      note(entry.source, path, 'not-built', `provider ${found.provider}`, suggestion === undefined ? '' : `did you mean ${suggestion}?`),
    );
  } else if (
    found.provider === undefined &&
    params.model.includes('/') &&
    referenceName(params.model) === undefined &&
    params.api_base === undefined &&
    params.base_url === undefined
  ) {
    const prefix = params.model.slice(0, params.model.indexOf('/'));
    const suggestion = nearest(prefix, [...known]);
    findings.warnings.push(
      note(
        entry.source,
        path,
        'other',
        `provider ${prefix}`,
        `no provider has this name${suggestion === undefined ? '' : ` (did you mean ${suggestion}?)`}; the model is looked up in the catalog`,
      ),
    );
  }
  return found;
};

/** Members that are joined instead of replaced: what a default adds is not lost because a model adds more. */
const joined = new Set(['extra_body', 'headers', 'extra_headers']);

/** Later layers win; what is not given wins over nothing. */
const layer = (layers: readonly Record<string, unknown>[]): Record<string, unknown> => {
  const result: Record<string, unknown> = {};
  for (const each of layers) {
    for (const [key, value] of Object.entries(each)) {
      if (value === undefined || value === null) continue;
      const before = result[key];
      result[key] = joined.has(key) && isMapping(before) && isMapping(value) ? { ...before, ...value } : value;
    }
  }
  return result;
};

const isMapping = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);

const headersOf = (params: PartialParams, raw: Record<string, unknown>): Deployment['headers'] => {
  const result: Record<string, Deployment['headers'][string]> = {};
  for (const from of ['headers', 'extra_headers'] as const) {
    const wrapped = wrapSecrets(params[from] ?? {}, raw[from]) as Record<string, unknown>;
    for (const [name, value] of Object.entries(wrapped)) {
      if (value === undefined) continue;
      result[name.toLowerCase()] = typeof value === 'object' ? (value as Deployment['headers'][string]) : String(value);
    }
  }
  return result;
};

const deadlinesOf = ({ sluice_params: own }: ModelEntry): Partial<Deadlines> =>
  defined({
    connectTimeoutMs: own?.connect_timeout_ms,
    firstTokenTimeoutMs: own?.first_token_timeout_ms,
    idleTimeoutMs: own?.idle_timeout_ms,
    timeoutMs: own?.timeout_ms,
  });

const mockOf = (params: PartialParams): MockSettings | undefined =>
  orNothing(
    defined<MockSettings>({
      response: params.mock_response,
      toolCalls: params.mock_tool_calls,
      timeout: params.mock_timeout,
      delayMs: milliseconds(params.mock_delay),
    }),
  );

const azureOf = (params: PartialParams): AzureSettings | undefined =>
  orNothing(
    defined<AzureSettings>({
      tenantId: params.tenant_id,
      clientId: params.client_id,
      clientSecret: params.client_secret,
      adToken: params.azure_ad_token,
    }),
  );

/** `[api_base, { api_key: pattern }]`. */
const clientsideOf = ({ configurable_clientside_auth_params: given = [] }: PartialParams): Deployment['clientside'] =>
  Object.fromEntries(
    given.flatMap((each): [string, string | undefined][] => (typeof each === 'string' ? [[each, undefined]] : Object.entries(each))),
  );

/** LiteLLM's users also set project and location for all of Vertex AI at once. */
const withVertex = (params: PartialParams, { merged }: Context): PartialParams => {
  const { vertex_project: project, vertex_location: location } = merged.settings.litellm_settings ?? {};
  if (project === undefined && location === undefined) return params;
  const given = { ...params };
  if (project !== undefined && given.vertex_ai_project === undefined) given.vertex_project ??= project;
  if (location !== undefined && given.vertex_ai_location === undefined) given.vertex_location ??= location;
  return given;
};

/** What goes to the provider under the name that it has in the file. */
const optionsOf = (params: PartialParams): Record<string, unknown> | undefined =>
  orNothing(
    defined({
      ...Object.fromEntries([...awsNames, ...searchNames, ...vendorNames, ...keptNames].map((name) => [name, params[name]])),
      ...vertexOptions(params),
      azure_scope: params.azure_scope,
      account_id: params.account_id,
    }),
  );

/** Names that are not set and that this deployment needs: those that a stronger origin gives are not missed. */
const unsetOf = (entry: Located<ModelEntry>, origins: readonly Origin[]): string[] => {
  const names = new Set<string>();
  for (const [at, origin] of origins.entries()) {
    for (const { name, path } of origin.unset) {
      if (!within(path, origin.path)) continue;
      const key = path[origin.path.length];
      if (key !== undefined && origins.slice(at + 1).some((later) => later.params[key] !== undefined)) continue;
      names.add(name);
    }
  }
  for (const { name, path } of entry.unset) if (within(path, entry.path)) names.add(name);
  return [...names];
};

const within = (path: Path, prefix: Path): boolean => prefix.every((step, at) => path[at] === step);

const orNothing = <T extends object>(value: T): T | undefined => (Object.keys(value).length === 0 ? undefined : value);
