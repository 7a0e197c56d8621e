/**
 * Makes several calls, at most `most` at a time, and gives their answers in order. The first that fails fails all: those
 * that run are cancelled by the signal they were given, and no more are begun.
 * @throws what the first failing call threw, once all that ran are over
 */
export const fanOut = async <T, R>(
  items: readonly T[],
  most: number,
  signal: AbortSignal | undefined,
  call: (item: T, signal: AbortSignal | undefined, index: number) => Promise<R>,
): Promise<R[]> => {
  // One alone needs nothing that it would not need by itself.
  if (items.length === 1) return [await call(items[0]!, signal, 0)];
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const results: R[] = [];
  let next = 0;
  let failure: { cause: unknown } | undefined;
  const work = async (): Promise<void> => {
    while (next < items.length && !failure) {
      const index = next++;
      try {
        results[index] = await call(items[index]!, either, index);
      } catch (cause) {
        failure ??= { cause };
        stop.abort(cause);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, work));
  if (failure) throw failure.cause;
  return results;
};
