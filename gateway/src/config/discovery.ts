import { Secret } from 'sluice/kit';
import { readAddress } from './address.ts';
import { defaults } from './defaults.ts';
import { defined } from './defined.ts';
import { buildDeployments } from './deployments.ts';
import { deepFreeze } from './freeze.ts';
import { shortHash } from './hash.ts';
import type { Located } from './merge.ts';
import { isModelList, type DiscoveryEntry } from './schema/discovery.ts';
import { isKeptModel } from './schema/kept-settings.ts';
import { searchToolOf } from './schema/search-tools.ts';
import type { ModelEntry } from './schema/model-list.ts';
import type { DiscoveryLookup, DiscoverySource, Endpoint } from './discovery-settings.ts';
import type { Deployment } from './snapshot.ts';

type Context = Parameters<typeof buildDeployments>[0];

/** Names answers to DNS may lack for a moment; what is watched says what there is. */
const namesGraceMs = 30_000;

const trimmed = (address: string): string => address.replace(/\/+$/, '');

/** The sources of `sluice_settings.discovery`. Notes and warnings about their templates go to the context's findings. */
export const buildDiscovery = (context: Context): DiscoverySource[] => {
  const names = new Map<string, number>();
  return context.merged.discovery.map((entry) => {
    const { value } = entry;
    const wanted = value.name ?? nameOf(value);
    const before = names.get(wanted) ?? 0;
    names.set(wanted, before + 1);
    const template = templateOf(entry);
    // Said once, at start, and not of every endpoint.
    build(withModel(template, 'model'), context);
    const silent: Context = { ...context, findings: { problems: [], notes: [], warnings: [] } };
    return {
      name: before === 0 ? wanted : `${wanted}-${before + 1}`,
      lookup: lookupOf(value),
      timeoutMs: value.timeout_ms ?? defaults.discoveryTimeoutMs,
      graceMs: value.grace_ms ?? (value.type === 'dns' || value.type === 'srv' ? namesGraceMs : 0),
      maxEndpoints: value.max_endpoints ?? defaults.discoveryMaxEndpoints,
      deploymentsOf: createMaker(template, silent),
    };
  });
};

/** `dns:vllm.internal`: what it looks for, without anything that may be secret. */
const nameOf = ({ type, host, service, prefix, address }: DiscoveryEntry): string =>
  `${type}:${host ?? service ?? prefix ?? URL.parse(address ?? '')?.host ?? ''}`;

const lookupOf = (value: DiscoveryEntry): DiscoveryLookup => {
  const { type, tags, servers, datacenter, namespace, username, password, token, service = '', host = '' } = value;
  const intervalMs = value.interval_ms ?? defaults.discoveryIntervalMs;
  const address = value.address === undefined ? undefined : trimmed(value.address);
  const caFile = value.ca_file;
  const named = { host, servers: (servers ?? []).filter((each) => each !== undefined), intervalMs };
  switch (type) {
    case 'dns':
      return { type, ...named, port: Number(value.port) };
    case 'srv':
      return { type, ...named };
    case 'consul': {
      const known = (tags ?? []).filter((each) => each !== undefined);
      return defined({ type, address: address ?? 'http://127.0.0.1:8500', service, tags: known, datacenter, namespace, token, caFile });
    }
    case 'etcd':
      return defined({ type, address: address ?? 'http://127.0.0.1:2379', prefix: value.prefix ?? '', username, password, caFile });
    case 'kubernetes':
      return defined({ type, address, service, namespace, port: value.port, token, tokenFile: value.token_file, caFile });
    default: {
      const models = (value.models ?? []).filter((each) => each !== undefined);
      return defined({ type, address: address ?? '', token: token ?? value.litellm_params?.api_key, caFile, models, intervalMs });
    }
  }
};

const isOfCalls = (key: string | number | undefined): boolean => key === 'litellm_params' || key === 'model_name' || key === 'model_info';

/** An entry of `model_list`, but for what an endpoint fills in. */
const templateOf = (entry: Located<DiscoveryEntry>): Located<ModelEntry> => {
  const { value } = entry;
  const list = isModelList(value.type);
  const usual = list
    ? { model: value.type === 'ollama' ? 'ollama_chat/{model}' : 'hosted_vllm/{model}', api_base: trimmed(value.address ?? '') }
    : { model: '' };
  const name = value.model_name ?? '{model}';
  return {
    ...entry,
    // What the source lacks is the source's to say: calls need what is among the parameters alone.
    unset: entry.unset.filter(({ path }) => isOfCalls(path[entry.path.length])),
    raw: { ...entry.raw, litellm_params: { ...usual, ...(entry.raw['litellm_params'] as object | undefined) } },
    value: {
      model_name: list ? name.replaceAll('*', '{model}') : name,
      litellm_params: { ...usual, ...defined(value.litellm_params ?? {}) } as ModelEntry['litellm_params'],
      model_info: value.model_info,
      sluice_params: value.sluice_params,
      rpm: undefined,
      tpm: undefined,
    },
  };
};

