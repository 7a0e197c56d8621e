import { SluiceError } from 'sluice/kit';
import { closedFailure, unavailable } from '../failure.ts';
import { failureOf } from './failure.ts';
import type { PostgresSession } from './session.ts';

/** Who may wait for a connection. */
const maxWaiting = 10_000;
const idleMs = 60_000;

interface Waiter {
  readonly give: (session: PostgresSession) => void;
  readonly fail: (cause: unknown) => void;
}

export interface PoolOptions {
  /** Connections at most, those that are being made counted. */
  readonly size: number;
  /** How long to wait for a free one. */
  readonly waitTimeoutMs: number;
  readonly connect: () => Promise<PostgresSession>;
}

/** Connections that calls share. They are made when they are needed, and ended when nobody has needed them for a minute. */
export class PostgresPool {
  readonly #options: PoolOptions;
  readonly #busy = new Set<PostgresSession>();
  /** The one that was used last is taken first, so that the others can go. */
  readonly #idle: { readonly session: PostgresSession; readonly since: number }[] = [];
  readonly #waiting: Waiter[] = [];
  readonly #sweep: ReturnType<typeof setInterval>;
  #opening = 0;
  #closed = false;
  /** Connections of an earlier one are not kept. */
  #generation = 0;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#sweep = setInterval(() => this.#endIdle(performance.now() - idleMs), idleMs / 4);
    this.#sweep.unref();
  }

  get size(): number {
    return this.#busy.size + this.#idle.length + this.#opening;
  }

  /** @throws what the work throws; SluiceError `unavailable` where none gets free in time, or none can be made */
  async use<T>(work: (session: PostgresSession) => Promise<T>): Promise<T> {
    const session = await this.#take();
    let keep = true;
    try {
      return await work(session);
    } catch (cause) {
      // It may be one that a new connection would not have: a standby that was the primary, a server that ends.
      keep = !(SluiceError.is(cause) && cause.code === 'unavailable');
      throw cause;
    } finally {
      this.#release(session, keep);
    }
  }

  /** The server is away: ends all connections, at once. What is on its way fails, and who waits fails. */
  drop(): void {
    this.#generation++;
    for (const session of this.#busy) session.destroy('the server is away');
    for (const { session } of this.#idle.splice(0)) session.destroy('the server is away');
    const cause = this.#closed ? closedFailure() : unavailable('The database is not reachable.');
    for (const waiter of this.#waiting.splice(0)) waiter.fail(cause);
  }

  /** Waits for what runs; who waits for a connection fails. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweep);
    for (const waiter of this.#waiting.splice(0)) waiter.fail(closedFailure());
    const idle = this.#idle.splice(0);
    await Promise.all([...idle.map(({ session }) => session.end()), ...[...this.#busy].map((session) => session.closed)]);
  }

  #take(): Promise<PostgresSession> {
    if (this.#closed) throw closedFailure();
    if (this.#waiting.length >= maxWaiting) throw unavailable('Too many calls wait for the database.');
    const { promise, resolve, reject } = Promise.withResolvers<PostgresSession>();
    const timer = setTimeout(() => {
      const at = this.#waiting.indexOf(waiter);
      if (at !== -1) this.#waiting.splice(at, 1);
      reject(unavailable('No connection to the database got free in time.'));
    }, this.#options.waitTimeoutMs);
    const waiter: Waiter = {
      give: (session) => {
        clearTimeout(timer);
        resolve(session);
      },
      fail: (cause) => {
        clearTimeout(timer);
        reject(cause);
      },
    };
    this.#waiting.push(waiter);
    this.#serve();
    return promise;
  }

  #serve(): void {
    while (this.#waiting.length > 0) {
      const session = this.#nextIdle();
      if (!session) break;
      this.#busy.add(session);
      this.#waiting.shift()!.give(session);
    }
    while (this.#opening < this.#waiting.length && this.size < this.#options.size) void this.#open();
  }

  async #open(): Promise<void> {
    this.#opening++;
    const generation = this.#generation;
    try {
      const session = await this.#options.connect();
      if (this.#closed || generation !== this.#generation) {
        session.destroy('it came too late');
        return;
      }
      this.#idle.push({ session, since: performance.now() });
      void session.closed.then(() => this.#forget(session));
    } catch (cause) {
      this.#waiting.shift()?.fail(failureOf(cause));
    } finally {
      this.#opening--;
      this.#serve();
    }
  }

  #release(session: PostgresSession, keep: boolean): void {
    if (!this.#busy.delete(session)) return;
    if (this.#closed) void session.end();
    else if (keep && session.open) this.#idle.push({ session, since: performance.now() });
    else session.destroy('it was left in the middle');
    this.#serve();
  }

  #nextIdle(): PostgresSession | undefined {
    for (;;) {
      const next = this.#idle.pop();
      if (!next || next.session.open) return next?.session;
    }
  }

  #forget(session: PostgresSession): void {
    const at = this.#idle.findIndex((each) => each.session === session);
    if (at !== -1) this.#idle.splice(at, 1);
    this.#serve();
  }

  #endIdle(before: number): void {
    const old = this.#idle.findIndex(({ since }) => since >= before);
    for (const { session } of this.#idle.splice(0, old === -1 ? this.#idle.length : old)) void session.end();
  }
}
