import type { Queries } from '../../storage/sql/database.ts';
import { sql } from '../../storage/sql/statement.ts';

/** The period of rows that say of a whole subject, in all periods and parts, when it was set to nothing. */
export const clearedPeriod = -1;

interface Row {
  readonly subject: string;
  readonly period_start: number;
  readonly set_at: number;
}

/** When counters were set by somebody: what ended until then is part of what they were set to. */
export class SetAt {
  readonly #rows: ReadonlyMap<string, number>;

  private constructor(rows: readonly Row[]) {
    this.#rows = new Map(rows.map(({ subject, period_start, set_at }) => [`${period_start} ${subject}`, set_at]));
  }

  /** Of counters that were set at that moment or later: nearly always of none. @param since Unix milliseconds */
  static async read(queries: Queries, since: number): Promise<SetAt> {
    // Written as the index of such rows has it.
    return new SetAt(
      await queries.all<Row>(sql`select subject, period_start, set_at from spend_totals where set_at > 0 and set_at >= ${since}`),
    );
  }

  /** Unix milliseconds; 0: nobody set it. */
  of(subject: string, periodStart: number): number {
    if (this.#rows.size === 0) return 0;
    let at = Math.max(this.#at(subject, periodStart), this.#at(subject, clearedPeriod));
    // Names of things may have a slash of their own.
    for (let slash = subject.indexOf('/'); slash !== -1; slash = subject.indexOf('/', slash + 1))
      at = Math.max(at, this.#at(subject.slice(0, slash), clearedPeriod));
    return at;
  }

  #at(subject: string, periodStart: number): number {
    return this.#rows.get(`${periodStart} ${subject}`) ?? 0;
  }
}
