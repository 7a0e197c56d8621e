import { SluiceError, type StreamAnswer, type WireEvent } from 'sluice/kit';
import type { ClientFraming } from './framing/client-framing.ts';

export interface StreamOptions {
  framing: ClientFraming;
  /** The call; settles at its first output, rejects on a failure before that. */
  answer: Promise<StreamAnswer>;
  /** How long headers wait for the answer, in milliseconds. */
  headerWaitMs: number;
  /** Between signs of life on a silent stream, in milliseconds; 0: none. */
  keepAliveMs: number;
  /** Headers, given what is known by then. */
  headers(answer: StreamAnswer | undefined): Record<string, string>;
  /** Events of the client's format for a failure after the headers have gone. */
  errorEvents(error: SluiceError): readonly WireEvent[];
  /** Told of what goes out. */
  saw?: ((bytes: Uint8Array) => void) | undefined;
  /** The client left. */
  cancel(): void;
  /** Once, whatever happens: `failure` is undefined for a complete answer. */
  ended(answer: StreamAnswer | undefined, failure: unknown): void;
}

/**
 * A streamed response. Its headers wait for the answer to begin, so that an early failure is a plain HTTP error (thrown
 * from here); if that takes too long they go out and the framing's signs of life keep the connection alive (FP-22, FP-72).
 * A framing that has none waits as long as the call may take: headers need bytes to go out with. The stream is pulled: a
 * slow client slows the upstream.
 */
export const streamResponse = async (options: StreamOptions): Promise<Response> => {
  const { answer: pending, framing } = options;
  const keepAliveMs = framing.keepAlive === '' ? 0 : options.keepAliveMs;
  let answer = framing.keepAlive === '' ? await pending : await within(pending, options.headerWaitMs);
  let heartbeat: ReturnType<typeof setTimeout> | undefined;
  /** The call is accounted. Behind the end mark of an answer there may still be bytes to send. */
  let over = false;
  /** The client has all, or has left. */
  let closed = false;

  const end = (failure: unknown) => {
    if (over) return;
    over = true;
    clearTimeout(heartbeat);
    options.ended(answer, failure);
  };

  const body = new ReadableStream<Uint8Array | string>({
    start(controller) {
      // Headers go out with the first bytes, and not before: they are made to.
      if (!answer) controller.enqueue(bytesOf(framing.keepAlive));
      if (keepAliveMs <= 0) return;
      const beat = () => {
        if (over) return;
        // A client that does not read needs no keep-alive; it would only fill its buffer.
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(bytesOf(framing.keepAlive));
        heartbeat = setTimeout(beat, keepAliveMs);
      };
      heartbeat = setTimeout(beat, keepAliveMs);
    },
    async pull(controller) {
      try {
        answer ??= await pending;
        for (;;) {
          const chunk = await answer.read();
          if (closed) return;
          if (chunk === undefined) return finish(controller, answer.failure);
          const bytes = bytesOf(framing.frame(chunk));
          options.saw?.(bytes);
          // Who has the end of an answer has it all: what it cost is written down before that.
          if (answer.complete) end(answer.failure);
          // What the framing has no place for (comments, in an array) does not keep the client's connection alive.
          if (bytes.length === 0) continue;
          if (!over) heartbeat?.refresh();
          return controller.enqueue(bytes);
        }
      } catch (cause) {
        if (closed) return;
        const error = SluiceError.is(cause) ? cause : new SluiceError('internal', 'The gateway failed.', { cause });
        finish(controller, error, framing.frame(options.errorEvents(error)));
      }
    },
    cancel() {
      closed = true;
      options.cancel();
      answer?.cancel();
      // Who leaves behind the end of the answer has it all.
      end(answer ? answer.failure : new SluiceError('client_closed_request', 'The client closed the connection.'));
    },
  });
  const finish = (controller: ReadableStreamDefaultController<Uint8Array | string>, failure: unknown, told: Uint8Array | string = '') => {
    if (closed) return;
    closed = true;
    end(failure);
    for (const last of [told, framing.close()]) if (last.length > 0) controller.enqueue(bytesOf(last));
    controller.close();
  };

  return new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>, {
    headers: { 'content-type': framing.contentType, 'cache-control': 'no-cache', 'x-accel-buffering': 'no', ...options.headers(answer) },
  });
};

const encoder = new TextEncoder();
const bytesOf = (value: Uint8Array | string): Uint8Array => (typeof value === 'string' ? encoder.encode(value) : value);

/** The value, or undefined if it takes longer. Rejects if it does. */
const within = async <T>(promise: Promise<T>, ms: number): Promise<T | undefined> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, ms, undefined)));
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
    // A rejection that comes after the wait is handled by whoever awaits the promise next.
    promise.catch(() => {});
  }
};
