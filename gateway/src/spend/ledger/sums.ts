import { hourOf } from './day.ts';
import type { LedgerRow } from './row.ts';

/** What is counted of calls, in rows of sums. */
export interface Counts {
  requests: number;
  failed: number;
  input_tokens: number;
  output_tokens: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
  cache_hits: number;
  nanodollars: number;
}

export interface HourSum extends Counts {
  readonly kind: string;
  readonly entity: string;
  readonly hour: number;
}

export interface DaySum extends Counts {
  readonly kind: string;
  readonly entity: string;
  readonly day: number;
}

export interface DetailSum extends DaySum {
  readonly key_id: string;
  readonly model: string;
  readonly upstream_model: string;
  readonly provider: string;
  readonly route: string;
}

/** What entities there are, and the column of the row that names them. */
export const entityColumns = {
  key: 'key_id',
  user: 'user_id',
  team: 'team_id',
  organization: 'organization_id',
  project: 'project_id',
  customer: 'customer_id',
  agent: 'agent_id',
  user_agent: 'user_agent',
} as const;

const columnsOfEntities = Object.values(entityColumns);

/** From this status on a call has failed; 499 is a client that left. */
export const failedFrom = 400;

/**
 * Whether the details of a kind tell keys apart. Those of the gateway do not: the details of kind `key` say it, and reports of
 * all read a few hundred rows a month instead of hundreds of thousands.
 */
export const tellsKeys = (kind: string): boolean => kind !== 'gateway';

/** What rows add to the sums, in the one order in which all writers write them: two of them never wait for each other (FP-12). */
export interface SumsOfRows {
  readonly hours: readonly HourSum[];
  readonly days: readonly DaySum[];
  readonly details: readonly DetailSum[];
}

export const sumsOf = (rows: readonly LedgerRow[]): SumsOfRows => {
  const hours = new Map<string, HourSum>();
  const days = new Map<string, DaySum>();
  const details = new Map<string, DetailSum>();
  for (const { row, counts } of alike(rows)) {
    const hour = hourOf(row.at);
    const { day, route } = row;
    const [model, upstream_model, provider] = [row.model ?? '', row.upstream_model ?? '', row.provider ?? ''];
    for (const [kind, entity] of entitiesOf(row)) {
      add(hours, `${kind}\0${hour}\0${entity}`, counts, () => ({ kind, entity, hour, ...counts }));
      add(days, `${kind}\0${day}\0${entity}`, counts, () => ({ kind, entity, day, ...counts }));
      const key_id = tellsKeys(kind) ? (row.key_id ?? '') : '';
      add(details, `${kind}\0${day}\0${entity}\0${key_id}\0${model}\0${upstream_model}\0${provider}\0${route}`, counts, () => ({
        kind,
        entity,
        day,
        key_id,
        model,
        upstream_model,
        provider,
        route,
        ...counts,
      }));
    }
  }
  return { hours: sorted(hours), days: sorted(days), details: sorted(details) };
};

interface Alike {
  readonly row: LedgerRow;
  readonly counts: Counts;
}

/** Rows that add to the same sums, as one: callers make the same calls again and again. */
const alike = (rows: readonly LedgerRow[]): Iterable<Alike> => {
  const all = new Map<string, Alike>();
  for (const row of rows) {
    // Stored names have no NUL in them, and none is ''.
    let key = `${hourOf(row.at)}\0${row.model ?? ''}\0${row.upstream_model ?? ''}\0${row.provider ?? ''}\0${row.route}\0${row.tags ?? ''}`;
    for (const column of columnsOfEntities) key += `\0${row[column] ?? ''}`;
    const found = all.get(key);
    if (found) addCounts(found.counts, countsOf(row));
    else all.set(key, { row, counts: countsOf(row) });
  }
  return all.values();
};

const entitiesOf = (row: LedgerRow): readonly (readonly [kind: string, entity: string])[] => {
  const all: [string, string][] = [['gateway', '']];
  for (const kind in entityColumns) {
    const entity = row[entityColumns[kind as keyof typeof entityColumns]];
    if (entity !== null) all.push([kind, entity]);
  }
  if (row.tags !== null) for (const tag of JSON.parse(row.tags) as string[]) all.push(['tag', tag]);
  return all;
};

const countsOf = (row: LedgerRow): Counts => ({
  requests: 1,
  failed: row.status >= failedFrom ? 1 : 0,
  input_tokens: row.input_tokens,
  output_tokens: row.output_tokens,
  cache_read_tokens: row.cache_read_tokens,
  cache_write_tokens: row.cache_write_tokens,
  cache_hits: row.cache_hit,
  nanodollars: row.nanodollars,
});

const add = <S extends Counts>(sums: Map<string, S>, key: string, counts: Counts, make: () => S): void => {
  const found = sums.get(key);
  if (!found) {
    sums.set(key, make());
    return;
  }
  addCounts(found, counts);
};

const addCounts = (to: Counts, counts: Counts): void => {
  to.requests += counts.requests;
  to.failed += counts.failed;
  to.input_tokens += counts.input_tokens;
  to.output_tokens += counts.output_tokens;
  to.cache_read_tokens += counts.cache_read_tokens;
  to.cache_write_tokens += counts.cache_write_tokens;
  to.cache_hits += counts.cache_hits;
  to.nanodollars += counts.nanodollars;
};

const sorted = <S>(sums: ReadonlyMap<string, S>): readonly S[] => [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
