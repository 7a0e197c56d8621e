import { SluiceError, type CallFallbacks, type JsonObject, type Needs } from 'sluice/kit';
import type { Directory } from '../../access/directory/directory.ts';
import {
  refusalError,
  type Limit,
  type Refusal,
  type Remaining,
  type Reservation,
  type Verdict,
  type WorstCase,
} from '../../limits/index.ts';
import type { SharedLimiter } from '../../limits/shared/index.ts';
import type { SpendKey, SpendTotals, WasSet } from '../../spend/totals.ts';
import type { CallState } from '../call-state.ts';
import { limitsInForce, ModelFailures, ModelSharing } from '../priority/index.ts';
import { gatewayLimits } from './gateway-limits.ts';
import { callerLimits } from './caller-limits.ts';
import { LimitEngine } from './limit-engine.ts';
import { otherNamesOf } from './model-names.ts';
import { customerLimits, tagLimits } from './named-limits.ts';
import { kindOf, type Spender } from './subject-limits.ts';
import { tagLimitsOfKey } from './key-tag-limits.ts';
import { sessionLimits } from './session-limits.ts';
import { worstCaseOf, type BatchWorst } from './worst-case.ts';

/** Gateways' clocks differ, and a transaction is seen later than it was begun. */
const overlapMs = 10_000;

export interface GovernorOptions {
  /** Absent: there is no database, so what was spent is known of this process alone. */
  readonly totals?: SpendTotals | undefined;
  readonly directory?: Directory | undefined;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Where limits are counted with other gateways; undefined: they are counted here. */
  readonly shared?: (() => SharedLimiter | undefined) | undefined;
  /** A budget has refused a call. @param at Unix milliseconds */
  readonly overBudget?: (refusal: Refusal, at: number) => void;
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
  /** Of the request, where it was read. */
  readonly body?: JsonObject | undefined;
  readonly fallbacks?: CallFallbacks | undefined;
  /** Which session it belongs to. */
  readonly sessionOf?: (() => string | undefined) | undefined;
  /** It is relayed as it is. */
  readonly relayed?: boolean;
  /** It is a file of calls: what they may use together. Its rates are used up by them when it is handed in, not when they are made. */
  readonly batch?: BatchWorst | undefined;
  /** Its key's budget is spent, and it goes on at a share of its rates. */
  readonly throttled?: boolean;
  /** Too many want its model: only others are asked, by the model's fallbacks. */
  readonly elsewhere?: boolean;
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
  /** How each of its limits stood with this call. Absent: it has none. */
  readonly remaining?: readonly Remaining[];
  /** What was taken for it. */
  readonly worst?: WorstCase;
}

/** Takes what calls need of their limits before they are made, and charges what they used when they are over. */
export class Governor {
  readonly #engine: LimitEngine;
  readonly #options: GovernorOptions;
  readonly #sharing = new ModelSharing();
  readonly #failures = new ModelFailures();
  #seenUntil = 0;

  constructor(options: GovernorOptions) {
    this.#options = options;
    this.#engine = new LimitEngine(options);
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
    const { limits: ofCaller, spenders } = callerLimits(principal, {
      ...namesOf(state, governed.model),
      live: state.live,
      now: at,
      throttled: governed.throttled ?? false,
    });
    const ofAll = gatewayLimits(budgets);
    const ofTags = tagLimitsOfKey(principal.key, governed.tags, budgets);
    const ofSession = governed.sessionOf ? sessionLimits(principal, governed.sessionOf, budgets) : none;
    const ofModel = governed.elsewhere ? none : this.#sharing.limitsOf(state, governed.model, at, this.#engine.usedOf);
    const inForce = limitsInForce(ofCaller, () => this.#failures.holdsFor(state, governed.model, at));
    const isAll = ofAll.length === 0 && ofTags.length === 0 && ofModel.length === 0 && ofSession.length === 0;
    const limits = isAll ? inForce : [...ofAll, ...inForce, ...ofTags, ...ofSession, ...ofModel];
    if (directory && (governed.customerId !== undefined || governed.tags?.length))
      return this.#withNamed(state, governed, { at, limits: [...limits], spenders: [...spenders] });
    return this.#take(state, governed, { at, limits, spenders });
  }

  async #withNamed(state: CallState, governed: Governed, taken: Taking & { limits: Limit[]; spenders: Spender[] }): Promise<void> {
    const { snapshot } = state.live;
    const { customerId, tags } = governed;
    const { model, otherNames } = namesOf(state, governed.model);
    const names = [model, ...otherNames] as const;
    const directory = this.#options.directory!;
    if (customerId !== undefined) taken.limits.push(...(await customerLimits(directory, customerId, names, snapshot, taken.spenders)));
    if (tags?.length) taken.limits.push(...(await tagLimits(directory, tags, names, snapshot.budgets, taken.spenders)));
    await this.#take(state, governed, taken);
  }

