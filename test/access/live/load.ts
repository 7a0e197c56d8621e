export interface LoadCall {
  /** On `performance.now()`'s clock. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly status: number;
}

/** Calls at even distances, whether the ones before are answered or not. */
export const everyMs = (ms: number, call: () => Promise<number>) => {
  const calls: LoadCall[] = [];
  const open = new Set<Promise<void>>();
  const one = async () => {
    const startedAt = performance.now();
    const status = await call().catch(() => 0);
    calls.push({ startedAt, durationMs: performance.now() - startedAt, status });
  };
  const timer = setInterval(() => {
    const promise: Promise<void> = one().finally(() => open.delete(promise));
    open.add(promise);
  }, ms);
  return {
    calls: calls as readonly LoadCall[],
    /** In the order in which they began. */
    async stop(): Promise<readonly LoadCall[]> {
      clearInterval(timer);
      await Promise.all(open);
      return calls.toSorted((a, b) => a.startedAt - b.startedAt);
    },
  };
};

/** @returns after how many milliseconds it is so @throws Error where it never is */
export const untilStatus = async (wanted: number, call: () => Promise<number>): Promise<number> => {
  const startedAt = performance.now();
  for (;;) {
    const sentAt = performance.now();
    const status = await call();
    if (status === wanted) return sentAt - startedAt;
    if (performance.now() - startedAt > 10_000) throw new Error(`It is ${status}, and not ${wanted}.`);
    await Bun.sleep(5);
  }
};
