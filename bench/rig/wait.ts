/** Waits until it answers at all. @throws Error after `timeoutMs` */
export const waitFor = async (what: string, attempt: () => Promise<boolean>, timeoutMs: number, everyMs = 20): Promise<void> => {
  const end = performance.now() + timeoutMs;
  let last: unknown;
  while (performance.now() < end) {
    try {
      if (await attempt()) return;
    } catch (error) {
      last = error;
    }
    await Bun.sleep(everyMs);
  }
  throw new Error(`${what} is not ready after ${timeoutMs} ms${last === undefined ? '' : `: ${String(last)}`}`);
};

/** A port that is free at this moment. */
export const freePort = (): number => {
  const server = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
  const { port } = server;
  server.stop(true);
  return port;
};

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
};
