import { SluiceError, type TransportResponse } from 'sluice/kit';
import type { LazyHeaders } from './lazy-headers.ts';

/** The connection that an answer's body comes from. */
export interface AnswerSource {
  pause(): void;
  resume(): void;
  /** Closes the connection. */
  destroy(): void;
}

/** An answer, its body filled by a connection and pulled by whoever asked. */
export class Answer implements TransportResponse {
  readonly status: number;
  readonly headers: LazyHeaders;
  readonly #maxUnreadBytes: number;
  /** Absent once nothing more comes. */
  #source: AnswerSource | undefined;
  #unread: Uint8Array[] = [];
  #unreadBytes = 0;
  #paused = false;
  #failure: SluiceError | undefined;
  #waiting: PromiseWithResolvers<Uint8Array | undefined> | undefined;
  /** Somebody wants all of it at once: how much of it at most. */
  #gathering: { maxBytes: number; promise: PromiseWithResolvers<Uint8Array> } | undefined;

  constructor(status: number, headers: LazyHeaders, source: AnswerSource, maxUnreadBytes: number) {
    this.status = status;
    this.headers = headers;
    this.#source = source;
    this.#maxUnreadBytes = maxUnreadBytes;
  }

  /** Called by the connection, with bytes of the body. */
  push(bytes: Uint8Array): void {
    if (this.#waiting) {
      const waiting = this.#waiting;
      this.#waiting = undefined;
      waiting.resolve(bytes);
      return;
    }
    this.#unread.push(bytes);
    this.#unreadBytes += bytes.length;
    if (this.#gathering) {
      if (this.#unreadBytes > this.#gathering.maxBytes) this.#refuse(this.#gathering.maxBytes);
    } else if (this.#unreadBytes > this.#maxUnreadBytes && !this.#paused) {
      this.#paused = true;
      this.#source?.pause();
    }
  }

  /** Called by the connection: the body is complete. */
  end(): void {
    this.#release();
    this.#waiting?.resolve(undefined);
    this.#waiting = undefined;
    this.#gathering?.promise.resolve(this.#take());
    this.#gathering = undefined;
  }

  /** Called by the connection: no more comes, and it is not complete. What came before is still read first. */
  fail(error: SluiceError): void {
    this.#release();
    this.#failure ??= error;
    this.#waiting?.reject(error);
    this.#waiting = undefined;
    this.#gathering?.promise.reject(error);
    this.#gathering = undefined;
  }

  read(): Promise<Uint8Array | undefined> {
    const bytes = this.#unread.shift();
    if (bytes) {
      this.#unreadBytes -= bytes.length;
      if (this.#unreadBytes === 0) this.#resume();
      return Promise.resolve(bytes);
    }
    if (this.#failure) return Promise.reject(this.#failure);
    if (!this.#source) return Promise.resolve(undefined);
    this.#waiting ??= Promise.withResolvers();
    return this.#waiting.promise;
  }

  bytes(maxBytes: number): Promise<Uint8Array> {
    if (this.#unreadBytes > maxBytes || Number(this.headers.find('\ncontent-length:') ?? 0) > maxBytes) this.#refuse(maxBytes);
    if (this.#failure) return Promise.reject(this.#failure);
    if (!this.#source) return Promise.resolve(this.#take());
    this.#resume();
    this.#gathering = { maxBytes, promise: Promise.withResolvers() };
    return this.#gathering.promise.promise;
  }

  cancel(): void {
    this.#unread = [];
    this.#unreadBytes = 0;
    this.#stop(new SluiceError('client_closed_request', 'The call was cancelled.'));
  }

  #refuse(maxBytes: number): void {
    this.#stop(new SluiceError('invalid_response', `The provider's answer is larger than ${maxBytes} bytes.`, { retry: false }));
  }

  /** Ends it from this side. */
  #stop(error: SluiceError): void {
    const source = this.#source;
    this.fail(error);
    source?.destroy();
  }

  #take(): Uint8Array {
    const [first] = this.#unread;
    const all = first && this.#unread.length === 1 ? first : Buffer.concat(this.#unread);
    this.#unread = [];
    this.#unreadBytes = 0;
    return all;
  }

  #resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#source?.resume();
  }

  #release(): void {
    // The connection goes back to the pool, where it must hear of its end.
    this.#resume();
    this.#source = undefined;
  }
}
