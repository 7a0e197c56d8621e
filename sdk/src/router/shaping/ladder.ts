import { Recent } from './recent.ts';

/** Model names from the best to the last resort: under load or failure, calls of the first go a step down, and up again after. */
export interface Ladder {
  /** The model name whose calls are shaped; the top. */
  readonly model: string;
  readonly steps: readonly LadderStep[];
}

export interface LadderStep {
  readonly model: string;
  /** Calls go to this step when any of these is passed. All are of the step above but `openCalls`. */
  readonly when: LadderLimits;
}

export interface LadderLimits {
  /** Open calls for the ladder's model, whichever step answers them: what is asked for does not fall by stepping down. */
  readonly openCalls?: number;
  /** Share of failed tries in the last minute, from 0 to 1. */
  readonly failureShare?: number;
  /** Time to the first output that 95 of 100 tries of the last minute kept to, in milliseconds. */
  readonly firstOutputP95Ms?: number;
  /** Calls that wait for a deployment. */
  readonly queueLength?: number;
  /** Share of its budget that is spent, from 0 to 1. */
  readonly budgetShare?: number;
}

/** What a ladder cannot see itself. */
export interface LadderSignals {
  /** Calls that wait for a deployment of the name. */
  queueLength(name: string): number;
  /** From 0; undefined: it has no budget. */
  budgetShare(name: string): number | undefined;
}

/** Conditions are looked at no more often than this. */
const lookMs = 1000;
/** A limit is over when the value is below this part of it: what hovers at a limit must not change the step with each look. */
const clearShare = 0.8;
/** The conditions must have been clear for so long before calls go up a step... */
const firstHoldMs = 30_000;
/** ...and twice as long each time that was too early, up to this. */
const longestHoldMs = 600_000;
/** A step up that held for so long was not too early. */
const provenMs = 300_000;

/** One ladder as it runs, in one process. All times are Unix milliseconds. */
export class LadderState {
  readonly #ladder: Ladder;
  readonly #names: readonly string[];
  readonly #recent: readonly Recent[];
  /** 0: the model itself. */
  #level = 0;
  #open = 0;
  #lookedAt = -Infinity;
  #clearSince = Infinity;
  #steppedUpAt = -Infinity;
  #holdMs = firstHoldMs;

  constructor(ladder: Ladder) {
    this.#ladder = ladder;
    this.#names = [ladder.model, ...ladder.steps.map(({ model }) => model)];
    this.#recent = this.#names.map(() => new Recent());
  }

  /** How many steps down calls go at the moment. */
  get level(): number {
    return this.#level;
  }

  /** The model name that a call goes to now. */
  choose(now: number, signals: LadderSignals): string {
    if (now - this.#lookedAt >= lookMs || now < this.#lookedAt) this.#look(now, signals);
    return this.#names[this.#level]!;
  }

  /** A call for the ladder's model has begun. */
  started(): void {
    this.#open++;
  }

  /** It is over. */
  ended(): void {
    this.#open--;
  }

  /** How one try at a name went; names that are not of the ladder are not concerned. */
  tried(name: string, failed: boolean, firstOutputMs: number | undefined, now: number): void {
    const at = this.#names.indexOf(name);
    if (at !== -1) this.#recent[at]!.add(failed, firstOutputMs, now);
  }

  #look(now: number, signals: LadderSignals): void {
    this.#lookedAt = now;
    const next = this.#ladder.steps[this.#level];
    if (next && this.#passes(this.#level, next.when, 1, now, signals)) {
      if (now - this.#steppedUpAt < provenMs) this.#holdMs = Math.min(longestHoldMs, this.#holdMs * 2);
      else if (this.#level === 0) this.#holdMs = firstHoldMs;
      this.#level++;
      this.#clearSince = Infinity;
      return;
    }
    if (this.#level === 0) return;
    const above = this.#level - 1;
    if (this.#passes(above, this.#ladder.steps[above]!.when, clearShare, now, signals)) {
      this.#clearSince = Infinity;
      return;
    }
    this.#clearSince = Math.min(this.#clearSince, now);
    if (now - this.#clearSince < this.#holdMs) return;
    this.#level = above;
    this.#steppedUpAt = now;
    this.#clearSince = Infinity;
  }

  /** Whether any limit is passed; what is not known passes none. */
  #passes(level: number, limits: LadderLimits, share: number, now: number, signals: LadderSignals): boolean {
    const name = this.#names[level]!;
    const recent = this.#recent[level]!;
    const { openCalls, failureShare, firstOutputP95Ms, queueLength, budgetShare } = limits;
    return (
      above(this.#open, openCalls, share) ||
      (failureShare !== undefined && above(recent.failureShare(now), failureShare, share)) ||
      (firstOutputP95Ms !== undefined && above(recent.firstOutputP95Ms(now), firstOutputP95Ms, share)) ||
      (queueLength !== undefined && above(signals.queueLength(name), queueLength, share)) ||
      (budgetShare !== undefined && above(signals.budgetShare(name), budgetShare, share))
    );
  }
}

const above = (value: number | undefined, limit: number | undefined, share: number): boolean =>
  value !== undefined && limit !== undefined && value > limit * share;
