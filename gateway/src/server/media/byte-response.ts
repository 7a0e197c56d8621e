import { SluiceError, type OperationAnswer } from 'sluice/kit';
import { overheadOf } from '../../pipeline/record.ts';
import type { Handling } from '../handling.ts';
import { inertHeaders } from '../inert-headers.ts';

type ByteAnswer = Extract<OperationAnswer, { kind: 'bytes' }>;

/** Bytes as they come: sound, film, events. The call is accounted when the last of them has gone, or when the client has. */
export const byteResponse = (handling: Handling, answer: ByteAnswer): Response => {
  const { state } = handling;
  state.overheadMs = overheadOf(state, state.clock());
  const headers = handling.headers();
  headers['content-type'] = answer.contentType;
  Object.assign(headers, inertHeaders(answer.contentType));
  if (answer.contentType.includes('event-stream')) {
    headers['cache-control'] = 'no-cache';
    headers['x-accel-buffering'] = 'no';
  }
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const bytes = await answer.read();
          if (bytes) return controller.enqueue(bytes);
          // Written down before the client knows that it has all.
          handling.ended(200, answer.failure);
          controller.close();
        } catch (cause) {
          handling.ended(200, cause);
          // Only a connection that breaks tells that this is not all of it.
          controller.error(cause);
        }
      },
      cancel() {
        handling.cancel();
        answer.cancel();
        handling.ended(200, new SluiceError('client_closed_request', 'The client closed the connection.'));
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>, { headers });
};
