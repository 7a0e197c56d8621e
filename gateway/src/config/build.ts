import { Secret, strategyNames } from 'sluice/kit';
import { defaults } from './defaults.ts';
import { defined } from './defined.ts';
import { buildDeployments } from './deployments.ts';
import { buildDiscovery } from './discovery.ts';
import { deepFreeze } from './freeze.ts';
import { shortHash } from './hash.ts';
import { note, type Findings } from './issues.ts';
import type { Merged } from './merge.ts';
import { milliseconds } from './milliseconds.ts';
import { nearest } from './nearest.ts';
import { costSettings } from './prices.ts';
import { passThroughEndpoints } from './pass-through.ts';
import { plainHealthChecks } from './router-defaults.ts';
import { pathText } from './problem.ts';
import { buildProviders } from './providers.ts';
import { matchesPattern } from './pattern.ts';
import type { ConfigNote, ConfigSnapshot, Deployment, LogLevel, ModelAlias, UnsetVariable } from './snapshot.ts';

/** What the command line may set above the file. */
export interface Overrides {
  requestTimeoutMs?: number;
  dropParams?: boolean;
  logLevel?: LogLevel;
}

interface BuildInput extends Merged {
  findings: Findings;
  file: string;
  /** Names of the providers that are built. */
  builtIn: ReadonlySet<string>;
  overrides: Overrides;
  /** What the version is a hash of. */
  fingerprint: unknown;
}

/** The snapshot of a configuration without mistakes. Adds what is worth a note or a warning. */
export const buildSnapshot = (input: BuildInput): ConfigSnapshot => {
  const { settings, findings, overrides } = input;
  const { litellm_settings: litellm, router_settings: router, general_settings: general, sluice_settings: sluice } = settings;
  const own = buildProviders(input, findings, input.builtIn);
  const context = {
    merged: input,
    findings,
    providers: input.builtIn,
    own: new Set([...own.providers, ...own.modules].map(({ id }) => id)),
    dropParams: overrides.dropParams ?? litellm?.drop_params ?? false,
  };
  const deployments = buildDeployments(context);
  const discovery = buildDiscovery(context);
  const aliases = aliasesOf(input, [...deployments, ...discovery.flatMap(({ deploymentsOf }) => deploymentsOf(anyEndpoint))]);
  noteStrategy(input);
  if (deployments.length === 0 && discovery.length === 0) {
    findings.warnings.push({
      kind: 'other',
      key: 'model_list',
      path: 'model_list',
      message: 'has no models, so nothing can be called',
      file: input.file,
    });
  }
  const headerName = general?.litellm_key_header_name?.toLowerCase();
  return deepFreeze<ConfigSnapshot>({
    version: shortHash([input.fingerprint, overrides], 12),
    file: input.file,
    deployments,
    providers: own.providers,
    providerModules: own.modules,
    discovery,
    aliases,
    router: defined({
      strategy: builtStrategy(router?.routing_strategy),
      strategyOptions: {},
      groups: [],
      retryPolicy: {},
      groupRetryPolicies: {},
      fallbacks: {},
      breaker: {},
      preCallChecks: false,
      enforceLimits: false,
      affinities: { promptCaching: false, session: false, user: false, ttlMs: 3_600_000, byModel: {} },
      providerBudgets: {},
      tagBudgets: {},
      queue: {},
      coalesce: false,
      midStreamFallback: false,
      maxRetries: router?.num_retries ?? router?.retry_policy?.num_retries ?? litellm?.num_retries ?? defaults.maxRetries,
      retryAfterMs: milliseconds(router?.retry_after) ?? defaults.retryAfterMs,
      timeoutMs: overrides.requestTimeoutMs ?? milliseconds(router?.timeout) ?? milliseconds(litellm?.request_timeout),
      streamTimeoutMs: milliseconds(router?.stream_timeout),
    }),
    deadlines: {
      connectTimeoutMs: sluice?.connect_timeout_ms ?? defaults.connectTimeoutMs,
      firstTokenTimeoutMs: sluice?.first_token_timeout_ms ?? defaults.firstTokenTimeoutMs,
      idleTimeoutMs: sluice?.idle_timeout_ms ?? defaults.idleTimeoutMs,
      timeoutMs: sluice?.timeout_ms ?? defaults.timeoutMs,
    },
    streaming: {
      headerWaitMs: sluice?.header_wait_ms ?? defaults.headerWaitMs,
      keepAliveMs: sluice?.keep_alive_ms ?? defaults.keepAliveMs,
    },
    access: defined({ masterKey: general?.master_key, keyHeaderName: headerName }),
    limits: { maxBodyBytes: sluice?.max_body_bytes ?? bytesOf(general?.max_request_size_mb) ?? defaults.maxBodyBytes },
    logging: {
      level: overrides.logLevel ?? sluice?.log_level ?? (litellm?.set_verbose ? 'debug' : defaults.logLevel),
      requests: sluice?.log_requests ?? defaults.logRequests,
    },
    shutdown: { drainTimeoutMs: sluice?.drain_timeout_ms ?? defaults.drainTimeoutMs },
    forwardClientHeaders: general?.forward_client_headers_to_llm_api ?? false,
    userUrls: {
      validate: litellm?.user_url_validation ?? general?.user_url_validation ?? true,
      allowedHosts: [...(litellm?.user_url_allowed_hosts ?? []), ...(general?.user_url_allowed_hosts ?? [])],
    },
    passThrough: defined({
      endpoints: passThroughEndpoints(input),
      timeoutMs: milliseconds(general?.pass_through_request_timeout),
    }),
    healthChecks: plainHealthChecks,
    costs: costSettings(litellm, sluice?.price_map),
    environment: Object.fromEntries(Object.entries(input.environment).map(([name, value]) => [name, new Secret(value)])),
    notes: once(findings.notes),
    warnings: once(findings.warnings),
    unsetVariables: unsetVariables(input),
  });
};

