import type { Needs } from 'sluice/kit';
import type { Directory } from '../../access/directory/directory.ts';
import {
  createLimiter,
  refusalError,
  type Limit,
  type Limiter,
  type Refusal,
  type Reservation,
  type WorstCase,
} from '../../limits/index.ts';
import type { SpendKey, SpendTotals, WasSet } from '../../spend/totals.ts';
import type { CallState } from '../call-state.ts';
import { gatewayLimits } from './gateway-limits.ts';
import { callerLimits } from './caller-limits.ts';
import { countSpend } from './count-spend.ts';
import { customerLimits, tagLimits } from './named-limits.ts';
import type { Spender } from './subject-limits.ts';
import { tagLimitsOfKey } from './key-tag-limits.ts';
import { worstCaseOf } from './worst-case.ts';

/** Gateways' clocks differ, and a transaction is seen later than it was begun. */
const overlapMs = 10_000;

/** Longer than any call may last. */
const expiresAfterMs = 6 * 3_600_000;

export interface GovernorOptions {
  /** Absent: there is no database, so what was spent is known of this process alone. */
  readonly totals?: SpendTotals | undefined;
  readonly directory?: Directory | undefined;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** A budget that is only watched is over. */
  readonly overSoftBudget: (refusal: Refusal) => void;
}

/** What a call is about, as far as limits depend on it. */
export interface Governed {
  /** As the caller names it; undefined: none. */
  readonly model: string | undefined;
  readonly needs?: (() => Needs) | undefined;
  /** The end user. */
  readonly customerId?: string | undefined;
  readonly tags?: readonly string[] | undefined;
}

/** What is counted of a call. */
interface Taking {
  /** Unix milliseconds, when it was let in: what it costs belongs to the periods of that moment. */
  readonly at: number;
  readonly limits: readonly Limit[];
  /** Whose spend it is, limited or not. */
  readonly spenders: readonly Spender[];
}

/** What a call holds until it is over. */
export interface Held extends Taking {
  readonly reservation: Reservation | undefined;
}

/** Takes what calls need of their limits before they are made, and charges what they used when they are over. */
export class Governor {
  readonly limiter: Limiter;
  readonly #options: GovernorOptions;
  #seenUntil = 0;

  constructor(options: GovernorOptions) {
    this.#options = options;
    const { totals, now } = options;
    // What is stored may be dropped for room, and is read again.
    this.limiter = createLimiter({ clock: now, ...(totals && { isStored: (subject) => totals.isStored(subject) }) });
  }

  /**
   * Once a call: who comes again for the same call has it already. At once, where all that is counted is known here.
   * @throws SluiceError `rate_limited`, `budget_exceeded`, `unavailable`; or a promise that fails with them
   */
  admit(state: CallState, governed: Governed): Promise<void> | undefined {
    const { principal } = state;
    if (state.held || !principal) return undefined;
    const { directory, now } = this.#options;
    const at = now();
    const { budgets } = state.live.snapshot;
    const { limits: ofCaller, spenders } = callerLimits(principal, governed.model ?? '', budgets.timeZone, at);
    const ofAll = gatewayLimits(budgets);
    const ofTags = tagLimitsOfKey(principal.key, governed.tags);
    const limits = ofAll.length === 0 && ofTags.length === 0 ? ofCaller : [...ofAll, ...ofCaller, ...ofTags];
    if (directory && (governed.customerId !== undefined || governed.tags?.length))
      return this.#withNamed(state, governed, { at, limits: [...limits], spenders: [...spenders] });
    return this.#take(state, governed, { at, limits, spenders });
  }

