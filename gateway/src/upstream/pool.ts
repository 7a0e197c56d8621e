import type { TLSOptions } from 'bun';
import { SluiceError } from 'sluice/kit';
import { Connection, type ConnectionKeeper } from './connection.ts';
import { Dial, tlsOptions } from './dial.ts';
import type { Exchange, Holder } from './exchange.ts';
import { connectTimedOut } from './failures.ts';
import type { TransportSettings } from './options.ts';
import type { Origin } from './origin.ts';

/** Counters since the start, and what there is at the moment. */
export interface UpstreamStats {
  /** Connections: being made, busy, kept for reuse. */
  connecting: number;
  active: number;
  idle: number;
  /** Requests that wait because all connections are taken. */
  waiting: number;
  origins: number;
  /** Connections made, and attempts that failed. */
  opened: number;
  connectFailures: number;
  /** Requests that went out on a connection used before. */
  reused: number;
  /** Requests sent again because the connection they went out on had died. */
  staleRetries: number;
  /** Idle connections closed: too old, too many, or by the upstream. */
  retired: number;
}

const sweepMs = 1000;

/** Connections by origin. The one used last is used next, so that what is not needed grows old and is closed. */
export class Pool implements ConnectionKeeper, Holder {
  readonly #settings: TransportSettings;
  readonly #tls: TLSOptions;
  readonly #idle = new Map<string, Connection[]>();
  readonly #open = new Set<Connection>();
  readonly #waiting = new Map<Exchange, ReturnType<typeof setTimeout> | undefined>();
  readonly #counts = { connecting: 0, idle: 0, opened: 0, connectFailures: 0, reused: 0, staleRetries: 0, retired: 0 };
  #sweeper: ReturnType<typeof setInterval> | undefined;
  #closed = false;

  constructor(settings: TransportSettings) {
    this.#settings = settings;
    this.#tls = tlsOptions(settings.tls);
  }

