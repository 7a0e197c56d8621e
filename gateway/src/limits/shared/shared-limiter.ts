import { SluiceError } from 'sluice/kit';
import type { Redis } from '../../storage/redis/index.ts';
import { checkAmount, checkLimit, checkWorst } from '../amounts.ts';
import type { Limit, Refusal, Remaining, Reservation, ReserveOptions, Verdict, WorstCase } from '../types.ts';
import { refusalIn, remainingIn, softIn, type Answer } from './answers.ts';
import { Asker, type Seed } from './asker.ts';
import { budgetName } from './cell.ts';
import { HeardRates } from './heard-rates.ts';
import { SharedHold, type HeldPart } from './hold.ts';
import { Keeper } from './keeper.ts';
import { LocalShares } from './local-shares.ts';
import { Losses } from './losses.ts';
import { Outbox } from './outbox.ts';
import { plansOf, takeArgs, type Plan } from './plan.ts';
import { SpendTeller } from './spend-teller.ts';
import { StoreTime } from './store-time.ts';
import { takeScript } from './take-script.ts';
import { modeOf, type SharedLimiter, type SharedObserver, type WithoutRedisModes } from './types.ts';
import { Views } from './views.ts';

export interface SharedLimiterOptions {
  readonly redis: Redis;
  /** This process's name; no other has it. Leases begin with it. */
  readonly instance: string;
  /** This machine's Unix milliseconds. */
  readonly now: () => number;
  /** How many gateways share the limits, as far as is known; at least 1. */
  readonly instances: () => number;
  readonly modes: () => WithoutRedisModes;
  /** Absent: nobody but Redis and this process knows what was spent. */
  readonly seed?: Seed | undefined;
  readonly observer?: SharedObserver;
  /** What a killed process held comes back after so long. Default: 120,000. */
  readonly leaseMs?: number;
  /** The longest that a call waits for Redis in all, in milliseconds. Default: 100. */
  readonly maxWaitMs?: number;
  /** Calls under way. Default: 100,000. */
  readonly maxReservations?: number;
}

const defaults = { leaseMs: 120_000, maxWaitMs: 100, maxReservations: 100_000 };
const maxViews = 100_000;
const maxHeard = 100_000;
const maxUntold = 20_000;

/**
 * The limits of many gateways, counted in Redis (or Valkey) by its clock. One script takes all that a call needs, or nothing;
 * in a cluster it is one for each tag, all at the same time, and what was taken beside a refusal is given back: so no limit is
 * passed, and for a moment too much may be refused. What is promised while Redis is away: docs/spend/many-gateways.md.
 */
