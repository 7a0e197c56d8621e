import type { Content, Contents } from './contents/contents.ts';
import type { SpendEvent } from './event.ts';
import { Journal, type Batch, type JournalFiles, type JournalFigures } from './journal/index.ts';

/** What is written and what waits to be, as budgets and reports read it. */
export interface Counters {
  /** What is written down and not in the database yet. */
  add(key: { readonly subject: string; readonly periodStart: number }, nanodollars: number): void;
}

export interface BooksOptions {
  readonly files?: JournalFiles | undefined;
  readonly counters: Counters;
  /** Writes events to the database, and takes them off what the counters wait for. Idempotent by their ids. Rejects where the database is away. */
  readonly write: (batch: Batch) => Promise<unknown>;
  /** Where what is said in calls is kept, where it is. */
  readonly contents?: Contents;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly onFailure: (sentence: string, cause: unknown) => void;
  readonly onRecovered: (sentence: string) => void;
}

/** Between two writes to the database. */
const shipMs = 1000;
/** Between two looks for what processes have left that are gone, and two words that this one is not. */
const recoverMs = 30_000;
/** Rows of calls that were let in by nobody, in a second. */
const maxRefusedPerSecond = 50;

/**
 * Where what calls cost is written down: each call once, in the journal before its client has the end of its answer, in the
 * database soon after.
 */
export class Books {
  readonly #options: BooksOptions;
  readonly #journal: Journal;
  readonly #timers: ReturnType<typeof setInterval>[];
  #refusedSecond = 0;
  #refused = 0;
  #failing = false;
  #recovering: Promise<void> | undefined;

  constructor(options: BooksOptions) {
    this.#options = options;
    const { files, counters, now, onFailure, onRecovered } = options;
    const count = (events: readonly SpendEvent[]): void => {
      for (const { charges, nanodollars } of events)
        for (const [subject, periodStart] of charges) counters.add({ subject, periodStart }, nanodollars);
    };
    this.#journal = new Journal({
      files,
      now,
      write: options.write,
      onRecovered(events) {
        count(events);
        if (events.length > 0) onRecovered(`${events.length} calls of a process that is gone are in its journal, and are taken over`);
      },
      onTrouble: (trouble) =>
        trouble
          ? onFailure('the journal of spend takes nothing: what calls cost is kept in memory until the database has it', trouble.cause)
          : onRecovered('the journal of spend takes what calls cost again'),
      onTaken: (file, events) =>
        onFailure(
          `the journal ${file} with ${events} calls is gone: a process that took this one for gone has taken it over, and writes it`,
          undefined,
        ),
      onUnreadable: (file, lines) =>
        onFailure(`${lines} lines of the journal ${file} cannot be read, and are kept in ${file}.unreadable`, undefined),
    });
    const every = (ms: number, work: () => Promise<unknown>) => {
      const timer = setInterval(() => void work().catch((cause: unknown) => this.#failed(cause)), ms);
      timer.unref();
      return timer;
    };
    this.#timers = [
      every(shipMs, async () => {
        this.#journal.probe();
        await this.#journal.sync();
        await this.ship();
        await this.#options.contents?.flush();
      }),
      every(recoverMs, async () => {
        await Promise.all([files?.touch(), this.recover()]);
      }),
    ];
  }

  /** Whether what the next call costs can be kept, and kept on disk. */
  get state(): 'safe' | 'in memory' | 'full' {
    if (!this.#journal.hasRoom) return 'full';
    return this.#journal.isSafe ? 'safe' : 'in memory';
  }

  figures(): JournalFigures {
    return this.#journal.figures();
  }

  /** Behind it, a killed process does not lose it. */
  record(event: SpendEvent): void {
    if (!this.#journal.append(event)) return;
    const { counters } = this.#options;
    if (event.nanodollars !== 0)
      for (const [subject, periodStart] of event.charges) counters.add({ subject, periodStart }, event.nanodollars);
  }

  /** What was said in a call whose event is recorded. Never waits. */
  keepContent(content: Content): void {
    this.#options.contents?.keep(content);
  }

  /** @param now Unix milliseconds */
  hasRoomForRefused(now: number): boolean {
    const second = Math.floor(now / 1000);
    if (second !== this.#refusedSecond) {
      this.#refusedSecond = second;
      this.#refused = 0;
    }
    return ++this.#refused <= maxRefusedPerSecond;
  }

  /** Takes over what processes left behind that are gone. */
  recover(): Promise<void> {
    return (this.#recovering ??= this.#journal.recover().finally(() => (this.#recovering = undefined)));
  }

  /** Writes what waits to the database. Rejects where it cannot. */
  async ship(): Promise<void> {
    await this.#journal.ship();
    this.#failing = false;
  }

  /** The database is away for seconds: that is told once. */
  #failed(cause: unknown): void {
    if (!this.#failing) this.#options.onFailure('what calls cost could not be written to the database, and is kept until it can', cause);
    this.#failing = true;
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#recovering?.catch(() => {});
    await this.ship().catch((cause: unknown) => this.#failed(cause));
    await this.#options.contents?.flush();
    await this.#journal.sync();
    await this.#options.files?.leave();
  }
}
