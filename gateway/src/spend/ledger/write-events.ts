import { SluiceError } from 'sluice/kit';
import type { Database } from '../../storage/sql/database.ts';
import { UniqueViolation } from '../../storage/sql/failure.ts';
import type { SpendEvent } from '../event.ts';
import { addCharges } from './add-charges.ts';
import { addSums } from './add-sums.ts';
import { dayMs, dayOf } from './day.ts';
import { isPriced } from './details.ts';
import type { EventDays } from './event-days.ts';
import { priceVectorOf, type PriceVector } from './price-vector.ts';
import { idRowOf, rowOf, type LedgerRow } from './row.ts';
import { spendLock } from './spend-lock.ts';
import { sumsOf } from './sums.ts';
import { insertPrices, insertRows } from './write-rows.ts';

/** What became of events. */
export interface Written {
  readonly written: number;
  /** They were there already, or twice in one batch. */
  readonly known: number;
  /** They can be no rows, and never will be; why, by their ids. */
  readonly refused: readonly { readonly id: string; readonly why: string }[];
}

export interface WriteOptions {
  readonly days: EventDays;
  /** False: of each row nothing is kept but what tells that the event was here. */
  readonly keepRows: boolean;
  /** Unix milliseconds. */
  readonly now: number;
}

interface Entry {
  readonly event: SpendEvent;
  /** What is counted. */
  readonly row: LedgerRow;
}

/** Writes a batch in one transaction: rows, and of those that are new, sums and counters. */
export const writeEvents = async (database: Database, events: readonly SpendEvent[], options: WriteOptions): Promise<Written> => {
  const { entries, refused } = entriesOf(events);
  if (entries.size === 0) return { written: 0, known: events.length - refused.length, refused };
  const days = daysOf([...entries.values()]);
  // Those that will be needed are made before anybody has to wait for it.
  await options.days.prepare([...new Set([...days, dayOf(options.now), dayOf(options.now + dayMs)])]);
  const found = await writeOrSplit(database, [...entries.values()], options);
  const poisonous = [...found.refused.keys()];
  const cause = poisonous.map((id) => found.refused.get(id)).find((each) => !isOfData(each));
  // Where nothing at all can be written, it is not the events: they wait.
  if (cause !== undefined && found.written === 0 && found.known === 0) throw cause;
  for (const id of poisonous) refused.push({ id, why: whyOf(found.refused.get(id)) });
  return { written: found.written, known: events.length - refused.length - found.written, refused };
};

interface Tried {
  readonly written: number;
  readonly known: number;
  readonly refused: ReadonlyMap<string, unknown>;
}

/**
 * In one transaction; where the database does not take that, in halves, until what it does not take is alone: one call must not
 * keep all others, and those that come after them, out of the ledger.
 * @throws SluiceError `unavailable`
 */
const writeOrSplit = async (database: Database, entries: readonly Entry[], options: WriteOptions): Promise<Tried> => {
  try {
    const written = await writeEntries(database, entries, options);
    return { written, known: entries.length - written, refused: new Map() };
  } catch (cause) {
    if (SluiceError.is(cause) && cause.code !== 'internal') throw cause;
    if (entries.length === 1) return { written: 0, known: 0, refused: new Map([[entries[0]!.row.id, cause]]) };
  }
  const middle = Math.ceil(entries.length / 2);
  const first = await writeOrSplit(database, entries.slice(0, middle), options);
  const second = await writeOrSplit(database, entries.slice(middle), options);
  return {
    written: first.written + second.written,
    known: first.known + second.known,
    refused: new Map([...first.refused, ...second.refused]),
  };
};

/**
 * What a value is refused for, in the words of `refused`: "data exception", "integrity constraint violation" and "program limit
 * exceeded" (postgresql.org/docs/current/errcodes-appendix.html), and SQLite's own (sqlite.org/rescode.html; both read 2026-11-22).
 */
const isOfData = (cause: unknown): boolean =>
  cause instanceof UniqueViolation ||
  (SluiceError.is(cause) && /\((?:2[23]|54)[0-9A-Z]{3}\)|\(SQLITE_(?:CONSTRAINT|MISMATCH|TOOBIG)/.test(cause.message));

const whyOf = (cause: unknown): string =>
  SluiceError.is(cause) && cause.detail !== undefined
    ? `${cause.message} ${cause.detail}`
    : cause instanceof Error
      ? cause.message
      : String(cause);

const entriesOf = (events: readonly SpendEvent[]): { entries: ReadonlyMap<string, Entry>; refused: { id: string; why: string }[] } => {
  const entries = new Map<string, Entry>();
  const refused: { id: string; why: string }[] = [];
  for (const event of events) {
    try {
      const row = rowOf(event);
      if (!entries.has(row.id)) entries.set(row.id, { event, row });
    } catch (cause) {
      refused.push({ id: String(event.id), why: cause instanceof Error ? cause.message : String(cause) });
    }
  }
  return { entries, refused };
};

const writeEntries = (database: Database, all: readonly Entry[], { days, keepRows, now }: WriteOptions): Promise<number> => {
  const { kind } = database;
  const eventDays = daysOf(all);
  const rows = all.map(({ row, event }) => (keepRows ? row : idRowOf(event)));
  const prices = keepRows ? pricesOf(all) : [];
  return database.transaction(async (tx) => {
    await tx.lock(spendLock, { shared: true });
    await days.prepareInside(tx, eventDays);
    await insertPrices(tx, kind, prices, now);
    const fresh = await insertRows(tx, kind, (day) => days.tableOf(day), rows);
    const added = all.filter(({ row }) => fresh.has(row.id));
    if (added.length === 0) return 0;
    await addSums(tx, kind, sumsOf(added.map(({ row }) => row)));
    await addCharges(
      tx,
      kind,
      added.map(({ event }) => event),
      now,
    );
    return added.length;
  });
};

const daysOf = (entries: readonly Entry[]): readonly number[] => [...new Set(entries.map(({ row }) => row.day))].toSorted((a, b) => a - b);

const pricesOf = (entries: readonly Entry[]): readonly PriceVector[] => {
  const vectors = new Map<string, PriceVector>();
  for (const { event } of entries) {
    if (!event.prices || !isPriced(event.prices)) continue;
    const vector = priceVectorOf(event.prices, event.priceSource);
    vectors.set(vector.id, vector);
  }
  return [...vectors.values()];
};
