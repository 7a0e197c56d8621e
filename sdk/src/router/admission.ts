import type { Clock } from '../lib/clock.ts';
import { SluiceError, type CancelSignal } from '../types/index.ts';
import type { RouteRequest } from './route-request.ts';
import type { QueueSettings } from './settings.ts';

export const defaultQueue = { maxSize: 1000, maxWaitMs: 30_000 } as const;
/** LiteLLM's priorities go from 0, the first, to 255. */
const defaultPriority = 128;

/** A call that waits for a place. */
interface Waiter {
  caller: string;
  priority: number;
  wake(): void;
}

/**
 * The calls that wait for a place at one name. The lowest priority number goes first; among equals each caller has its
 * turn, so that one who sends a thousand calls makes the others wait for one of them and not for all.
 */
export class Admission {
  readonly #name: string;
  readonly #settings: Required<QueueSettings>;
  readonly #clock: Clock;
  readonly #onRoom: (wake: () => void) => () => void;
  #stop: (() => void) | undefined;
  /** By priority, by caller; both in the order in which they are to be served. */
  readonly #lines = new Map<number, Map<string, Waiter[]>>();
  #size = 0;

  /** @param onRoom listened to while somebody waits, also when another router has taken this one's place. Returns how to stop it */
  constructor(
    name: string,
    { maxSize = defaultQueue.maxSize, maxWaitMs = defaultQueue.maxWaitMs }: QueueSettings,
    clock: Clock,
    onRoom: (wake: () => void) => () => void,
  ) {
    this.#name = name;
    this.#settings = { maxSize, maxWaitMs };
    this.#clock = clock;
    this.#onRoom = onRoom;
  }

  get size(): number {
    return this.#size;
  }

  /**
   * Waits until there may be a place, and how long that took does not matter: who is woken looks again.
   * @param retryAfterMs when there may be one, if that is known
   * @param deadline Unix milliseconds
   * @param since when the call began to wait
   * @throws SluiceError `rate_limited` where it would have to wait longer than it may, `unavailable` where too many wait
   */
  async wait(
    { caller = '', priority = defaultPriority }: Pick<RouteRequest, 'caller' | 'priority'>,
    {
      retryAfterMs,
      deadline,
      since,
      signal,
    }: { retryAfterMs: number | undefined; deadline: number; since: number; signal: CancelSignal | undefined },
  ): Promise<void> {
    const now = this.#clock.now();
    const { maxSize, maxWaitMs } = this.#settings;
    const until = Math.min(deadline, since + maxWaitMs);
    if (maxSize === 0 || (retryAfterMs !== undefined && now + retryAfterMs > until)) throw this.#limited(retryAfterMs);
    if (this.#size >= maxSize) throw this.#overfull();
    if (now >= until) throw this.#limited(retryAfterMs);
    let waiter: Waiter | undefined;
    const stop = new AbortController();
    const stopped = () => stop.abort();
    signal?.addEventListener('abort', stopped);
    const woken = new Promise<'woken'>((resolve) => (waiter = this.#enter(caller, priority, () => resolve('woken'))));
    try {
      // Room may come free where nobody tells: at another instance, or because a minute has passed.
      const ms = Math.max(1, Math.min(until - now, retryAfterMs ?? maxWaitMs));
      const why = await Promise.race([woken, this.#clock.sleep(ms, stop.signal).then(() => 'time' as const)]);
      if (why === 'time' && this.#clock.now() >= until) throw this.#limited(retryAfterMs);
    } catch (cause) {
      if (SluiceError.is(cause)) throw cause;
      // The caller left: who calls looks at its signal.
    } finally {
      signal?.removeEventListener('abort', stopped);
      stop.abort();
      this.#leave(waiter!);
    }
  }

  /** There may be room for one. */
  wakeNext(): void {
    if (this.#size === 0) return;
    const priority = [...this.#lines.keys()].reduce((lowest, each) => Math.min(lowest, each), Infinity);
    const line = this.#lines.get(priority);
    const [caller, waiters] = line?.entries().next().value ?? [];
    if (!line || caller === undefined || !waiters) return;
    const next = waiters[0]!;
    this.#leave(next);
    // To the end of its line: the others have their turn first.
    const left = line.get(caller);
    if (left) {
      line.delete(caller);
      line.set(caller, left);
    }
    next.wake();
  }

  #enter(caller: string, priority: number, wake: () => void): Waiter {
    const waiter: Waiter = { caller, priority, wake };
    let line = this.#lines.get(priority);
    if (!line) this.#lines.set(priority, (line = new Map()));
    const waiters = line.get(caller);
    if (waiters) waiters.push(waiter);
    else line.set(caller, [waiter]);
    this.#size++;
    this.#stop ??= this.#onRoom(() => this.wakeNext());
    return waiter;
  }

  #leave(waiter: Waiter): void {
    const line = this.#lines.get(waiter.priority);
    const waiters = line?.get(waiter.caller);
    const at = waiters?.indexOf(waiter) ?? -1;
    if (!line || !waiters || at === -1) return;
    waiters.splice(at, 1);
    this.#size--;
    if (waiters.length === 0) line.delete(waiter.caller);
    if (line.size === 0) this.#lines.delete(waiter.priority);
    if (this.#size > 0) return;
    this.#stop?.();
    this.#stop = undefined;
  }

  #limited(retryAfterMs: number | undefined): SluiceError {
    return new SluiceError('rate_limited', `All deployments of '${this.#name}' are at their limits (rpm, tpm or max_parallel_requests).`, {
      retryAfterMs: retryAfterMs ?? 1000,
    });
  }

  #overfull(): SluiceError {
    return new SluiceError('unavailable', `Too many calls wait for '${this.#name}' (${this.#settings.maxSize}).`, { retryAfterMs: 1000 });
  }
}
