import { Canceller, SluiceError, type CancelSignal, type Deadlines } from 'sluice/kit';

/**
 * The clock of a relayed call, and its signal. What is waited for is the provider alone: neither the client's sending nor
 * its reading counts, however long that takes, but for the whole call.
 */
export class RelayClock extends Canceller {
  readonly #caller: CancelSignal;
  readonly #deadlines: Deadlines;
  readonly #whole: ReturnType<typeof setTimeout> | undefined;
  #wait: ReturnType<typeof setTimeout> | undefined;

  constructor(deadlines: Deadlines, caller: CancelSignal) {
    super();
    this.#caller = caller;
    this.#deadlines = deadlines;
    const { timeoutMs } = deadlines;
    if (timeoutMs > 0) this.#whole = setTimeout(() => this.#fail(timeoutMs, 'the whole call'), Math.min(timeoutMs, 2 ** 31 - 1));
    if (caller.aborted) this.handleEvent();
    else caller.addEventListener('abort', this);
  }

  /** The provider has all that it can have: from now on its answer is waited for. */
  awaitHead(): void {
    this.#arm(this.#deadlines.firstTokenTimeoutMs, 'its answer');
  }

  /** The next piece of the answer. */
  async awaitPiece<T>(pending: Promise<T>): Promise<T> {
    this.#arm(this.#deadlines.idleTimeoutMs, 'the next piece of its answer');
    try {
      return await pending;
    } finally {
      clearTimeout(this.#wait);
    }
  }

  rest(): void {
    clearTimeout(this.#wait);
  }

  stop(): void {
    clearTimeout(this.#wait);
    clearTimeout(this.#whole);
    this.#caller.removeEventListener('abort', this);
  }

  /** The caller left. */
  handleEvent(): void {
    const reason: unknown = this.#caller.reason;
    this.stop();
    this.abort(SluiceError.is(reason) ? reason : new SluiceError('client_closed_request', 'The call was cancelled.', { cause: reason }));
  }

  #arm(ms: number, what: string): void {
    clearTimeout(this.#wait);
    if (ms > 0) this.#wait = setTimeout(() => this.#fail(ms, what), Math.min(ms, 2 ** 31 - 1));
  }

  #fail(ms: number, what: string): void {
    this.stop();
    this.abort(new SluiceError('upstream_timeout', `The provider took longer than ${ms} ms for ${what}.`, { retry: false }));
  }
}
