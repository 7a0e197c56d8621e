import { Secret } from 'sluice/kit';
import { note, type Findings } from './issues.ts';
import type { Path } from './problem.ts';
import type { Unset } from './references.ts';
import type { Config } from './schema/index.ts';
import type { ProviderEntry } from './schema/providers.ts';
import type { PartialParams } from './schema/litellm-params.ts';
import { keptModel, relayModel, storeModel, type KeptEntry, type StoreEntry } from './schema/kept-settings.ts';
import type { DiscoveryEntry } from './schema/discovery.ts';
import type { ModelEntry } from './schema/model-list.ts';
import { searchToolModel, type SearchToolEntry } from './schema/search-tools.ts';
import type { TeamEntry } from './schema/team-settings.ts';
import type { Source } from './source.ts';

/** One file, read and checked. */
export interface ReadFile {
  source: Source;
  config: Config;
  /** As it is written, references and all. */
  raw: Record<string, unknown>;
  unset: Unset[];
  /** Beside the files: it says only what they do not, or has what they say in it. */
  beside?: true;
}

/** A part of a file that remembers where it stands. */
export interface Located<T> {
  value: T;
  raw: Record<string, unknown>;
  source: Source;
  path: Path;
  unset: readonly Unset[];
}

export interface Merged {
  models: Located<NonNullable<Config['model_list']>[number]>[];
  credentials: Located<NonNullable<Config['credential_list']>[number]>[];
  defaultParams: Located<NonNullable<NonNullable<Config['router_settings']>['default_litellm_params']>>[];
  /** By name; of two files the later one holds. */
  providers: Record<string, Located<ProviderEntry>>;
  handlers: Located<ProviderHandler>[];
  discovery: Located<DiscoveryEntry>[];
  teams: Located<TeamEntry>[];
  settings: Pick<Config, 'litellm_settings' | 'router_settings' | 'general_settings' | 'sluice_settings'>;
  environment: Record<string, string>;
  files: readonly ReadFile[];
}

type ProviderHandler = NonNullable<NonNullable<Config['litellm_settings']>['custom_provider_map']>[number];

const sections = ['litellm_settings', 'router_settings', 'general_settings', 'sluice_settings'] as const;

/** Joins a file with those it includes: lists one after the other; settings key by key, the included one winning, with a warning where both give one. */
export const mergeFiles = (files: readonly (ReadFile | undefined)[], findings: Findings): Merged => {
  const read = files.filter((file) => file !== undefined);
  const merged: Merged = {
    models: [],
    credentials: [],
    defaultParams: [],
    providers: {},
    handlers: [],
    discovery: [],
    teams: [],
    settings: {},
    environment: {},
    files: read,
  };
  for (const file of read) {
    const { source, config, unset } = file;
    const locate = <T>(value: T, path: Path): Located<T> => ({ value, raw: rawAt(file.raw, path), source, path, unset });
    for (const [at, entry] of (config.model_list ?? []).entries()) merged.models.push(locate(entry, ['model_list', at]));
    for (const [at, entry] of (config.search_tools ?? []).entries()) {
      const { raw, ...tool } = locate(asModel(entry), ['search_tools', at]);
      merged.models.push({ ...tool, raw: { ...raw, model_info: raw['search_tool_info'] ?? {} } });
    }
    for (const section of ['files_settings', 'finetune_settings'] as const) {
      for (const [at, entry] of (config[section] ?? []).entries()) {
        const { raw, ...kept } = locate(keeper(entry), [section, at]);
        merged.models.push({ ...kept, raw: { litellm_params: raw } });
      }
    }
    if (config.default_vertex_config) {
      const { raw, ...vertex } = locate(relayedVertex(config.default_vertex_config), ['default_vertex_config']);
      merged.models.push({ ...vertex, raw: { litellm_params: raw } });
    }
    for (const [at, entry] of (config.vector_store_registry ?? []).entries())
      merged.models.push(locate(storeKeeper(entry), ['vector_store_registry', at]));
    for (const [at, entry] of (config.team_settings ?? []).entries()) merged.teams.push(locate(entry, ['team_settings', at]));
    for (const [at, entry] of (config.credential_list ?? []).entries()) merged.credentials.push(locate(entry, ['credential_list', at]));
    const params = config.router_settings?.default_litellm_params;
    if (params) merged.defaultParams.push(locate(params, ['router_settings', 'default_litellm_params']));
    for (const [id, entry] of Object.entries(config.providers ?? {})) {
      const path = ['providers', id];
      if (merged.providers[id])
        findings.warnings.push(note(source, path, 'other', path.join('.'), 'is given in more than one file; the one here holds'));
      merged.providers[id] = locate(entry, path);
    }
    for (const [at, entry] of (config.litellm_settings?.custom_provider_map ?? []).entries())
      merged.handlers.push(locate(entry, ['litellm_settings', 'custom_provider_map', at]));
    for (const [at, entry] of (config.sluice_settings?.discovery ?? []).entries())
      if (entry) merged.discovery.push(locate(entry, ['sluice_settings', 'discovery', at]));
    for (const [name, value] of Object.entries(config.environment_variables ?? {}))
      if (value !== undefined) merged.environment[name] = value;
    for (const section of sections) mergeSection(merged.settings, section, file, findings);
  }
  return merged;
};

