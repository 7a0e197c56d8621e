import { SluiceError } from 'sluice/kit';
import { worstOf } from '../amounts.ts';
import { createLimiter } from '../limiter.ts';
import type { Limit, Limiter, Refusal, Remaining, Reservation, WorstCase } from '../types.ts';
import type { HeardRates } from './heard-rates.ts';
import type { TakenHere } from './hold.ts';
import type { Plan } from './plan.ts';
import { modeOf, type WithoutRedis, type WithoutRedisModes } from './types.ts';
import type { Views } from './views.ts';

export interface LocalSharesOptions {
  /** Unix milliseconds. */
  readonly clock: () => number;
  readonly maxReservations: number;
  readonly instances: () => number;
  readonly modes: () => WithoutRedisModes;
  readonly views: Views;
  readonly heard: HeardRates;
}

/** Who is refused for its share may find room as soon as Redis is back. */
const shareWaitMs = 1000;

interface Derived {
  /** Counts, and never refuses. */
  readonly counted: Limit;
  share: Limit;
  instances: number;
}

export type LocalDecision =
  | {
      readonly ok: true;
      readonly how: WithoutRedis;
      readonly soft: readonly Refusal[];
      readonly remaining: readonly Remaining[];
      /** Of budgets, by plan. */
      readonly taken: readonly (readonly TakenHere[])[];
      readonly reservation: Reservation;
    }
  | { readonly ok: false; readonly refusal: Refusal; readonly at: number };

/**
 * Limits without Redis: each gateway keeps to its share. Of rates and calls under way that is limit / gateways, of which all
 * counts that this one took itself, with Redis or without, and its part of what all had taken when Redis was last heard. Of a budget it is what was left when it was last heard of, divided
 * the same way.
 */
export class LocalShares {
  readonly #options: LocalSharesOptions;
  /** What this process took of rates. */
  readonly #limiter: Limiter;
  readonly #derived = new WeakMap<Limit, Derived>();

  constructor(options: LocalSharesOptions) {
    this.#options = options;
    const { clock, maxReservations } = options;
    this.#limiter = createLimiter({ clock, maxReservations });
  }

  /** A call was let in by Redis: its rates count here as well. @throws SluiceError `unavailable` when there is no room to count */
  record(limits: readonly Limit[], worst: WorstCase, now: number, expiresAfterMs: number): Reservation | undefined {
    const counted: Limit[] = [];
    for (const limit of limits) if (isRate(limit)) counted.push(this.#of(limit).counted);
    if (counted.length === 0) return undefined;
    const verdict = this.#limiter.reserve(counted, worst, { now, expiresAfterMs });
    return verdict.ok ? verdict.reservation : undefined;
  }

