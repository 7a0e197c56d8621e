import type { Database, Queries } from '../../storage/sql/database.ts';
import { sql, type Statement } from '../../storage/sql/statement.ts';
import { eventDays } from '../ledger/event-days.ts';
import type { DaySpan } from './days.ts';

/** What reports read with: the database, or the ledger's thread, so that nobody waits for them. */
export type Reader = Pick<Queries, 'all'>;

/** Where the rows of a day are: reports go through days one by one, and so never touch more of them than they need. */
export interface EventSource {
  readonly kind: Database['kind'];
  /** The days of a span that have rows, the last one first. */
  days(span: DaySpan): Promise<readonly number[]>;
  /** Sums outlive rows. Undefined: there are none. */
  firstDayOfSums(): Promise<number | undefined>;
  /** Reads rows of a day; none where its rows were dropped meanwhile, as those of the oldest days are. */
  read<Row>(day: number, statement: Statement): Promise<readonly Row[]>;
  /** What rows of a day are selected from; `day` is one of its columns and still has to be said. */
  table(day: number): Statement;
}

/** @param reader absent: the database itself */
export const eventSource = (database: Database, reader: Reader = database): EventSource => {
  const days = eventDays(database);
  return {
    kind: database.kind,
    days: async ({ first, last }) => (await days.list(database)).filter((day) => day >= first && day <= last).toReversed(),
    firstDayOfSums: async () => {
      const [found] = await reader.all<{ day: number | null }>(sql`select min(day) as day from spend_days where kind = 'gateway'`);
      return found?.day ?? undefined;
    },
    async read<Row>(day: number, statement: Statement) {
      try {
        return await reader.all<Row>(statement);
      } catch (cause) {
        if ((await days.list(database)).includes(day)) throw cause;
        return [];
      }
    },
    table: (day) => days.tableOf(day),
  };
};
