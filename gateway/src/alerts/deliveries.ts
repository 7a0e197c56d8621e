import type { Database } from '../storage/sql/database.ts';
import { sql } from '../storage/sql/statement.ts';
import type { AlertEvent } from './event.ts';

/** One copy of an alert on its way. */
export interface Delivery {
  /** Of this copy alone: receivers know a repeated one by it. */
  readonly id: string;
  readonly channel: string;
  readonly target: string;
  /** With this one. */
  readonly attempts: number;
  readonly createdAt: number;
  readonly type: string;
  readonly event: AlertEvent;
}

interface Row {
  readonly id: string;
  readonly channel: string;
  readonly target: string;
  readonly attempts: number;
  readonly created_at: number;
  readonly type: string;
  readonly data: string;
}

const maxErrorChars = 300;

/**
 * Takes what is to be delivered now, for so long: who dies with it lets others have it when that is over. So a copy may come
 * twice, where a gateway died between sending it and writing that down.
 */
export const claimDeliveries = async (
  database: Database,
  { now, max, claimMs }: { readonly now: number; readonly max: number; readonly claimMs: number },
): Promise<readonly Delivery[]> => {
  // Nearly always there is nothing, and nobody need wait for a transaction over that.
  if (!(await database.one(sql`select id from alert_deliveries where state = 'pending' and next_at <= ${now} limit 1`))) return [];
  return database.transaction(async (tx) => {
    // In SQLite one transaction writes at a time; in PostgreSQL another gateway takes the next ones.
    const skip = database.kind === 'postgres' ? sql` for update of d skip locked` : sql``;
    const rows = await tx.all<Row>(
      sql`select d.id, d.channel, d.target, d.attempts, d.created_at, a.type, a.data
          from alert_deliveries d join alerts a on a.id = d.alert_id
          where d.state = 'pending' and d.next_at <= ${now} order by d.next_at, d.id limit ${max}${skip}`,
    );
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => sql`${id}`);
    await tx.run(sql`update alert_deliveries set attempts = attempts + 1, next_at = ${now + claimMs} where id in (${sql.join(ids, ', ')})`);
    return rows.map(({ id, channel, target, attempts, created_at: createdAt, type, data }) => ({
      id,
      channel,
      target,
      attempts: attempts + 1,
      createdAt,
      type,
      event: JSON.parse(data) as AlertEvent,
    }));
  });
};

export const deliveryWasSent = async (database: Database, id: string, now: number): Promise<void> =>
  void (await database.run(
    sql`update alert_deliveries set state = 'sent', sent_at = ${now}, last_error = ${null} where id = ${id} and state = 'pending'`,
  ));

/** @param nextAt undefined: it is given up */
export const deliveryFailed = async (
  database: Database,
  id: string,
  { error, nextAt }: { readonly error: string; readonly nextAt: number | undefined },
): Promise<void> => {
  const text = error.slice(0, maxErrorChars);
  const set = nextAt === undefined ? sql`state = 'failed'` : sql`next_at = ${nextAt}`;
  await database.run(sql`update alert_deliveries set ${set}, last_error = ${text} where id = ${id} and state = 'pending'`);
};
