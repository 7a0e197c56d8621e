import type { SpendEvent } from '../event.ts';

/** Events that are kept in memory beside their file, so that it need not be read again. */
const maxKept = 5000;

/** Some events on their way to the database: those of one file, or some that are in memory alone. */
export class Segment {
  /** Absent: it is in memory alone. */
  readonly name: string | undefined;
  count = 0;
  bytes = 0;
  /** How many of them are in the database. */
  written = 0;
  /** It is being written: nothing may be added. */
  sealed = false;
  #events: SpendEvent[] | undefined = [];
  /** Of each event the text that is in the file. */
  #lines: string[] | undefined = [];

  constructor(name: string | undefined) {
    this.name = name;
  }

  /** Of a file that another process wrote. */
  static adopted(name: string, count: number, bytes: number): Segment {
    const segment = new Segment(name);
    segment.count = count;
    segment.bytes = bytes;
    segment.#events = segment.#lines = undefined;
    return segment;
  }

  add(event: SpendEvent, line: string): void {
    this.count++;
    if (this.name !== undefined) this.bytes += line.length;
    if (this.name === undefined || this.count <= maxKept) {
      this.#events?.push(event);
      this.#lines?.push(line);
    } else this.#events = this.#lines = undefined;
  }

  /** Undefined: they are in the file. */
  get events(): readonly SpendEvent[] | undefined {
    return this.#events;
  }

  get lines(): readonly string[] | undefined {
    return this.#lines;
  }
}