/** A provider that keeps things is a deployment without a model. */
const keeper = (entry: KeptEntry): ModelEntry => ({
  model_name: keptModel(entry.custom_llm_provider),
  litellm_params: { ...entry, model: '-' },
  model_info: undefined,
  sluice_params: undefined,
  rpm: undefined,
  tpm: undefined,
  blocked: undefined,
});

/** So is what relays to Vertex AI go out with. */
const relayedVertex = (params: PartialParams): ModelEntry => ({
  ...keeper({ ...params, custom_llm_provider: 'vertex_ai', use_in_pass_through: true }),
  model_name: relayModel('vertex_ai'),
});

/** So is where a vector store is. What stands behind the provider (`vertex_ai/search_api`) says which of its services it is. */
const storeKeeper = ({ litellm_params: given }: StoreEntry): ModelEntry => {
  const {
    vector_store_id: id,
    custom_llm_provider: provider,
    vector_store_description: _about,
    vector_store_metadata: _facts,
    ...params
  } = given;
  const [first, ...service] = provider.split('/');
  return {
    model_name: storeModel(id),
    litellm_params: { ...params, custom_llm_provider: first, model: service.join('/') || '-' },
    model_info: undefined,
    sluice_params: undefined,
    rpm: undefined,
    tpm: undefined,
    blocked: undefined,
  };
};

/** A search tool is a deployment like others: it has keys, deadlines, retries, and siblings that share its calls. */
const asModel = ({ search_tool_name: name, litellm_params, search_tool_info: info }: SearchToolEntry): ModelEntry => {
  const { search_provider: vendor, ...params } = litellm_params;
  return {
    model_name: searchToolModel(name),
    litellm_params: { ...params, custom_llm_provider: vendor, model: 'search' },
    model_info: { ...info, mode: 'search' },
    sluice_params: undefined,
    rpm: undefined,
    tpm: undefined,
    blocked: undefined,
  };
};

const mergeSection = (
  into: Merged['settings'],
  section: (typeof sections)[number],
  { config, source, beside }: ReadFile,
  findings: Findings,
) => {
  const target: Record<string, unknown> = { ...into[section] };
  for (const [key, value] of Object.entries(config[section] ?? {})) {
    // A list of its own: what each file looks for is looked for.
    if (value === undefined || key === 'discovery') continue;
    const before = target[key];
    if (isMapping(before) && isMapping(value)) {
      target[key] = { ...before, ...value };
      continue;
    }
    if (before !== undefined && !beside) {
      findings.warnings.push(
        note(source, [section, key], 'other', `${section}.${key}`, 'is given in more than one file; the one here holds'),
      );
    }
    target[key] = value;
  }
  Object.assign(into, { [section]: target });
};

const isMapping = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Secret);

const rawAt = (raw: Record<string, unknown>, path: Path): Record<string, unknown> => {
  let found: unknown = raw;
  for (const step of path) found = (found as Record<string | number, unknown>)[step];
  return found as Record<string, unknown>;
};
