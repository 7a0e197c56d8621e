import type { Secret } from './secret.ts';
import type { ModelTraits, ProtocolId, Quirks } from './protocol.ts';
import type { Transport } from './transport.ts';

/** What a call is for. */
export type Endpoint = 'chat' | 'completions' | 'responses' | 'messages' | 'embeddings' | 'count-tokens';

/** One way a provider is spoken to. */
export interface Speaks {
  protocol: ProtocolId;
  /** Appended to the base URL; `{model}` and `{apiVersion}` are filled in (URL-escaped). */
  path: string;
  /** Where it differs for streams (Gemini). */
  streamPath?: string;
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
        request: { method: string; url: string; body: string },
      ): Promise<Record<string, string>> | Record<string, string>;
    };

/** A vendor. Most are a row of data; a folder only where one truly differs. */
export interface Provider {
  readonly id: string;
  /** For people. */
  readonly label: string;
  /** Without a trailing slash. Absent: the user must give one (`api_base`). */
  readonly baseUrl?: string;
  readonly auth: Auth;
  /** Environment variables that may hold the key, first found wins. Empty: no key needed. */
  readonly keyEnv: readonly string[];
  readonly baseUrlEnv?: readonly string[];
  /** A key is not demanded (local servers). */
  readonly keyOptional?: boolean;
  /** By endpoint; a chat call uses the client's own format if it is here, else the first of `chatOrder`. */
  readonly speaks: Readonly<Partial<Record<Endpoint, Speaks>>>;
  /** Headers that every request carries. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly quirks?: Quirks;
  traits?(model: string): ModelTraits;
  /** The whole URL, for a vendor whose paths are not templates (Azure). Default: base URL and path. */
  url?(target: Target, speaks: Speaks, stream: boolean): string;
  /** Its own way to send a request, instead of the network (`mock`). */
  readonly transport?: Transport;
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
  /** Chat calls of foreign formats use this endpoint instead of the provider's first (`mode: responses`). */
  prefer?: Endpoint;
  /** Provider-specific facts (`tenant_id`, `mock_response`, ...). Secrets in it are `Secret`s. */
  options?: Readonly<Record<string, unknown>>;
}
