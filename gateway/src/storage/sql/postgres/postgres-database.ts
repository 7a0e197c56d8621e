import { SluiceError } from 'sluice/kit';
import type { Database, LockOptions, Transaction, TransactionOptions } from '../database.ts';
import { closedFailure, unavailable } from '../failure.ts';
import { Listeners } from '../listeners.ts';
import { refuseInside, workInside, type Worked } from '../open-transaction.ts';
import { queriesOf } from '../queries.ts';
import type { Result } from '../result.ts';
import type { DatabaseObserver } from '../settings.ts';
import { sql, type Statement } from '../statement.ts';
import { notificationsOf, readPayload } from './announcement.ts';
import { failureOf, isConflict } from './failure.ts';
import { PostgresListener } from './listener.ts';
import { PostgresPool } from './pool.ts';
import { render } from './render.ts';
import type { PostgresSession } from './session.ts';

export interface PostgresParts {
  readonly connect: () => Promise<PostgresSession>;
  readonly poolSize: number;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly observer: DatabaseObserver;
}

/** What an answer may take beyond the server's own limit before the connection counts as dead. */
const graceMs = 1000;
/** Tries of one that was in another one's way. */
const maxTries = 6;

/** Statements go over a pool; one connection more listens, and knows whether the server answers. While it does not, calls fail at once. */
export class PostgresDatabase implements Database {
  readonly kind = 'postgres';
  readonly all: Database['all'];
  readonly one: Database['one'];
  readonly run: Database['run'];
  readonly #parts: PostgresParts;
  readonly #pool: PostgresPool;
  readonly #listener: PostgresListener;
  readonly #listeners = new Listeners();
  /** Tells our announcements from those of others. */
  readonly #origin = crypto.randomUUID();
  #up = false;
  /** Something may have been missed. */
  #wasDown = false;
  #why = 'It was not reached yet.';
  #closed: Promise<void> | undefined;

  constructor(parts: PostgresParts) {
    const { connect, poolSize, connectTimeoutMs } = parts;
    this.#parts = parts;
    this.#pool = new PostgresPool({ size: poolSize, waitTimeoutMs: connectTimeoutMs, connect });
    this.#listener = new PostgresListener({
      connect,
      pingTimeoutMs: connectTimeoutMs,
      onUp: () => this.#cameUp(),
      onDown: (why) => this.#wentDown(why),
      onNotification: (payload) => this.#heard(payload),
    });
    const { all, one, run } = queriesOf((statement) => {
      refuseInside(this);
      return this.#again(() => this.#use((session) => this.#query(session, statement)));
    });
    this.all = all;
    this.one = one;
    this.run = run;
  }

  /** Resolves when it is known whether the server answers. */
  start(): Promise<void> {
    return this.#listener.start();
  }

  get up(): boolean {
    return this.#up && !this.#closed;
  }

  /** Connections that are open or being made, the one that listens not counted. */
  get connections(): number {
    return this.#pool.size;
  }

  async transaction<T>(work: (tx: Transaction) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    refuseInside(this);
    const { value, announced } = await this.#again(() => this.#use((session) => this.#transact(session, work, options)));
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
    this.#listeners.clear();
    await Promise.all([this.#listener.close(), this.#pool.close()]);
  }

  /** A conflict with another one is no failure: it is done again, a little later each time. */
  async #again<T>(call: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await call();
      } catch (cause) {
        if (!(cause instanceof Conflict)) throw cause;
        if (tries >= maxTries) throw cause.failure;
        await Bun.sleep(Math.random() * 10 * 2 ** tries);
      }
    }
  }

  async #use<T>(work: (session: PostgresSession) => Promise<T>): Promise<T> {
    if (this.#closed) throw closedFailure();
    if (!this.#up) throw unavailable('The database is not reachable.', this.#why);
    try {
      return await this.#pool.use(work);
    } catch (cause) {
      if (isAway(cause)) this.#listener.look();
      throw cause;
    }
  }

  async #query(session: PostgresSession, statement: Statement, limitMs = this.#parts.statementTimeoutMs): Promise<Result> {
    const { text, values } = render(statement);
    try {
      return await session.query(text, values, limitMs + graceMs);
    } catch (cause) {
      throw isConflict(cause) ? new Conflict(failureOf(cause)) : failureOf(cause);
    }
  }

  async #transact<T>(session: PostgresSession, work: (tx: Transaction) => Promise<T>, options: TransactionOptions): Promise<Worked<T>> {
    const limitMs = options.timeoutMs === null ? Infinity : this.#parts.statementTimeoutMs;
    const query = (statement: Statement): Promise<Result> => this.#query(session, statement, limitMs);
    const runEach = async (statements: readonly Statement[]): Promise<readonly number[]> => {
      const changes: number[] = [];
      for (const each of statements) changes.push((await query(each)).changes);
      return changes;
    };
    let committing = false;
    try {
      await query(options.snapshot ? sql`begin isolation level repeatable read read only` : sql`begin`);
      const lock = async (name: string, { shared = false }: LockOptions) => void (await query(lockOf(name, shared)));
      const worked = await workInside(this, { execute: query, runEach, lock }, work, options);
      for (const statement of notificationsOf(this.#origin, worked.announced)) await query(statement);
      committing = true;
      await query(sql`commit`);
      return worked;
    } catch (cause) {
      // It may have been carried out, and nobody would say so.
      if (committing && isAway(cause)) this.#listeners.tell(undefined);
      // One that took too long may be in the middle of a statement: its connection goes with it.
      if (session.busy) session.destroy('a transaction was given up');
      else if (session.open) await query(sql`rollback`).catch(() => session.destroy('it did not roll back'));
      throw cause;
    }
  }

  #cameUp(): void {
    this.#up = true;
    this.#parts.observer.up?.();
    if (this.#wasDown) this.#listeners.tell(undefined);
  }

  #wentDown(why: string): void {
    const told = this.#wasDown && !this.#up;
    this.#up = false;
    this.#wasDown = true;
    this.#why = why;
    this.#pool.drop();
    if (!told) this.#parts.observer.down?.(why);
  }

  #heard(payload: string): void {
    const announcement = readPayload(payload);
    if (announcement && announcement.origin !== this.#origin) this.#listeners.tell(announcement.subject);
  }
}

/** On its way to be tried again. Inside a transaction, its work sees it, and is done again whatever it makes of it. */
class Conflict extends Error {
  override readonly name = 'Conflict';
  readonly failure: unknown;

  constructor(failure: unknown) {
    super('Another transaction was in the way.');
    this.failure = failure;
  }
}

const isAway = (cause: unknown): boolean => SluiceError.is(cause) && cause.code === 'unavailable';

/** A number of 64 bits for the name, the same in every version. */
const lockOf = (name: string, shared: boolean): Statement => {
  const hash = new Bun.CryptoHasher('sha256').update(`sluice lock\n${name}`).digest();
  const number = hash.readBigInt64BE(0);
  return shared ? sql`select pg_advisory_xact_lock_shared(${number})` : sql`select pg_advisory_xact_lock(${number})`;
};
