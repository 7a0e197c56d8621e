import type { CancelListener, CancelSignal } from '../types/index.ts';

/**
 * Cancels a call and is the signal that tells of it. Platforms make several native objects of an `AbortController`, each
 * signal and each listener, which is a large part of what a short call costs; this is one plain object.
 */
export class Canceller implements CancelSignal {
  aborted = false;
  reason: unknown;
  #listeners: CancelListener[] = [];

  /** The first reason stays. */
  abort(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) {
      if (typeof listener === 'function') listener();
      else listener.handleEvent();
    }
  }

  addEventListener(_type: 'abort', listener: CancelListener): void {
    this.#listeners.push(listener);
  }

  removeEventListener(_type: 'abort', listener: CancelListener): void {
    const index = this.#listeners.indexOf(listener);
    if (index !== -1) this.#listeners.splice(index, 1);
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }
}

/** The signal as one that the platform's own functions take. */
export const abortSignalOf = (signal: CancelSignal): AbortSignal => {
  if (signal instanceof AbortSignal) return signal;
  const controller = new AbortController();
  if (signal.aborted) controller.abort(signal.reason);
  else signal.addEventListener('abort', () => controller.abort(signal.reason));
  return controller.signal;
};
