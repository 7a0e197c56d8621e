import type { DatabaseFile } from '../../storage/sql/database.ts';
import { postable } from '../../storage/sql/posted.ts';
import type { Statement } from '../../storage/sql/statement.ts';
import { dayIsGone, eventDays, keptRows } from './event-days.ts';
import { inPieces } from './in-pieces.ts';
import type { Ledger, LedgerOptions } from './ledger.ts';
import { LedgerThread } from './ledger-thread.ts';
import type { Rebuilt } from './rebuild.ts';
import type { Retained } from './retain.ts';
import type { VerifyReport } from './verify.ts';
import type { Written } from './write-events.ts';

/** The ledger in a SQLite file: batches are written by one thread, and all that takes long is done by another. */
export const threadedLedger = ({ database, now, keepRows = () => true }: LedgerOptions, file: DatabaseFile): Ledger => {
  const writer = new LedgerThread(file.path, now);
  const other = new LedgerThread(file.path, now);
  const days = eventDays(database);
  /** Texts go over as they are; objects would be copied member by member. */
  const writeLines: Ledger['writeLines'] = (lines) =>
    inPieces(lines, async (some) => {
      const question = { what: 'write', events: `[${some.join(',')}]`, keepRows: keepRows() } as const;
      return (await file.writeBeside(() => writer.ask(question))) as Written;
    });
  return {
    write: (events) => writeLines(events.map((event) => JSON.stringify(event))),
    writeLines,
    retain: async (options) => (await other.ask({ what: 'retain', options })) as Retained,
    verify: async (options = {}) => (await other.ask({ what: 'verify', options })) as VerifyReport,
    rebuild: async () => (await other.ask({ what: 'rebuild' })) as Rebuilt,
    all: async <Row>(statement: Statement) => (await other.ask({ what: 'all', statement: postable(statement) }).catch(dayIsGone)) as Row[],
    days: () => days.list(database),
    eventsOf: (some) => keptRows(days.rowsOf(some)),
    async close() {
      await Promise.all([writer.close(), other.close()]);
    },
  };
};
