import type { CancelSignal, JsonObject, SluiceError } from '../types/index.ts';
import type { AnswerEnd, Attempt, AttemptReason, Try } from './attempt.ts';
import type { Breaker } from './breaker.ts';
import type { RouterCandidate } from './candidates.ts';
import { scopeOf } from './circuit.ts';
import type { Deployment } from './deployment.ts';
import type { Group } from './group.ts';
import type { Grant } from './limiter.ts';

/** A place for one call at a deployment. */
export interface Place<P> {
  readonly candidate: RouterCandidate<P>;
  /** Absent: the deployment has no limits. */
  readonly grant?: Grant;
  /** How long was waited for it, in milliseconds. */
  readonly waitedMs: number;
}

/** What a try is made of. */
export interface TryParts<P> {
  readonly group: Group<P>;
  readonly place: Place<P>;
  readonly breaker: Breaker;
  readonly now: () => number;
  readonly index: number;
  readonly reason: AttemptReason;
  readonly overrides: JsonObject | undefined;
  readonly signal: CancelSignal | undefined;
  readonly ownFailures: 'all' | 'timeouts' | undefined;
  /** Told when something has gone to the client. */
  commit(): void;
  /** Told when all is over, the answer's end included. */
  readonly over?: (() => void) | undefined;
}

/** One try while it runs: what the attempt sees of it, and the one place where its end is accounted, once. */
export class LiveTry<P> implements Try<P> {
  readonly startedAt: number;
  readonly #parts: TryParts<P>;
  #answeredMs: number | undefined;
  #goesOn = false;
  #told: AnswerEnd = {};
  #over = false;

  constructor(parts: TryParts<P>) {
    this.#parts = parts;
    const { candidate } = parts.place;
    this.startedAt = parts.now();
    parts.breaker.begin(candidate.circuits, this.startedAt);
    candidate.state.started(this.startedAt);
    this.#tellStrategy((strategy) => strategy.started?.(candidate));
  }

  get deployment(): Deployment<P> {
    return this.#parts.place.candidate.deployment;
  }

  get model(): string {
    return this.#parts.place.candidate.model;
  }

  get index(): number {
    return this.#parts.index;
  }

  get reason(): AttemptReason {
    return this.#parts.reason;
  }

  get name(): string {
    return this.#parts.group.name;
  }

  get overrides(): JsonObject | undefined {
    return this.#parts.overrides;
  }

  get signal(): CancelSignal | undefined {
    return this.#parts.signal;
  }

  commit(): void {
    this.#parts.commit();
  }

  goesOn(): (end: AnswerEnd) => void {
    this.#goesOn = true;
    return (end) => this.#end(end);
  }

  /** What it has made goes on. */
  get isOpen(): boolean {
    return this.#goesOn && !this.#over;
  }

  tell(end: AnswerEnd): void {
    this.#told = end;
  }

  /** The attempt's promise was kept. */
  answered(): Attempt {
    const { group, place, breaker, now } = this.#parts;
    const at = now();
    const ms = at - this.startedAt;
    this.#answeredMs = ms;
    if (this.#counts(undefined)) {
      place.candidate.state.answered(ms, at);
      group.noteFirstOutput(ms);
      this.#tellStrategy((strategy) => strategy.answered?.(place.candidate, ms));
      if (this.#goesOn) breaker.answered(place.candidate.circuits, this.startedAt);
    }
    if (!this.#goesOn) this.#end(this.#told);
    return this.#record(ms);
  }

  failed(error: SluiceError): Attempt {
    this.#end({ error });
    return this.#record(this.#parts.now() - this.startedAt, error);
  }

  #record(ms: number, error?: SluiceError): Attempt {
    const { group, place, reason } = this.#parts;
    const { deployment, model } = place.candidate;
    return {
      reason,
      name: group.name,
      deploymentId: deployment.id,
      model,
      startedAt: this.startedAt,
      waitedMs: place.waitedMs,
      ms,
      code: error?.code,
      status: error?.status,
    };
  }

  #end({ error, firstOutputMs = this.#answeredMs, inputTokens, outputTokens }: AnswerEnd): void {
    if (this.#over) return;
    this.#over = true;
    const { place, breaker, now, over } = this.#parts;
    const { candidate, grant } = place;
    const at = now();
    const outcome = { now: at, ms: at - this.startedAt, error, firstOutputMs, inputTokens, outputTokens };
    const counts = this.#counts(error);
    candidate.state.finished(outcome, counts);
    this.#tellStrategy((strategy) => strategy.finished?.(candidate, outcome));
    if (grant) {
      const isKnown = inputTokens !== undefined || outputTokens !== undefined;
      // What failed has taken no tokens, as far as anybody knows.
      const tookNone = error && this.#answeredMs === undefined;
      grant.settle(isKnown || tookNone ? { input: inputTokens ?? 0, output: outputTokens ?? 0 } : undefined);
    }
    if (!counts) breaker.endedOtherwise(candidate.circuits);
    else if (error) {
      const { cooldownMs } = candidate.deployment;
      breaker.failed(candidate.circuits, error, { startedAt: this.startedAt, now: at, cooldownMs });
    } else breaker.succeeded(candidate.circuits, this.startedAt);
    over?.();
  }

  /** A strategy may be anybody's: what goes wrong in one must cost neither an answer that is there nor the place that it took. */
  #tellStrategy(tell: (strategy: Group<P>['strategy']) => void): void {
    try {
      tell(this.#parts.group.strategy);
    } catch {
      // It has missed something, and picks all the same.
    }
  }

  /** Whether the outcome says something about the deployment. */
  #counts(error: SluiceError | undefined): boolean {
    const { ownFailures } = this.#parts;
    if (ownFailures === 'all') return false;
    if (!error) return true;
    if (ownFailures === 'timeouts' && (error.code === 'upstream_timeout' || error.code === 'timeout')) return false;
    return scopeOf(error) !== undefined;
  }
}
