/**
 * CPU time that this thread has used so far. Milliseconds. The clock goes on while a busy machine runs other programs, so
 * what must not cost much is measured by this, and how long something waits by the clock.
 */
export const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

/** For how long at most nothing else had its turn on this thread while this ran. Milliseconds of CPU time. */
export const longestTurnMs = async (run: () => Promise<unknown>): Promise<number> => {
  let longest = 0;
  let last = cpuMs();
  const beat = (): void => {
    const now = cpuMs();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const timer = setInterval(beat, 1);
  try {
    await run();
  } finally {
    clearInterval(timer);
  }
  beat();
  return longest;
};

/** The least of some measurements: what takes its time takes it every time, a busy machine does not. */
export const leastOf = async (times: number, measure: () => Promise<number>): Promise<number> => {
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at < times; at++) least = Math.min(least, await measure());
  return least;
};
