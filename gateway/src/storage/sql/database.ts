import type { Statement } from './statement.ts';

/**
 * Rows are the same from both databases: whole numbers are numbers (also of 64 bits; beyond 2^53 the call throws),
 * true and false are 1 and 0, JSON is its text, bytes are a Uint8Array.
 *
 * What can go wrong, of every call: SluiceError `unavailable` (the database is away, busy or too slow), `UniqueViolation`,
 * and SluiceError `internal` for a statement that the database refuses.
 */
export interface Queries {
  all<Row>(statement: Statement): Promise<Row[]>;
  /** The first row. */
  one<Row>(statement: Statement): Promise<Row | undefined>;
  /** Rows changed. */
  run(statement: Statement): Promise<number>;
}

export interface TransactionOptions {
  /** It is rolled back after so long, waiting for its turn not counted; `null`: never. Milliseconds, default 60,000. */
  readonly timeoutMs?: number | null;
  /**
   * It only reads, all of it as it was at one moment, and is in nobody's way. In SQLite it is over a connection of its own;
   * in memory it takes its turn with the others.
   */
  readonly snapshot?: true;
}

export interface Transaction extends Queries {
  /** Told to every gateway on this database (this one too) once the transaction is committed. */
  announce(subject: string): Promise<void>;
  /** One after the other, all or none. @returns the rows that each has changed */
  runEach(statements: readonly Statement[]): Promise<readonly number[]>;
  /** Others that ask for the same lock wait until this transaction is over. */
  lock(name: string, options?: LockOptions): Promise<void>;
}

export interface LockOptions {
  /** Those who share it wait only for those who do not. */
  readonly shared?: boolean;
}

/** A database that is a file, which threads of this process may open as well. */
export interface DatabaseFile {
  readonly path: string;
  /**
   * Work that writes over a connection of its own, in its turn: nobody of this process writes meanwhile, so that none of them
   * has to try again and again. Inside it nothing is asked of the database itself.
   */
  writeBeside<T>(work: () => Promise<T>): Promise<T>;
}

export interface Database extends Queries {
  readonly kind: 'sqlite' | 'postgres';
  /** SQLite in a file alone. */
  readonly file?: DatabaseFile;
  /**
   * All or nothing: what is thrown rolls it back. The work may run again from its start after a conflict with another
   * transaction, so it does nothing that cannot be undone. What is read and then written is under a `lock`, or is one
   * statement: in PostgreSQL others may commit in between (its level is read committed). A statement that failed ends it,
   * also where the failure was caught. Inside, only `tx` is used: calls on the database itself throw.
   * It is rolled back if it takes longer than a minute, unless `options` say otherwise.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /**
   * Listeners are called before the transaction that announces returns, in its process.
   * `undefined`: some may have been missed (the connection was lost): forget everything.
   * @returns ends it
   */
  onAnnounced(listener: (subject: string | undefined) => void): () => void;
  /** Whether it answers, at the last look. */
  readonly up: boolean;
  close(): Promise<void>;
}
