import { hostAndPort, urlOf, type RedisAddress } from './address.ts';
import { RedisFailure } from './failure.ts';
import type { CommandResult, RedisObserver } from './observer.ts';
import type { Script } from './script.ts';

export interface NodeOptions {
  readonly commandTimeoutMs: number;
  readonly connectTimeoutMs: number;
  /** The longest wait between two probes, in milliseconds. */
  readonly maxProbeMs: number;
  /** Told to each server when it is reached, so that they need not be sent in full. */
  readonly scripts: readonly Script[];
  readonly tls?: Bun.TLSOptions;
  readonly random: () => number;
  readonly observer: RedisObserver;
  readonly onUp: (node: RedisNode) => void;
}

/** What is done with a reply that came after its command was given up. */
export type Late = (reply: unknown) => void;

/** Failures in a row after which nothing is sent any more but probes. */
const failuresToOpen = 5;
/** A timer that fires so late was kept waiting by this process. Then the server has so long. */
const [lateMs, graceMs] = [5, 30];
/** The longest that a command waits behind others, at a server that replies to them. */
const maxQueuedMs = 1000;
/** Beyond it a server is too slow to be worth the memory. */
const maxInFlight = 10_000;
/** One that was up for so long starts the waits between probes from the beginning. */
const stableMs = 2000;
/** A connection that goes is no sick server: its own restarts are waited for anew. */
const lostStableMs = 200;
/** Replies of the connection before that may still come, once there is a new one. */
const lingerMs = 1000;
const firstReconnectMs = 50;
const firstProbeMs = 1000;

/** Says nothing of the server's health. */
const harmless: ReadonlySet<string> = new Set(['MOVED', 'ASK', 'NOSCRIPT']);
/** Errors of the server itself, not of what it was asked (redis.io/docs/latest/develop/reference/protocol-spec, read 2026-11-22). */
const sick: ReadonlySet<string> = new Set(
  'LOADING READONLY OOM MASTERDOWN CLUSTERDOWN NOAUTH NOPERM MISCONF BUSY TRYAGAIN NOREPLICAS'.split(' '),
);

interface Connection {
  readonly client: Bun.RedisClient;
  readonly since: number;
  inFlight: number;
  /** On `performance.now()`'s clock. */
  repliedAt: number;
  /** It has replied after it was given up. */
  answered: boolean;
}

/**
 * One server, one connection. Each command has a limit of time; nothing is kept for later while there is no connection.
 * After five failures in a row the breaker opens: commands fail at once, and only probes go out, first after a second,
 * then ever more seldom. A probe is a new connection that can write, so that a demoted or blocked server is no success.
 * The client's own reconnecting is not used: what it does with commands between two connections is not ours to bound.
 */
export class RedisNode {
  readonly address: RedisAddress;
  readonly name: string;
  readonly #options: NodeOptions;
  #connection: Connection | undefined;
  /** Given up, but replies may come. */
  #lingering: Connection | undefined;
  #failures = 0;
  /** Since the last connection that was stable. */
  #attempts = 0;
  #open = false;
  #closed = false;
  /** It was said that it is down. */
  #told = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #waiting = new Set<() => void>();

  constructor(address: RedisAddress, options: NodeOptions) {
    this.address = address;
    this.name = hostAndPort(address.host, address.port);
    this.#options = options;
    void this.#attempt();
  }

  get up(): boolean {
    return this.#connection !== undefined;
  }

  /** Whether the breaker is open: too many failures in a row, connecting included. */
  get open(): boolean {
    return this.#open;
  }

  /**
   * @param endsAt on `performance.now()`'s clock
   * @throws RedisFailure
   */
  send(command: string, args: string[], endsAt: number, late?: Late): Promise<unknown> {
    const connection = this.#connection;
    const { observer } = this.#options;
    if (!connection || connection.inFlight >= maxInFlight) {
      observer.command('down', 0);
      return Promise.reject(new RedisFailure('down', 'Redis is not reachable.'));
    }
    const startedAt = performance.now();
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    let over = false;
    const end = (result: CommandResult): void => {
      over = true;
      clearTimeout(timer);
      observer.command(result, (performance.now() - startedAt) / 1000);
    };
    let dueAt = endsAt;
    const expire = (): void => {
      if (over) return;
      // A timer that is late itself says nothing of the server: a process that has much to do may not have sent the command
      // before now. The server has a moment of its own.
      const now = performance.now();
      // And one that replies to what was sent before is not away: what waits behind that has its reply soon.
      const queuedMs = connection.repliedAt + endsAt - startedAt - now;
      const moreMs = now > dueAt + lateMs ? Math.max(graceMs, queuedMs) : queuedMs;
      if (moreMs > 0 && now + moreMs < startedAt + maxQueuedMs) {
        dueAt = now + moreMs;
        timer = setTimeout(expire, moreMs);
        return;
      }
      end('timeout');
      this.#failed(connection, 'no reply in time');
      reject(new RedisFailure('timeout', 'Redis did not reply in time.'));
    };
    let timer = setTimeout(expire, Math.max(0, endsAt - startedAt));
    connection.inFlight++;
    connection.client.send(command, args).then(
      (reply: unknown) => {
        connection.inFlight--;
        connection.repliedAt = performance.now();
        if (over) {
          this.#answersAgain(connection);
          return late?.(reply);
        }
        end('ok');
        this.#failures = 0;
        return resolve(reply);
      },
      (cause: { code?: string; message: string }) => {
        connection.inFlight--;
        if (over) return;
        if (cause.code !== 'ERR_REDIS_SERVER_ERROR') {
          end('lost');
          reject(new RedisFailure('lost', 'The connection to Redis was lost.'));
          return;
        }
        const failure = new RedisFailure('refused', cause.message);
        end(harmless.has(failure.code!) ? 'redirect' : 'refused');
        if (sick.has(failure.code!)) this.#failed(connection, failure.code!);
        else this.#failures = 0;
        reject(failure);
      },
    );
    return promise;
  }

