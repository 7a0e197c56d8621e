import type { Database, Queries } from '../storage/sql/database.ts';
import { sql } from '../storage/sql/statement.ts';

/**
 * One gateway at a time does a job, so that the others need not do it as well. Nothing hangs on it: gateways whose clocks
 * differ may both have it for a moment, and what they write is unique by itself.
 */
export const holdLease = async (
  database: Database,
  { name, owner, now, forMs }: { readonly name: string; readonly owner: string; readonly now: number; readonly forMs: number },
): Promise<boolean> => {
  const until = now + forMs;
  const taken = await database.run(
    sql`insert into alert_state (name, owner, until, value) values (${name}, ${owner}, ${until}, ${0})
        on conflict (name) do update set owner = ${owner}, until = ${until}
        where alert_state.owner = ${owner} or alert_state.until <= ${now}`,
  );
  return taken > 0;
};

/** The next one need not wait for its end. */
export const dropLease = async (database: Database, name: string, owner: string): Promise<void> =>
  void (await database.run(sql`update alert_state set until = ${0} where name = ${name} and owner = ${owner}`));

/** How far something was read. Undefined: it never was. */
export const readCursor = async (queries: Queries, name: string): Promise<number | undefined> =>
  (await queries.one<{ value: number }>(sql`select value from alert_state where name = ${name}`))?.value;

/** Never back. */
export const writeCursor = async (queries: Queries, name: string, value: number): Promise<void> =>
  void (await queries.run(
    sql`insert into alert_state (name, owner, until, value) values (${name}, ${null}, ${0}, ${value})
        on conflict (name) do update set value = ${value} where alert_state.value < ${value}`,
  ));
