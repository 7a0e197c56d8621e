import type { Charge, SpendEvent } from '../event.ts';
import { eventsIn } from './lines.ts';

/** Events that are written to the database together: their texts, and what they were charged to, in sums. */
export interface Batch {
  /** JSON, one for each event. */
  readonly lines: readonly string[];
  readonly spent: readonly Spent[];
}

export type Spent = Pick<SpendEvent, 'charges' | 'nanodollars'>;

/** Written to the database at a time. */
const perBatch = 1000;
/** Batches of a file that are kept in memory, so that it need not be read again. */
const maxKept = 5;

/** Calls of one caller are charged to one list, the same object: there are few sums, however many calls. */
class OpenBatch {
  readonly lines: string[] = [];
  readonly #sums = new Map<readonly Charge[], number>();

  add({ charges, nanodollars }: Spent, line: string): void {
    this.lines.push(line);
    this.#sums.set(charges, (this.#sums.get(charges) ?? 0) + nanodollars);
  }

  get spent(): readonly Spent[] {
    return Array.from(this.#sums, ([charges, nanodollars]) => ({ charges, nanodollars }));
  }
}

/**
 * Some events on their way to the database: those of one file, or some that are in memory alone. Only their texts are kept:
 * thousands of objects that live for a second are what a collector of garbage has most to do with.
 */
export class Segment {
  /** Absent: it is in memory alone. */
  readonly name: string | undefined;
  count = 0;
  bytes = 0;
  /** How many batches of it are in the database. */
  written = 0;
  /** And how many events. */
  writtenEvents = 0;
  /** It is being written: nothing may be added. */
  sealed = false;
  #batches: OpenBatch[] | undefined = [];

  constructor(name: string | undefined) {
    this.name = name;
  }

  /** Of a file that another process wrote. */
  static adopted(name: string, count: number, bytes: number): Segment {
    const segment = new Segment(name);
    segment.count = count;
    segment.bytes = bytes;
    segment.#batches = undefined;
    return segment;
  }

  add(event: SpendEvent, line: string): void {
    this.count++;
    if (this.name !== undefined) this.bytes += line.length;
    if (!this.#batches) return;
    let last = this.#batches.at(-1);
    if (!last || last.lines.length === perBatch) {
      if (this.name !== undefined && this.#batches.length === maxKept) {
        this.#batches = undefined;
        return;
      }
      this.#batches.push((last = new OpenBatch()));
    }
    last.add(event, line);
  }

  /** Undefined: they are in the file. */
  get batches(): readonly Batch[] | undefined {
    return this.#batches;
  }
}

/** The batches of a file, the same each time it is read. */
export const batchesIn = (text: string): { readonly batches: readonly Batch[]; readonly unreadable: number } => {
  const { events, lines, unreadable } = eventsIn(text);
  const batches: OpenBatch[] = [];
  for (const [at, event] of events.entries()) {
    if (at % perBatch === 0) batches.push(new OpenBatch());
    batches.at(-1)!.add(event, lines[at]!);
  }
  return { batches, unreadable };
};
