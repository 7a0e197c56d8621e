import type { Clock } from '../lib/clock.ts';
import { SluiceError, type CancelSignal } from '../types/index.ts';
import type { RouteRequest } from './route-request.ts';
import type { QueueSettings } from './settings.ts';

const defaultQueue = { maxSize: 1000, maxWaitMs: 30_000 } as const;
/** LiteLLM's priorities go from 0, the first, to 255. */
const defaultPriority = 128;

/** A call that waits for a place. */
interface Waiter {
  caller: string;
  priority: number;
  /** The call itself: it may wait several times. */
  of: object;
  wake(room: Room): void;
}

/** Room that came free, and who has looked at it. Not everybody can use every deployment's: it is handed on until somebody can. */
export interface Room {
  readonly seenBy: Set<object>;
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
   * @param of stands for the call, and is the same whenever it waits
   * @returns the room that it was woken for: who does not use it hands it on (`wakeNext`). Undefined: it was not woken
   * @throws SluiceError `rate_limited` where it would have to wait longer than it may, `unavailable` where too many wait
   */
  async wait(
    { caller = '', priority = defaultPriority }: Pick<RouteRequest, 'caller' | 'priority'>,
    {
      retryAfterMs,
      deadline,
      since,
      signal,
      of,
    }: { retryAfterMs: number | undefined; deadline: number; since: number; signal: CancelSignal | undefined; of: object },
  ): Promise<Room | undefined> {
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
    let room: Room | undefined;
    const woken = new Promise<'woken'>((resolve) => {
      const wake = (found: Room) => {
        room = found;
        resolve('woken');
      };
      waiter = this.#enter({ caller, priority, of, wake });
    });
    try {
      // Room may come free where nobody tells: at another instance, or because a minute has passed.
      const ms = Math.max(1, Math.min(until - now, retryAfterMs ?? maxWaitMs));
      const why = await Promise.race([woken, this.#clock.sleep(ms, stop.signal).then(() => 'time' as const)]);
      // Who was woken for a place at its last moment has it, or nobody would.
      if (why === 'time' && !room && this.#clock.now() >= until) throw this.#limited(retryAfterMs);
    } catch (cause) {
      if (SluiceError.is(cause)) throw cause;
      // The caller left: who calls looks at its signal.
    } finally {
      signal?.removeEventListener('abort', stopped);
      stop.abort();
      this.#leave(waiter!);
    }
    return room;
  }

  /** There may be room for one. */
  wakeNext(room: Room = { seenBy: new Set() }): void {
    const next = this.#nextFor(room);
    if (!next) return;
    const { caller, priority } = next;
    room.seenBy.add(next.of);
    this.#leave(next);
    // To the end of its line: the others have their turn first.
    const line = this.#lines.get(priority);
    const left = line?.get(caller);
    if (line && left) {
      line.delete(caller);
      line.set(caller, left);
    }
    next.wake(room);
  }

  #nextFor({ seenBy }: Room): Waiter | undefined {
    if (this.#size === 0) return undefined;
    for (const priority of [...this.#lines.keys()].sort((a, b) => a - b)) {
      for (const waiters of this.#lines.get(priority)!.values()) {
        const found = waiters.find(({ of }) => !seenBy.has(of));
        if (found) return found;
      }
    }
    return undefined;
  }

  #enter(waiter: Waiter): Waiter {
    const { caller, priority } = waiter;
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
    const message = `All deployments of '${this.#name}' are at their limits (rpm, tpm, itpm, otpm or max_parallel_requests).`;
    return new SluiceError('rate_limited', message, { retryAfterMs: retryAfterMs ?? 1000 });
  }

  #overfull(): SluiceError {
    return new SluiceError('unavailable', `Too many calls wait for '${this.#name}' (${this.#settings.maxSize}).`, { retryAfterMs: 1000 });
  }
}
