import { SluiceError, type Answer, type StreamAnswer, type StreamChunk } from 'sluice/kit';
import type { Joining, Made, Sharer } from './sharing.ts';

/** What a member sees of the call that it shares. */
interface SharedAnswer<C> {
  readonly context: C;
  readonly payer: Member<C> | undefined;
  readonly done: boolean;
  readonly failure: Error | undefined;
  /** The end is in what was read of it. */
  readonly complete: boolean;
  at(place: number): StreamChunk | undefined;
  trim(): void;
  pull(): Promise<void>;
  leave(member: Member<C>): void;
}

const closedByClient = (): SluiceError => new SluiceError('client_closed_request', 'The client closed the connection.');

/** One of those who share a call: what its client sees of it. */
export class Member<C> implements Sharer<C> {
  readonly isFirst: boolean;
  readonly answer: Promise<Answer>;
  /** The chunk that it reads next. */
  place = 0;
  readonly #shared: SharedAnswer<C>;
  readonly #joining: Joining<C>;
  #settle!: (answer: Answer | Promise<Answer>) => void;
  #failure: Error | undefined;
  #gone = false;
  #told = false;

  constructor(shared: SharedAnswer<C>, joining: Joining<C>, isFirst: boolean) {
    this.#shared = shared;
    this.#joining = joining;
    this.isFirst = isFirst;
    this.answer = new Promise((resolve) => (this.#settle = resolve));
  }

  get context(): C {
    return this.#shared.context;
  }

  get sharedWith(): string | undefined {
    const { payer } = this.#shared;
    return payer === this || payer === undefined ? undefined : payer.#joining.callId;
  }

  /** Gives its client the answer, unless it leaves before. */
  follow(made: Promise<Made>): void {
    this.#settle(this.#when(made));
  }

  async #when(made: Promise<Made>): Promise<Answer> {
    const { signal } = this.#joining;
    let leave = () => {};
    const left = new Promise<'left'>((resolve) => (leave = () => resolve('left')));
    signal.addEventListener('abort', leave);
    try {
      const first = signal.aborted ? 'left' : await Promise.race([made, left]);
      if (first === 'left') throw SluiceError.is(signal.reason) ? signal.reason : closedByClient();
      if (first.answer.kind === 'stream') return this.#streamOf(first.answer);
      this.#leave();
      return first.answer;
    } catch (cause) {
      this.#leave();
      throw cause;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  cutOff(): void {
    this.#failure = new SluiceError(
      'stream_interrupted',
      'This call shared its answer with others, and read it too slowly to go on with them.',
    );
    this.#leave();
  }

  #streamOf({ facts }: StreamAnswer): StreamAnswer {
    const shared = this.#shared;
    const failureOf = () => this.#failure ?? (this.#gone && !shared.done ? undefined : shared.failure);
    const completeOf = () => shared.complete && shared.at(this.place) === undefined;
    return {
      kind: 'stream',
      facts,
      read: () => this.#read(),
      get failure() {
        return failureOf();
      },
      get complete() {
        return completeOf();
      },
      cancel: () => {
        if (this.#gone) return;
        this.#failure ??= shared.done ? undefined : closedByClient();
        this.#leave();
      },
    };
  }

  async #read(): Promise<StreamChunk | undefined> {
    const shared = this.#shared;
    for (;;) {
      if (this.#gone) return this.#last();
      const chunk = shared.at(this.place);
      if (chunk !== undefined) {
        this.place++;
        shared.trim();
        return chunk;
      }
      if (shared.done) {
        this.#leave();
        return undefined;
      }
      await shared.pull();
    }
  }

  /** Who was cut off is told so, once. */
  #last(): StreamChunk | undefined {
    if (this.#told || !SluiceError.is(this.#failure) || this.#failure.code === 'client_closed_request') return undefined;
    this.#told = true;
    return this.#joining.errorEvents(this.#failure);
  }

  #leave(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#shared.leave(this);
  }
}
