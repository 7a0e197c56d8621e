import type { Queries } from '../../storage/sql/database.ts';
import { sql, type Statement } from '../../storage/sql/statement.ts';
import { maxDifferences, type Difference } from './compare.ts';
import type { RowDetails } from './details.ts';
import { costByPrices } from './price-vector.ts';

interface Row {
  readonly id: string;
  readonly nanodollars: number;
  readonly price_id: string | null;
  readonly details: string;
}

const perPage = 5000;
/** Prices that are kept at hand. */
const maxPrices = 5000;

/** Whether each call of a day cost what its counts and prices say. @param rows of one day */
export const comparePrices = async (queries: Queries, rows: Statement): Promise<{ priced: number; differences: readonly Difference[] }> => {
  const differences: Difference[] = [];
  const prices = new Map<string, readonly number[] | undefined>();
  const unitsOf = async (id: string): Promise<readonly number[] | undefined> => {
    if (!prices.has(id)) {
      const found = await queries.one<{ data: string }>(sql`select data from spend_prices where id = ${id}`);
      if (prices.size >= maxPrices) prices.clear();
      prices.set(id, found && (JSON.parse(found.data) as { lines: readonly [string, number][] }).lines.map(([, unit]) => unit));
    }
    return prices.get(id);
  };
  let priced = 0;
  for (let last = ''; ;) {
    const page = await queries.all<Row>(
      sql`select id, nanodollars, price_id, details from (${rows}) as rows where id > ${last} order by id limit ${perPage}`,
    );
    for (const row of page) {
      const details = JSON.parse(row.details) as RowDetails;
      const units = row.price_id === null ? details.prices?.map(([, , unit]) => unit) : await unitsOf(row.price_id);
      const counts = details.counts ?? details.prices?.map(([, count]) => count);
      if (row.price_id === null && !details.prices) continue;
      priced++;
      const expected = units && counts ? expectedOf(costByPrices(units, counts), row.nanodollars, details) : 'prices that are not there';
      if (expected !== undefined && differences.length < maxDifferences)
        differences.push({ what: 'prices x counts', of: row.id, is: row.nanodollars, expected });
    }
    if (page.length < perPage) return { priced, differences };
    last = page.at(-1)!.id;
  }
};

/** Undefined: it is that. */
const expectedOf = (byPrices: number, charged: number, details: RowDetails): number | string | undefined => {
  const {
    originalNanodollars: original = charged,
    discountNanodollars: off = 0,
    marginNanodollars: on = 0,
    lostNanodollars: lost = 0,
  } = details;
  if (byPrices !== original) return `${byPrices} by its prices`;
  const expected = Math.max(0, original - off + on + lost);
  return expected === charged ? undefined : expected;
};
