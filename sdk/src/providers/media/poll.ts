import { SluiceError, type Wire } from '../../types/index.ts';

export interface PollOptions {
  /** Between the first two looks; each wait is half as long again as the one before. */
  firstWaitMs?: number;
  maxWaitMs?: number;
}

/** Where no deadline ends a call: longer than any vendor lets such a job run. */
const maxJobMs = 2 * 60 * 60_000;

/**
 * Looks at a job again and again until it has a result.
 * @param look undefined while the job goes on; throws where it has failed
 * @throws SluiceError what `look` throws, the call's own end, `upstream_timeout` where the job never ends
 */
export const poll = async <T>(
  wire: Wire,
  look: () => Promise<T | undefined>,
  { firstWaitMs = 1000, maxWaitMs = 5000 }: PollOptions = {},
): Promise<T> => {
  const end = wire.now() + maxJobMs;
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 1.5, maxWaitMs)) {
    const result = await look();
    if (result !== undefined) return result;
    if (wire.now() >= end) throw new SluiceError('upstream_timeout', `${wire.target.provider.label} did not finish the job.`);
    await wire.sleep(waitMs);
  }
};
