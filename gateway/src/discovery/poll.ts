import type { CancelSignal } from 'sluice/kit';
import type { Claimed } from './endpoint.ts';
import type { OnList, Source, SourceContext } from './source.ts';

/** What a look found, and how long it holds at most, where the source says so. */
export interface Look {
  list: readonly Claimed[];
  holdsMs?: number;
}

/** A record that says it holds for a second is not asked for every second. */
const minWaitMs = 5000;

/** The next look: when what was found does not hold any more, or it is time; spread, so that gateways do not ask all at once. */
export const waitOf = ({ holdsMs = Infinity }: Look, intervalMs: number, random: () => number): number =>
  Math.min(Math.max(holdsMs, minWaitMs), intervalMs) * (0.9 + 0.2 * random());

/** A source that is looked at again and again. */
export const polled = (
  look: (signal: CancelSignal) => Promise<Look>,
  intervalMs: number,
  { clock, random }: Pick<SourceContext, 'clock' | 'random'>,
): Source => ({
  async watch(onList: OnList, signal: CancelSignal) {
    while (!signal.aborted) {
      const found = await look(signal);
      onList(found.list);
      await clock.sleep(waitOf(found, intervalMs, random), signal);
    }
  },
});