  #take(state: CallState, governed: Governed, taking: Taking): Promise<void> | undefined {
    const { at } = taking;
    const { worst, isFree } = worstCaseOf(state, governed, taking.limits, at);
    // What nobody bills needs no money to be left (LiteLLM: models of price zero skip all checks of budgets). A budget of nothing
    // is no budget but a bar (FP-68).
    const limits = isFree ? taking.limits.filter(({ metric, max }) => metric !== 'cost' || max === 0) : taking.limits;
    if (limits.length === 0) {
      state.held = { ...taking, limits, reservation: undefined };
      return undefined;
    }
    const bounded = { at, limits, spenders: taking.spenders, worst };
    const verdict = this.#engine.reserve(limits, worst, at);
    if (verdict instanceof Promise) return verdict.then((decided) => this.#decided(state, bounded, decided));
    this.#decided(state, bounded, verdict);
    return undefined;
  }

  #decided(state: CallState, taking: Taking & { worst: WorstCase }, verdict: Verdict): void {
    const { at } = taking;
    if (!this.#engine.usedOf) this.#sharing.heard(state, verdict.ok ? verdict.remaining : [verdict.refusal], at);
    if (!verdict.ok && verdict.refusal.limit.metric === 'cost') this.#options.overBudget?.(verdict.refusal, at);
    if (!verdict.ok)
      throw refusalError(verdict.refusal, {
        now: at,
        budgetExceededStatusCode: state.live.snapshot.budgets.exceededStatus,
        batch: taking.worst.requests === undefined ? undefined : taking.worst,
      });
    // Its client has left while it was asked: nobody would give back what it held.
    if (state.settled) {
      verdict.reservation.release();
      throw new SluiceError('client_closed_request', 'The client closed the connection.');
    }
    for (const refusal of verdict.soft) this.#tell(state, refusal);
    state.held = { ...taking, reservation: verdict.reservation, remaining: verdict.remaining };
  }

