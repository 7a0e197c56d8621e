import { SluiceError, type ByteStream, type Usage } from '../../types/index.ts';
import type { ByteAnswer } from './call.ts';
import type { Session } from './session.ts';

/**
 * A session's bytes as the answer of a call: deadlines between them, the end noted once, whoever ends it.
 * @param see is shown each piece; `usage` is asked when they begin, since much is billed by what was asked for, and at the end
 */
export const byteAnswer = (
  session: Session,
  stream: ByteStream,
  { see, usage }: { see?(bytes: Uint8Array): void; usage?(): Usage | undefined } = {},
): ByteAnswer => {
  const { facts, clock, now } = session;
  const known = usage?.();
  if (known) facts.usage = known;
  let over = false;
  let failure: Error | undefined;
  const end = (why?: Error): void => {
    if (over) return;
    over = true;
    failure = why;
    const counted = usage?.();
    if (counted) facts.usage = counted;
    facts.endedAt = now();
    session.close();
  };
  return {
    kind: 'bytes',
    facts,
    contentType: stream.contentType,
    async read() {
      if (over) return undefined;
      try {
        const bytes = await stream.read();
        if (bytes === undefined) {
          end();
          return undefined;
        }
        clock.tick();
        clock.firstToken();
        facts.firstOutputAt ??= now();
        see?.(bytes);
        return bytes;
      } catch (cause) {
        const error = session.failure(cause);
        end(error);
        throw error;
      }
    },
    cancel() {
      if (over) return;
      stream.cancel();
      end(new SluiceError('client_closed_request', 'The client closed the connection.'));
    },
    get failure() {
      return failure;
    },
  };
};
