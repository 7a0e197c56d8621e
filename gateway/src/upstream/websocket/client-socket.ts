import type { Socket } from 'bun';
import { SluiceError, type CancelSignal, type TransportResponse } from 'sluice/kit';
import { Dial, tlsOptions } from '../dial.ts';
import { abortedBy, connectionBroke, connectTimedOut, notHttp } from '../failures.ts';
import type { TransportSettings } from '../options.ts';
import { createPlaces, type Place } from '../origin.ts';
import type { SocketOwner } from '../socket-owner.ts';
import { closePayload, encodeFrame, FrameReader, opcodes, type Frame, type Received } from './frames.ts';
import { Handshake, type Shaken } from './handshake.ts';

/** Who hears of a provider's side of a conversation. */
export interface SocketListener {
  frame(frame: Frame): void;
  /** Once, and the last: 1006 where it was lost. Not after `close`. */
  closed(code: number, reason: string): void;
}

export interface SocketRequest {
  /** `ws:` or `wss:` */
  url: string;
  headers: Record<string, string>;
  /** Milliseconds for all of it, handshake included. 0: no limit. */
  timeoutMs: number;
  signal: CancelSignal;
}

/** What a WebSocket's opening ends with: the socket, or the answer of a server that wants none. */
export type OpenedSocket = { socket: ClientSocket } | { refused: TransportResponse };

/** One message of a provider. Bytes. */
const maxMessageBytes = 16 * 1024 * 1024;
/** How long a server may take to answer a close. */
const closeTimeoutMs = 2000;

/**
 * A WebSocket of our own over the transport's way to connect: with its proxies, its certificate authorities and its
 * refusal of metadata addresses; unlike the runtime's it can wait for its reader, and tells what a server says that refuses.
 */
export class ClientSocket implements SocketOwner {
  readonly #socket: Socket<SocketOwner>;
  readonly #reader = new FrameReader(maxMessageBytes);
  #unsent: Buffer[] = [];
  #unsentBytes = 0;
  #listener: SocketListener | undefined;
  #early: Buffer | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #leaving = false;
  #over: { code: number; reason: string } | undefined;

  constructor(socket: Socket<SocketOwner>, early: Buffer) {
    this.#socket = socket;
    this.#early = early;
    socket.data = this;
    // Until somebody listens, what comes stays where it is.
    socket.pause();
  }

