import type { Deadlines, Provider, Secret } from 'sluice/kit';
import type { AccessSettings } from './access-settings.ts';
import type { AlertSettings } from './alert-settings.ts';
import type { AutoRouter } from './auto-router-snapshot.ts';
import type { Overrides } from './build.ts';
import type { BudgetSettings } from './gateway-budget.ts';
import type { WithoutRedisModes } from './limits-without-redis.ts';
import type { DiscoverySource } from './discovery-settings.ts';
import type { KeySettings } from './key-settings.ts';
import type { ConfigOrigin } from './origin.ts';
import type { PrioritySettings } from './priority-settings.ts';
import type { LedgerSettings } from './ledger-settings.ts';
import type { SpendSettings } from './spend-settings.ts';
import type {
  DeploymentHealthCheck,
  HealthCheckSettings,
  RedisSettings,
  RouterSettings,
  Schedule,
  SpendBudget,
} from './router-snapshot.ts';
import type { StoredView } from './stored/stored-view.ts';
import type { FileTeam } from './team-settings.ts';
import type { SignOnSettings } from './sign-on-settings.ts';
import type { AuthHooks } from './custom-auth.ts';
import type { TokenSettings } from './token-settings.ts';
import type { UserSettings } from './user-settings.ts';

export type { FilePlace, FileTeam } from './team-settings.ts';
export type { AccessSettings } from './access-settings.ts';
export type { AutoRouter, ComplexityRouter, SemanticRouter } from './auto-router-snapshot.ts';
export type {
  AffinitySettings,
  DeploymentHealthCheck,
  HealthCheckSettings,
  RedisSettings,
  RouterSettings,
  Schedule,
  SpendBudget,
} from './router-snapshot.ts';

/**
 * What a running gateway holds of its configuration: one immutable value, swapped whole by a reload.
 * Names and units are ours, not those of the file. Frozen at every depth (`Secret` has no members to change).
 */
export interface ConfigSnapshot {
  /** Twelve hex digits of a hash over the files and the variables they name: the same configuration has the same version. */
  readonly version: string;
  /** Where it came from: a file's path, or undefined for a quick start without one. */
  readonly file: string | undefined;
  /** What it was made of. Absent: of no file. */
  readonly origin?: ConfigOrigin;
  /** What the database has added to it. Absent: nothing. */
  readonly stored?: StoredView;
  /** What the command line says, where there is no file to join it to. */
  readonly overrides?: Overrides;
  /** In the order of the file. Several may share a `modelName`. */
  readonly deployments: readonly Deployment[];
  /** Vendors of the user's own, before the built-in ones. */
  readonly providers: readonly Provider[];
  /** Those that are modules: only the command line reads files, see `withModules`. */
  readonly providerModules: readonly ProviderModule[];
  /** Another name for a model name (`model_group_alias`). */
  readonly aliases: Readonly<Record<string, ModelAlias>>;
  /** Where more deployments are found while the gateway runs. */
  readonly discovery: readonly DiscoverySource[];
  /** Teams that the file owns (`team_settings`), in its order; ids are unique. Ask `fileTeams`. */
  readonly teams: readonly FileTeam[];
  readonly router: RouterSettings;
  /** Defaults for every call; a deployment's own `deadlines` win over them. Ask `deadlinesFor`. */
  readonly deadlines: Deadlines;
  readonly streaming: StreamingSettings;
  readonly access: AccessSettings;
  readonly alerts: AlertSettings;
  readonly budgets: BudgetSettings;
  readonly limitsWithoutRedis: WithoutRedisModes;
  readonly spend: SpendSettings;
  readonly ledger: LedgerSettings;
  /** Who goes first where a model is busy. */
  readonly priority: PrioritySettings;
  readonly keys: KeySettings;
  readonly users: UserSettings;
  readonly signOn: SignOnSettings;
  readonly tokens: TokenSettings;
  /** What the command line loaded of `tokens.modules`, see `withAuthHooks`. */
  readonly authHooks?: AuthHooks;
  readonly limits: LimitSettings;
  readonly logging: LoggingSettings;
  readonly shutdown: ShutdownSettings;
  /** `general_settings.forward_client_headers_to_llm_api`: the client's `x-*` headers (not `x-stainless-*`) and `anthropic-beta` go on to the provider. */
  readonly forwardClientHeaders: boolean;
  /** `litellm_settings.forward_traceparent_to_llm_provider`: a caller's trace goes on to the provider. */
  readonly forwardTraceparent: boolean;
  readonly userUrls: UserUrlSettings;
  readonly passThrough: PassThroughSettings;
  readonly costs: CostSettings;
  /** Model names that anybody is told of without a key. */
  readonly publicModelGroups: readonly string[];
  readonly healthChecks: HealthCheckSettings;
  /** Absent: nothing is shared with other instances. */
  readonly redis?: RedisSettings;
  /** The file's `environment_variables`, resolved, and what secret managers hold. They win over the process's own; ask `environmentOf`. */
  readonly environment: Readonly<Record<string, Secret>>;
  /** Said once at start: settings of LiteLLM that are known and not built yet, and parameters that go to the provider unknown. */
  readonly notes: readonly ConfigNote[];
  /** Things that load and are probably not meant. */
  readonly warnings: readonly ConfigNote[];
  /** Every `os.environ/NAME` whose variable is not set (or empty). */
  readonly unsetVariables: readonly UnsetVariable[];
}