  #tell(state: CallState, refusal: Refusal): void {
    const { limit } = refusal;
    if (limit.shadow) state.wouldRefuse = [...(state.wouldRefuse ?? []), { kind: kindOf(limit.metric), label: limit.label }];
    else if (!limit.dynamic) this.#options.overSoftBudget(refusal);
  }

  /** Of a call that is over. Once. */
  settle(
    state: CallState,
    used: { inputTokens: number; outputTokens: number; nanodollars: number; made: boolean; failed?: boolean },
  ): void {
    const { held } = state;
    if (state.settled) return;
    state.settled = true;
    if (!held) return;
    this.#failures.saw(state.tries, state.live);
    const { nanodollars, made, failed } = used;
    const { inputTokens, outputTokens } = wholeTokens(used);
    // What no provider was asked for was no request of anybody's limits either.
    if (!made && nanodollars === 0 && inputTokens === 0) held.reservation?.release();
    // A batch that was made; one that its provider refused was one request.
    else if (held.worst?.requests !== undefined && !failed) held.reservation?.settle({ ...held.worst, costNanodollars: nanodollars });
    else held.reservation?.settle({ inputTokens, outputTokens, costNanodollars: nanodollars });
  }

  /**
   * Charges a part of a call that goes on (a response of a conversation), beside what the call holds.
   * @returns what to say where a budget has no room for more of it; or a promise of that
   */
  chargePart(
    state: CallState,
    used: { inputTokens: number; outputTokens: number; nanodollars: number },
  ): Promise<SluiceError | undefined> | SluiceError | undefined {
    const { held } = state;
    const limits = held && partLimitsOf(held);
    if (!limits || limits.length === 0) return undefined;
    const part = { requests: 0, ...wholeTokens(used), costNanodollars: used.nanodollars };
    const now = this.#options.now();
    const charged = (verdict: Verdict): SluiceError | undefined => {
      if (!verdict.ok) return undefined;
      verdict.reservation.settle(part);
      const own = held.worst?.costNanodollars ?? 0;
      const full = verdict.remaining.find(
        ({ limit, used: all }) => limit.metric === 'cost' && all - own >= limit.max && isHard(held, limit),
      );
      if (!full) return undefined;
      const refusal = { limit: full.limit, used: Math.max(full.limit.max, full.used - own), asked: 0, resetsAt: full.resetsAt };
      this.#options.overBudget?.(refusal, now);
      return refusalError(refusal, { now, budgetExceededStatusCode: state.live.snapshot.budgets.exceededStatus });
    };
    const verdict = this.#engine.reserve(limits, part, now);
    return verdict instanceof Promise ? verdict.then(charged) : charged(verdict);
  }

  /** Whether anything bounds how much a caller does: else nobody has to know how much a batch is. */
  mayBound(state: CallState, { model, customerId, tags }: Governed): boolean {
    const { principal, live } = state;
    if (!principal) return false;
    const { budgets } = live.snapshot;
    if (this.#options.directory && (customerId !== undefined || tags?.length)) return true;
    const { limits } = callerLimits(principal, { ...namesOf(state, model), live, now: this.#options.now(), throttled: false });
    return [limits, gatewayLimits(budgets), tagLimitsOfKey(principal.key, tags, budgets)].some((some) => some.some(isCounted));
  }

  /** Whether other gateways see at once what is held here. */
  get isShared(): boolean {
    return this.#engine.usedOf === undefined;
  }

  /**
   * Takes money of budgets that somebody's job may cost, beside what calls hold, and refuses nobody. Undefined: it could not be.
   * @param forMs then it comes back by itself
   */
  async hold(budgets: readonly HeldBudget[], nanodollars: number, forMs: number): Promise<Reservation | undefined> {
    const at = this.#options.now();
    const worst = { requests: 0, inputTokens: 0, outputTokens: 0, costNanodollars: nanodollars };
    const verdict = await this.#engine.reserve(budgets.map(softLimitOf), worst, at, forMs);
    return verdict.ok ? verdict.reservation : undefined;
  }

  /** What of a budget is used up, in US dollars, where it is counted here. */
  spentUsd(spender: Spender): number | undefined {
    const nanodollars = this.#engine.spendOf(spender.subject, spender.period?.(this.#options.now()).start);
    return nanodollars === undefined ? undefined : nanodollars / nanoPerUsd;
  }

  /** Somebody has said what was spent. */
  wasSet({ subject, periodStart, nanodollars }: WasSet): void {
    if (periodStart === undefined) this.#engine.forget(subject);
    else this.#engine.setSpend(subject, startOf(periodStart), nanodollars);
  }

  /** What is charged to a budget is more than was known here. */
  wasSpent({ subject, periodStart }: SpendKey, nanodollars: number): void {
    this.#engine.wasSpent(subject, startOf(periodStart), nanodollars);
  }

  /**
   * Hears what other gateways wrote since the last time. Where limits are not shared, each of them counts alone between two
   * times, so that together they may pass a budget by what they let in meanwhile.
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
}

/** Limits count whole tokens; some providers bill in parts of them, or report averages. */
const wholeTokens = ({ inputTokens, outputTokens }: { inputTokens: number; outputTokens: number }) => ({
  inputTokens: Math.ceil(inputTokens),
  outputTokens: Math.ceil(outputTokens),
});

/** The model of a call, as limits may know it. */
const namesOf = ({ live, pathProvider }: CallState, model = '') => ({
  model,
  otherNames: otherNamesOf(live, model, pathProvider),
  pathProvider,
});

const parts = new WeakMap<Held, readonly Limit[]>();

/**
 * What parts of a call count against. They are over when they are heard of, so nothing refuses them. Their money belongs to the
 * periods in which the call was let in, their tokens to the minute that it is.
 */
const partLimitsOf = (held: Held): readonly Limit[] => {
  let found = parts.get(held);
  if (!found) {
    found = held.limits
      .filter(({ metric }) => metric !== 'requests' && metric !== 'parallel')
      .map((limit) => {
        const span = limit.period?.(held.at);
        return { ...limit, soft: true, ...(span && { period: () => span }) };
      });
    parts.set(held, found);
  }
  return found;
};

/** Whether a limit refuses, of which a copy does not. */
const isHard = ({ limits }: Held, { subject, metric, max }: Limit): boolean =>
  limits.some((each) => !each.soft && each.subject === subject && each.metric === metric && each.max === max);

const isCounted = ({ metric }: Limit): boolean => metric !== 'parallel';

/** A budget in one of its periods (Unix milliseconds); without one it never resets. */
export interface HeldBudget {
  readonly subject: string;
  readonly start?: number;
  readonly end?: number;
}

/** The budgets among limits, as they are at a moment. */
export const heldBudgetsOf = ({ limits, at }: Pick<Held, 'limits' | 'at'>): readonly HeldBudget[] => {
  const found: HeldBudget[] = [];
  for (const { subject, metric, period, windowMs } of limits) {
    if (metric !== 'cost' || windowMs !== undefined) continue;
    const span = period?.(at);
    if (!found.some((each) => each.subject === subject && each.start === span?.start)) found.push({ subject, ...span });
  }
  return found;
};

const softLimitOf = ({ subject, start, end }: HeldBudget): Limit => ({
  subject,
  metric: 'cost',
  max: Number.MAX_SAFE_INTEGER,
  soft: true,
  label: subject,
  ...(start !== undefined && end !== undefined && { period: () => ({ start, end }) }),
});

const nanoPerUsd = 1_000_000_000;

/** Totals have 0 for what never resets. */
const startOf = (periodStart: number): number | undefined => (periodStart === 0 ? undefined : periodStart);

const none: readonly Limit[] = [];