  listen(listener: SocketListener): void {
    this.#listener = listener;
    const early = this.#early ?? Buffer.alloc(0);
    this.#early = undefined;
    if (early.length > 0) this.onData(early);
    if (this.#over) listener.closed(this.#over.code, this.#over.reason);
    else this.#socket.resume();
  }

  onData(bytes: Buffer): void {
    if (this.#over) return;
    if (!this.#listener) {
      this.#early = Buffer.concat([this.#early ?? Buffer.alloc(0), bytes]);
      return;
    }
    const wrong = this.#reader.push(bytes, (received) => this.#take(received));
    if (!wrong || this.#over) return;
    this.#write(encodeFrame(opcodes.close, closePayload(wrong.code, '')));
    this.#end(1006, '');
  }

  #take(received: Received): void {
    if (this.#over) return;
    if (received.kind === 'message') {
      if (!this.#leaving) this.#listener?.frame(received.data);
    } else if (received.kind === 'ping') this.#write(encodeFrame(opcodes.pong, Buffer.from(received.data)));
    else {
      if (!this.#leaving) this.#write(encodeFrame(opcodes.close, closePayload(received.code, '')));
      this.#end(received.code, received.reason);
    }
  }

  send(frame: Frame): void {
    if (!this.#leaving && !this.#over) this.#write(encodeFrame(typeof frame === 'string' ? opcodes.text : opcodes.binary, frame));
  }

  /** Bytes that the server has not taken yet. */
  get waiting(): number {
    return this.#unsentBytes;
  }

  /** Reads no more for now: what the server sends is its own to keep. */
  pause(): void {
    if (!this.#over) this.#socket.pause();
  }

  resume(): void {
    if (!this.#over) this.#socket.resume();
  }

  close(code: number, reason: string): void {
    if (this.#leaving || this.#over) return;
    this.#write(encodeFrame(opcodes.close, closePayload(code, reason)));
    this.#leaving = true;
    this.#socket.resume();
    this.#timer = setTimeout(() => this.#end(1006, ''), closeTimeoutMs);
  }

  onDrain(): void {
    for (let first = this.#unsent[0]; first; first = this.#unsent[0]) {
      const written = this.#socket.write(first);
      if (written <= 0) return;
      this.#unsentBytes -= written;
      if (written < first.length) {
        this.#unsent[0] = first.subarray(written);
        return;
      }
      this.#unsent.shift();
    }
  }

  onClose(): void {
    this.#end(1006, '');
  }

  #write(bytes: Buffer): void {
    if (this.#over) return;
    const written = this.#unsentBytes === 0 ? Math.max(0, this.#socket.write(bytes)) : 0;
    if (written === bytes.length) return;
    this.#unsent.push(bytes.subarray(written));
    this.#unsentBytes += bytes.length - written;
  }

  #end(code: number, reason: string): void {
    if (this.#over) return;
    this.#over = { code, reason };
    clearTimeout(this.#timer);
    this.#unsent = [];
    this.#unsentBytes = 0;
    this.#socket.end();
    if (!this.#leaving) this.#listener?.closed(code, reason);
  }
}

/** One attempt to open a WebSocket. */
class Opening implements SocketOwner {
  readonly promise: Promise<OpenedSocket>;
  readonly #resolvers = Promise.withResolvers<OpenedSocket>();
  readonly #request: SocketRequest;
  readonly #place: Place;
  readonly #handshake: Handshake;
  readonly #dial: Dial;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  #socket: Socket<SocketOwner> | undefined;
  #over = false;

  constructor(request: SocketRequest, settings: TransportSettings) {
    this.#request = request;
    this.promise = this.#resolvers.promise;
    const url = request.url.replace(/^ws/, 'http');
    const { hostname } = new URL(url);
    // An address of its own makes a proxy be asked for a tunnel, whatever the scheme: no proxy passes an upgrade on.
    this.#place = createPlaces(settings.proxy)(url, hostname.replace(/^\[|\]$/g, ''));
    const { origin } = this.#place;
    this.#handshake = new Handshake(url, request.headers, this.#place);
    const { timeoutMs, signal } = request;
    if (timeoutMs > 0) this.#timer = setTimeout(() => this.#late(), timeoutMs);
    signal.addEventListener('abort', this);
    this.#dial = new Dial({
      origin,
      tls: tlsOptions(settings.tls),
      // The timer above is for all of it.
      limitMs: 0,
      done: (result) => {
        if (SluiceError.is(result)) return this.#settle(() => this.#resolvers.reject(result));
        this.#socket = result;
        result.data = this;
        result.write(this.#handshake.request);
      },
      settled: () => {},
    });
  }

  /** The signal's listener. */
  handleEvent(): void {
    this.#giveUp(abortedBy(this.#request.signal));
  }

  onData(bytes: Buffer): void {
    const shaken = this.#handshake.push(bytes);
    if (shaken) this.#became(shaken);
  }

  onDrain(): void {}

  onClose(cause?: Error): void {
    const shaken = this.#handshake.ended();
    if (shaken) this.#became(shaken);
    else this.#giveUp(connectionBroke(this.#place.origin.host, 'before the WebSocket was open', cause));
  }

  /** A refusal whose words do not end is one. */
  #late(): void {
    const shaken = this.#handshake.ended();
    if (shaken) this.#became(shaken);
    else this.#giveUp(connectTimedOut(this.#place.origin.host, this.#request.timeoutMs));
  }

  #became(shaken: Shaken): void {
    if (shaken.kind === 'broken') return this.#giveUp(notHttp(this.#place.origin.host, shaken.what));
    this.#settle(() => {
      const socket = this.#socket!;
      if (shaken.kind === 'open') return this.#resolvers.resolve({ socket: new ClientSocket(socket, shaken.rest) });
      socket.terminate();
      this.#resolvers.resolve({ refused: shaken.response });
    });
  }

  #giveUp(error: SluiceError): void {
    this.#settle(() => {
      this.#dial.abandon();
      this.#socket?.terminate();
      this.#resolvers.reject(error);
    });
  }

  #settle(then: () => void): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#request.signal.removeEventListener('abort', this);
    then();
  }
}

/** @throws SluiceError `connection`, `upstream_timeout`, `invalid_response`, the signal's reason */
export const openSocket = async (request: SocketRequest, settings: TransportSettings): Promise<OpenedSocket> => {
  if (request.signal.aborted) throw abortedBy(request.signal);
  return new Opening(request, settings).promise;
};
