import type { JsonObject } from './json.ts';
import type { Secret } from './secret.ts';
import type { Adapter, Operation } from './operation.ts';
import type { LazyResourceAdapter, ResourceAdapter, ResourceKind, ResourcePath } from './resource.ts';
import type { Framing, ModelTraits, ProtocolId, Quirks } from './protocol.ts';
import type { Transport } from './transport.ts';

/** What a call is for. */
export type Endpoint =
  | 'chat'
  | 'completions'
  | 'responses'
  | 'messages'
  | 'embeddings'
  | 'rerank'
  | 'count-tokens'
  /** The model's own format, whatever that is, for clients that say it themselves (InvokeModel). */
  | 'native';

/** One way a provider is spoken to. */
export interface Speaks {
  protocol: ProtocolId;
  /** Appended to the base URL; `{model}` and `{apiVersion}` are filled in (URL-escaped), `{modelPath}` is the name with its slashes. */
  path: string;
  /** Where it differs for streams (Gemini). */
  streamPath?: string;
  /** Used only where it is asked for (`prefer`): the vendor calls it a beta or lacks much of the format. */
  optIn?: boolean;
  /** How its streams are framed, where that is not as the protocol has it (Claude on Bedrock: `aws-event-stream`). */
  framing?: Framing;
  /** The protocol whose words its failures are in, where they are not this one's (Claude on Bedrock: AWS's own). */
  errors?: ProtocolId;
  /** What differs in every body and its headers from the protocol as its owner speaks it (Claude on Bedrock and Vertex). */
  dialect?(call: DialectCall): Dialect;
  /** Request headers of clients of other formats that mean something here for this model (Claude behind Converse: `anthropic-beta`). */
  passHeaders?(model: string): readonly string[] | undefined;
  /** What it takes of the format, where that is less than the format has. */
  takes?: Takes;
}

/** A request that is about to go out, as far as a dialect may need to know it. */
export interface DialectCall {
  model: string;
  stream: boolean;
  /** Those that are set so far, names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** The body as far as it is made, with the members that the deployment sets by default. */
  body: JsonObject;
  /** Those of the target (`Target.options`): what a vendor wants in each body and the configuration alone knows (a project). */
  options?: Target['options'];
}

export interface Dialect {
  /** Members of the body that are set or, where undefined, taken out, also of what the deployment adds (`extra_body`). */
  members: Readonly<Record<string, unknown>>;
  /** Headers that do not go out, names in lower case. */
  withoutHeaders?: readonly string[];
  /** Headers that are set, names in lower case: what the endpoint wants there instead of in the body. */
  headers?: Readonly<Record<string, string>>;
}

/**
 * What an endpoint is known to take, so that nothing runs into a 400 that the client cannot understand. What the table
 * does not name is not judged: a vendor's newest member passes.
 */
export interface Takes {
  /** Flags of `anthropic-beta` that are taken, a trailing `*` stands for any ending; others are left out with a record. Absent: all are. */
  betas?: readonly string[];
  /** Flags of its owner -> their names here (Bedrock and Vertex AI: `advanced-tool-use` is called after the one tool of it they have). */
  betaNames?: Readonly<Record<string, string>>;
  /**
   * Members of the body that are not taken. `drop`: advice, whose absence changes speed or cost at most: left out with a
   * record. `refuse`: the answer would be another one without it: refused by name, or left out with `drop_params`.
   */
  members?: Readonly<Record<string, 'drop' | 'refuse'>>;
  /** Where images and documents may come from (Anthropic's `source.type`); blocks with others are refused by name, or left out with `drop_params`. Absent: all are. */
  sources?: readonly string[];
  /** Kinds of `context_management.edits` (a trailing `*` stands for any ending) that are taken; others are left out with a record. Absent: all are. */
  edits?: readonly string[];
  /** Kinds of tools (their `type`, a trailing `*` stands for any ending, such as a date) that are taken; others are refused by name, or left out with `drop_params`. Absent: all are. */
  tools?: readonly string[];
}

