import { Secret, type FallbackTarget } from 'sluice/kit';
import { defaults } from './defaults.ts';
import { defined } from './defined.ts';
import type { AutoRouters } from './auto-router.ts';
import { accessSettings } from './access-settings.ts';
import { noteAlertTypes } from './alert-notes.ts';
import { ledgerSettings, noteWithoutBatches } from './ledger-settings.ts';
import { alertSettings } from './alert-settings.ts';
import { buildDeployments } from './deployments.ts';
import { buildDiscovery } from './discovery.ts';
import { deepFreeze } from './freeze.ts';
import { healthCheckSettings } from './health-checks.ts';
import { shortHash } from './hash.ts';
import { budgetSettings } from './gateway-budget.ts';
import { limitsWithoutRedis } from './limits-without-redis.ts';
import { keySettings } from './key-settings.ts';
import type { Findings } from './issues.ts';
import type { Merged } from './merge.ts';
import { milliseconds } from './milliseconds.ts';
import { holderOf, modelNames, warnOfUnknown, type ModelNames } from './model-names.ts';
import { costSettings } from './prices.ts';
import { passThroughEndpoints } from './pass-through.ts';
import { pathText } from './problem.ts';
import { prioritySettings } from './priority.ts';
import { buildProviders } from './providers.ts';
import { redisOf } from './redis-settings.ts';
import type { Lookup } from './references.ts';
import { spendSettings } from './spend-settings.ts';
import { routerSettings } from './router.ts';
import type { ConfigOrigin } from './origin.ts';
import { buildTeams } from './team-settings.ts';
import { warnOfTargets } from './target-names.ts';
import { signOnSettings } from './sign-on-settings.ts';
import { authModules, checkTokens } from './auth-modules.ts';
import { tokenSettings } from './token-settings.ts';
import { userSettings } from './user-settings.ts';
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
  /** The file's variables, else the process's. */
  lookup: Lookup;
  /** Variables that secret managers hold. */
  secrets: Readonly<Record<string, Secret>>;
  autoRouters: AutoRouters;
  origin: ConfigOrigin;
}

