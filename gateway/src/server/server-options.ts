import type { Secret } from 'sluice/kit';
import type { Database } from '../storage/sql/database.ts';
import type { Sealer } from '../storage/sealed/sealer.ts';
import type { ConfigSnapshot } from '../config/snapshot.ts';
import type { JournalFiles } from '../spend/journal/index.ts';

/**
 * What the command line hands to the server, which itself reads no environment, files or ports.
 * `gateway/src/server/index.ts` exports `startServer: StartServer`.
 */
export interface ServerOptions {
  snapshot: ConfigSnapshot;
  host: string;
  /** 0: any free one; the `url` says which. */
  port: number;
  /** The key that may do everything, wherever it came from. A reload changes it (`RunningServer.reload`). */
  masterKey: Secret;
  /** Of the process; the file's own variables (`snapshot.environment`) win. `environmentOf(snapshot, env)` joins them. */
  env: Readonly<Record<string, string | undefined>>;
  /** Where keys, teams and users are kept, with its tables made. Absent: there is the master key alone. The server closes it. */
  database?: Database;
  /** Seals secrets that are kept there. Needed with a database. */
  sealer?: Sealer;
  /** Where what calls cost is written first. Absent: there is no place, and what is not in the database yet goes with the process. */
  journal?: JournalFiles;
  /** Puts a virtual key where those who use it read it (`store_virtual_keys`). */
  writeKey?: (name: string, key: string) => Promise<void>;
  /** Takes it away there. One that is not there is no failure. */
  deleteKey?: (name: string) => Promise<void>;
  /** PEM texts. Present: the server speaks HTTPS. */
  tls?: { key: string; cert: string };
  /** How long an idle client connection is kept, in milliseconds. Absent, 0 or more than 255 s: for ever. */
  keepAliveTimeoutMs?: number;
  /** Reads a file that the configuration names. @param from the configuration's own file, which relative paths are relative to */
  readText?: (path: string, from: string | undefined) => Promise<string>;
  /** Takes one finished line without its line break. */
  log: (line: string) => void;
  /** Of the package, for headers and `/health`. */
  version: string;
}

export interface RunningServer {
  /** `http://127.0.0.1:4000`, with the real port. */
  readonly url: string;
  /** Calls that have begun finish with what they began with; the next ones see the new snapshot. Synchronous and atomic. */
  reload(next: { snapshot: ConfigSnapshot; masterKey: Secret }): void;
  /** Readiness fails first, then open calls finish, at most `drainTimeoutMs`; what is left is cut. Idempotent. */
  stop(options: { drainTimeoutMs: number }): Promise<void>;
}

/** @throws an error with `code` `EADDRINUSE` or `EACCES` where the port cannot be had */
export type StartServer = (options: ServerOptions) => Promise<RunningServer>;