/** How the credential goes onto the request. */
export type Auth =
  | { kind: 'bearer' }
  | { kind: 'header'; name: string }
  | { kind: 'none' }
  /** A vendor with rules of its own (tokens that are fetched, signatures). */
  | {
      kind: 'custom';
      headers(
        target: Target,
        /** `headers`: those that are set already, names in lower case, for lists that must be joined and for signatures. */
        request: { method: string; url: string; body: string; headers?: Readonly<Record<string, string>> },
      ): Promise<Record<string, string>> | Record<string, string>;
      /**
       * The vendor refused what `headers` gave. Drops what was fetched for the target, so that the next call fetches anew.
       * @param sent the headers that were refused, names in lower case
       * @returns whether another try may have other credentials
       */
      refused?(target: Target, sent: Readonly<Record<string, string>>): boolean;
    };

/** A vendor. Most are a row of data; a folder only where one truly differs. */
export interface Provider {
  readonly id: string;
  /** For people. */
  readonly label: string;
  /** Without a trailing slash. Absent: the user must give one (`api_base`). */
  readonly baseUrl?: string;
  /** How base URLs are pasted: `append` is added to one that has no path, `strip` endings are cut off (the paths of `speaks` always are). */
  readonly baseUrlRules?: { readonly append?: string; readonly strip?: readonly string[] };
  readonly auth: Auth;
  /** Environment variables that may hold the key, first found wins. Empty: no key needed. */
  readonly keyEnv: readonly string[];
  readonly baseUrlEnv?: readonly string[];
  /** A key is not demanded (local servers). */
  readonly keyOptional?: boolean;
  /** Other facts that a target's `options` may hold, and the variables that give them: `{ tenant_id: ['AZURE_TENANT_ID'] }`. */
  readonly optionsEnv?: Readonly<Record<string, readonly string[]>>;
  /**
   * Without a configuration it is served where one variable of each of these lists is set. Absent: where its key is, and
   * its address if it has no usual one.
   */
  readonly servedWith?: readonly (readonly string[])[];
  /** Options that are a credential in place of the key: where one is configured, no key is taken from the environment. */
  readonly credentialOptions?: readonly string[];
  /** Where the API is versioned by a parameter (Azure): what holds where nobody says. */
  readonly apiVersion?: string;
  readonly apiVersionEnv?: readonly string[];
  /** By endpoint. Which of them a chat call uses is `chooseSpeaks` of `providers/choose.ts`. */
  readonly speaks: Readonly<Partial<Record<Endpoint, Speaks>>>;
  /**
   * Calls of other kinds: a `Speaks` where the vendor speaks the clients' own format (what came goes on, with the model's
   * name replaced), else an adapter.
   */
  readonly operations?: { readonly [K in Operation]?: Speaks | Adapter<K> };
  /** Collections of things that the vendor keeps: a path where it serves them as OpenAI does, else an adapter. */
  readonly resources?: { readonly [K in ResourceKind]?: ResourcePath | ResourceAdapter | LazyResourceAdapter };
  /** The chat protocol whose words failures of `operations` are in. Default: OpenAI's, whose reading is lenient. */
  readonly errors?: ProtocolId;
  /** Hosts besides the base URL's that get the credentials in calls of adapters (`queue.fal.run`); a leading `*.` stands for any subdomain. */
  readonly hosts?: readonly string[];
  /** Chat calls of foreign formats use the first of these that the provider speaks. Default: chat, messages, responses, completions. */
  readonly chatOrder?: readonly Endpoint[];
  /** The chat endpoints that take this model, best first, in place of `chatOrder` (models that only Responses serves). Undefined: not known. */
  chatEndpoints?(model: string): readonly Endpoint[] | undefined;
  /** What a user's name for a model means here, where that is not the name itself (short names, series prefixes). */
  resolveModel?(
    model: string,
    /** What the user says that it really is (`base_model`). */
    baseModel?: string,
  ): {
    model: string;
    traits?: ModelTraits;
    extraBody?: Readonly<Record<string, unknown>>;
    /** The endpoint that the name asks for (`bedrock/converse/...`). */
    prefer?: Endpoint;
    /** What else the name says; what is configured wins. */
    options?: Readonly<Record<string, unknown>>;
  };
  /** Members that a client may set only where the deployment does not: what guards must hold, whatever a request says (Bedrock's `guardrailConfig`). */
  readonly heldMembers?: readonly string[];
  /** Headers that every request carries. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly quirks?: Quirks;
  traits?(model: string): ModelTraits;
  /**
   * The provider as it is for one model, where its models are not spoken to in one way (Gemini and Claude on Vertex AI).
   * The same id; always the same object for the same answer.
   * @param facts.model the model, or what a private name is said to be (`base_model`)
   * @param facts.name the name as the user wrote it, without the provider's prefix
   */
  variant?(facts: { model: string; name?: string; baseUrl?: string }): Provider;
  /**
   * Looks up what the URL needs and only the credentials tell (the project of a file). Asked before each call; undefined
   * once nothing is missing.
   * @throws SluiceError `authentication`, `connection`
   */
  ready?(target: Target): Promise<void> | undefined;
  /** Where calls go that a client words for the vendor itself, where that is not base URL and path. */
  readonly relay?: {
    /** In place of `baseUrl`, for targets without one of their own (a vendor's other API). */
    readonly baseUrl?: string;
    /** Variables for a target's options that hold here before those of `optionsEnv`: LiteLLM has some for relays alone. */
    readonly optionsEnv?: Readonly<Record<string, readonly string[]>>;
    /** Things that the vendor's own API has at the paths of OpenAI's, in a shape of its own: under the vendor's name that API is meant. */
    readonly ownKinds?: readonly ResourceKind[];
    /** Credentials that are no key are made over the whole body: it cannot be sent as it comes. */
    readonly signsBody?: boolean;
    /**
     * The whole URL of a path, which begins with a slash and leads out of nothing. A query that it has is for what the
     * client leaves out. Asked after `ready`.
     */
    url?(target: Target, path: string): string;
  };
  /** Conversations over a WebSocket. */
  readonly realtime?: {
    /** Whose events: OpenAI's realtime API, or Gemini Live, whose first message names the model. */
    readonly protocol: 'openai' | 'gemini';
    /** Behind the base URL. */
    readonly path: string;
    /** The whole URL, with http or https, where that is not base URL, path and `?model=`. Asked after `ready`. */
    url?(target: Target): string;
    /** The model's name in the first message (Gemini Live). Default: `models/` and its name. Asked after `ready`. */
    nameOf?(target: Target): string;
  };
  /** The whole URL, for a vendor whose paths are not templates (Azure). Default: base URL and path. */
  url?(target: Target, speaks: Speaks, stream: boolean): string;
  /** Its own way to send a request, instead of the network (`mock`). */
  readonly transport?: Transport;
  /**
   * Its own way to send a chat request over the network, where one takes several (Replicate: a job is made, looked at, its
   * stream opened somewhere else). All of them share the request's signal, and so the call's deadlines; credentials go
   * to the address that was asked and to `hosts` alone.
   */
  overNetwork?(network: Transport): Transport;
  /** Where the facts come from, and when they were read: `https://..., 2026-11-21`. */
  readonly source: string;
}

