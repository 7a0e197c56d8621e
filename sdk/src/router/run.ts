import type { Backoff } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import { SluiceError, type CancelSignal, type JsonObject } from '../types/index.ts';
import type { Affinity } from './affinity.ts';
import type { AttemptReason, Try } from './attempt.ts';
import type { Admission } from './admission.ts';
import type { Breaker } from './breaker.ts';
import type { RunOptions } from './call-options.ts';
import type { RouterCandidate } from './candidates.ts';
import { defaultMaxFallbacks, fallbacksAfter, keyOf } from './fallbacks.ts';
import type { Filter } from './filter.ts';
import type { Group } from './group.ts';
import { childOf, firstOf, type Hedging } from './hedge.ts';
import { noTokens, type Limiter } from './limiter.ts';
import { LiveTry, type Place } from './live-try.ts';
import type { RouterMemory } from './memory.ts';
import type { RouteRequest } from './route-request.ts';
import type { RetryBudget } from './retry-budget.ts';
import { retriesByPolicy, retryOf } from './retry.ts';
import { restingErrorOf } from './resting-error.ts';
import { reasonOf, throwIfAborted } from './cancelled.ts';
import { placeAmong } from './place.ts';
import type { ByFailureClass, FallbackSettings, FallbackTarget } from './settings.ts';
import { noteTried, soonest, type Tried } from './tried.ts';

/** What all calls of a router share. */
export interface Shared<P> {
  readonly find: (name: string) => Group<P> | undefined;
  readonly unknownModel: (name: string) => SluiceError;
  readonly memory: RouterMemory;
  readonly breaker: Breaker;
  readonly limiter: Limiter;
  readonly filters: readonly Filter<P>[];
  readonly affinities: readonly Affinity<P>[];
  readonly admissionOf: (group: Group<P>) => Admission;
  readonly budget: RetryBudget;
  readonly hedgingOf: ((group: Group<P>) => Hedging) | undefined;
  readonly fallbacks: FallbackSettings;
  readonly policyOf: (name: string) => ByFailureClass | undefined;
  readonly numRetries: number;
  readonly backoff: Backoff | undefined;
  readonly minWaitMs: number;
  readonly random: () => number;
  readonly clock: Clock;
}

/** Other deployments that one call tries, beyond the tries of the same ones: who has more is not saved by the eleventh. */
const maxFailovers = 10;

/** All of one call's tries, of whatever names: nobody's request is to become a hundred. */
const maxTries = 24;

/** A rest that ends later than this, and later than would have been waited anyway, is not waited for: the client can do better with its time. */
const longestOpenWaitMs = 2500;

/** One call on its way: name after name, deployment after deployment. */
export class Run<P, T> {
  readonly shared: Shared<P>;
  readonly options: RunOptions;
  readonly #attempt: (one: Try<P>) => Promise<T>;
  #index = 0;
  #committed = false;

  constructor(shared: Shared<P>, attempt: (one: Try<P>) => Promise<T>, options: RunOptions) {
    this.shared = shared;
    this.options = options;
    this.#attempt = attempt;
  }

