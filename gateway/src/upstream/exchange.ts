import type { CancelSignal, SluiceError, TransportResponse } from 'sluice/kit';
import { abortedBy } from './failures.ts';
import type { Origin } from './origin.ts';
import type { RequestBody } from './request-body.ts';

/** Where an exchange is at the moment: in the queue, being dialled, on a connection. */
export interface Holder {
  /** Nobody wants it any more. */
  abandon(exchange: Exchange): void;
}

/** One request and its answer, on whichever connection. */
export class Exchange {
  readonly promise: Promise<TransportResponse>;
  readonly origin: Origin;
  readonly connectTimeoutMs: number;
  /** What follows `request`, if it comes from a source. */
  readonly body: RequestBody | undefined;
  /** Its answer has a head alone, whatever that says. */
  readonly headOnly: boolean;
  /** Kept until the answer begins, in case it has to be sent again. */
  request: string | Buffer;
  holder: Holder | undefined;
  /** It met a stale connection before. */
  retried = false;
  /** The answer, once it has begun: it is told when the signal aborts. */
  answer: { fail(error: SluiceError): void } | undefined;
  readonly #signal: CancelSignal | undefined;
  readonly #resolve: (response: TransportResponse) => void;
  readonly #reject: (error: SluiceError) => void;

  constructor(
    origin: Origin,
    request: string | Buffer,
    signal: CancelSignal | undefined,
    connectTimeoutMs: number,
    body?: RequestBody,
    headOnly = false,
  ) {
    const { promise, resolve, reject } = Promise.withResolvers<TransportResponse>();
    this.promise = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.origin = origin;
    this.request = request;
    this.connectTimeoutMs = connectTimeoutMs;
    this.body = body;
    this.headOnly = headOnly;
    this.#signal = signal;
    signal?.addEventListener('abort', this);
  }

  /** The signal's listener. */
  handleEvent(): void {
    const error = abortedBy(this.#signal);
    const { holder, answer } = this;
    this.over();
    holder?.abandon(this);
    if (answer) answer.fail(error);
    else this.#reject(error);
  }

  answered(answer: { fail(error: SluiceError): void }, response: TransportResponse): void {
    this.answer = answer;
    this.request = '';
    this.#resolve(response);
  }

  failed(error: SluiceError): void {
    this.over();
    this.#reject(error);
  }

  /** The answer is complete, or given up: the signal is of no interest any more. */
  over(): void {
    this.holder = undefined;
    this.answer = undefined;
    this.request = '';
    this.body?.cancel();
    this.#signal?.removeEventListener('abort', this);
  }
}