/** Deadlines of one call, in milliseconds. 0 means none. */
export interface Deadlines {
  /** To a connection. */
  connectTimeoutMs: number;
  /** From sending to the first event of a stream that carries output, or to the whole answer's first byte. */
  firstTokenTimeoutMs: number;
  /** Between two events of a stream. */
  idleTimeoutMs: number;
  /** The whole call, all tries together. */
  timeoutMs: number;
}

/** Where a call goes: a provider with the facts of one deployment filled in. */
export interface Target {
  provider: Provider;
  /** The upstream's name of the model, without the provider's prefix. */
  model: string;
  apiKey?: Secret;
  baseUrl?: string;
  apiVersion?: string;
  headers?: Readonly<Record<string, string>>;
  /** Members set in every request body (`extra_body`). */
  extraBody?: Readonly<Record<string, unknown>>;
  /** Defaults for members that the client did not give (`litellm_params: { temperature: 0 }`), in OpenAI's spelling. */
  defaults?: Readonly<Record<string, unknown>>;
  dropParams?: boolean;
  /** Parameters that are passed on even though the provider is not known to take them (`allowed_openai_params`). */
  allowParams?: readonly string[];
  /** Named parameters that are always left out (`additional_drop_params`). */
  alwaysDrop?: readonly string[];
  deadlines?: Partial<Deadlines>;
  traits?: ModelTraits;
  /** Every chat call uses this endpoint if the provider speaks it (`openai/responses/...`, `mode: responses`), also one in a format that the provider speaks elsewhere. */
  prefer?: Endpoint;
  /** Provider-specific facts (`tenant_id`, `mock_response`, ...). Secrets in it are `Secret`s. */
  options?: Readonly<Record<string, unknown>>;
}
