import { Canceller, SluiceError, type Answer, type CancelSignal, type StreamAnswer } from 'sluice/kit';

/** More calls than this are not read on for nobody at a time; what comes then is cancelled. */
const maxOpen = 1000;
/** How many there are, by whoever lets them be. */
const openBy = new WeakMap<object, { count: number }>();

/**
 * A call that goes on for a while where its client has left (`on_client_disconnect: drain`), so that its provider still says
 * what it used. A time and a number bound it; then it is cancelled, and counted from what came.
 */
export class Drain {
  /** The call's own: it aborts later than its client's. */
  readonly signal = new Canceller();
  /** The client has left. */
  left = false;
  readonly #client: CancelSignal;
  readonly #timeoutMs: number;
  readonly #open: { count: number };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reading: Promise<unknown> | undefined;

  /** @param owner of all calls that are counted together */
  constructor(client: CancelSignal, owner: object, timeoutMs: number) {
    this.#client = client;
    this.#timeoutMs = timeoutMs;
    this.#open = openBy.get(owner) ?? { count: 0 };
    openBy.set(owner, this.#open);
    client.addEventListener('abort', this);
  }

  handleEvent(): void {
    const { reason } = this.#client;
    if (!SluiceError.is(reason) || reason.code !== 'client_closed_request' || this.#open.count >= maxOpen) return this.signal.abort(reason);
    this.left = true;
    this.#open.count++;
    this.#timer = setTimeout(() => {
      this.signal.abort(reason);
      this.over();
    }, this.#timeoutMs);
  }

  /** The answer as its client reads it: dropping it does not end it. */
  kept(answer: StreamAnswer): StreamAnswer {
    return {
      kind: 'stream',
      facts: answer.facts,
      read: () => {
        const reading = answer.read();
        this.#reading = reading;
        return reading;
      },
      get failure() {
        return answer.failure;
      },
      get complete() {
        return answer.complete;
      },
      cancel: () => {
        if (!this.left) answer.cancel();
      },
    };
  }

  /** Reads to the end what nobody reads any more. Never rejects. */
  async finish(pending: Promise<Answer>): Promise<void> {
    try {
      const answer = await pending;
      // Two must not read at a time.
      await this.#reading;
      if (answer.kind === 'stream') {
        if (this.signal.aborted) answer.cancel();
        while ((await answer.read()) !== undefined);
      }
    } catch {
      // What it used until then is known to its facts.
    } finally {
      this.over();
    }
  }

  /** The call is over. */
  over(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#open.count--;
  }
}
