import type { Redis } from '../../storage/redis/index.ts';
import type { SharedHold, HeldPart } from './hold.ts';
import type { Message, Outbox } from './outbox.ts';
import { settleArgs, splitPlan, takeArgs, type Plan } from './plan.ts';
import { settleScript } from './settle-script.ts';
import type { StoreTime } from './store-time.ts';
import { takeScript } from './take-script.ts';
import type { Views } from './views.ts';

export interface KeeperOptions {
  readonly redis: Redis;
  readonly outbox: Outbox;
  readonly time: StoreTime;
  readonly views: Views;
  /** This machine's Unix milliseconds. */
  readonly now: () => number;
  readonly leaseMs: number;
}

/** For how long it is remembered in Redis that a call is over. */
const rememberMs = 60_000;
const tickMs = 1000;
/** Calls of which Redis hears at a time. */
const perBurst = 300;

/** The calls under way of this process: their leases hold on, what they are is told to a Redis that does not know, and their end. */
export class Keeper {
  readonly #options: KeeperOptions;
  readonly #open = new Set<SharedHold>();
  readonly #stops: (() => void)[];
  #renewedAt: number;
  /** Parts of calls under way that Redis may not know of. */
  #untold = 0;
  #rounds = 0;
  #isKeeping = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#renewedAt = options.now();
    const timer = setInterval(() => this.#tick(), tickMs);
    timer.unref();
    this.#stops = [() => clearInterval(timer), options.redis.onUp((what) => what === 'server' && this.#returned())];
  }

  get size(): number {
    return this.#open.size;
  }

  add(hold: SharedHold): void {
    this.#open.add(hold);
    let untold = 0;
    for (const part of hold.options.parts) if (!part.told) untold += 1;
    if (untold === 0) return;
    this.#untold += untold;
    // It may have been slow this once: the sooner it knows, the less the others take too much.
    this.#keep(hold);
  }

  /** What it held here without Redis is charged until Redis hears of it, and then counts there. */
  ended(hold: SharedHold, part: HeldPart, used: readonly number[]): void {
    const { views, time } = this.#options;
    const { plan, told, takenAt } = part;
    const { lease } = hold.options;
    plan.cells.forEach(({ cell, worst }, at) => {
      const view = cell.kind === 'b' ? views.peek(cell.name) : undefined;
      if (!view) return;
      view.charged += used[at]!;
      if (told) view.used += used[at]! - worst;
    });
    if (!told) this.#untold -= 1;
    for (const { view, worst, cell } of part.taken) {
      if (told) continue;
      view.open -= worst;
      view.untold += used[cell]!;
    }
    const heard = (reply: unknown): void => {
      if (!told) for (const { view, cell } of part.taken) view.untold = Math.max(0, view.untold - used[cell]!);
      this.#heard(plan, reply);
    };
    this.#send(lease, plan, { takenAt, used, onEnd: heard, accountedAt: time.now() });
  }

  over(hold: SharedHold): void {
    this.#open.delete(hold);
  }

  /** Nothing was used of what Redis may have taken. */
  giveBack(lease: string, plan: Plan): void {
    const at = this.#options.time.now();
    this.#send(lease, plan, { takenAt: at, accountedAt: at, used: plan.cells.map(() => 0), onEnd: (reply) => this.#heard(plan, reply) });
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#open.clear();
  }

  #send(
    lease: string,
    plan: Plan,
    end: { takenAt: number; accountedAt: number; used: readonly number[]; onEnd: (reply: unknown) => void },
  ): void {
    const { takenAt, accountedAt, used, onEnd } = end;
    const args = (of: Plan, amounts: readonly number[]) => settleArgs(of, { lease, takenAt, accountedAt, rememberMs, used: amounts });
    const message = (of: Plan, amounts: readonly number[]): Message => ({
      script: settleScript,
      keys: of.keys,
      args: args(of, amounts),
      forMs: rememberMs,
      onEnd,
      split: () =>
        splitPlan(of).map(({ plan: own, cells }) =>
          message(
            own,
            cells.map((at) => amounts[at]!),
          ),
        ),
    });
    this.#options.outbox.send(plan.keys[0]!, message(plan, used));
  }

  #heard(plan: Plan, reply: unknown): void {
    if (!Array.isArray(reply) || reply[0] !== 1) return;
    const numbers = reply as readonly number[];
    this.#options.time.heard(numbers[1]!);
    let at = 2;
    for (const { cell } of plan.cells) {
      if (cell.kind !== 'b') continue;
      const [charged, reserved] = [numbers[at]!, numbers[at + 1]!];
      at += 2;
      if (charged >= 0 && this.#options.views.peek(cell.name))
        this.#options.views.heard(cell.subject, cell.name, charged, charged + reserved);
    }
  }

  /** Redis is back: it hears what runs and what is over, beginning before anything else is taken there. */
  #returned(): void {
    void this.#keepAll([...this.#open]);
    void this.#options.outbox.retry();
  }

  #tick(): void {
    const { now, leaseMs, outbox } = this.#options;
    void outbox.retry();
    const at = now();
    const everyMs = leaseMs / 3;
    const renews = at - this.#renewedAt >= everyMs;
    if (renews) this.#renewedAt = at;
    else if (this.#untold <= 0 || this.#isKeeping) return;
    const wanted: SharedHold[] = [];
    for (const hold of this.#open) {
      if (at >= hold.options.endsAt) this.#dead(hold);
      else if ((renews && at - hold.options.at >= everyMs) || hold.options.parts.some(({ told }) => !told)) wanted.push(hold);
    }
    void this.#keepAll(wanted);
  }

  /** One round at a time, of which a later one takes the place, in bursts that do not keep Redis from calls. */
  async #keepAll(holds: readonly SharedHold[]): Promise<void> {
    const round = ++this.#rounds;
    this.#isKeeping = true;
    for (let at = 0; at < holds.length && round === this.#rounds; at += perBurst)
      await Promise.all(holds.slice(at, at + perBurst).flatMap((hold) => (hold.over ? [] : this.#keep(hold))));
    if (round === this.#rounds) this.#isKeeping = false;
  }

  /** Longer under way than any call may be: its leases end by themselves. */
  #dead(hold: SharedHold): void {
    this.#open.delete(hold);
    for (const part of hold.options.parts) {
      if (part.told) continue;
      part.told = true;
      this.#untold -= 1;
      for (const { view, worst } of part.taken) view.open -= worst;
    }
  }

  #keep(hold: SharedHold): readonly Promise<void>[] {
    const { redis, leaseMs } = this.#options;
    const { lease, parts } = hold.options;
    return parts.map(async (part) => {
      const { plan, takenAt } = part;
      if (!redis.reaches(plan.keys[0]!)) return;
      const keep = (of: Plan) => redis.run(takeScript, of.keys, takeArgs(of, { mode: 'keep', lease, leaseMs, takenAt }));
      const split = (cause: { code?: string }) => {
        if (cause.code !== 'CROSSSLOT') throw cause;
        return Promise.all(splitPlan(plan).map(({ plan: own }) => keep(own)));
      };
      try {
        await keep(plan).catch(split);
        this.#told(hold, part);
      } catch {
        // It is sent again: with the next renewal, or, if Redis does not know it at all, with the next tick.
      }
    });
  }

  #told(hold: SharedHold, part: HeldPart): void {
    if (hold.over || part.told) return;
    part.told = true;
    this.#untold -= 1;
    for (const { view, worst } of part.taken) {
      view.open -= worst;
      view.used += worst;
    }
  }
}