  /** @throws SluiceError the failure of the name that was asked for, if nothing else answered either */
  through(name: string): Promise<T> {
    const { options, shared } = this;
    const reason = options.reason ?? 'first';
    if (options.refused) return this.#or(name, Promise.reject(options.refused));
    // Most calls are answered where they are sent first: they need no loop, and no promises beyond that of their try.
    if ((shared.hedgingOf && !options.noHedging) || options.signal?.aborted) return this.#or(name, this.#name(name, reason, undefined));
    let begun: Begun<P>;
    try {
      begun = this.#begin(name);
    } catch (cause) {
      return this.#or(name, Promise.reject(SluiceError.from(cause)));
    }
    const { group, place } = begun;
    if (!place || place instanceof Promise) return this.#or(name, this.#tries(begun, reason, undefined));
    return this.#one(group, place, reason, undefined, options.signal, undefined, (error) =>
      this.#or(name, this.#tries(begun, reason, undefined, error)),
    );
  }

  /** What a name answers, or what others do instead. */
  async #or(name: string, answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (cause) {
      const error = SluiceError.from(cause);
      const waiting = this.#next(name, error);
      if (waiting.length === 0) throw error;
      return this.#instead(name, error, waiting, this.shared.fallbacks.maxFallbacks ?? defaultMaxFallbacks);
    }
  }

  async #instead(name: string, first: SluiceError, targets: readonly FallbackTarget[], max: number): Promise<T> {
    const asked = new Set([name]);
    let waiting = targets;
    for (let count = 1; count <= max && this.#index < maxTries; count++) {
      const target = waiting.find((each) => !asked.has(keyOf(each)));
      if (!target) break;
      asked.add(keyOf(target));
      waiting = waiting.filter((each) => each !== target);
      this.options.onName?.(target.name, count);
      try {
        return await this.#name(target.name, 'fallback', target.overrides);
      } catch (cause) {
        const error = SluiceError.from(cause);
        if (error.code === 'client_closed_request' || this.#committed) throw error;
        // The lists of what was asked instead hold as well.
        waiting = [...waiting, ...this.#next(target.name, error)];
      }
    }
    throw first;
  }

  /** Where to go after a failure of a name. What the client itself did wrong is not asked of others. */
  #next(name: string, error: SluiceError): readonly FallbackTarget[] {
    const { options, shared } = this;
    if (this.#committed || this.#index >= maxTries || options.signal?.aborted || this.endsAt() <= shared.clock.now()) return [];
    if (error.code === 'invalid_request' && !error.upstream) return [];
    const group = shared.find(name)?.name ?? name;
    return fallbacksAfter(group, error, shared.fallbacks, options.fallbacks);
  }

  endsAt(): number {
    const { deadline = Infinity } = this.options;
    return typeof deadline === 'function' ? deadline() : deadline;
  }

  /** The deployments of a name, and a place at one of them. @throws SluiceError where none may serve the call */
  #begin(name: string): Begun<P> {
    const { shared } = this;
    const group = shared.find(name);
    if (!group) throw shared.unknownModel(name);
    const candidates = this.#candidates(name, group);
    shared.budget.deposit();
    return { group, candidates, place: placeAmong(this, group, candidates, noneYet) };
  }

  /** All that the deployments of one name can do. */
  async #name(name: string, reason: AttemptReason, overrides: JsonObject | undefined): Promise<T> {
    return this.#tries(this.#begin(name), reason, overrides);
  }

  /** @param failed how the try at the place that was found has ended already */
  async #tries(begun: Begun<P>, reason: AttemptReason, overrides: JsonObject | undefined, failed?: SluiceError): Promise<T> {
    const { shared, options } = this;
    const { clock } = shared;
    const { group, candidates } = begun;
    /** Those that were tried, and whether and when they may be tried again. */
    let tried: readonly Tried<P>[] = [];
    let waitedMs = 0;
    let failovers = 0;
    let place = begun.place instanceof Promise ? await begun.place : begun.place;
    if (!place) throw restingErrorOf(group, candidates, clock.now());
    const configured = place.candidate.deployment.numRetries ?? shared.numRetries;
    const strict = options.numRetries !== undefined || configured === 0;
    let retriesLeft = options.numRetries ?? configured;
    const policy = shared.policyOf(group.name);
    const failures = new Map<string, number>();

    for (let why = reason, known = failed; ; why = 'retry', known = undefined) {
      const candidate: RouterCandidate<P> = place.candidate;
      let error: SluiceError;
      let last: RouterCandidate<P> = candidate;
      if (known) error = known;
      else {
        // It may have left while the place was found, which it takes no more.
        if (options.signal?.aborted) place.grant?.settle(noTokens);
        throwIfAborted(options.signal);
        const given = waitedMs > 0 ? { ...place, waitedMs: place.waitedMs + waitedMs } : place;
        try {
          return await this.#tryAt(group, candidates, given, why, overrides, tried);
        } catch (cause) {
          if (cause instanceof BothFailed) {
            error = cause.error;
            last = cause.second as RouterCandidate<P>;
          } else error = SluiceError.from(cause);
        }
      }

      const retry = this.#committed ? 'no' : retryOf(error, policy);
      const now = clock.now();
      if (retry === 'no' || this.#index >= maxTries || now >= this.endsAt()) throw error;
      const byPolicy = retriesByPolicy(error, policy);
      if (byPolicy !== undefined) {
        const seen = (failures.get(error.code) ?? 0) + 1;
        failures.set(error.code, seen);
        if (seen > byPolicy) throw error;
      }
      for (const each of candidate === last ? [candidate] : [candidate, last]) tried = noteTried(tried, each, error, retry, now, shared);

      // Another one first, and at once.
      waitedMs = 0;
      if ((!strict && failovers < maxFailovers) || retriesLeft > 0) {
        const next = placeAmong(this, group, candidates, tried);
        place = next instanceof Promise ? await next : next;
        if (place) {
          if (strict) retriesLeft--;
          else failovers++;
          continue;
        }
      }
      if (byPolicy === undefined && retriesLeft-- <= 0) throw error;
      // All have been tried: the one that may be asked again first.
      const again = soonest(tried);
      // What has been down for a while is not waited for, unless the caller, the deployment or a policy says how often.
      const asked = options.numRetries ?? again?.candidate.deployment.numRetries;
      const hopeless = asked === undefined && byPolicy === undefined && again?.candidate.isDown(now);
      if (!again || hopeless || !shared.budget.withdraw()) throw error;
      const opensAt = again.candidate.isOpen(now) ? again.candidate.restUntil : 0;
      const readyAt = Math.max(again.readyAt, opensAt);
      // A wait that ends after the deadline would only make the client wait for the same failure, and so would a long rest.
      const patient = opensAt <= Math.max(again.readyAt, now + longestOpenWaitMs);
      if (readyAt >= this.endsAt() || !patient) throw error;
      // Nor is half a minute that the vendor asks for where another model is there to stand in.
      if (byPolicy === undefined && (error.retryAfterMs ?? 0) > longestOpenWaitMs && this.#next(group.name, error).length > 0) throw error;
      waitedMs = Math.max(0, readyAt - now);
      if (waitedMs > 0) await clock.sleep(waitedMs, options.signal).catch(() => throwIfAborted(options.signal));
      // Others have found out meanwhile that it is still down.
      if (again.candidate.isOpen(clock.now()) && again.candidate.restUntil > clock.now()) throw error;
      const once = placeAmong(this, group, [again.candidate], noneYet, true);
      place = once instanceof Promise ? await once : once;
      if (!place) throw error;
    }
  }

  /** Those of a name that may serve this call. @throws SluiceError where none may */
  #candidates(name: string, group: Group<P>): readonly RouterCandidate<P>[] {
    const { shared, options } = this;
    const { only, exclude } = options;
    let left = group.all;
    if (only || exclude) {
      left = left.filter(({ deployment }) => (!only || only(deployment)) && !exclude?.includes(deployment.id));
      if (left.length === 0) throw shared.unknownModel(name);
    }
    if (shared.filters.length === 0) return left;
    const request = options.request ?? noRequest;
    const now = shared.clock.now();
    for (const filter of shared.filters) {
      const kept = filter.keep(left, request, now) as readonly RouterCandidate<P>[];
      if (kept.length === 0) throw filter.refusal(name, request);
      left = kept;
    }
    return left;
  }

  /** One try, or two where the first is slow and that is wanted. */
  #tryAt(
    group: Group<P>,
    candidates: readonly RouterCandidate<P>[],
    place: Place<P>,
    reason: AttemptReason,
    overrides: JsonObject | undefined,
    tried: readonly Tried<P>[],
  ): Promise<T> {
    const { hedgingOf } = this.shared;
    const hedging = hedgingOf && !this.options.noHedging && candidates.length > 1 ? hedgingOf(group) : undefined;
    const delayMs = hedging?.delayMs(group.p95FirstOutputMs);
    if (!hedging || delayMs === undefined) return this.#one(group, place, reason, overrides, this.options.signal);
    return this.#hedged(group, candidates, place, reason, overrides, tried, hedging, delayMs);
  }

  async #hedged(
    group: Group<P>,
    candidates: readonly RouterCandidate<P>[],
    place: Place<P>,
    reason: AttemptReason,
    overrides: JsonObject | undefined,
    tried: readonly Tried<P>[],
    hedging: Hedging,
    delayMs: number,
  ): Promise<T> {
    const { clock } = this.shared;
    const { signal } = this.options;
    const enough = new AbortController();
    const one = childOf(signal);
    let isOver = false;
    const first = this.#one(group, place, reason, overrides, one.signal, one.release).finally(() => (isOver = true));
    const slow = clock.sleep(delayMs, enough.signal).then(
      () => 'slow' as const,
      () => 'over' as const,
    );
    const done = first.then(
      () => 'over' as const,
      () => 'over' as const,
    );
    const what = await Promise.race([done, slow]);
    enough.abort();
    const with2nd = what === 'slow' && !signal?.aborted && !this.#committed;
    const excluded = [...tried, { candidate: place.candidate, tries: 1, readyAt: Infinity }];
    const second = with2nd && hedging.take() ? await this.#spare(group, candidates, excluded) : undefined;
    if (!second) return first;
    // All may be over by the time that it has a place.
    if (isOver || signal?.aborted) {
      second.grant?.settle(noTokens);
      return first;
    }
    const two = childOf(signal);
    const other = this.#one(group, second, 'hedge', overrides, two.signal, two.release);
    try {
      return await firstOf({ answer: first, signal: one.signal }, { answer: other, signal: two.signal }, this.options.discard);
    } catch (cause) {
      throw new BothFailed(SluiceError.from(cause), second.candidate);
    }
  }

  /** A place for a second try, if there is one at once: it is a favour, and what goes wrong with it must not cost the first. */
  async #spare(group: Group<P>, candidates: readonly RouterCandidate<P>[], tried: readonly Tried<P>[]): Promise<Place<P> | undefined> {
    try {
      return await placeAmong(this, group, candidates, tried, false, true);
    } catch {
      return undefined;
    }
  }

  /** One try at one place. @param otherwise what comes of its failure; absent: it is thrown */
  #one(
    group: Group<P>,
    place: Place<P>,
    reason: AttemptReason,
    overrides: JsonObject | undefined,
    signal: CancelSignal | undefined,
    over?: () => void,
    otherwise?: (error: SluiceError) => Promise<T>,
  ): Promise<T> {
    const { shared, options } = this;
    const live = new LiveTry<P>({
      group,
      place,
      breaker: shared.breaker,
      now: shared.clock.now,
      index: this.#index++,
      reason,
      overrides,
      signal,
      ownFailures: options.ownFailures,
      commit: () => void (this.#committed = true),
      over,
    });
    const failed = (cause: unknown): Promise<T> => {
      const error = SluiceError.from(cause);
      const record = live.failed(error);
      options.attempts?.push(record);
      if (otherwise) return otherwise(error);
      throw error;
    };
    let answer: Promise<T>;
    try {
      answer = this.#attempt(live);
    } catch (cause) {
      answer = Promise.reject(SluiceError.from(cause));
    }
    return answer.then((given) => {
      if (live.isOpen && signal?.aborted) {
        // Nobody is left to say when it is over.
        options.discard?.(given);
        return failed(reasonOf(signal));
      }
      const record = live.answered();
      options.attempts?.push(record);
      this.#served(place.candidate, group);
      return given;
    }, failed);
  }

  #served(candidate: RouterCandidate<P>, group: Group<P>): void {
    const { affinities, clock } = this.shared;
    if (affinities.length === 0 || group.all.length < 2) return;
    const request = this.options.request ?? noRequest;
    for (const affinity of affinities) affinity.served(candidate, request, clock.now());
  }
}

/** What a call begins with. */
interface Begun<P> {
  readonly group: Group<P>;
  readonly candidates: readonly RouterCandidate<P>[];
  /** Undefined: nobody is to be asked. */
  readonly place: Place<P> | undefined | Promise<Place<P> | undefined>;
}

/** Both deployments of a hedged try failed: neither is untried. */
class BothFailed extends Error {
  readonly error: SluiceError;
  readonly second: unknown;

  constructor(error: SluiceError, second: unknown) {
    super();
    this.error = error;
    this.second = second;
  }
}

export const noRequest: RouteRequest = {};
const noneYet: readonly never[] = [];
