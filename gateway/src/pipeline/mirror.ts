import { Canceller, SluiceError, type Answer, type Transport } from 'sluice/kit';
import type { CallRecord } from '../telemetry/call-record.ts';
import { account } from './account.ts';
import { endOf, runCall } from './call.ts';
import type { Asked, CallState, Make } from './call-state.ts';

/** Copies that are open; further ones are not made: a slow shadow must not pile up requests in memory. */
const defaultMaxOpen = 100;
/** An answer of a shadow is read no further than this. Bytes, or UTF-16 units. */
const maxAnswerSize = 16 * 1024 * 1024;

export interface MirrorOptions {
  /** Told of each copy that is over. */
  record(call: CallRecord): void;
  /** Told of each that was not made. */
  dropped(): void;
  /** Told of failures of our own: nobody waits for a copy, and what nobody hears of would end the process. */
  unexpected(cause: unknown): void;
  maxOpen?: number;
}

/** One copy: whose, and how it is made. */
export interface Copy {
  readonly of: CallState;
  /** The model name that gets it. */
  readonly model: string;
  readonly transport: Transport;
  /** What the request asks for; who pays, where it goes and what it goes on from are its own, and not the copy's. */
  readonly asked: Pick<Asked, 'clientHeaders' | 'dropParams' | 'timeoutMs' | 'streamTimeoutMs' | 'said'>;
  readonly make: Make<Answer>;
}

/**
 * Sends copies of calls to a shadow model (`silent_model`), whose answers are read, accounted and thrown away. The call
 * itself never waits for its copy, and nothing that becomes of the copy is seen by it, or says anything of deployments
 * that other calls go to. A copy is a call of its own in the log and the metrics (route `mirror`), so that its cost is seen
 * apart; it has one try, no fallbacks and no copies.
 */
export class Mirror {
  readonly #options: MirrorOptions;
  readonly #open = new Set<Canceller>();
  #stopped = false;

  constructor(options: MirrorOptions) {
    this.#options = options;
  }

  /** Copies that are under way. */
  get open(): number {
    return this.#open.size;
  }

  /** Returns at once. Never throws. */
  send(copy: Copy): void {
    if (this.#stopped || this.#open.size >= (this.#options.maxOpen ?? defaultMaxOpen)) {
      this.#options.dropped();
      return;
    }
    const canceller = new Canceller();
    this.#open.add(canceller);
    // The call's own request goes out first.
    setTimeout(() => {
      void this.#run(copy, canceller)
        .catch((cause: unknown) => this.#options.unexpected(cause))
        .finally(() => this.#open.delete(canceller));
    }, 0);
  }

  /** The gateway is shutting down: nobody is left to look at what comes. */
  stop(): void {
    this.#stopped = true;
    for (const each of this.#open) each.abort(new SluiceError('unavailable', 'The gateway is shutting down.', { retry: false }));
  }

  async #run({ of, model, transport, asked, make }: Copy, signal: Canceller): Promise<void> {
    const state: CallState = {
      callId: crypto.randomUUID(),
      mirrorOf: of.callId,
      ...(of.books && { books: of.books }),
      route: 'mirror',
      live: of.live,
      startedAt: of.clock(),
      clock: of.clock,
      signal,
      stream: of.stream,
      model,
      fallbacks: 0,
      attempts: 0,
      tries: [],
      waitedMs: 0,
      ignored: [],
    };
    let failure: unknown;
    try {
      const { clientHeaders, dropParams, timeoutMs, streamTimeoutMs, said } = asked;
      const own: Asked = { clientHeaders, maxRetries: 0, fallbacks: { disabled: true }, shadow: true };
      if (dropParams !== undefined) own.dropParams = dropParams;
      if (timeoutMs !== undefined) own.timeoutMs = timeoutMs;
      if (streamTimeoutMs !== undefined) own.streamTimeoutMs = streamTimeoutMs;
      if (said) own.said = said;
      const answer = await runCall(state, transport, own, make);
      failure = await thrownAway(answer);
    } catch (cause) {
      failure = cause;
    }
    state.answerOver?.(endOf(state.facts, failure));
    this.#options.record(account(state, failure === undefined ? 200 : SluiceError.from(failure).status, failure));
  }
}

/** Reads an answer to its end, or as far as it is worth. @returns how it failed, if it did */
const thrownAway = async (answer: Answer): Promise<unknown> => {
  if (answer.kind === 'whole') return undefined;
  let size = 0;
  for (;;) {
    const chunk = await answer.read();
    if (chunk === undefined) return answer.failure;
    size += chunk instanceof Uint8Array ? chunk.length : chunk.reduce((sum, { data }) => sum + data.length, 0);
    if (size > maxAnswerSize) {
      answer.cancel();
      return answer.failure;
    }
  }
};
