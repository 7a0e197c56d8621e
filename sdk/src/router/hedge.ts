import { Canceller } from '../transport/canceller.ts';
import { SluiceError, type CancelSignal } from '../types/index.ts';
import type { HedgeSettings } from './settings.ts';

const defaultMaxShare = 0.1;
/** The share is taken of so many recent calls. */
const window = 200;

/** Decides when a second deployment is asked, and keeps these calls a small share of all. */
export class Hedging {
  readonly #settings: HedgeSettings;
  #calls = 0;
  #hedged = 0;

  constructor(settings: HedgeSettings) {
    this.#settings = settings;
  }

  /** How long the first is waited for, in milliseconds. Undefined: this call has no second. */
  delayMs(p95FirstOutputMs: number | undefined): number | undefined {
    if (++this.#calls >= window) {
      this.#calls /= 2;
      this.#hedged /= 2;
    }
    const { after } = this.#settings;
    return after === 'p95' ? p95FirstOutputMs : after;
  }

  /** Whether one more may be asked; then it is counted. */
  take(): boolean {
    // The first one is always allowed, however few calls there have been.
    if (this.#hedged >= Math.max(1, this.#calls * (this.#settings.maxShare ?? defaultMaxShare))) return false;
    this.#hedged++;
    return true;
  }
}

/** A signal of one's own that also aborts when another one does. */
export const childOf = (parent: CancelSignal | undefined): { signal: Canceller; release(): void } => {
  const signal = new Canceller();
  const follow = () => signal.abort(parent?.reason);
  if (parent?.aborted) follow();
  else parent?.addEventListener('abort', follow);
  return { signal, release: () => parent?.removeEventListener('abort', follow) };
};

interface Racing<T> {
  answer: Promise<T>;
  signal: Canceller;
}

/**
 * The first of two that is answered. The other one is cancelled.
 * @param late told of an answer that came all the same
 * @throws the first failure, where both fail
 */
export const firstOf = <T>(one: Racing<T>, two: Racing<T>, late?: (answer: T) => void): Promise<T> =>
  new Promise((resolve, reject) => {
    let failed: unknown;
    let left = 2;
    const race = async ({ answer }: Racing<T>, other: Racing<T>): Promise<void> => {
      try {
        const given = await answer;
        if (left === 0) {
          late?.(given);
          return;
        }
        left = 0;
        other.signal.abort(new SluiceError('client_closed_request', 'Another deployment was faster.'));
        resolve(given);
      } catch (cause) {
        if (left === 0) return;
        failed ??= cause;
        if (--left === 0) reject(failed);
      }
    };
    void race(one, two);
    void race(two, one);
  });
