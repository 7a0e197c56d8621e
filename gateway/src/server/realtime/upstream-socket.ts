import { SluiceError, type CancelSignal, type ErrorCode } from 'sluice/kit';

export type Frame = string | Buffer;

/** Who hears of a provider's side of a conversation. */
export interface UpstreamListener {
  frame(frame: Frame): void;
  closed(code: number, reason: string): void;
}

/** The runtime's own, which can send headers; the type of its global name is that of browsers. */
const RuntimeSocket = WebSocket as unknown as new (url: string, options: Bun.WebSocketOptions) => Bun.WebSocket;

/** What a provider may say before anybody listens. Bytes. */
const maxEarlyBytes = 4 * 1024 * 1024;

const codes: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid_request',
  401: 'authentication',
  403: 'permission_denied',
  404: 'not_found',
  429: 'rate_limited',
};

/** A handshake that failed: the runtime tells the status in its words, and nothing more of the answer. */
const refusal = (host: string, words: string): SluiceError => {
  const status = Number(/status code: (\d{3})/.exec(words)?.[1]);
  if (!(status >= 400)) return new SluiceError('connection', `No connection to ${host}: the WebSocket could not be opened.`);
  const code = codes[status] ?? (status >= 500 ? 'unavailable' : 'invalid_request');
  return new SluiceError(code, `The provider answered ${status} to the WebSocket's handshake.`, { status, upstream: {} });
};

/** A provider's side of a conversation. What comes before somebody listens is kept. */
export class UpstreamSocket {
  readonly #socket: Bun.WebSocket;
  #early: Frame[] = [];
  #earlyBytes = 0;
  #listener: UpstreamListener | undefined;
  #closed: { code: number; reason: string } | undefined;

  private constructor(socket: Bun.WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const frame = data as Frame;
      if (this.#listener) this.#listener.frame(frame);
      else this.#keep(frame);
    });
    socket.addEventListener('close', ({ code, reason }) => {
      this.#closed = { code, reason };
      this.#listener?.closed(code, reason);
    });
  }

  /** @throws SluiceError what the provider answered, `connection`, `upstream_timeout` */
  static open(url: string, headers: Record<string, string>, options: { timeoutMs: number; signal: CancelSignal }): Promise<UpstreamSocket> {
    const { host } = new URL(url);
    const { promise, resolve, reject } = Promise.withResolvers<UpstreamSocket>();
    // Bun's own options: https://bun.sh/docs/api/websockets
    const socket = new RuntimeSocket(url, { headers, perMessageDeflate: false });
    socket.binaryType = 'nodebuffer';
    const upstream = new UpstreamSocket(socket);
    let words = '';
    const give = (error: SluiceError) => {
      reject(error);
      socket.terminate();
    };
    const timer =
      options.timeoutMs > 0
        ? setTimeout(
            () => give(new SluiceError('upstream_timeout', `No connection to ${host} within ${options.timeoutMs} ms.`)),
            options.timeoutMs,
          )
        : undefined;
    const cancelled = () => give(SluiceError.from(options.signal.reason));
    options.signal.addEventListener('abort', cancelled);
    socket.addEventListener('open', () => resolve(upstream));
    socket.addEventListener('error', (event) => void (words = (event as ErrorEvent).message ?? ''));
    socket.addEventListener('close', () => reject(refusal(host, words)));
    return promise.finally(() => {
      clearTimeout(timer);
      options.signal.removeEventListener('abort', cancelled);
    });
  }

  /** Nobody listens yet, which is a moment; a provider that says too much in it is none that could be followed. */
  #keep(frame: Frame): void {
    this.#earlyBytes += frame.length;
    if (this.#earlyBytes > maxEarlyBytes) this.#socket.close(1013, 'too much at once');
    else this.#early.push(frame);
  }

  listen(listener: UpstreamListener): void {
    this.#listener = listener;
    const early = this.#early;
    this.#early = [];
    for (const frame of early) listener.frame(frame);
    if (this.#closed) listener.closed(this.#closed.code, this.#closed.reason);
  }

  send(frame: Frame): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(frame);
  }

  /** Bytes that the provider has not taken yet. */
  get waiting(): number {
    return this.#socket.bufferedAmount;
  }

  close(code: number, reason: string): void {
    if (this.#closed) return;
    this.#socket.close(code, reason);
  }
}