/** The snapshot of a configuration without mistakes. Adds what is worth a note or a warning. */
export const buildSnapshot = (input: BuildInput): ConfigSnapshot => {
  const { settings, findings, overrides } = input;
  const { litellm_settings: litellm, general_settings: general, sluice_settings: sluice } = settings;
  const own = buildProviders(input, findings, input.builtIn);
  const ownFallbacks = new Map<string, FallbackTarget[]>();
  const context = {
    merged: input,
    findings,
    providers: input.builtIn,
    own: new Set([...own.providers, ...own.modules].map(({ id }) => id)),
    dropParams: overrides.dropParams ?? litellm?.drop_params ?? false,
    environment: input.lookup('LITELLM_ENVIRONMENT') || undefined,
    autoRouters: input.autoRouters,
    ownFallbacks,
  };
  const deployments = buildDeployments(context);
  const discovery = buildDiscovery(context);
  const possible = [...deployments, ...discovery.flatMap(({ deploymentsOf }) => deploymentsOf(anyEndpoint))];
  const aliases = aliasesOf(input, possible);
  const names = modelNames(possible, aliases);
  checkNames(input, deployments, names);
  checkTokens(input, findings, input.lookup);
  noteAlertTypes(input, findings);
  noteWithoutBatches(input, findings);
  const redis = redisOf(input);
  if (deployments.length === 0 && discovery.length === 0) {
    findings.warnings.push({
      kind: 'other',
      key: 'model_list',
      path: 'model_list',
      message: 'has no models, so nothing can be called',
      file: input.file,
    });
  }
  return deepFreeze<ConfigSnapshot>({
    version: shortHash([input.fingerprint, overrides], 12),
    file: input.file,
    origin: input.origin,
    deployments,
    providers: own.providers,
    providerModules: own.modules,
    discovery,
    teams: buildTeams(input, findings),
    aliases,
    router: routerSettings({ settings, files: input.files, findings, names, ownFallbacks, requestTimeoutMs: overrides.requestTimeoutMs }),
    deadlines: {
      connectTimeoutMs: sluice?.connect_timeout_ms ?? defaults.connectTimeoutMs,
      firstTokenTimeoutMs: sluice?.first_token_timeout_ms ?? defaults.firstTokenTimeoutMs,
      idleTimeoutMs: sluice?.idle_timeout_ms ?? defaults.idleTimeoutMs,
      timeoutMs: sluice?.timeout_ms ?? defaults.timeoutMs,
    },
    streaming: {
      headerWaitMs: sluice?.header_wait_ms ?? defaults.headerWaitMs,
      keepAliveMs: sluice?.keep_alive_ms ?? defaults.keepAliveMs,
      ...(sluice?.ask_for_stream_usage !== undefined && { asksUsage: sluice.ask_for_stream_usage }),
      ...(sluice?.on_client_disconnect === 'drain' && {
        disconnectDrainMs: sluice.client_disconnect_drain_ms ?? defaults.disconnectDrainMs,
      }),
    },
    access: accessSettings(general),
    keys: keySettings(litellm, general),
    users: userSettings(litellm, general),
    signOn: signOnSettings(general),
    tokens: tokenSettings(general, authModules(input, findings)),
    priority: prioritySettings({ ...input, deployments }),
    alerts: alertSettings(general, sluice),
    budgets: budgetSettings(litellm, general, sluice),
    limitsWithoutRedis: limitsWithoutRedis(general, sluice),
    spend: spendSettings(general, sluice),
    ledger: ledgerSettings(general),
    limits: { maxBodyBytes: sluice?.max_body_bytes ?? bytesOf(general?.max_request_size_mb) ?? defaults.maxBodyBytes },
    logging: {
      level: overrides.logLevel ?? sluice?.log_level ?? (litellm?.set_verbose ? 'debug' : defaults.logLevel),
      requests: sluice?.log_requests ?? defaults.logRequests,
    },
    shutdown: { drainTimeoutMs: sluice?.drain_timeout_ms ?? defaults.drainTimeoutMs },
    forwardClientHeaders: general?.forward_client_headers_to_llm_api ?? false,
    forwardTraceparent: litellm?.forward_traceparent_to_llm_provider ?? false,
    userUrls: {
      validate: litellm?.user_url_validation ?? general?.user_url_validation ?? true,
      allowedHosts: [...(litellm?.user_url_allowed_hosts ?? []), ...(general?.user_url_allowed_hosts ?? [])],
    },
    passThrough: defined({
      endpoints: passThroughEndpoints(input),
      timeoutMs: milliseconds(general?.pass_through_request_timeout),
    }),
    healthChecks: healthCheckSettings(settings),
    ...(redis && { redis }),
    costs: costSettings(litellm, sluice?.price_map),
    publicModelGroups: (litellm?.public_model_groups ?? []).filter((name) => name !== undefined),
    environment: {
      ...input.secrets,
      ...Object.fromEntries(Object.entries(input.environment).map(([name, value]) => [name, new Secret(value)])),
    },
    notes: once(findings.notes),
    warnings: once(findings.warnings),
    unsetVariables: unsetVariables(input),
  });
};

/** Any name may be found where the source says the model. */
const anyEndpoint = { host: 'host.test', port: 1, model: '*' };

const bytesOf = (megabytes: number | undefined): number | undefined => (megabytes ? Math.round(megabytes * 1_048_576) : undefined);

/** `model_group_alias`, and `model_alias_map`, which it wins over. */
const aliasesOf = ({ settings, files, findings }: BuildInput, deployments: readonly Deployment[]): Record<string, ModelAlias> => {
  const names = modelNames(deployments, {});
  const aliases: Record<string, ModelAlias> = {};
  const add = (section: 'litellm_settings' | 'router_settings', key: string, given: Readonly<Record<string, AliasEntry>> = {}) => {
    for (const [name, value] of Object.entries(given)) {
      const alias = typeof value === 'string' ? { model: value, hidden: false } : { model: value.model, hidden: value.hidden ?? false };
      aliases[name] = alias;
      const path = [section, key, name];
      warnOfUnknown(alias.model, { names, findings, source: holderOf(files, path), path, what: 'stands for' });
    }
  };
  add('litellm_settings', 'model_alias_map', settings.litellm_settings?.model_alias_map);
  add('router_settings', 'model_group_alias', settings.router_settings?.model_group_alias);
  return aliases;
};

type AliasEntry = NonNullable<NonNullable<Merged['settings']['router_settings']>['model_group_alias']>[string];

/** Model names that deployments and health checks refer to. */
const checkNames = ({ models, settings, files, findings }: BuildInput, deployments: readonly Deployment[], names: ModelNames): void => {
  warnOfTargets(models, deployments, names, findings);
  const path = ['general_settings', 'background_health_check_model_groups'];
  const source = holderOf(files, path);
  for (const [at, name] of (settings.general_settings?.background_health_check_model_groups ?? []).entries())
    if (name !== undefined) warnOfUnknown(name, { names, findings, source, path: [...path, at], what: 'names' });
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
