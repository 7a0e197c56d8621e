import { RedisFailure, type Redis } from '../../storage/redis/index.ts';
import type { Script } from '../../storage/redis/script.ts';

/** Something that Redis must hear once: hearing it twice changes nothing, as long as `forMs` are not over. */
export interface Message {
  readonly script: Script;
  readonly keys: readonly string[];
  readonly args: readonly string[];
  /** For how long hearing it twice changes nothing, in milliseconds. */
  readonly forMs: number;
  /** Once: Redis has replied; undefined: it was given up, or nobody knows whether it was heard. */
  readonly onEnd: (reply: unknown) => void;
  /** Where a cluster keeps its keys in different places: what is sent instead. */
  readonly split?: () => readonly Message[];
}

interface Waiting {
  readonly message: Message;
  /** When it was first sent without a reply: it may have been heard. */
  doubtSince: number | undefined;
  sending: boolean;
  ended: boolean;
}

export interface OutboxOptions {
  readonly redis: Redis;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** The most that waits; beyond it the oldest is given up. */
  readonly max: number;
}

/** Sent at a time: what Redis does in a fraction of the time that a command may take, also if several gateways do it at once. */
const perBurst = 300;

/** What Redis is to be told, until it has heard it. Nobody waits for it. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #waiting = new Map<string, Waiting>();
  dropped = 0;
  #retrying = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** There is more to tell than is good: what can be told another time waits for that. */
  get isCrowded(): boolean {
    return this.#waiting.size >= this.#options.max / 2;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** @param id one that waits under the same is replaced */
  send(id: string, message: Message): void {
    const waiting: Waiting = { message, doubtSince: undefined, sending: false, ended: false };
    this.#end(id, this.#waiting.get(id), undefined);
    if (this.#waiting.size >= this.#options.max) {
      const [oldest, first] = this.#waiting.entries().next().value!;
      this.dropped += 1;
      this.#end(oldest, first, undefined);
    }
    this.#waiting.set(id, waiting);
    void this.#try(id, waiting);
  }

  /** What waits is sent again, where it can be, in the order in which it came; bursts go one after the other. */
  async retry(): Promise<void> {
    if (this.#retrying) return;
    this.#retrying = true;
    try {
      for (let sent = perBurst; sent === perBurst;) {
        const burst: Promise<boolean>[] = [];
        for (const [id, waiting] of this.#waiting) {
          if (waiting.sending || this.#isTooOld(id, waiting) || !this.#options.redis.reaches(waiting.message.keys[0]!)) continue;
          burst.push(this.#try(id, waiting));
          if (burst.length === perBurst) break;
        }
        sent = burst.length;
        // One that was not heard ends it: the next time is soon enough.
        if ((await Promise.all(burst)).includes(false)) return;
      }
    } finally {
      this.#retrying = false;
    }
  }

  /** Nobody knows whether it was heard, and it may not be said twice any more. */
  #isTooOld(id: string, waiting: Waiting): boolean {
    const { doubtSince, message } = waiting;
    if (doubtSince === undefined || this.#options.now() - doubtSince <= message.forMs) return false;
    this.dropped += 1;
    this.#end(id, waiting, undefined);
    return true;
  }

  clear(): void {
    this.#waiting.clear();
  }

  /** @returns whether it was heard */
  async #try(id: string, waiting: Waiting): Promise<boolean> {
    const { redis, now } = this.#options;
    const { script, keys, args } = waiting.message;
    if (!redis.reaches(keys[0]!)) return false;
    waiting.sending = true;
    const sentAt = now();
    try {
      this.#end(id, waiting, await redis.run(script, keys, args, (late) => this.#end(id, waiting, late)));
      return true;
    } catch (cause) {
      if (!(cause instanceof RedisFailure)) throw cause;
      if (cause.kind === 'timeout' || cause.kind === 'lost') waiting.doubtSince ??= sentAt;
      if (cause.code === 'CROSSSLOT') {
        const parts = waiting.message.split?.() ?? [];
        if (this.#waiting.get(id) === waiting) this.#waiting.delete(id);
        waiting.ended = true;
        parts.forEach((part, at) => this.send(`${id} ${at}`, part));
      }
      return false;
    } finally {
      waiting.sending = false;
    }
  }

  #end(id: string, waiting: Waiting | undefined, reply: unknown): void {
    if (!waiting || waiting.ended) return;
    waiting.ended = true;
    if (this.#waiting.get(id) === waiting) this.#waiting.delete(id);
    waiting.message.onEnd(reply);
  }
}
