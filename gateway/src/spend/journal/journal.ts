import type { SpendEvent } from '../event.ts';
import type { Appender, JournalFiles } from './journal-files.ts';
import { eventsIn, lineOf } from './lines.ts';
import { batchesIn, Segment, type Batch } from './segment.ts';

/** What the journal holds at the moment. */
export interface JournalFigures {
  /** Calls whose cost is not in the database yet. */
  readonly waiting: number;
  /** Of these, calls that are in memory alone, because the disk did not take them: a killed process loses them. */
  readonly unwritten: number;
  /** Calls that nothing could take. */
  readonly lost: number;
}

export interface JournalOptions {
  /** Absent: there is no place for files, and what is not in the database yet goes with the process. */
  readonly files?: JournalFiles | undefined;
  /** Writes events to the database, those that it has already not again. Rejects where it cannot now. */
  readonly write: (batch: Batch) => Promise<unknown>;
  /** Told of events of processes that are gone: they wait here now. */
  readonly onRecovered: (events: readonly SpendEvent[]) => void;
  /** Told when the disk takes nothing any more, and when it does again. */
  readonly onTrouble: (trouble: { readonly cause: unknown } | undefined) => void;
  /** Told of lines that are no events; their file is kept beside the others. */
  readonly onUnreadable: (file: string, lines: number) => void;
  /** Told of a file of ours that is not there any more: another process has taken it over, and writes what is in it. */
  readonly onTaken: (file: string, events: number) => void;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** What may lie on the disk while the database is away. Default: 4 GiB. */
  readonly maxBytes?: number;
}

const suffix = '.jsonl';
/** A file is closed at so many events, or as soon as it may be written to the database. */
const maxPerFile = 20_000;
/** Calls that wait in memory alone. */
const maxUnwritten = 20_000;
/** After a failure the disk is tried again with the first call after so long. */
const retryMs = 1000;
const defaultMaxBytes = 4 * 1024 ** 3;

/**
 * What calls cost, on its way to the database: first appended to a file, then written in batches, and each file deleted when
 * all of it is there. What is written twice (the process was killed between the two) is counted once, by the event's id.
 * Files of processes that are gone are taken over.
 */
