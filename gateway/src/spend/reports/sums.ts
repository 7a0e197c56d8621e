import { SluiceError } from 'sluice/kit';
import { sql, type Statement } from '../../storage/sql/statement.ts';
import { storedName } from '../ledger/names.ts';
import { minus, noCounts, plus, sumOfCounts, type Counts } from './counts.ts';
import type { DaySpan } from './days.ts';
import type { Reader } from './event-source.ts';
import { among, entityConditions, type Lens } from './lens.ts';

/** What sums are told apart by. */
export type Dimension = 'day' | 'entity' | 'key_id' | 'model' | 'upstream_model' | 'provider' | 'route';

/** Which calls alone. Absent: all. */
export interface SumFilter {
  readonly keyIds?: readonly string[] | undefined;
  /** Of a model's name, as it was asked for or as its provider calls it. */
  readonly model?: string | undefined;
  readonly provider?: string | undefined;
}

export interface SumsAsked<D extends Dimension> {
  readonly lens: Lens;
  /** Absent: since ever. */
  readonly span?: DaySpan | undefined;
  readonly filter?: SumFilter | undefined;
  /** None: one sum of all. */
  readonly by: readonly D[];
  /** The dearest alone. Default: all, and too many are a failure. */
  readonly top?: number | undefined;
  /** Of them, the dearest left out. */
  readonly skip?: number | undefined;
}

type Values = { readonly day: number } & Readonly<Record<Exclude<Dimension, 'day'>, string>>;
export type Sum<D extends Dimension> = Counts & Pick<Values, D>;

/** More sums than this are no report. */
const maxSums = 100_000;

/**
 * Sums of calls, from the sums of days and never from rows: as quick for ten million calls as for ten. By key, those of no
 * key have the key ''; they are not among the dearest (`top`).
 * @throws SluiceError `invalid_request` where there are more than 100,000 of them
 */
export const sumsBy = async <D extends Dimension>(reader: Reader, asked: SumsAsked<D>): Promise<readonly Sum<D>[]> => {
  const sums = await read(reader, asked);
  const { lens, by, filter, top } = asked;
  if (lens.kind !== 'gateway' || !isBy(by, 'key_id') || filter?.keyIds || top !== undefined) return sums;
  return [...sums, ...(await withoutKey(reader, asked, sums))];
};

const isBy = (by: readonly Dimension[], dimension: Dimension): boolean => by.includes(dimension);

/** What the gateway has more than all keys together. */
const withoutKey = async <D extends Dimension>(
  reader: Reader,
  asked: SumsAsked<D>,
  ofKeys: readonly Sum<D>[],
): Promise<readonly Sum<D>[]> => {
  const rest = asked.by.filter((dimension) => dimension !== 'key_id');
  const idOf = (sum: Sum<D>): string => JSON.stringify(rest.map((dimension) => sum[dimension]));
  const keyed = new Map<string, Counts>();
  for (const sum of ofKeys) keyed.set(idOf(sum), plus(keyed.get(idOf(sum)) ?? noCounts, sum));
  const found: Sum<D>[] = [];
  for (const sum of await read(reader, { ...asked, by: rest })) {
    const id = idOf(sum as Sum<D>);
    const left = minus(sum, keyed.get(id) ?? noCounts);
    if (left.requests > 0) found.push({ ...sum, ...left, key_id: '' } as Sum<D>);
  }
  return found;
};

const read = async <D extends Dimension>(reader: Reader, asked: SumsAsked<D>): Promise<readonly Sum<D>[]> => {
  const { by, top, skip = 0 } = asked;
  const { table, dimensions, conditions } = sourceOf(asked);
  const columns = by.map((dimension) => sql`${dimensions[dimension] ?? sql.name(dimension)} as ${sql.name(dimension)}`);
  const groups = by.map((dimension) => dimensions[dimension] ?? sql.name(dimension));
  const limit = top ?? maxSums + 1;
  const rows = await reader.all<Sum<D>>(
    sql`select ${sql.join([...columns, sumOfCounts], ', ')} from ${table} where ${sql.join(conditions, ' and ')}
      ${groups.length > 0 ? sql`group by ${sql.join(groups, ', ')}` : sql`having count(*) > 0`}
      ${top === undefined ? sql`` : sql`order by sum(nanodollars) desc, sum(requests) desc, ${sql.join(groups, ', ')}`}
      limit ${limit} offset ${skip}`,
  );
  if (top === undefined && rows.length > maxSums)
    throw new SluiceError(
      'invalid_request',
      `There are more than ${maxSums} figures in this report. Ask for fewer days, or with a filter.`,
    );
  return rows;
};

interface Source {
  readonly table: Statement;
  /** What a dimension is called there, where it is called otherwise. */
  readonly dimensions: Partial<Record<Dimension, Statement>>;
  readonly conditions: Statement[];
}

/** The smallest table that knows it. */
const sourceOf = <D extends Dimension>({ lens: given, span, filter = {}, by }: SumsAsked<D>): Source => {
  // The gateway's sums do not tell keys apart: those of the keys do.
  const ofKeys = given.kind === 'gateway' && (filter.keyIds !== undefined || isBy(by, 'key_id'));
  const lens: Lens = ofKeys ? { kind: 'key', ...(filter.keyIds && { entities: filter.keyIds }) } : given;
  const dimensions: Source['dimensions'] = ofKeys ? { key_id: sql`entity` } : {};
  const { model, provider } = filter;
  const keyIds = ofKeys ? undefined : filter.keyIds;
  const conditions = entityConditions(lens);
  if (span) conditions.push(sql`day >= ${span.first} and day <= ${span.last}`);
  if (keyIds) conditions.push(among(sql`key_id`, keyIds));
  if (model !== undefined) conditions.push(sql`(model = ${storedName(model)} or upstream_model = ${storedName(model)})`);
  if (provider !== undefined) conditions.push(sql`provider = ${storedName(provider)}`);
  const unfiltered = keyIds === undefined && model === undefined && provider === undefined && !lens.partly;
  const ofDays = by.every((each) => each === 'day' || each === 'entity' || (ofKeys && each === 'key_id'));
  return { table: unfiltered && ofDays ? sql`spend_days` : sql`spend_details`, dimensions, conditions };
};
