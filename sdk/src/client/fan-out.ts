import { Canceller } from '../transport/canceller.ts';
import type { CancelSignal } from '../types/index.ts';

/**
 * Makes several calls, at most `most` at a time, and gives their answers in order. The first that fails fails all: those
 * that run are cancelled by the signal they were given, and no more are begun.
 * @throws what the first failing call threw, once all that ran are over
 */
export const fanOut = async <T, R>(
  items: readonly T[],
  most: number,
  signal: CancelSignal | undefined,
  call: (item: T, signal: CancelSignal | undefined, index: number) => Promise<R>,
): Promise<R[]> => {
  // One alone needs nothing that it would not need by itself.
  if (items.length === 1) return [await call(items[0]!, signal, 0)];
  const stop = new Canceller();
  const leave = () => stop.abort(signal?.reason);
  if (signal?.aborted) leave();
  signal?.addEventListener('abort', leave);
  const results: R[] = [];
  let next = 0;
  let failure: { cause: unknown } | undefined;
  const work = async (): Promise<void> => {
    while (next < items.length && !failure) {
      const index = next++;
      try {
        results[index] = await call(items[index]!, stop, index);
      } catch (cause) {
        failure ??= { cause };
        stop.abort(cause);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, work));
  signal?.removeEventListener('abort', leave);
  if (failure) throw failure.cause;
  return results;
};
