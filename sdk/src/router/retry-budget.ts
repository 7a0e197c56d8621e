import type { Clock } from '../lib/clock.ts';

/** Each call pays for so much of a retry. */
const share = 0.2;
/** Retries a second that are always allowed, so that few calls can be retried as well as many. */
const minPerSecond = 10;
/** What is not spent is kept for so long, in seconds. */
const keptSeconds = 10;

/**
 * Bounds how much a router's retries add to what an outage leaves of a vendor: of the same deployment, a fifth more
 * than the calls themselves, and ten a second. Another deployment is always tried: it has not failed.
 * Source: the retry budgets of Finagle (twitter.github.io/finagle/guide/Clients.html, read 2026-11-22).
 */
export class RetryBudget {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #most = minPerSecond * keptSeconds;
  #balance = this.#most;
  #at: number | undefined;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** A call has begun. */
  deposit(): void {
    // Beyond the most there is nothing to win, and calls must not be slowed down by a clock that they do not need.
    if (this.#balance < this.#most) this.#balance += share;
  }

  /** Whether one more retry is allowed; then it is paid for. */
  withdraw(): boolean {
    const now = this.#clock.now();
    const seconds = this.#at === undefined ? 0 : Math.max(0, now - this.#at) / 1000;
    this.#at = now;
    this.#balance = Math.min(this.#most, this.#balance + seconds * minPerSecond);
    if (this.#balance < 1) return false;
    this.#balance--;
    return true;
  }
}
