import type { Database, Queries } from '../../storage/sql/database.ts';
import { sql, type Statement } from '../../storage/sql/statement.ts';
import { countColumns, sumTables } from './add-sums.ts';
import { hoursOfRows, detailsOfRows } from './derive.ts';
import { namesOf, type Columns } from './records.ts';

/** Something that is not as it is to be. */
export interface Difference {
  /** What is compared: `rows and hours`. */
  readonly what: string;
  /** Whose, and when, as it is stored. */
  readonly of: string;
  /** In nano-dollars where it is about money. */
  readonly is: number | string;
  readonly expected: number | string;
}

/** More of one kind are not told. */
export const maxDifferences = 20;

export interface Side {
  readonly what: string;
  readonly is: Statement;
  readonly expected: Statement;
  readonly by: Columns;
  /** Default: those of the sums. */
  readonly counts?: Columns;
}

/** Rows of a day, and the sums that are of it. */
export const rowsAndSums = (kind: Database['kind'], rows: Statement, day: number, withHours: boolean): readonly Side[] => {
  const { hours, details } = sumTables;
  const stored = (table: typeof hours | typeof details, when: Statement) =>
    sql`select ${namesOf([...table.by, ...countColumns])} from ${table.table} where ${when}`;
  const whenHours = sql`hour >= ${day * 24} and hour < ${day * 24 + 24}`;
  return [
    ...(withHours
      ? hoursOfRows(kind, rows).map((expected, at) => ({
          what: 'rows and hours',
          is: stored(hours, sql`${whenHours} and kind = ${kindNames[at]!}`),
          expected,
          by: hours.by,
        }))
      : []),
    ...detailsOfRows(kind, rows).map((expected, at) => ({
      what: 'rows and details',
      is: stored(details, sql`day = ${day} and kind = ${kindNames[at]!}`),
      expected,
      by: details.by,
    })),
  ];
};

/** In the order of `derive.ts`. */
const kindNames = ['gateway', 'key', 'user', 'team', 'organization', 'project', 'customer', 'agent', 'user_agent', 'tag'];

const summed = sql.join(
  countColumns.map(([name]) => sql`sum(${sql.name(name)}) as ${sql.name(name)}`),
  ', ',
);

/** Sums that are derived from each other. @param hoursFrom the first day whose hours are kept */
export const sumsAmongThem = (hoursFrom: number): readonly Side[] => {
  const days = sql`select kind, day, entity, ${namesOf(countColumns)} from spend_days`;
  const { by } = sumTables.days;
  return [
    { what: 'details and days', is: days, expected: sql`select kind, day, entity, ${summed} from spend_details group by 1, 2, 3`, by },
    {
      what: 'hours and days',
      is: sql`${days} where day >= ${hoursFrom}`,
      expected: sql`select kind, hour / 24 as day, entity, ${summed} from spend_hours where hour >= ${hoursFrom * 24} group by 1, 2, 3`,
      by,
    },
  ];
};

type Row = Record<string, number | string>;

/** Whether both are the same. Each is read once: what one has is added up beside what the other has. */
export const compare = async (
  queries: Queries,
  { what, is, expected, by, counts = countColumns }: Side,
): Promise<readonly Difference[]> => {
  const each = (column: (name: string) => Statement): Statement =>
    sql.join(
      counts.map(([name]) => column(name)),
      ', ',
    );
  const [isName, expectedName] = [(name: string) => sql.name(`is_${name}`), (name: string) => sql.name(`expected_${name}`)];
  const own = each((name) => sql.name(name));
  const none = each(() => sql`0`);
  const rows = await queries.all<Row>(
    sql`select ${namesOf(by)}, ${each((name) => sql`sum(${isName(name)}) as ${isName(name)}`)},
          ${each((name) => sql`sum(${expectedName(name)}) as ${expectedName(name)}`)}
        from (
          select ${namesOf(by)}, ${each((name) => sql`${sql.name(name)} as ${isName(name)}`)}, ${each((name) => sql`0 as ${expectedName(name)}`)}
          from (${is}) as stored
          union all select ${namesOf(by)}, ${none}, ${own} from (${expected}) as derived
        ) as sides
        group by ${namesOf(by)}
        having ${sql.join(
          counts.map(([name]) => sql`sum(${isName(name)}) <> sum(${expectedName(name)})`),
          ' or ',
        )}
        limit ${maxDifferences}`,
  );
  return rows.map((row) => ({
    what,
    of: by.map(([name]) => String(row[name])).join(' '),
    is: shown(row, 'is', counts),
    expected: shown(row, 'expected', counts),
  }));
};

const shown = (row: Row, side: string, counts: Columns): number | string => {
  if (counts.length === 1) return Number(row[`${side}_${counts[0]![0]}`]);
  const values = counts.map(([name]) => [name, row[`${side}_${name}`]] as const);
  return values.every(([, value]) => value === 0) ? 'nothing' : values.map(([name, value]) => `${name} ${value}`).join(', ');
};