export class Journal {
  readonly #options: JournalOptions;
  readonly #maxBytes: number;
  #file: Appender | undefined;
  #current: Segment | undefined;
  /** The oldest first. */
  #closed: Segment[] = [];
  #sequence = 0;
  #bytes = 0;
  #waiting = 0;
  #unwritten = 0;
  #lost = 0;
  #troubled = false;
  #retryAt = 0;
  #dirty = false;
  #shipping: Promise<void> | undefined;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#maxBytes = options.maxBytes ?? defaultMaxBytes;
  }

  /** Whether what the next call costs can be kept. */
  get hasRoom(): boolean {
    return this.#unwritten < maxUnwritten;
  }

  /** Whether the disk takes what it is given. */
  get isSafe(): boolean {
    return !this.#troubled;
  }

  figures(): JournalFigures {
    return { waiting: this.#waiting, unwritten: this.#unwritten, lost: this.#lost };
  }

  /**
   * Behind it, a killed process does not lose the event. What the disk does not take is kept in memory, as long as there is
   * room. Never throws, never waits.
   * @returns whether it is kept at all
   */
  append(event: SpendEvent): boolean {
    const line = lineOf(event);
    if (!this.#toFile(event, line) && !this.#toMemory(event, line)) {
      this.#lost++;
      return false;
    }
    this.#waiting++;
    return true;
  }

  /** Whether the disk takes something again, where it did not: nobody may be let in to find it out. */
  probe(): void {
    if (this.#troubled) this.#written('\n');
  }

  #toFile(event: SpendEvent, line: string): boolean {
    if (!this.#written(line)) return false;
    this.#dirty = true;
    this.#bytes += line.length;
    this.#current!.add(event, line);
    if (this.#current!.count >= maxPerFile) this.#close();
    return true;
  }

  #written(line: string): boolean {
    const { files, now, onTrouble } = this.#options;
    if (!files || (this.#troubled && now() < this.#retryAt)) return false;
    try {
      if (this.#bytes > this.#maxBytes) throw new Error(`The journal has ${this.#maxBytes} bytes already.`);
      if (!this.#file) {
        const name = this.#nextName(files);
        this.#file = files.create(name);
        this.#current = new Segment(name);
      }
      this.#file.append(line);
    } catch (cause) {
      this.#retryAt = now() + retryMs;
      // Half a line may stand there: nothing may follow it in the same file.
      this.#close();
      if (!this.#troubled) onTrouble({ cause });
      this.#troubled = true;
      return false;
    }
    if (this.#troubled) onTrouble(undefined);
    this.#troubled = false;
    return true;
  }

  #toMemory(event: SpendEvent, line: string): boolean {
    if (!this.hasRoom) return false;
    this.#unwritten++;
    let last = this.#closed.at(-1);
    if (!last || last.name !== undefined || last.sealed) this.#closed.push((last = new Segment(undefined)));
    last.add(event, line);
    return true;
  }

  #nextName(files: JournalFiles): string {
    return `${files.instance}.${String(this.#sequence++).padStart(8, '0')}${suffix}`;
  }

  #close(): void {
    this.#file?.close();
    this.#file = undefined;
    if (this.#current) this.#closed.push(this.#current);
    this.#current = undefined;
  }

  /** To the disk itself, so that a machine without power loses nothing older. */
  async sync(): Promise<void> {
    if (!this.#dirty) return;
    this.#dirty = false;
    const file = this.#file;
    await file?.sync().catch((cause: unknown) => {
      // One that was closed meanwhile is on its way to the database.
      if (file === this.#file) throw cause;
    });
  }

  /** Takes over what processes left behind that are gone. */
  async recover(): Promise<void> {
    const { files, onRecovered } = this.#options;
    if (!files) return;
    const gone = new Map<string, boolean>();
    for (const name of (await files.list()).toSorted()) {
      const instance = name.slice(0, name.indexOf('.'));
      if (!name.endsWith(suffix) || instance === files.instance) continue;
      if (!gone.has(instance)) gone.set(instance, !(await files.isAlive(instance)));
      if (!gone.get(instance)) continue;
      const own = this.#nextName(files);
      // Another process may be quicker: one of them gets it.
      if (!(await files.rename(name, own))) continue;
      const text = await files.read(own);
      if (text === undefined) continue;
      const { events } = eventsIn(text);
      this.#bytes += text.length;
      this.#waiting += events.length;
      onRecovered(events);
      this.#closed.unshift(Segment.adopted(own, events.length, text.length));
    }
  }

  /** Writes to the database what was appended by now. What could not be written waits on. Rejects where it cannot. */
  async ship(): Promise<void> {
    // What is under way may have begun before the last event was appended.
    await this.#shipping?.catch(() => {});
    await (this.#shipping ??= this.#ship().finally(() => (this.#shipping = undefined)));
  }

  async #ship(): Promise<void> {
    while (this.#closed.length > 0) await this.#shipFirst();
    // Only now: while nothing can be written, one file grows instead of many small ones.
    this.#close();
    while (this.#closed.length > 0) await this.#shipFirst();
  }

  async #shipFirst(): Promise<void> {
    const { files, write, onUnreadable } = this.#options;
    const segment = this.#closed[0]!;
    segment.sealed = true;
    const { name } = segment;
    const text = segment.batches ? '' : await files!.read(name!);
    if (text === undefined) {
      const left = segment.count - segment.writtenEvents;
      this.#drop(segment);
      this.#waiting -= left;
      this.#options.onTaken(name!, left);
      return;
    }
    const { batches, unreadable } = segment.batches ? { batches: segment.batches, unreadable: 0 } : batchesIn(text);
    while (segment.written < batches.length) {
      const batch = batches[segment.written]!;
      await write(batch);
      segment.written++;
      segment.writtenEvents += batch.lines.length;
      this.#waiting -= batch.lines.length;
    }
    this.#drop(segment);
    if (name === undefined) {
      this.#unwritten -= segment.count;
      return;
    }
    if (unreadable === 0) return files!.delete(name);
    onUnreadable(name, unreadable);
    await files!.rename(name, `${name}.unreadable`);
  }

  #drop(segment: Segment): void {
    this.#closed = this.#closed.filter((each) => each !== segment);
    this.#bytes -= segment.bytes;
  }
}
