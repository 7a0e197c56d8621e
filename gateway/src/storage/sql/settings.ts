/** Where the data is, and how patient we are with it. */
export interface DatabaseSettings {
  /** `postgres://user:password@host:5432/name`, `postgresql://…`, `sqlite:/path/file.db`, `sqlite::memory:`. A secret where it holds a password. */
  readonly url: string;
  /** Connections to PostgreSQL at most, the one that listens not counted. Default 10. */
  readonly poolSize?: number | undefined;
  /** How long to connect, or to wait for a free connection, in milliseconds. Default 5,000. */
  readonly connectTimeoutMs?: number | undefined;
  /** How long one statement may take, in milliseconds; in SQLite, how long to wait for another process that writes. Default 30,000. */
  readonly statementTimeoutMs?: number | undefined;
}

/** Told when it begins or ceases to answer. `why` holds no password. */
export interface DatabaseObserver {
  up?(): void;
  down?(why: string): void;
}