/** A vendor whose definition is a module. */
export interface ProviderModule {
  readonly id: string;
  /** As it is written: relative to `file`. */
  readonly module: string;
  /** Where it is named. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** `providers.acme.module` */
  readonly path: string;
}

/** One place to send calls to. */
export interface Deployment {
  /** `model_info.id`, else 16 hex digits of a SHA-256 over the entry as it is written. Unique in the snapshot. */
  readonly id: string;
  /** What clients ask for. May be a pattern with `*` (`openai/*`, `*`), whose captures fill the `*` of `model`. */
  readonly modelName: string;
  /** The provider's id, from the prefix of `model` or `custom_llm_provider`. Undefined: to be found from the catalog. */
  readonly provider: string | undefined;
  /** The upstream's name of the model without the provider's prefix. May hold `*` where `modelName` does. */
  readonly model: string;
  readonly apiKey?: Secret;
  readonly apiBase?: string;
  readonly apiVersion?: string;
  readonly organization?: string;
  /** Values may be `Secret`s: pass through `reveal` where they go onto the wire. */
  readonly headers: Readonly<Record<string, string | Secret>>;
  /** Members set in every request body. May hold `Secret`s at any depth: `reveal` it. */
  readonly extraBody: Readonly<Record<string, unknown>>;
  /** Members set where the client gave none, in OpenAI's spelling. May hold `Secret`s at any depth: `reveal` it. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Relative share in the pick among deployments of one name. */
  readonly weight?: number;
  /** Requests a minute that the deployment can take: the share when no weight is given. */
  readonly rpm?: number;
  /** Tokens a minute: the share when neither weight nor rpm is given. */
  readonly tpm?: number;
  /** Input and output tokens a minute: no shares. */
  readonly itpm?: number;
  readonly otpm?: number;
  /** Lower ones are picked first. */
  readonly order?: number;
  /** Calls at the same time. */
  readonly maxParallelRequests?: number;
  /** How long it rests after failures, in milliseconds. 0: it never does. */
  readonly cooldownMs?: number;
  readonly tags: readonly string[];
  /** A request is tagged, too, where one of these matches `User-Agent: ...`. */
  readonly tagPatterns: readonly RegExp[];
  /** Where it computes. */
  readonly region?: string;
  /** Names for it and others in lists of what may be called (`model_info.access_groups`); they are not asked for themselves. */
  readonly accessGroups: readonly string[];
  /** US dollars; what is over it is left out of picks. */
  readonly budget?: SpendBudget;
  /** Requests and tokens a minute of each key that says nothing of its model name itself. */
  readonly keyLimits?: { readonly requestsPerMinute?: number; readonly tokensPerMinute?: number };
  /** A model name that gets a copy of each of its calls; nobody waits for the answer (`silent_model`). */
  readonly silentModel?: string;
  /** Not a place but a choice: its calls go to another model name. */
  readonly autoRouter?: AutoRouter;
  readonly healthCheck?: DeploymentHealthCheck;
  /** When it may be asked (`sluice_params.active`); absent: always. */
  readonly schedule?: Schedule;
  /** Deadlines of this deployment; what is absent is as in the snapshot. */
  readonly deadlines: Partial<Deadlines>;
  /** LiteLLM's `timeout`, in milliseconds: in one try, a whole answer must be there by then; a stream must not be silent longer. */
  readonly timeoutMs?: number;
  /** LiteLLM's `stream_timeout`, in milliseconds: the same for streams alone, and then `timeoutMs` does not hold for them. */
  readonly streamTimeoutMs?: number;
  /** Tries after the first. Undefined: the router's. */
  readonly maxRetries?: number;
  /** Resolved: the deployment's own, else the defaults', else the gateway's. */
  readonly dropParams: boolean;
  /** Parameters that are always left out; may be paths (`tools[*].function.strict`). */
  readonly additionalDropParams: readonly string[];
  /** OpenAI parameters that go to the provider though it is not known to take them. */
  readonly allowedOpenaiParams: readonly string[];
  readonly mode?: ModelMode;
  /** Whatever the client's format, the provider's chat endpoint is used (`use_chat_completions_api`). */
  readonly chatOnly?: boolean;
  /** The model that an Azure deployment (or any other private name) really is. */
  readonly baseModel?: string;
  /** `model_info` as it is written, for clients to see: no secrets. */
  readonly modelInfo: Readonly<Record<string, unknown>>;
  /** Prices among `litellm_params`, in LiteLLM's names; those of `modelInfo` hold beside them. */
  readonly prices?: Readonly<Record<string, unknown>>;
  /** Answers without a provider. */
  readonly mock?: MockSettings;
  readonly azure?: AzureSettings;
  /** Facts for the provider under LiteLLM's names (`aws_region_name`). What is secret among them is a `Secret`. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Its address and key are used by its provider's relays. */
  readonly usedInPassThrough: boolean;
  /** What a request may set itself: its name -> what the whole value must match, if anything is said. */
  readonly clientside: Readonly<Record<string, string | undefined>>;
  /** Variables named here that are not set: a call must fail with a message that names them. */
  readonly unsetVariables: readonly string[];
  /** From the database; absent: from the file, or found. */
  readonly stored?: true;
  /** Only this team may see it and ask for it, by this name; `modelName` is the router's own then. */
  readonly team?: { readonly id: string; readonly publicName: string };
  /** Somebody who is no administrator of the gateway added it: nothing of the gateway's environment goes into its calls. */
  readonly isolated?: true;
}