/** Any name may be found where the source says the model. */
const anyEndpoint = { host: 'host.test', port: 1, model: '*' };

const bytesOf = (megabytes: number | undefined): number | undefined => (megabytes ? Math.round(megabytes * 1_048_576) : undefined);

const aliasesOf = ({ settings, files, findings }: BuildInput, deployments: readonly Deployment[]): Record<string, ModelAlias> => {
  const names = [...new Set(deployments.map((deployment) => deployment.modelName))];
  const aliases: Record<string, ModelAlias> = {};
  for (const [name, value] of Object.entries(settings.router_settings?.model_group_alias ?? {})) {
    const alias = typeof value === 'string' ? { model: value, hidden: false } : { model: value.model, hidden: value.hidden ?? false };
    aliases[name] = alias;
    if (names.some((each) => matchesPattern(each, alias.model)) || deployments.some((each) => each.id === alias.model)) continue;
    const holder = files.findLast((file) => file.config.router_settings?.model_group_alias?.[name] !== undefined);
    const near = nearest(alias.model, names);
    const path = ['router_settings', 'model_group_alias', name];
    if (holder) {
      const message = `stands for a model name that is not in \`model_list\`${near === undefined ? '' : ` (did you mean ${near}?)`}`;
      findings.warnings.push(note(holder.source, path, 'other', pathText(path), message));
    }
  }
  return aliases;
};

const builtStrategy = (name: string | undefined): string | undefined => strategyNames.find((each) => each === name);

const noteStrategy = ({ settings, files, findings }: BuildInput) => {
  const strategy = settings.router_settings?.routing_strategy;
  if (strategy === undefined || builtStrategy(strategy)) return;
  const holder = files.findLast((file) => file.config.router_settings?.routing_strategy !== undefined);
  if (holder) {
    const message = 'until then the pick is random by weight, as `simple-shuffle`';
    findings.notes.push(
      note(holder.source, ['router_settings', 'routing_strategy'], 'not-built', `router_settings.routing_strategy ${strategy}`, message),
    );
  }
};

/** What is not set, except where the setting has no effect anyway. */
const unsetVariables = ({ files, findings }: BuildInput): UnsetVariable[] => {
  const unbuilt = new Set(findings.notes.filter((each) => each.kind === 'not-built').map((each) => `${each.file} ${each.path}`));
  return files.flatMap(({ source, unset }) =>
    unset
      .filter(({ path }) => !path.some((_, at) => unbuilt.has(`${source.file} ${pathText(path.slice(0, at + 1))}`)))
      .map(({ name, path }) => ({ name, path: pathText(path), file: source.file, ...source.locate(path) })),
  );
};

/** Each key once, with its first place. */
const once = (notes: readonly ConfigNote[]): ConfigNote[] => {
  const found = new Map<string, ConfigNote>();
  for (const each of notes) {
    const id = `${each.kind} ${each.key} ${each.message}`;
    if (!found.has(id)) found.set(id, each);
  }
  return [...found.values()];
};