  /**
   * @param plans those that Redis could not be asked for; all budgets in them have been heard of
   * @param limits all of the call's: those that Redis has let in count here
   * @throws SluiceError `unavailable` for a limit whose mode is `refuse`
   */
  decide(plans: readonly Plan[], limits: readonly Limit[], worst: WorstCase, now: number, expiresAfterMs: number): LocalDecision {
    const { modes, instances, views, heard } = this.#options;
    const away = new Set<Limit>();
    const soft: Refusal[] = [];
    const remaining: Remaining[] = [];
    const taken: TakenHere[][] = [];
    let how: WithoutRedis = 'allow';
    for (const { checks, cells } of plans) {
      for (const { limit, at, cell: index } of checks) {
        const mode = modeOf(modes(), limit.metric);
        if (mode === 'refuse' && !limit.soft) throw cannotAsk(limit);
        if (mode !== 'allow') how = 'local_share';
        const { cell, worst: asked } = cells[index]!;
        if (isRate(limit)) {
          if (mode !== 'local_share') continue;
          away.add(limit);
          const share = this.#shareOf(limit, instances());
          const part = heard.partOf(cell, instances(), now);
          if (part === 0 || limit.soft || part + asked <= share.max) continue;
          return { ok: false, refusal: { limit: share, used: Math.ceil(part), asked, resetsAt: now + shareWaitMs }, at };
        }
        const view = views.peek(cell.name);
        const share = Math.floor((limit.max - (view?.used ?? 0)) / instances());
        const own = view ? view.open + view.untold : 0;
        if (mode === 'local_share' && !(own + asked <= share && own < share)) {
          const refusal = { limit: shareLimit(limit, Math.max(0, share)), used: own, asked, resetsAt: now + shareWaitMs };
          if (!limit.soft) return { ok: false, refusal, at };
          soft.push({ ...refusal, limit });
        }
        remaining.push({ limit, used: (view?.used ?? 0) + own + asked, remaining: Math.max(0, share - own - asked), resetsAt: undefined });
      }
      taken.push(
        cells.flatMap(({ cell, worst: amount }, index) => {
          const view = cell.kind === 'b' ? views.peek(cell.name) : undefined;
          return view ? [{ view, worst: amount, cell: index }] : [];
        }),
      );
    }
    const rates = limits.filter(isRate);
    const asked = rates.map((limit) => (away.has(limit) ? this.#shareOf(limit, instances()) : this.#of(limit).counted));
    const verdict = this.#limiter.reserve(asked, worst, { now, expiresAfterMs });
    if (!verdict.ok) {
      const at = limits.indexOf(rates[asked.indexOf(verdict.refusal.limit)]!);
      return { ok: false, refusal: { ...verdict.refusal, resetsAt: verdict.refusal.resetsAt ?? now + shareWaitMs }, at };
    }
    for (const { view, worst: amount } of taken.flat()) view.open += amount;
    for (const { cells } of plans) for (const { cell, worst: amount } of cells) heard.took(cell, amount);
    for (const { limit, ...rest } of verdict.remaining) remaining.push({ ...rest, limit: rates[asked.indexOf(limit)]! });
    return { ok: true, how, soft: [...soft, ...verdict.soft], remaining, taken, reservation: verdict.reservation };
  }

  /** By its share of windows alone, where Redis may count too little of them. Undefined: there is room. */
  shareRefusal(limits: readonly Limit[], worst: WorstCase, now: number): Refusal | undefined {
    const count = this.#options.instances();
    for (const limit of limits) {
      if (limit.windowMs === undefined || limit.soft || modeOf(this.#options.modes(), limit.metric) !== 'local_share') continue;
      const share = this.#shareOf(limit, count);
      const [used, asked] = [this.#limiter.usedOf(share, now), worstOf(limit.metric, worst)];
      if (used + asked > share.max || used >= share.max) return { limit: share, used, asked, resetsAt: now + shareWaitMs };
    }
    return undefined;
  }

  /** What this process counts of a rate. */
  usedOf(limit: Limit, now: number): number {
    return isRate(limit) ? this.#limiter.usedOf(limit, now) : 0;
  }

  #of(limit: Limit): Derived {
    let derived = this.#derived.get(limit);
    if (!derived) this.#derived.set(limit, (derived = { counted: { ...limit, max: Infinity, soft: true }, share: limit, instances: 1 }));
    return derived;
  }

  #shareOf(limit: Limit, instances: number): Limit {
    const derived = this.#of(limit);
    if (derived.instances !== instances) {
      derived.instances = instances;
      derived.share = shareLimit(limit, limit.max === 0 ? 0 : Math.max(1, Math.floor(limit.max / instances)));
    }
    return derived.share;
  }
}

/** Counted by windows or by leases, and not since a moment. */
const isRate = ({ metric, windowMs }: Limit): boolean => metric === 'parallel' || windowMs !== undefined;

const shareLimit = (limit: Limit, max: number): Limit => ({
  ...limit,
  max,
  label: `${limit.label} (this gateway's share of it: Redis is away)`,
});

const cannotAsk = ({ label, metric }: Limit): SluiceError =>
  new SluiceError('unavailable', `The limit of ${label} (${metric}) cannot be checked: Redis is away.`, { retryAfterMs: shareWaitMs });