export const createSharedLimiter = (options: SharedLimiterOptions): SharedLimiter => {
  const { redis, instance, now, instances, modes, seed, observer } = options;
  const { leaseMs, maxWaitMs, maxReservations } = { ...defaults, ...options };
  const time = new StoreTime(now);
  const views = new Views(maxViews);
  const outbox = new Outbox({ redis, now, max: maxUntold });
  const heard = new HeardRates(maxHeard);
  const local = new LocalShares({ clock: now, maxReservations, instances, modes, views, heard });
  const asker = new Asker({ redis, now, time, views, heard, seed, leaseMs, maxWaitMs });
  const keeper = new Keeper({ redis, outbox, time, views, now, leaseMs });
  const spend = new SpendTeller({ redis, outbox, views });
  const losses = new Losses({ redis, now, local });
  const done = { admitted: 0, refused: 0, decidedLocally: 0 };
  let leases = 0;
  let clustered = false;

  interface Asked {
    readonly limits: readonly Limit[];
    readonly worst: WorstCase;
    readonly options: ReserveOptions;
    readonly lease: string;
  }

  const hold = (
    { lease, options: { now: at, expiresAfterMs } }: Asked,
    parts: readonly HeldPart[],
    here: Reservation | undefined,
  ): SharedHold => {
    const made = new SharedHold({
      lease,
      parts,
      local: here,
      at,
      endsAt: at + expiresAfterMs,
      onEnd: (of, part, used) => keeper.ended(of, part, used),
      onOver: (of) => keeper.over(of),
    });
    keeper.add(made);
    return made;
  };

  const giveBack = (lease: string, answers: readonly Answer[]): void => {
    for (const answer of answers)
      if (answer.kind === 'taken' || (answer.kind === 'away' && answer.sent)) keeper.giveBack(lease, answer.plan);
  };

  /** Decides what Redis could not be asked for, beside what it has let in. */
  const decideHere = async (asked: Asked, answers: readonly Answer[], away: readonly Plan[]): Promise<Verdict> => {
    const {
      limits,
      worst,
      lease,
      options: { now: at, expiresAfterMs },
    } = asked;
    for (const { cells } of away)
      for (const { cell } of cells) {
        if (cell.kind !== 'b' || views.peek(cell.name) || modeOf(modes(), cell.metric) !== 'local_share') continue;
        const charged = await asker.seedOf(cell);
        if (!views.peek(cell.name)) views.heard(cell.subject, cell.name, charged, charged);
      }
    const decision = local.decide(away, limits, worst, at, expiresAfterMs);
    done.decidedLocally += 1;
    if (!decision.ok) {
      observer?.decidedLocally('local_share');
      giveBack(lease, answers);
      return { ok: false, refusal: decision.refusal };
    }
    observer?.decidedLocally(decision.how);
    const byLimit = new Map(decision.remaining.map((each) => [each.limit, each]));
    const soft = [...decision.soft];
    const parts = answers.map((answer): HeldPart => {
      if (answer.kind !== 'taken')
        return { plan: answer.plan, takenAt: time.now(), told: false, taken: decision.taken[away.indexOf(answer.plan)]! };
      soft.push(...softIn(answer.plan, answer.reply, time.toLocal));
      remainingIn(answer.plan, answer.reply, at, time.toLocal, byLimit);
      return { plan: answer.plan, takenAt: answer.reply[1]!, told: true, taken: [] };
    });
    return { ok: true, reservation: hold(asked, parts, decision.reservation), soft, remaining: limits.map((limit) => byLimit.get(limit)!) };
  };

  const letIn = (asked: Asked, answers: readonly Answer[]): Verdict => {
    const {
      limits,
      worst,
      options: { now: at, expiresAfterMs },
    } = asked;
    const soft: Refusal[] = [];
    const byLimit = new Map<Limit, Remaining>();
    const parts: HeldPart[] = [];
    for (const answer of answers) {
      if (answer.kind !== 'taken') continue;
      losses.look(answer.plan, answer.reply, at);
      soft.push(...softIn(answer.plan, answer.reply, time.toLocal));
      remainingIn(answer.plan, answer.reply, at, time.toLocal, byLimit);
      parts.push({ plan: answer.plan, takenAt: answer.reply[1]!, told: true, taken: [] });
    }
    const here = local.record(limits, worst, at, expiresAfterMs);
    return { ok: true, reservation: hold(asked, parts, here), soft, remaining: limits.map((limit) => byLimit.get(limit)!) };
  };

  /** @returns undefined: all must be asked anew, each tag by itself */
  const attempt = async (asked: Asked): Promise<Verdict | undefined> => {
    const {
      limits,
      worst,
      lease,
      options: { now: at },
    } = asked;
    const beyondShare = losses.areRecent ? local.shareRefusal(limits, worst, at) : undefined;
    if (beyondShare) return { ok: false, refusal: beyondShare };
    const plans = plansOf(limits, { worst, lease, leaseMs, now: at, clustered });
    const answers = plans.length === 1 ? [await asker.ask(plans[0]!, lease)] : await askAll(plans, lease);
    if (answers.some(({ kind }) => kind === 'apart')) {
      clustered = true;
      return undefined;
    }
    const refused = answers
      .flatMap((answer) => (answer.kind === 'refused' ? [refusalIn(answer.plan, answer.reply, time.toLocal)] : []))
      .toSorted((a, b) => a.at - b.at)[0];
    if (refused) {
      giveBack(lease, answers);
      return { ok: false, refusal: refused.refusal };
    }
    const away = answers.filter(({ kind }) => kind === 'away').map(({ plan }) => plan);
    try {
      return away.length > 0 ? await decideHere(asked, answers, away) : letIn(asked, answers);
    } catch (cause) {
      giveBack(lease, answers);
      throw cause;
    }
  };

  const askAll = async (plans: readonly Plan[], lease: string): Promise<readonly Answer[]> => {
    const asked = await Promise.allSettled(plans.map((plan) => asker.ask(plan, lease)));
    const failed = asked.find((each) => each.status === 'rejected');
    const answers = asked.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    if (!failed) return answers;
    giveBack(lease, answers);
    throw failed.reason;
  };

  return {
    async reserve(limits, worst, reserving) {
      checkWorst(worst);
      checkAmount('expiresAfterMs', reserving.expiresAfterMs);
      for (const limit of limits) checkLimit(limit);
      if (keeper.size >= maxReservations)
        throw new SluiceError('unavailable', `The gateway has ${maxReservations} calls under way already.`);
      const asked: Asked = { limits, worst, options: reserving, lease: `${instance}:${++leases}` };
      const verdict = (await attempt(asked)) ?? (await attempt(asked));
      if (!verdict) throw new SluiceError('unavailable', 'Redis has the limits of one subject in different places.');
      done[verdict.ok ? 'admitted' : 'refused'] += 1;
      return verdict;
    },

    async usedOf(limit, at) {
      checkLimit(limit);
      const plan = plansOf([limit], { worst: nothing, lease: '', leaseMs, now: at, clustered })[0]!;
      const { cell } = plan.cells[0]!;
      try {
        const reply = await redis.run(takeScript, plan.keys, takeArgs(plan, { mode: 'look', lease: '', leaseMs, takenAt: 0 }));
        return (reply as readonly number[])[2]!;
      } catch {
        const view = views.peek(cell.name);
        return cell.kind === 'b' ? (view ? view.used + view.open + view.untold : 0) : local.usedOf(limit, at);
      }
    },

    spendOf: (subject, periodStart) => views.peek(budgetName(subject, 'cost', periodStart))?.charged,
    setSpend: (subject, periodStart, nanodollars) => spend.set(subject, periodStart, nanodollars),
    raiseSpend: (subject, periodStart, nanodollars) => spend.raise(subject, periodStart, nanodollars),
    forget: (subject) => spend.forget(subject),

    figures: () => ({
      reservations: keeper.size,
      ...done,
      untold: outbox.size,
      untoldDropped: outbox.dropped,
      views: views.size,
    }),

    close() {
      losses.close();
      keeper.close();
      outbox.clear();
    },
  };
};

const nothing: WorstCase = { inputTokens: 0, outputTokens: 0, costNanodollars: 0 };