  /** Resolves when it is up, or at `endsAt`. */
  ready(endsAt: number): Promise<void> {
    if (this.up) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const done = (): void => {
      clearTimeout(timer);
      this.#waiting.delete(done);
      resolve();
    };
    const timer = setTimeout(done, Math.max(0, endsAt - performance.now()));
    this.#waiting.add(done);
    return promise;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const done of this.#waiting) done();
    const connections = [this.#connection, this.#lingering];
    this.#connection = this.#lingering = undefined;
    for (const connection of connections) connection?.client.close();
  }

  #failed(connection: Connection, why: string): void {
    if (connection !== this.#connection || ++this.#failures < failuresToOpen) return;
    this.#open = true;
    this.#down(why);
  }

  /** A reply on the connection that was given up: the server is back, and need not wait for its next probe. */
  #answersAgain(connection: Connection): void {
    if (connection !== this.#lingering || connection.answered || this.#timer === undefined) return;
    connection.answered = true;
    clearTimeout(this.#timer);
    void this.#attempt();
  }

  #down(why: string, lost = false): void {
    const { random, maxProbeMs } = this.#options;
    if (this.#connection && performance.now() - this.#connection.since > (lost ? lostStableMs : stableMs)) this.#attempts = 0;
    if (this.#connection) {
      this.#lingering?.client.close();
      this.#lingering = this.#connection;
      this.#connection = undefined;
      this.#tell(why);
    }
    if (this.#closed) return;
    if (this.#open && this.#attempts < failuresToOpen) this.#attempts = failuresToOpen;
    else this.#attempts++;
    if (this.#attempts >= failuresToOpen) this.#open = true;
    // The client does not say which, and neither is it told whether a password was wrong.
    if (this.#open) this.#tell('it cannot be reached, or it refuses us');
    const beyond = this.#attempts - failuresToOpen;
    const wait = this.#open ? Math.min(firstProbeMs * 2 ** Math.min(beyond, 20), maxProbeMs) : firstReconnectMs * 2 ** (this.#attempts - 1);
    this.#timer = setTimeout(() => void this.#attempt(), wait * (0.8 + 0.4 * random()));
  }

  #tell(why: string): void {
    if (this.#told) return;
    this.#told = true;
    this.#options.observer.down(this.name, why);
  }

  async #attempt(): Promise<void> {
    this.#timer = undefined;
    const { connectTimeoutMs, commandTimeoutMs, tls, scripts, observer, onUp } = this.#options;
    const client = new Bun.RedisClient(urlOf(this.address), {
      autoReconnect: false,
      enableOfflineQueue: false,
      connectionTimeout: connectTimeoutMs,
      ...(this.address.tls && { tls: tls ?? true }),
    });
    const connection: Connection = { client, since: performance.now(), inFlight: 0, repliedAt: 0, answered: false };
    // It is no EventTarget.
    // oxlint-disable-next-line unicorn/prefer-add-event-listener
    client.onclose = () => {
      if (connection === this.#lingering) this.#lingering = undefined;
      if (connection === this.#connection) this.#down('the connection was closed', true);
    };
    try {
      await within(client.connect(), connectTimeoutMs);
      await within(probe(client), commandTimeoutMs);
      // One that may not load scripts can still run them.
      await within(Promise.all(scripts.map(({ lua }) => client.send('SCRIPT', ['LOAD', lua]).catch(() => {}))), connectTimeoutMs);
      if (!client.connected) throw new Error('closed');
    } catch {
      client.close();
      if (!this.#closed) this.#down('it cannot be reached');
      return;
    }
    if (this.#closed) return client.close();
    const before = this.#lingering;
    if (before) setTimeout(() => before.client.close(), lingerMs);
    this.#connection = connection;
    this.#failures = 0;
    this.#open = false;
    this.#told = false;
    observer.up(this.name);
    for (const done of this.#waiting) done();
    onUp(this);
  }
}

/** Can it be written to? A server of a cluster that has not this key says so, and is well. */
const probe = async (client: Bun.RedisClient): Promise<void> => {
  try {
    await client.send('SET', ['{sluice:probe}', '1', 'PX', '1000']);
  } catch (cause) {
    if (!/^(?:MOVED|ASK) /.test((cause as Error).message)) throw cause;
  }
};

const within = async <T>(promise: Promise<T>, ms: number): Promise<T> => {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('too slow')), ms);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
};