  submit(exchange: Exchange): void {
    if (this.#closed) return exchange.failed(new SluiceError('connection', 'The transport is closed.', { retry: false }));
    const connection = this.#takeIdle(exchange.origin);
    if (connection) {
      this.#counts.reused++;
      connection.send(exchange);
    } else if (this.#hasRoom()) this.#dial(exchange);
    else this.#wait(exchange);
  }

  release(connection: Connection): void {
    if (this.#closed) return connection.retire();
    const next = this.#nextWaiting(connection.origin);
    if (next) {
      this.#counts.reused++;
      connection.send(next);
      return;
    }
    const stack = this.#idle.get(connection.origin.key) ?? [];
    const { maxIdle, maxIdlePerOrigin } = this.#settings;
    if (connection.idleLimitMs === 0 || stack.length >= maxIdlePerOrigin || this.#counts.idle >= maxIdle) {
      this.#counts.retired++;
      return connection.retire();
    }
    connection.idleSince = performance.now();
    if (stack.length === 0) this.#idle.set(connection.origin.key, stack);
    stack.push(connection);
    this.#counts.idle++;
    if (!this.#sweeper) {
      this.#sweeper = setInterval(() => this.#sweep(), sweepMs);
      this.#sweeper.unref();
    }
    // There may be somebody who waits for another upstream: room can be made.
    if (this.#waiting.size > 0) this.#admit();
  }

  closed(connection: Connection): void {
    if (this.#forget(connection) && this.#waiting.size > 0) this.#admit();
  }

  /** @returns whether it was known */
  #forget(connection: Connection): boolean {
    if (!this.#open.delete(connection)) return false;
    const stack = this.#idle.get(connection.origin.key);
    const index = stack?.lastIndexOf(connection) ?? -1;
    if (stack && index !== -1) {
      stack.splice(index, 1);
      this.#counts.idle--;
      this.#counts.retired++;
      if (stack.length === 0) this.#idle.delete(connection.origin.key);
    }
    return true;
  }

  stale(exchange: Exchange): void {
    this.#counts.staleRetries++;
    exchange.retried = true;
    // Not on another idle one: what killed this one may have killed them all.
    if (this.#hasRoom()) this.#dial(exchange);
    else this.#wait(exchange);
  }

  /** One that waits in the queue is not wanted any more. */
  abandon(exchange: Exchange): void {
    clearTimeout(this.#waiting.get(exchange));
    this.#waiting.delete(exchange);
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#sweeper);
    for (const exchange of this.#waiting.keys())
      this.#leaveQueue(exchange).failed(new SluiceError('connection', 'The transport is closed.', { retry: false }));
    for (const connection of this.#open) connection.shut();
  }

  stats(): UpstreamStats {
    const { idle } = this.#counts;
    const origins = new Set<string>();
    for (const { origin } of this.#open) origins.add(origin.key);
    return { ...this.#counts, active: this.#open.size - idle, waiting: this.#waiting.size, origins: origins.size };
  }

  #takeIdle({ key }: Origin): Connection | undefined {
    const stack = this.#idle.get(key);
    if (!stack) return undefined;
    const now = performance.now();
    for (let connection = stack.pop(); connection; connection = stack.pop()) {
      this.#counts.idle--;
      if (stack.length === 0) this.#idle.delete(key);
      if (now - connection.idleSince < connection.idleLimitMs) return connection;
      this.#counts.retired++;
      connection.retire();
    }
    return undefined;
  }

  /** Whether one more may be opened; an idle one elsewhere gives way. */
  #hasRoom(): boolean {
    if (this.#open.size + this.#counts.connecting < this.#settings.maxConnections) return true;
    let oldest: Connection | undefined;
    for (const [first] of this.#idle.values()) if (first && (!oldest || first.idleSince < oldest.idleSince)) oldest = first;
    if (!oldest) return false;
    // Forgotten first: its place is taken by whoever asked, not by the queue.
    this.#forget(oldest);
    oldest.retire();
    return true;
  }

  #dial(exchange: Exchange): void {
    this.#counts.connecting++;
    const dial = new Dial({
      origin: exchange.origin,
      tls: this.#tls,
      limitMs: exchange.connectTimeoutMs,
      done: (result) => {
        if (SluiceError.is(result)) return exchange.failed(result);
        const connection = new Connection(result, exchange.origin, this, this.#settings);
        this.#open.add(connection);
        connection.send(exchange);
      },
      settled: (connected) => {
        this.#counts.connecting--;
        if (connected) this.#counts.opened++;
        else {
          this.#counts.connectFailures++;
          if (this.#waiting.size > 0) this.#admit();
        }
      },
    });
    exchange.holder = dial;
  }

  #wait(exchange: Exchange): void {
    const { connectTimeoutMs, origin } = exchange;
    exchange.holder = this;
    const timer =
      connectTimeoutMs > 0
        ? setTimeout(() => this.#leaveQueue(exchange).failed(connectTimedOut(origin.host, connectTimeoutMs)), connectTimeoutMs)
        : undefined;
    this.#waiting.set(exchange, timer);
  }

  #leaveQueue(exchange: Exchange): Exchange {
    this.abandon(exchange);
    return exchange;
  }

  /** The first in the queue, if it wants this very upstream; fairness over reuse. */
  #nextWaiting({ key }: Origin): Exchange | undefined {
    const [first] = this.#waiting.keys();
    return first?.origin.key === key ? this.#leaveQueue(first) : undefined;
  }

  #admit(): void {
    const [first] = this.#waiting.keys();
    if (first && this.#hasRoom()) this.#dial(this.#leaveQueue(first));
  }

  #sweep(): void {
    const now = performance.now();
    // Closing takes a connection out of its stack, so the old ones are picked out first. They lie at the bottom.
    for (const stack of this.#idle.values()) {
      for (const connection of stack.filter(({ idleSince, idleLimitMs }) => now - idleSince >= idleLimitMs)) connection.retire();
    }
    if (this.#counts.idle > 0) return;
    clearInterval(this.#sweeper);
    this.#sweeper = undefined;
  }
}
