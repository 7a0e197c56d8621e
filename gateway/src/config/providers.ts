import { defineProvider, endpointAt, type DefinedEndpoint, type Provider } from 'sluice/kit';
import { defined } from './defined.ts';
import { deepFreeze } from './freeze.ts';
import { shortHash } from './hash.ts';
import { note, type Findings } from './issues.ts';
import type { Located, Merged } from './merge.ts';
import { pathText } from './problem.ts';
import { wrapSecrets } from './references.ts';
import type { ProviderEntry } from './schema/providers.ts';
import type { ConfigSnapshot, ProviderModule } from './snapshot.ts';

type Headers = NonNullable<Parameters<typeof defineProvider>[0]['headers']>;

/** The vendors of a configuration: those that are data, and the modules of those that are programs. */
export interface OwnProviders {
  providers: readonly Provider[];
  modules: readonly ProviderModule[];
}

/** @param builtIn names of the providers that are there anyway */
export const buildProviders = (merged: Merged, findings: Findings, builtIn: ReadonlySet<string>): OwnProviders => {
  const providers: Provider[] = [];
  const modules: ProviderModule[] = [];
  for (const [id, entry] of Object.entries(merged.providers)) {
    const { source, path, value } = entry;
    if (builtIn.has(id)) {
      findings.warnings.push(note(source, path, 'other', `providers.${id}`, 'takes the place of the built-in provider of this name'));
    }
    if (value.module !== undefined) {
      modules.push(moduleAt(id, value.module, entry, 'module'));
    } else providers.push(vendorOf(id, entry, findings));
  }
  for (const handler of merged.handlers) {
    const { value, source, path } = handler;
    if (moduleName.test(value.custom_handler)) modules.push(moduleAt(value.provider, value.custom_handler, handler, 'custom_handler'));
    else {
      const key = 'litellm_settings.custom_provider_map';
      const message = `${value.provider} is written in Python: give a module of TypeScript or JavaScript (docs/providers.md)`;
      findings.notes.push(note(source, [...path, 'custom_handler'], 'not-built', key, message));
    }
  }
  return { providers, modules };
};

const moduleAt = (id: string, module: string, { source, path }: Located<unknown>, key: string): ProviderModule => ({
  id,
  module,
  file: source.file,
  path: pathText([...path, key]),
  ...source.locate([...path, key]),
});

/** LiteLLM's own handlers are `module.attribute` of Python. */
const moduleName = /\.[cm]?[jt]s$/;

/** The configuration once its modules are there. */
export const withModules = (snapshot: ConfigSnapshot, loaded: readonly Provider[], fingerprint: string): ConfigSnapshot =>
  deepFreeze({
    ...snapshot,
    version: shortHash([snapshot.version, fingerprint], 12),
    providers: [...snapshot.providers, ...loaded],
  });

const vendorOf = (id: string, entry: Located<ProviderEntry>, findings: Findings): Provider => {
  const { value, raw } = entry;
  const { quirks = {}, special_handling: special = {} } = value;
  const given = wrapSecrets(value.headers ?? {}, raw['headers']) as Headers;
  const provider = defineProvider(
    defined({
      id,
      label: value.label,
      baseUrl: value.base_url,
      keyEnv: value.api_key_env,
      baseUrlEnv: value.api_base_env,
      auth: value.auth_header === undefined ? undefined : ({ kind: 'header', name: value.auth_header.toLowerCase() } as const),
      headers: given,
      endpoints: endpointsOf(entry, findings),
      quirks: defined({
        rename: value.param_mappings as Record<string, string> | undefined,
        lacks: ['allowed_tools', 'custom_tools', ...(value.lacks ?? [])].filter((name) => name !== undefined),
        developerRole: quirks.developer_role ? undefined : ('system' as const),
        contentAsString: quirks.content_as_string ?? special.convert_content_list_to_string,
        cacheMarks: quirks.cache_marks ?? special.preserve_cache_control,
        noStreamOptions: quirks.no_stream_options,
        reasoningField: quirks.reasoning_field,
        structuredOutput: quirks.structured_output,
        toolChoiceRequired: quirks.tool_choice_required,
      }),
      source: `${entry.source.file}, providers.${id}`,
    }),
  );
  return withDialects(provider, value);
};

const endpointsOf = ({ value, source, path }: Located<ProviderEntry>, findings: Findings): DefinedEndpoint[] | undefined => {
  const { endpoints, supported_endpoints: paths } = value;
  if (!endpoints && !paths) return undefined;
  const found = (paths ?? []).flatMap((each, at) => {
    const name = each === undefined ? undefined : endpointAt(each);
    if (name === undefined) {
      const where = [...path, 'supported_endpoints', at];
      findings.notes.push(note(source, where, 'not-built', `${path.join('.')}.supported_endpoints`, `${each ?? ''} is not served`));
    }
    return name ?? [];
  });
  return [...new Set([...((endpoints ?? []) as DefinedEndpoint[]), ...found])];
};

/** What is changed in finished bodies: bounds of values, `store`. */
const withDialects = (provider: Provider, { constraints, special_handling: special }: ProviderEntry): Provider => {
  const { chat, responses } = provider.speaks;
  return {
    ...provider,
    speaks: {
      ...provider.speaks,
      ...(chat && constraints && { chat: { ...chat, dialect: ({ body }) => ({ members: bounded(body, constraints) }) } }),
      ...(responses && special?.force_store_false && { responses: { ...responses, dialect: () => ({ members: { store: false } }) } }),
    },
  };
};

const bounded = (body: Readonly<Record<string, unknown>>, bounds: NonNullable<ProviderEntry['constraints']>): Record<string, unknown> => {
  const { temperature, n } = body;
  if (typeof temperature !== 'number') return {};
  const { temperature_min: low, temperature_max: high, temperature_min_with_n_gt_1: lowOfSeveral } = bounds;
  let kept = Math.max(Math.min(temperature, high ?? temperature), low ?? -Infinity);
  if (typeof n === 'number' && n > 1) kept = Math.max(kept, lowOfSeveral ?? kept);
  return kept === temperature ? {} : { temperature: kept };
};