export const modelModes = [
  'chat',
  'completion',
  'embedding',
  'responses',
  'image_generation',
  'image_edit',
  'audio_transcription',
  'audio_speech',
  'rerank',
  'moderation',
  'batch',
  'realtime',
  'ocr',
  'search',
  'video_generation',
  'vector_store',
] as const;

type ModelMode = (typeof modelModes)[number];

/** `mock_response` and its kin, as they are written. */
export interface MockSettings {
  readonly response?: unknown;
  readonly toolCalls?: unknown;
  readonly timeout?: boolean;
  readonly delayMs?: number;
}

/** An Azure deployment that signs in with Entra instead of a key. */
export interface AzureSettings {
  readonly tenantId?: string;
  readonly clientId?: string;
  readonly clientSecret?: Secret;
  /** A ready token. */
  readonly adToken?: Secret;
}

export interface ModelAlias {
  /** The model name it stands for. */
  readonly model: string;
  /** Not listed by `/v1/models`. */
  readonly hidden: boolean;
}

interface StreamingSettings {
  /** How long a streamed answer's headers wait for the provider's first event, in milliseconds. */
  readonly headerWaitMs: number;
  /** Between two comments that keep a silent stream alive, in milliseconds; 0: none. */
  readonly keepAliveMs: number;
  /** Streams that are passed on untouched are asked for their usage; absent: where what calls cost is kept in a database. */
  readonly asksUsage?: boolean;
  /** How long a chat call goes on whose client has left, to hear what it used, in milliseconds; absent: it is cancelled at once. */
  readonly disconnectDrainMs?: number;
}

