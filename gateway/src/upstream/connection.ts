import type { Socket } from 'bun';
import { SluiceError } from 'sluice/kit';
import { Answer, type AnswerSource } from './answer.ts';
import { ChunkedDecoder } from './chunked.ts';
import { decompressed } from './decompress.ts';
import type { Exchange, Holder } from './exchange.ts';
import { bodyFailed, connectionBroke, notHttp } from './failures.ts';
import { keepAliveMs, readHead, type ResponseHead } from './head.ts';
import type { TransportSettings } from './options.ts';
import type { Origin } from './origin.ts';
import type { RequestBody } from './request-body.ts';
import type { SocketOwner } from './socket-owner.ts';

/** What a connection tells its pool. */
export interface ConnectionKeeper {
  /** It is free for the next request. */
  release(connection: Connection): void;
  closed(connection: Connection): void;
  /** The connection was dead before it was used: the request goes on another. */
  stale(exchange: Exchange): void;
}

/** The peer's `keep-alive: timeout` is counted from its side: leave before it does. */
const leaveEarlyMs = 1000;

const httpMark = Buffer.from('HTTP/1.');

/** Whether the bytes so far can become an answer: a server of another protocol may wait for us as we wait for it. */
const mayBeHttp = (bytes: Buffer): boolean => {
  const length = Math.min(bytes.length, httpMark.length);
  return bytes.compare(httpMark, 0, length, 0, length) === 0;
};

/** One connection that is ready for requests, one after the other. */
export class Connection implements SocketOwner, AnswerSource, Holder {
  readonly origin: Origin;
  dead = false;
  /** When it became idle, on the clock of `performance.now()`. */
  idleSince = 0;
  idleLimitMs: number;
  readonly #socket: Socket<SocketOwner>;
  readonly #keeper: ConnectionKeeper;
  readonly #settings: TransportSettings;
  #uses = 0;
  #exchange: Exchange | undefined;
  #sentAt = 0;
  /** What of the request the socket has not taken yet. */
  #unsent: Buffer | undefined;
  /** Whoever waits for the socket to take that. */
  #drained: (() => void) | undefined;
  /** Beginning of a head that is not complete. */
  #partial: Buffer | undefined;
  /** Whether anything has come back for this request. */
  #heard = false;
  #head: ResponseHead | undefined;
  #answer: Answer | undefined;
  #chunks: ChunkedDecoder | undefined;
  #remaining = 0;

  constructor(socket: Socket<SocketOwner>, origin: Origin, keeper: ConnectionKeeper, settings: TransportSettings) {
    this.#socket = socket;
    this.origin = origin;
    this.#keeper = keeper;
    this.#settings = settings;
    this.idleLimitMs = settings.idleTimeoutMs;
    socket.data = this;
  }

  send(exchange: Exchange): void {
    this.#uses++;
    this.#exchange = exchange;
    exchange.holder = this;
    this.#heard = false;
    this.#sentAt = performance.now();
    const { request, body } = exchange;
    this.#write(request);
    if (body) void this.#sendBody(exchange, body);
  }

