import type { SecretWorld } from './manager.ts';

export interface RotationOptions {
  /** Between two looks. Infinity: there is nothing to look at. Milliseconds. */
  intervalMs: number;
  isNeeded: () => boolean;
  /** Reads everything again. Throws where a manager does not answer. */
  look: () => Promise<void>;
  signal: AbortSignal;
  world: Pick<SecretWorld, 'clock' | 'random'>;
  /** For people: an outage begins, or is over. */
  tell: (line: string) => void;
}

/** After a failed look the next one comes sooner. Milliseconds. */
const againMs = 30_000;

/**
 * Looks again and again whether secrets have changed, a little before what is known gets old, spread so that gateways
 * do not ask all at once. What is live stays live while a manager is away.
 * @returns ends it
 */
export const watchRotation = ({ intervalMs, isNeeded, look, signal, world, tell }: RotationOptions): (() => void) => {
  const { clock, random } = world;
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  let failing = false;

  const run = async () => {
    while (!both.aborted) {
      const waitMs = intervalMs * (0.8 + 0.15 * random());
      await clock.sleep(failing ? Math.min(waitMs, againMs) : waitMs, both);
      if (!isNeeded()) continue;
      try {
        await look();
        if (failing) tell('The secret managers answer again.');
        failing = false;
      } catch (cause) {
        if (both.aborted) return;
        // An outage is told when it begins, not each time that it goes on.
        if (!failing) tell(`${cause instanceof Error ? cause.message : 'A secret manager failed.'} What was read before stays in use.`);
        failing = true;
      }
    }
  };
  // The wait is cut short by the end alone.
  if (Number.isFinite(intervalMs)) void run().catch(() => {});
  return () => stop.abort(new Error('Nobody looks any more.'));
};
