import { SluiceError, type Clock, type Env, type Secret } from 'sluice/kit';

/** Something that keeps secrets. A new kind is a file beside this one and a line of `open.ts`. */
export interface SecretManager {
  /** Undefined: it has no such secret. @throws ManagerFailure, SluiceError */
  read(name: string, signal: AbortSignal): Promise<Secret | undefined>;
  /** The members of one secret, where it keeps them apart by itself (the fields of a path in Vault); else its value is JSON. */
  readFields?(name: string, signal: AbortSignal): Promise<Fields | undefined>;
  /** Creates or replaces. @throws as `read` */
  write?(name: string, value: Secret, signal: AbortSignal): Promise<void>;
  /** One that is not there is no failure. @throws as `read` */
  delete?(name: string, signal: AbortSignal): Promise<void>;
  /** Names that it has something for, where it can tell without asking (ciphertexts of the environment). */
  readonly holds?: readonly string[];
  /** What it gives never changes while the process runs. */
  readonly unchanging?: boolean;
  /** Ends what it does in the background. */
  close?(): void;
}

export type Fields = Readonly<Record<string, Secret>>;

/** The part of `fetch` that is used. `tls` is Bun's: what is shown to the server, and whom it is believed by. */
export type SecretFetch = (url: string, init: RequestInit & { tls?: TlsOptions }) => Promise<Response>;

export interface TlsOptions {
  ca?: string;
  cert?: string;
  key?: string;
}

/** What managers need of the world. */
export interface SecretWorld {
  fetch: SecretFetch;
  /** Reads a text file. @throws an error with `code` `ENOENT` where there is none */
  readText(path: string): Promise<string>;
  env: Env;
  clock: Clock;
  /** From 0 to below 1. */
  random: () => number;
}

/** What went wrong at a manager, in words that hold no secret: `it answered 403`. Whoever asked adds who and what. */
export class ManagerFailure extends Error {
  /** Whether the same question may be answered a moment later. */
  readonly passes: boolean;

  constructor(why: string, { passes = false } = {}) {
    super(why);
    this.passes = passes;
  }
}

/** Whether a failure is one of the moment: nobody answered, or somebody who cannot now. */
export const passes = (cause: unknown): boolean => (cause instanceof ManagerFailure ? cause.passes : SluiceError.is(cause) && cause.retry);

export type Mapping = Readonly<Record<string, unknown>>;

export const mapping = (value: unknown): Mapping | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Mapping) : undefined;

/** What a server calls a failure, if it is a word: nothing that could be somebody's secret is repeated. */
export const word = (value: unknown): string => (typeof value === 'string' && /^[A-Za-z][A-Za-z_]{2,59}$/.test(value) ? value : '');
