import { Secret } from 'sluice/kit';
import { defaults } from './defaults.ts';
import { defined } from './defined.ts';
import { buildDeployments } from './deployments.ts';
import { deepFreeze } from './freeze.ts';
import { shortHash } from './hash.ts';
import type { Located, Merged } from './merge.ts';
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
    build(template, example, context);
    const silent: Context = { ...context, findings: { problems: [], notes: [], warnings: [] } };
    return {
      name: before === 0 ? wanted : `${wanted}-${before + 1}`,
      lookup: lookupOf(value),
      timeoutMs: value.timeout_ms ?? defaults.discoveryTimeoutMs,
      graceMs: value.grace_ms ?? (value.type === 'dns' || value.type === 'srv' ? namesGraceMs : 0),
      maxEndpoints: value.max_endpoints ?? defaults.discoveryMaxEndpoints,
      deploymentsOf: (endpoint) => {
        silent.findings.notes.length = silent.findings.warnings.length = 0;
        return build(template, endpoint, silent);
      },
    };
  });
};

const example: Endpoint = { host: 'host.test', port: 1, model: 'model' };

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

/** Goes through the builder of all deployments, so that each one found is checked and made like those that are written down. */
const build = (template: Located<ModelEntry>, endpoint: Endpoint, context: Context): readonly Deployment[] => {
  const fills = fillsOf(endpoint);
  const lacking = { found: false };
  const value = fill(template.value, fills, lacking) as ModelEntry;
  const raw = fill(template.raw, fills, lacking) as Record<string, unknown>;
  if (lacking.found || isOurs(value.model_name)) return [];
  const { host, port, model, tags, weight, order } = endpoint;
  const params = value.litellm_params;
  const entry: Located<ModelEntry> = {
    ...template,
    raw,
    value: {
      ...value,
      // Of the template and the endpoint alone: what is learnt of a deployment outlives a change of its weight.
      model_info: {
        ...value.model_info,
        id: shortHash([template.value.model_name, template.raw['litellm_params'], host, port, model ?? ''], 16),
      },
      litellm_params: {
        ...params,
        ...(tags && tags.length > 0 && { tags: [...new Set([...(params.tags ?? []), ...tags])] }),
        ...(weight !== undefined && params.weight === undefined && { weight }),
        ...(order !== undefined && params.order === undefined && { order }),
      } as ModelEntry['litellm_params'],
    },
  };
  const merged: Merged = { ...context.merged, models: [entry] };
  return deepFreeze(buildDeployments({ ...context, merged }));
};

/** Names under which the router keeps things of its own: nobody who is found may take one. */
const isOurs = (modelName: string): boolean => isKeptModel(modelName) || searchToolOf(modelName) !== undefined;

const fillsOf = ({ host, port, model }: Endpoint): Readonly<Record<string, string | undefined>> => ({ host, port: String(port), model });

const placeholder = /\{(host|port|model)\}/g;

/** A copy with the placeholders filled in, at any depth. */
const fill = (value: unknown, fills: Readonly<Record<string, string | undefined>>, lacking: { found: boolean }): unknown => {
  if (typeof value === 'string') {
    return value.replaceAll(placeholder, (_, name: string) => {
      const found = fills[name];
      if (found === undefined) lacking.found = true;
      return found ?? '';
    });
  }
  if (value instanceof Secret || value instanceof RegExp) return value;
  if (Array.isArray(value)) return value.map((item) => fill(item, fills, lacking));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, fills, lacking)]));
  return value;
};