  async #withNamed(
    state: CallState,
    { model = '', customerId, tags, needs }: Governed,
    taken: Taking & { limits: Limit[]; spenders: Spender[] },
  ): Promise<void> {
    const { snapshot } = state.live;
    const directory = this.#options.directory!;
    if (customerId !== undefined) taken.limits.push(...(await customerLimits(directory, customerId, model, snapshot, taken.spenders)));
    if (tags?.length) taken.limits.push(...(await tagLimits(directory, tags, model, snapshot.budgets.timeZone, taken.spenders)));
    await this.#take(state, { model, needs }, taken);
  }

  #take(state: CallState, governed: Governed, taking: Taking): Promise<void> | undefined {
    const { totals } = this.#options;
    const { limits, at } = taking;
    if (limits.length === 0) {
      state.held = { ...taking, reservation: undefined };
      return undefined;
    }
    // Nearly always all are known: nothing is made for that.
    if (totals && limits.some((limit) => this.#isUnknown(limit, at)))
      return this.#recall(limits, totals, at).then(() => this.#reserve(state, governed, taking));
    this.#reserve(state, governed, taking);
    return undefined;
  }

  #reserve(state: CallState, { model, needs }: Governed, taking: Taking): void {
    const { limits, at } = taking;
    const counts = limits.some(({ metric }) => metric !== 'requests' && metric !== 'parallel');
    const worst = counts && needs && model !== undefined ? worstCaseOf(state, model, needs()) : nothing;
    const verdict = this.limiter.reserve(limits, worst, { now: at, expiresAfterMs });
    if (!verdict.ok) throw refusalError(verdict.refusal, { now: at, budgetExceededStatusCode: state.live.snapshot.budgets.exceededStatus });
    for (const refusal of verdict.soft) this.#options.overSoftBudget(refusal);
    state.held = { ...taking, reservation: verdict.reservation };
  }

  /** Of a call that is over. Once. */
  settle(state: CallState, used: { inputTokens: number; outputTokens: number; nanodollars: number; made: boolean }): void {
    const { held } = state;
    if (!held || state.settled) return;
    state.settled = true;
    const { inputTokens, outputTokens, nanodollars, made } = used;
    // What no provider was asked for was no request of anybody's limits either.
    if (!made && nanodollars === 0 && inputTokens === 0) held.reservation?.release();
    else held.reservation?.settle({ inputTokens, outputTokens, costNanodollars: nanodollars });
    const { totals } = this.#options;
    if (totals && nanodollars !== 0) countSpend(totals, held, nanodollars);
  }

  /** What of a budget is used up, in US dollars, where it is counted here. */
  spentUsd(spender: Spender): number | undefined {
    const nanodollars = this.limiter.spendOf(spender.subject, spender.period?.(this.#options.now()).start);
    return nanodollars === undefined ? undefined : nanodollars / nanoPerUsd;
  }

  /** Somebody has said what was spent. */
  wasSet({ subject, periodStart, nanodollars }: WasSet): void {
    if (periodStart === undefined) this.limiter.forget(subject);
    else this.wasSpent({ subject, periodStart }, nanodollars);
  }

  /** What is charged to a budget is more than was known here. */
  wasSpent({ subject, periodStart }: SpendKey, nanodollars: number): void {
    const start = periodStart === 0 ? undefined : periodStart;
    // What nobody asked about here is read when it is first asked for.
    if (this.limiter.spendOf(subject, start) !== undefined) this.limiter.setSpend(subject, start, nanodollars);
  }

  /**
   * Hears what other gateways wrote since the last time. Between two times each of them counts alone, so that together they
   * may pass a budget by what they let in meanwhile.
   */
  async refresh(): Promise<void> {
    const { totals, now } = this.#options;
    if (!totals) return;
    const rows = await totals.changedSince(this.#seenUntil === 0 ? now() - overlapMs : this.#seenUntil - overlapMs);
    for (const row of rows) {
      this.wasSpent(row, row.nanodollars);
      this.#seenUntil = Math.max(this.#seenUntil, row.updatedAt);
    }
  }

  #isUnknown({ subject, metric, period }: Limit, at: number): boolean {
    return metric === 'cost' && this.limiter.spendOf(subject, period?.(at).start) === undefined;
  }

  /** Budgets that this process has not counted yet begin with what was spent of them before. */
  async #recall(limits: readonly Limit[], totals: SpendTotals, at: number): Promise<void> {
    for (const limit of limits) {
      if (!this.#isUnknown(limit, at)) continue;
      const start = limit.period?.(at).start;
      const spent = (await totals.of([{ subject: limit.subject, periodStart: start ?? 0 }])).get(limit.subject) ?? 0;
      // Somebody else may have been quicker, and have counted since.
      if (this.#isUnknown(limit, at)) this.limiter.setSpend(limit.subject, start, spent);
    }
  }
}

const nanoPerUsd = 1_000_000_000;
const nothing: WorstCase = { inputTokens: 0, outputTokens: 0, costNanodollars: 0 };