/**
 * Makes deployments of endpoints. What a template is, goes through the builder of all deployments once, so that each one
 * found is checked and made like those that are written down; what an endpoint says is filled into what came of it,
 * since sources may find thousands at once.
 */
const createMaker = (template: Located<ModelEntry>, context: Context): DiscoverySource['deploymentsOf'] => {
  const { model_name: modelName, litellm_params: params, ...rest } = template.value;
  const wantsModel = JSON.stringify([modelName, params, rest]).includes('{model}');
  // Without a provider's name in front, it is the model that says who the provider is.
  const saysProvider = params.custom_llm_provider !== undefined || /^[^{}]+\//.test(params.model);
  const hash = shortHash([modelName, template.raw['litellm_params']], 32);
  const made = new Map<string, readonly Prepared[]>();
  const prepared = (model: string | undefined): readonly Prepared[] => {
    const key = saysProvider ? '' : (model ?? '');
    let found = made.get(key);
    if (!found) {
      if (made.size >= maxPrepared) made.clear();
      made.set(key, (found = build(saysProvider ? template : withModel(template, key), context).map(prepare)));
    }
    return found;
  };
  return (endpoint) => {
    const { host, port, model } = endpoint;
    if (wantsModel && model === undefined) return [];
    const fills: Fills = { host, port: String(port), model: model ?? '' };
    if (isOurs(fill(modelName, fills) as string)) return [];
    // Of the template and the endpoint alone: what is learnt of a deployment outlives a change of its weight.
    const id = shortHash([hash, host, port, model ?? ''], 16);
    return prepared(model).map((each, at, all) => filled(each, fills, endpoint, all.length > 1 ? `${id}-${at + 1}` : id));
  };
};

/** Models without a provider's name; more are made anew. */
const maxPrepared = 1000;

/** A deployment whose placeholders are not filled in yet, and the members that have some. */
interface Prepared {
  readonly deployment: Deployment;
  readonly open: readonly (keyof Deployment)[];
}

const prepare = (deployment: Deployment): Prepared => ({
  deployment,
  open: (Object.keys(deployment) as (keyof Deployment)[]).filter((key) => JSON.stringify(deployment[key])?.match(placeholder)),
});

const build = (template: Located<ModelEntry>, context: Context): readonly Deployment[] =>
  deepFreeze(buildDeployments({ ...context, merged: { ...context.merged, models: [template] } }));

const withModel = (template: Located<ModelEntry>, model: string): Located<ModelEntry> => {
  const { value } = template;
  const params = { ...value.litellm_params, model: value.litellm_params.model.replaceAll('{model}', () => model) };
  return { ...template, value: { ...value, litellm_params: params } };
};

const filled = ({ deployment, open }: Prepared, fills: Fills, endpoint: Endpoint, id: string): Deployment => {
  const own: Record<string, unknown> = {};
  for (const key of open) own[key] = deepFreeze(fill(deployment[key], fills));
  const { weight = endpoint.weight, order = endpoint.order } = deployment;
  const written = own['apiBase'];
  // A user and a password can only be told from an address once it is one.
  const address = typeof written === 'string' && written.includes('@') ? readAddress(written) : undefined;
  return Object.freeze({
    ...deployment,
    ...own,
    id,
    ...(weight !== undefined && { weight }),
    ...(order !== undefined && { order }),
    ...(endpoint.tags && { tags: Object.freeze([...new Set([...deployment.tags, ...endpoint.tags])]) }),
    ...(address && { apiBase: address.apiBase }),
    ...(address?.authorization && {
      headers: Object.freeze({
        authorization: address.authorization,
        ...((own['headers'] as Deployment['headers'] | undefined) ?? deployment.headers),
      }),
    }),
  });
};

/** Names under which the router keeps things of its own: nobody who is found may take one. */
const isOurs = (modelName: string): boolean => isKeptModel(modelName) || searchToolOf(modelName) !== undefined;

type Fills = Readonly<Record<'host' | 'port' | 'model', string>>;

const placeholder = /\{(host|port|model)\}/g;

/** A copy with the placeholders filled in, at any depth. */
const fill = (value: unknown, fills: Fills): unknown => {
  if (typeof value === 'string') return value.replaceAll(placeholder, (_, name: keyof Fills) => fills[name]);
  if (value instanceof Secret || value instanceof RegExp) return value;
  if (Array.isArray(value)) return value.map((item) => fill(item, fills));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, fills)]));
  return value;
};
