import type { Database } from '../../storage/sql/database.ts';
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
  const days = [...new Set([...entries.values()].map(({ row }) => row.day))].toSorted((a, b) => a - b);
  // Those that will be needed are made before anybody has to wait for it.
  await options.days.prepare([...new Set([...days, dayOf(options.now), dayOf(options.now + dayMs)])]);
  const written = await writeEntries(database, entries, days, options);
  return { written, known: events.length - refused.length - written, refused };
};

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

const writeEntries = (
  database: Database,
  entries: ReadonlyMap<string, Entry>,
  eventDays: readonly number[],
  { days, keepRows, now }: WriteOptions,
): Promise<number> => {
  const { kind } = database;
  const all = [...entries.values()];
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

const pricesOf = (entries: readonly Entry[]): readonly PriceVector[] => {
  const vectors = new Map<string, PriceVector>();
  for (const { event } of entries) {
    if (!event.prices || !isPriced(event.prices)) continue;
    const vector = priceVectorOf(event.prices, event.priceSource);
    vectors.set(vector.id, vector);
  }
  return [...vectors.values()];
};
