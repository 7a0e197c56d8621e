import type { Database } from '../../storage/sql/database.ts';
import { sql, type Statement } from '../../storage/sql/statement.ts';
import { packed } from './charge-list.ts';
import { hourMs } from './day.ts';
import { entityColumns, failedFrom, tellsKeys } from './sums.ts';

/** What rows say that the sums must be: in SQL, and so by another way than they were added up when the rows were written. */

/** Kinds of entities, and how to select them from rows. */
const entities = (kind: Database['kind'], rows: Statement): readonly { kind: string; entity: Statement; from: Statement }[] => [
  { kind: 'gateway', entity: sql`''`, from: sql`(${rows}) as e` },
  ...Object.entries(entityColumns).map(([name, column]) => ({
    kind: name,
    entity: sql.name(column),
    from: sql`(${rows}) as e where ${sql.name(column)} is not null`,
  })),
  {
    kind: 'tag',
    entity: sql`tag.value`,
    from:
      kind === 'sqlite'
        ? sql`(${rows}) as e, json_each(e.tags) as tag where e.tags is not null`
        : sql`(${rows}) as e cross join lateral json_array_elements_text(cast(e.tags as json)) as tag(value) where e.tags is not null`,
  },
];

const counted = sql`count(*) as requests, sum(case when status >= ${failedFrom} then 1 else 0 end) as failed,
  sum(input_tokens) as input_tokens, sum(output_tokens) as output_tokens, sum(cache_read_tokens) as cache_read_tokens,
  sum(cache_write_tokens) as cache_write_tokens, sum(cache_hit) as cache_hits, sum(nanodollars) as nanodollars`;

/** As `spend_hours` has them: kind, hour, entity, counts. */
export const hoursOfRows = (kind: Database['kind'], rows: Statement): readonly Statement[] =>
  entities(kind, rows).map(
    ({ kind: name, entity, from }) =>
      sql`select cast(${name} as text) as kind, at / ${hourMs} as hour, ${entity} as entity, ${counted} from ${from} group by 2, 3`,
  );

/** As `spend_details` has them. */
export const detailsOfRows = (kind: Database['kind'], rows: Statement): readonly Statement[] =>
  entities(kind, rows).map(
    ({ kind: name, entity, from }) =>
      sql`select cast(${name} as text) as kind, day, ${entity} as entity, ${tellsKeys(name) ? sql`coalesce(key_id, '')` : sql`''`} as key_id, coalesce(model, '') as model,
        coalesce(upstream_model, '') as upstream_model, coalesce(provider, '') as provider, route, ${counted}
        from ${from} group by 2, 3, 4, 5, 6, 7, 8`,
  );

/** What counters were charged by rows, one for each charge: subject, period_start, nanodollars, ended_at. */
const chargesOfRows = (kind: Database['kind'], rows: Statement): Statement => {
  const from =
    kind === 'sqlite'
      ? sql`(${rows}) as e, json_each(e.details, '$.charges') as period, json_each(period.value) as charge where e.nanodollars <> 0`
      : sql`(${rows}) as e cross join lateral json_each(cast(e.details as json) -> 'charges') as period
          cross join lateral json_array_elements_text(period.value) as charge(value) where e.nanodollars <> 0`;
  const cases = packed.map(
    ([mark, prefix, , column]) => sql`when ${mark} then ${prefix} || e.${sql.name(column)} || substr(charge.value, 3)`,
  );
  return sql`select case substr(charge.value, 1, 2) ${spaced(cases)} else charge.value end as subject,
    cast(period.key as bigint) as period_start, e.nanodollars as nanodollars, e.ended_at as ended_at from ${from}`;
};

/** As `spend_charges` has them of a day: what counters were charged by its rows that ended after they were set. */
export const countersOfRows = (kind: Database['kind'], rows: Statement): Statement => {
  // Of `key:ab12/model:…`, the key; where a counter is not there, its subject may have been set to nothing as a whole.
  const whole = kind === 'sqlite' ? sql`substr(c.subject, 1, instr(c.subject || '/', '/') - 1)` : sql`split_part(c.subject, '/', 1)`;
  return sql`select c.subject as subject, c.period_start as period_start, sum(c.nanodollars) as nanodollars
    from (${chargesOfRows(kind, rows)}) as c
    left join spend_totals t on t.subject = c.subject and t.period_start = c.period_start
    left join spend_totals m on m.subject = ${whole} and m.period_start = -1
    where c.ended_at > coalesce(t.set_at, m.set_at, 0) group by 1, 2`;
};

const spaced = (statements: readonly Statement[]): Statement => statements.reduce((all, next) => sql`${all} ${next}`);
