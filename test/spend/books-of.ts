import { createLedger } from '../../gateway/src/spend/ledger/index.ts';
import { openDatabase, sql } from '../../gateway/src/storage/sql/index.ts';

/** What the books of a gateway say, read from its database. */
export interface OpenBooks {
  /** All rows. */
  rows(): Promise<readonly { readonly callId: string; readonly nanodollars: number }[]>;
  /** What does not agree: rows with sums, counters with rows, costs with prices. */
  verify(): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

export const openBooks = async (url: string): Promise<OpenBooks> => {
  const database = await openDatabase({ url });
  const ledger = createLedger({ database, now: Date.now, threads: false });
  return {
    async rows() {
      const rows = ledger.eventsOf(await ledger.days());
      const found = await database.all<{ call_id: string; nanodollars: number }>(sql`select call_id, nanodollars from (${rows}) as events`);
      return found.map(({ call_id: callId, nanodollars }) => ({ callId, nanodollars }));
    },
    async verify() {
      const { differences } = await ledger.verify();
      return differences;
    },
    async close() {
      await ledger.close();
      await database.close();
    },
  };
};
