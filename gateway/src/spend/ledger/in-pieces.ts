import type { Written } from './write-events.ts';

/** The most events of one call. */
const maxEvents = 2000;
/** Of one transaction: others wait for the rows that all share no longer than that. */
const perTransaction = 500;

/** @throws RangeError for more than a batch */
export const inPieces = async <E>(events: readonly E[], write: (some: readonly E[]) => Promise<Written>): Promise<Written> => {
  if (events.length > maxEvents) throw new RangeError(`At most ${maxEvents} events are written at once.`);
  const all = { written: 0, known: 0, refused: [] as Written['refused'][number][] };
  for (let at = 0; at < events.length; at += perTransaction) {
    const { written, known, refused } = await write(events.slice(at, at + perTransaction));
    all.written += written;
    all.known += known;
    all.refused.push(...refused);
  }
  return all;
};