  #write(bytes: string | Uint8Array): void {
    const written = this.#socket.write(bytes);
    if (written < 0) this.onClose();
    else if (written < (typeof bytes === 'string' ? Buffer.byteLength(bytes) : bytes.length)) {
      this.#unsent = Buffer.from(bytes as string).subarray(written);
    }
  }

  /** Piece by piece, as the socket takes them. Goes on while an answer comes early, until that is complete. */
  async #sendBody(exchange: Exchange, body: RequestBody): Promise<void> {
    const isOver = () => this.#exchange !== exchange;
    try {
      while (!body.done) {
        if (this.#unsent) await new Promise<void>((resolve) => (this.#drained = resolve));
        if (isOver()) return;
        await body.ready();
        if (isOver()) return;
        const bytes = body.take();
        if (bytes.length > 0) this.#write(bytes);
        // A server that takes its time with an upload does not make its connection a stale one.
        this.#sentAt = performance.now();
      }
    } catch (cause) {
      if (isOver()) return;
      this.#giveUp(SluiceError.is(cause) ? cause : bodyFailed(cause));
      this.destroy();
    }
  }

  onDrain(): void {
    if (!this.#unsent) return;
    const written = this.#socket.write(this.#unsent);
    if (written >= this.#unsent.length) {
      this.#unsent = undefined;
      this.#wakeSender();
    } else if (written > 0) this.#unsent = this.#unsent.subarray(written);
  }

  #wakeSender(): void {
    const wake = this.#drained;
    this.#drained = undefined;
    wake?.();
  }

  onData(bytes: Buffer): void {
    if (this.#answer) this.#readBody(bytes, 0);
    else if (this.#exchange) this.#readHead(bytes);
    // Nobody asked: a farewell ("408 Request Timeout") or a server out of step. Neither is good for another request.
    else this.destroy();
  }

  #readHead(bytes: Buffer): void {
    this.#heard = true;
    let all = bytes;
    let searchFrom = 0;
    if (this.#partial) {
      searchFrom = Math.max(0, this.#partial.length - 3);
      all = Buffer.concat([this.#partial, bytes]);
      this.#partial = undefined;
    }
    for (;;) {
      const head = readHead(all, searchFrom);
      if (typeof head === 'string') return this.#refuse(head);
      if (head === undefined ? all.length > this.#settings.maxHeadBytes : head.bodyAt > this.#settings.maxHeadBytes)
        return this.#refuse('its head is too large');
      if (head === undefined) {
        if (!mayBeHttp(all)) return this.#refuse('it does not begin as HTTP');
        if (all.length > 0) this.#partial = all;
        return;
      }
      if (head.status >= 200) return this.#begin(head, all);
      if (head.status === 101) return this.#refuse('it changes the protocol');
      // 100 Continue, 103 Early Hints: the answer itself comes after.
      all = all.subarray(head.bodyAt);
      searchFrom = 0;
    }
  }

  #begin(head: ResponseHead, bytes: Buffer): void {
    const exchange = this.#exchange;
    if (!exchange) return;
    // A farewell to a connection that had been idle for too long has crossed this request, which nobody has read.
    if (head.status === 408 && this.#isStale(exchange)) return this.#sendElsewhere(exchange);
    const bodyless = head.framing.kind === 'none' || exchange.headOnly;
    const answer = new Answer(head.status, head.headers, this, this.#settings.maxUnreadBytes);
    this.#head = head;
    this.#answer = answer;
    this.#remaining = head.framing.kind === 'length' ? head.framing.bytes : 0;
    this.#chunks = head.framing.kind === 'chunked' ? new ChunkedDecoder(this.#settings.maxHeadBytes) : undefined;
    exchange.answered(answer, bodyless ? answer : decompressed(answer));
    if (bodyless) this.#finish(head.bodyAt < bytes.length);
    else if (head.bodyAt < bytes.length) this.#readBody(bytes, head.bodyAt);
  }

  #readBody(bytes: Buffer, from: number): void {
    const answer = this.#answer as Answer;
    if (this.#chunks) {
      const chunks = this.#chunks;
      const payload = chunks.push(bytes, from);
      if (payload) answer.push(payload);
      if (chunks.problem !== undefined) this.#refuse(chunks.problem);
      else if (chunks.done && this.#answer) this.#finish(chunks.endAt < bytes.length);
      return;
    }
    const payload =
      this.#head?.framing.kind === 'length' && bytes.length - from > this.#remaining
        ? bytes.subarray(from, from + this.#remaining)
        : bytes.subarray(from);
    answer.push(payload);
    if (this.#head?.framing.kind !== 'length' || !this.#answer) return;
    this.#remaining -= payload.length;
    if (this.#remaining === 0) this.#finish(from + payload.length < bytes.length);
  }

  /** The answer is complete. @param excess bytes came after it, which nobody asked for */
  #finish(excess: boolean): void {
    const { keepAlive, headers } = this.#head as ResponseHead;
    // An answer to a request that was not sent to its end: the rest of it would be taken for the next request.
    const reusable = keepAlive && !excess && !this.#unsent && this.#exchange?.body?.done !== false;
    const answer = this.#answer as Answer;
    this.#letGo()?.over();
    answer.end();
    if (!reusable) return this.#closeGently();
    const peerMs = keepAliveMs(headers);
    if (peerMs !== undefined) this.idleLimitMs = Math.min(this.#settings.idleTimeoutMs, Math.max(0, peerMs - leaveEarlyMs));
    this.#keeper.release(this);
  }

  /** What came is not what it should be. */
  #refuse(problem: string): void {
    this.#giveUp(notHttp(this.origin.host, problem));
    this.destroy();
  }

  onClose(cause?: Error): void {
    if (this.dead) return;
    this.#markDead();
    if (this.#answer && this.#head?.framing.kind === 'close' && !cause) {
      const answer = this.#answer;
      this.#letGo()?.over();
      answer.end();
      return;
    }
    const exchange = this.#exchange;
    if (exchange && !this.#heard && this.#isStale(exchange)) {
      this.#letGo();
      this.#keeper.stale(exchange);
    } else {
      this.#giveUp(connectionBroke(this.origin.host, this.#answer ? 'in the middle of its answer' : 'before it answered', cause));
    }
  }

  /** A server that worked on the request for a while and then broke is not retried here: it may have done the work. */
  #isStale(exchange: Exchange): boolean {
    return this.#uses > 1 && !exchange.retried && !exchange.body?.begun && performance.now() - this.#sentAt <= this.#settings.staleWindowMs;
  }

  #sendElsewhere(exchange: Exchange): void {
    this.#letGo();
    this.destroy();
    this.#keeper.stale(exchange);
  }

  #giveUp(error: SluiceError): void {
    const answer = this.#answer;
    const exchange = this.#letGo();
    if (answer) {
      exchange?.over();
      answer.fail(error);
    } else exchange?.failed(error);
  }

  #letGo(): Exchange | undefined {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    this.#answer = undefined;
    this.#head = undefined;
    this.#chunks = undefined;
    this.#partial = undefined;
    this.#wakeSender();
    return exchange;
  }

  /** The signal aborted. */
  abandon(): void {
    this.#letGo();
    this.destroy();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    if (!this.dead) this.#socket.resume();
  }

  /** Closes at once, with a reset: the upstream notices even while it only writes. */
  destroy(): void {
    if (this.dead) return;
    this.#markDead();
    this.#letGo()?.over();
    this.#socket.terminate();
  }

  #closeGently(): void {
    if (this.dead) return;
    this.#markDead();
    this.#socket.end();
  }

  /** An idle one that is not needed any more. */
  retire(): void {
    this.#closeGently();
  }

  /** The transport is closed, whatever this one does. */
  shut(): void {
    if (!this.#exchange) return this.#closeGently();
    this.#giveUp(connectionBroke(this.origin.host, 'because the transport was closed'));
    this.destroy();
  }

  #markDead(): void {
    this.dead = true;
    this.#unsent = undefined;
    this.#keeper.closed(this);
  }
}
