import { whyOf } from './failure.ts';
import type { PostgresSession } from './session.ts';

export interface ListenerOptions {
  readonly connect: () => Promise<PostgresSession>;
  /** How long the server may take to answer a ping. */
  readonly pingTimeoutMs: number;
  /** It answers, for the first time or again. */
  readonly onUp: () => void;
  readonly onDown: (why: string) => void;
  readonly onNotification: (payload: string) => void;
}

const pingEveryMs = 5000;
const firstWaitMs = 100;
const maxWaitMs = 2000;

/**
 * The connection that listens. By it is known whether the server answers: it is pinged, and when it is lost a new one is
 * tried for until there is one. Nobody else looks for a server that is away.
 */
export class PostgresListener {
  readonly #options: ListenerOptions;
  #session: PostgresSession | undefined;
  #attempts = 0;
  #closed = false;
  #pinging = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  readonly #pings: ReturnType<typeof setInterval>;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#pings = setInterval(() => this.look(), pingEveryMs);
    this.#pings.unref();
  }

  /** Resolves when the first try is over, whether it worked or not. */
  start(): Promise<void> {
    return this.#connect();
  }

  /** Now, since somebody has reason to doubt. */
  look(): void {
    const session = this.#session;
    if (!session || this.#pinging) return;
    this.#pinging = true;
    session
      .query('select 1', [], this.#options.pingTimeoutMs)
      .catch((cause: unknown) => session.destroy(whyOf(cause)))
      .finally(() => void (this.#pinging = false));
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#pings);
    clearTimeout(this.#retry);
    await this.#session?.end();
  }

  async #connect(): Promise<void> {
    let session: PostgresSession;
    try {
      session = await this.#options.connect();
      session.onNotification(this.#options.onNotification);
      await session.query('listen sluice', [], this.#options.pingTimeoutMs);
    } catch (cause) {
      this.#later(whyOf(cause));
      return;
    }
    if (this.#closed) {
      void session.end();
      return;
    }
    this.#session = session;
    this.#attempts = 0;
    this.#pinging = false;
    void this.#watch(session);
    this.#options.onUp();
  }

  async #watch(session: PostgresSession): Promise<void> {
    const why = await session.closed;
    this.#session = undefined;
    this.#later(why);
  }

  #later(why: string): void {
    if (this.#closed) return;
    this.#options.onDown(why);
    const waitMs = Math.min(firstWaitMs * 2 ** Math.min(this.#attempts++, 10), maxWaitMs);
    this.#retry = setTimeout(() => void this.#connect(), waitMs * (0.8 + 0.4 * Math.random()));
    this.#retry.unref();
  }
}
