import type { Database, DatabaseFile, Transaction, TransactionOptions } from '../database.ts';
import { closedFailure } from '../failure.ts';
import { Listeners } from '../listeners.ts';
import { refuseInside, workInside, type TransactionHands, type Worked } from '../open-transaction.ts';
import { queriesOf } from '../queries.ts';
import type { Result, Wanted } from '../result.ts';
import type { DatabaseObserver } from '../settings.ts';
import type { Statement } from '../statement.ts';
import { SqliteAnnouncements } from './announcements.ts';
import type { SqliteConnection } from './connection.ts';
import { failureOf, isBusy, isSick } from './failure.ts';
import { patiently } from './patiently.ts';
import { Turns } from './turns.ts';

interface Parts {
  readonly writer: SqliteConnection;
  /** The same one for a database in memory. */
  readonly reader: SqliteConnection;
  /** Undefined: it is in memory. */
  readonly file: { readonly path: string; readonly connect: () => Promise<SqliteConnection> } | undefined;
  readonly busyTimeoutMs: number;
  readonly observer: DatabaseObserver;
  readonly now: () => number;
}

/** How often to look for what other processes have announced. */
const lookMs = 200;

/**
 * Transactions and all writing of this process take turns on one connection; reading has one of its own and waits for
 * nobody. In memory there is one connection, and all take turns.
 */
export class SqliteDatabase implements Database {
  readonly kind = 'sqlite';
  readonly file?: DatabaseFile;
  readonly all: Database['all'];
  readonly one: Database['one'];
  readonly run: Database['run'];
  readonly #parts: Parts;
  readonly #turns = new Turns();
  readonly #listeners = new Listeners();
  readonly #announcements: SqliteAnnouncements;
  readonly #timer: ReturnType<typeof setInterval> | undefined;
  #up = true;
  #closed: Promise<void> | undefined;

  constructor(parts: Parts) {
    const { reader, writer, now } = parts;
    this.#parts = parts;
    const { file } = parts;
    if (file) this.file = { path: file.path, writeBeside: (work) => this.#turns.take(work) };
    this.#announcements = new SqliteAnnouncements(reader, this.#listeners, now);
    if (reader !== writer) {
      this.#timer = setInterval(() => this.#look(), lookMs);
      this.#timer.unref();
    }
    const { all, one, run } = queriesOf((statement, wanted) => this.#execute(statement, wanted));
    this.all = all;
    this.one = one;
    this.run = run;
  }

  get up(): boolean {
    return this.#up && !this.#closed;
  }

  async transaction<T>(work: (tx: Transaction) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    refuseInside(this);
    const { file } = this.#parts;
    if (options.snapshot && file) return this.#snapshot(file.connect, work, options);
    const { value, announced } = await this.#turns.take(() => this.#transact(work, options));
    for (const subject of announced) this.#listeners.tell(subject);
    return value;
  }

  onAnnounced(listener: (subject: string | undefined) => void): () => void {
    return this.#listeners.add(listener);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    clearInterval(this.#timer);
    this.#listeners.clear();
    await this.#turns.close();
    const { reader, writer } = this.#parts;
    if (reader !== writer) reader.close();
    // The last one to leave brings the file in order.
    writer.close();
  }

  async #execute(statement: Statement, wanted: Wanted): Promise<Result> {
    refuseInside(this);
    if (this.#closed) throw closedFailure();
    const { reader, writer } = this.#parts;
    if (reader !== writer && wanted === 'rows' && onlyReads(statement)) return this.#soon(() => reader.execute(statement, wanted));
    return this.#turns.take(() => this.#soon(() => writer.execute(statement, wanted)));
  }

  async #transact<T>(work: (tx: Transaction) => Promise<T>, options: TransactionOptions): Promise<Worked<T>> {
    const { writer } = this.#parts;
    await this.#soon(() => writer.begin(), options.timeoutMs === null ? Infinity : this.#parts.busyTimeoutMs);
    try {
      const worked = await workInside(
        this,
        {
          ...this.#handsOf(writer),
          // There is one writer at a time, in all processes.
          lock: async () => undefined,
        },
        work,
        options,
      );
      this.#watch(() => this.#announcements.write(writer, worked.announced));
      await this.#soon(() => writer.commit());
      return worked;
    } catch (cause) {
      this.#rollback();
      throw cause;
    }
  }

  #handsOf(connection: SqliteConnection): Omit<TransactionHands, 'lock'> {
    return {
      execute: async (statement, wanted) => this.#watch(() => connection.execute(statement, wanted)),
      runEach: async (statements) => this.#watch(() => statements.map((each) => connection.execute(each, 'changes').changes)),
    };
  }

  /** It sees what was committed when it began, however long it takes; the log of writes cannot be cut meanwhile. */
  async #snapshot<T>(
    connect: () => Promise<SqliteConnection>,
    work: (tx: Transaction) => Promise<T>,
    options: TransactionOptions,
  ): Promise<T> {
    if (this.#closed) throw closedFailure();
    const connection = await connect().catch((cause: unknown) => {
      throw failureOf(cause);
    });
    try {
      connection.onlyRead();
      connection.beginReading();
      return (await workInside(this, { ...this.#handsOf(connection), lock: async () => undefined }, work, options)).value;
    } finally {
      connection.close();
    }
  }

  /** What failed before is what is told. The next one that begins tries again. */
  #rollback(): void {
    try {
      this.#parts.writer.rollback();
    } catch (cause) {
      this.#saw(cause);
    }
  }

  /** While another process writes, it is tried again. */
  async #soon<T>(call: () => T, timeoutMs = this.#parts.busyTimeoutMs): Promise<T> {
    try {
      const value = await patiently(performance.now() + timeoutMs, call);
      this.#saw(undefined);
      return value;
    } catch (cause) {
      this.#saw(cause);
      throw failureOf(cause);
    }
  }

  #watch<T>(call: () => T): T {
    try {
      return call();
    } catch (cause) {
      this.#saw(cause);
      throw failureOf(cause);
    }
  }

  /** A statement that is refused says nothing of the database's health, and one that waits for others neither. */
  #saw(cause: unknown): void {
    const up = cause === undefined || !isSick(cause) || isBusy(cause);
    if (up === this.#up || (up && cause !== undefined)) return;
    this.#up = up;
    if (up) this.#parts.observer.up?.();
    else this.#parts.observer.down?.(cause instanceof Error ? cause.message : String(cause));
  }

  #look(): void {
    try {
      this.#announcements.look();
    } catch (cause) {
      // The next look finds the same.
      this.#saw(cause);
    }
  }
}

/** What is not sure to read alone goes where writing goes, which is right for all, only later. */
const onlyReads = ({ texts }: Statement): boolean => {
  const word = /^\s*(select|with|values|explain)\b/i.exec(texts[0]!)?.[1]?.toLowerCase();
  if (word === undefined) return false;
  return word !== 'with' || !texts.some((text) => /\b(?:insert|update|delete|replace)\b/i.test(text));
};
