import { SluiceError, type CancelSignal, type Deadlines } from '../types/index.ts';
import { Canceller } from './canceller.ts';

/** What holds where nobody says otherwise. Reasoning models think for minutes before their first token. */
export const defaultDeadlines: Deadlines = {
  connectTimeoutMs: 10_000,
  firstTokenTimeoutMs: 600_000,
  idleTimeoutMs: 300_000,
  timeoutMs: 3_600_000,
};

/** The deadlines of a call; the target's own win over what is asked for. */
export const wholeDeadlines = (asked?: Partial<Deadlines>, own?: Partial<Deadlines>): Deadlines =>
  asked && !own && isWhole(asked) ? asked : { ...defaultDeadlines, ...asked, ...own };

const isWhole = (deadlines: Partial<Deadlines>): deadlines is Deadlines =>
  deadlines.connectTimeoutMs !== undefined &&
  deadlines.firstTokenTimeoutMs !== undefined &&
  deadlines.idleTimeoutMs !== undefined &&
  deadlines.timeoutMs !== undefined;

/** What is waited for, in words. */
const waits = {
  firstTokenTimeoutMs: 'its first output',
  idleTimeoutMs: 'the next event',
  timeoutMs: 'the whole call',
} as const;
type Wait = keyof typeof waits;

const monotonic = (): number => performance.now();

/** The longest that timers can wait: 24 days. */
const maxTimerMs = 2 ** 31 - 1;

/**
 * The clock of one call, and its signal: aborts when the caller leaves or a deadline passes. Aborting with a typed
 * reason is what makes every wait below it end with the right error.
 *
 * One timer, armed for whichever deadline comes first and re-armed lazily: an event only notes the time, and the timer,
 * when it fires, sleeps on for what is left. So an event costs no timer.
 */
export class CallClock extends Canceller {
  readonly #deadlines: Deadlines;
  readonly #caller: CancelSignal | undefined;
  readonly #now: () => number;
  readonly #startedAt: number;
  /** What the wait that counts at the moment is for, and since when. */
  #wait: Exclude<Wait, 'timeoutMs'> = 'firstTokenTimeoutMs';
  #waitingSince: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(deadlines: Deadlines, caller?: CancelSignal, now = monotonic) {
    super();
    this.#deadlines = deadlines;
    this.#caller = caller;
    this.#now = now;
    this.#startedAt = this.#waitingSince = now();
    if (caller?.aborted) this.handleEvent();
    else {
      caller?.addEventListener('abort', this);
      this.#arm();
    }
  }

  /** Output has begun: from now on the wait between events counts. */
  firstToken(): void {
    if (this.#stopped || this.#wait === 'idleTimeoutMs') return;
    this.#wait = 'idleTimeoutMs';
    this.#waitingSince = this.#now();
    clearTimeout(this.#timer);
    this.#arm();
  }

  /** An event arrived. */
  tick(): void {
    // Pings before the first token do not push its deadline away.
    if (this.#wait === 'idleTimeoutMs') this.#waitingSince = this.#now();
  }

  /** Stops the timer. Must be called when the call is over. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener('abort', this);
  }

  /** The caller left. */
  handleEvent(): void {
    const reason: unknown = this.#caller?.reason;
    this.stop();
    this.abort(SluiceError.is(reason) ? reason : new SluiceError('client_closed_request', 'The call was cancelled.', { cause: reason }));
  }

  #arm(): void {
    const whole = this.#left('timeoutMs', this.#startedAt);
    if (whole <= 0) return this.#fail('timeoutMs');
    const ofWait = this.#left(this.#wait, this.#waitingSince);
    if (ofWait <= 0) return this.#fail(this.#wait);
    const next = Math.min(whole, ofWait);
    // Where timers cannot wait so long, it is looked at again then.
    if (next < Infinity) this.#timer = setTimeout(() => this.#arm(), Math.min(next, maxTimerMs));
  }

  #left(setting: Wait, since: number): number {
    const limitMs = this.#deadlines[setting];
    return limitMs > 0 ? since + limitMs - this.#now() : Infinity;
  }

  #fail(setting: Wait): void {
    this.stop();
    const limitMs = this.#deadlines[setting];
    this.abort(new SluiceError('upstream_timeout', `The provider took longer than ${limitMs} ms for ${waits[setting]} (${setting}).`));
  }
}