/** Addresses that others than the operator name. */
export interface UserUrlSettings {
  /** They must be public. */
  readonly validate: boolean;
  /** But for these: see `user_url_allowed_hosts`. */
  readonly allowedHosts: readonly string[];
}

/** What costs are worked out with, besides prices. */
export interface CostSettings {
  /** Provider -> share that it takes off. */
  readonly discounts: Readonly<Record<string, number>>;
  /** Provider or `global` -> what is put on top. */
  readonly margins: Readonly<Record<string, { readonly share: number; readonly fixedUsd: number }>>;
  readonly priceMap?: PriceMapSettings;
}

/** One of the two; a URL goes before a file. */
export interface PriceMapSettings {
  readonly url?: string;
  /** Relative to the file that names it. */
  readonly file?: string;
  /** Between two looks, in milliseconds; 0: only at start. */
  readonly refreshMs: number;
}

interface PassThroughSettings {
  readonly endpoints: readonly PassThroughEndpoint[];
  /** For the head of an answer, and between two pieces of it; a deployment's own deadlines win. Milliseconds. */
  readonly timeoutMs?: number;
}

/** A path of the operator's own that is relayed. */
export interface PassThroughEndpoint {
  /** Its `id`, else its path. */
  readonly name: string;
  /** Begins with a slash and does not end with one. */
  readonly path: string;
  /** Without a trailing slash. */
  readonly target: string;
  /** Values may be `Secret`s: pass through `reveal`. References within a longer value are not resolved yet. */
  readonly headers: Readonly<Record<string, string | Secret>>;
  readonly defaultQuery: Readonly<Record<string, string>>;
  readonly includeSubpath: boolean;
  readonly costPerRequestUsd?: number;
  readonly timeoutMs?: number;
  /** Callers need the gateway's key. */
  readonly auth: boolean;
  /** In upper case; absent: all. */
  readonly methods?: readonly string[];
  readonly forwardHeaders: boolean;
}

export interface LimitSettings {
  /** Of a request's body; longer ones get 413. */
  readonly maxBodyBytes: number;
}

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

interface LoggingSettings {
  readonly level: LogLevel;
  /** One line a request. */
  readonly requests: boolean;
}

interface ShutdownSettings {
  /** How long open calls may run on after a signal to stop, in milliseconds. */
  readonly drainTimeoutMs: number;
}

/** Something to tell, with its place. */
export interface ConfigNote {
  /** `not-built`: known from LiteLLM, without effect; `passed-through`: goes to the provider unknown; `other`: the message says it. */
  readonly kind: 'not-built' | 'passed-through' | 'other';
  /** What it is about: `litellm_params.cooldown_time`. Each is told once, with its first place. */
  readonly key: string;
  /** `model_list[0].litellm_params.cooldown_time` */
  readonly path: string;
  readonly message: string;
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
}

export interface UnsetVariable {
  readonly name: string;
  /** Where it is asked for. */
  readonly path: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}
