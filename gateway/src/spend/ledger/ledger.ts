import type { Database, Queries } from '../../storage/sql/database.ts';
import type { Statement } from '../../storage/sql/statement.ts';
import type { SpendEvent } from '../event.ts';
import type { Rebuilt } from './rebuild.ts';
import type { Retained, RetainOptions } from './retain.ts';
import type { VerifyOptions, VerifyReport } from './verify.ts';
import type { Written } from './write-events.ts';

/** What calls cost, in the database: rows, and sums and counters that are derived from them. */
export interface Ledger {
  /**
   * Idempotent by the events' ids, whoever writes them, and however often. Resolves once all are committed. Batches of up to 2,000.
   * @throws SluiceError `unavailable`: some or all of them may be written; write all of them again
   */
  write(events: readonly SpendEvent[]): Promise<Written>;
  /** The same of events that are JSON already. @throws SyntaxError for what is none */
  writeLines(lines: readonly string[]): Promise<Written>;
  /** Drops what is older than is kept. What counters were charged by it stays part of them. */
  retain(options: RetainOptions): Promise<Retained>;
  /** Whether rows = sums = counters, and counts x prices = cost. */
  verify(options?: VerifyOptions): Promise<VerifyReport>;
  /** Makes sums and counters anew, from the rows that are kept. */
  rebuild(): Promise<Rebuilt>;
  /** Reads of reports: in SQLite on a thread, so that nobody waits for them. */
  readonly all: Queries['all'];
  /** Days since 1970 that have rows, the oldest first. */
  days(): Promise<readonly number[]>;
  /** The rows of some days, as a statement to select from: ``sql`select … from (${ledger.eventsOf(days)}) as events` ``. */
  eventsOf(days: readonly number[]): Statement;
  close(): Promise<void>;
}

export interface LedgerOptions {
  readonly database: Database;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Whether rows are kept, or only what tells that an event was here. Default: they are. */
  readonly keepRows?: () => boolean;
  /** False: no threads, for commands that do nothing else. */
  readonly threads?: boolean;
}
