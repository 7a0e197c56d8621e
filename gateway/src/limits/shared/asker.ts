import { RedisFailure, type Redis } from '../../storage/redis/index.ts';
import type { Subject } from '../types.ts';
import type { Answer } from './answers.ts';
import type { SharedCell } from './cell.ts';
import type { HeardRates } from './heard-rates.ts';
import { takeArgs, type Plan } from './plan.ts';
import type { StoreTime } from './store-time.ts';
import { takeScript } from './take-script.ts';
import type { Views } from './views.ts';

/** What was spent before Redis counted, in nano-dollars: the database's, and what waits to be written here. */
export type Seed = (subject: Subject, periodStart: number | undefined) => Promise<number>;

export interface AskerOptions {
  readonly redis: Redis;
  readonly time: StoreTime;
  readonly views: Views;
  readonly heard: HeardRates;
  /** This machine's Unix milliseconds. */
  readonly now: () => number;
  readonly seed: Seed | undefined;
  readonly leaseMs: number;
  /** For one call, all its commands together, in milliseconds. */
  readonly maxWaitMs: number;
}

/** A wait that is over before it began is no wait. */
const leastWaitMs = 5;

/** Asks Redis whether there is room, and tells it first what it must know for that. */
export class Asker {
  readonly #options: AskerOptions;
  /** Budgets whose spend is being looked up, by name: one look for all who want it. */
  readonly #seeding = new Map<string, Promise<number>>();

  constructor(options: AskerOptions) {
    this.#options = options;
  }

  /** @throws what the database throws */
  async ask(plan: Plan, lease: string): Promise<Answer> {
    const { redis, time, leaseMs, maxWaitMs } = this.#options;
    if (!redis.reaches(plan.keys[0]!)) return { kind: 'away', plan, sent: false };
    const askedAt = performance.now();
    let reply = await this.#run(plan, takeArgs(plan, { mode: 'take', lease, leaseMs, takenAt: 0 }));
    if (isAnswer(reply)) return reply;
    if (reply[0] === 3) {
      const waitedMs = performance.now() - askedAt;
      const seeds = new Map<number, number>();
      // What money was spent of budgets that Redis does not count yet: a few at a time, each once.
      for (const at of reply.slice(2)) seeds.set(at, await this.seedOf(plan.cells[at]!.cell));
      const args = takeArgs(plan, { mode: 'take', lease, leaseMs, takenAt: 0, seeds });
      reply = await this.#within(Math.max(leastWaitMs, maxWaitMs - waitedMs), plan, this.#run(plan, args));
      if (isAnswer(reply)) return reply;
    }
    const { views, heard, now } = this.#options;
    if (reply[0] === 0) {
      heard.heard(plan.cells[plan.checks[reply[2]!]!.cell]!.cell, reply[3]!, now());
      return { kind: 'refused', plan, reply };
    }
    // Lost between two questions, or of a call that was given up: nobody has it.
    if (reply[0] !== 1) return { kind: 'away', plan, sent: true };
    plan.cells.forEach(({ cell }, at) => {
      if (cell.kind === 'b') views.heard(cell.subject, cell.name, reply[2 + plan.cells.length + at]!, reply[2 + at]!);
      else heard.heard(cell, reply[2 + at]!, now());
    });
    time.heard(reply[1]!);
    return { kind: 'taken', plan, reply };
  }

  /** Charged before anybody counted. Without a database that is what is known here. */
  seedOf({ subject, metric, start, name }: SharedCell): Promise<number> {
    const { seed, views } = this.#options;
    const known = this.#seeding.get(name);
    if (known) return known;
    if (!seed || metric !== 'cost') return Promise.resolve(views.peek(name)?.charged ?? 0);
    const looking = seed(subject, start).finally(() => this.#seeding.delete(name));
    this.#seeding.set(name, looking);
    return looking;
  }

  async #run(plan: Plan, args: readonly string[]): Promise<readonly number[] | Answer> {
    try {
      return (await this.#options.redis.run(takeScript, plan.keys, args)) as readonly number[];
    } catch (cause) {
      if (!(cause instanceof RedisFailure)) throw cause;
      return cause.code === 'CROSSSLOT'
        ? { kind: 'apart', plan }
        : { kind: 'away', plan, sent: cause.kind === 'timeout' || cause.kind === 'lost' };
    }
  }

  async #within<T>(ms: number, plan: Plan, asked: Promise<T>): Promise<T | Answer> {
    const { promise, resolve } = Promise.withResolvers<Answer>();
    const timer = setTimeout(() => resolve({ kind: 'away', plan, sent: true }), ms);
    try {
      return await Promise.race([asked, promise]);
    } finally {
      clearTimeout(timer);
    }
  }
}

const isAnswer = (reply: readonly number[] | Answer): reply is Answer => 'kind' in reply;
