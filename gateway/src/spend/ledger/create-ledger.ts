import type { Statement } from '../../storage/sql/statement.ts';
import type { SpendEvent } from '../event.ts';
import { dayIsGone, eventDays, keptRows } from './event-days.ts';
import { inPieces } from './in-pieces.ts';
import type { Ledger, LedgerOptions } from './ledger.ts';
import { rebuildLedger } from './rebuild.ts';
import { retainDays } from './retain.ts';
import { threadedLedger } from './threaded-ledger.ts';
import { verifyLedger } from './verify.ts';
import { writeEvents } from './write-events.ts';

export const createLedger = (options: LedgerOptions): Ledger => {
  const { database, threads = true } = options;
  return threads && database.file ? threadedLedger(options, database.file) : directLedger(options);
};

const directLedger = ({ database, now, keepRows = () => true }: LedgerOptions): Ledger => {
  const days = eventDays(database);
  const write: Ledger['write'] = (events) =>
    inPieces(events, (some) => writeEvents(database, some, { days, keepRows: keepRows(), now: Math.floor(now()) }));
  return {
    write,
    writeLines: (lines) => write(lines.map((line) => JSON.parse(line) as SpendEvent)),
    retain: (asked) => retainDays(database, days, asked, Math.floor(now())),
    verify: (asked = {}) => verifyLedger(database, days, asked),
    rebuild: () => rebuildLedger(database, days, Math.floor(now())),
    all: <Row>(statement: Statement) => database.all<Row>(statement).catch(dayIsGone),
    days: () => days.list(database),
    eventsOf: (some) => keptRows(days.rowsOf(some)),
    async close() {},
  };
};
