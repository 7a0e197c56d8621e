import type { Queries } from '../storage/sql/database.ts';
import { sql, type Statement } from '../storage/sql/statement.ts';
import type { AlertEvent } from './event.ts';

export interface AlertsQuery {
  readonly event?: string | undefined;
  readonly type?: string | undefined;
  readonly subject?: string | undefined;
  /** With a delivery in this state. */
  readonly state?: 'pending' | 'sent' | 'failed' | undefined;
  /** From 1. */
  readonly page: number;
  readonly size: number;
}

/** An alert and what became of its copies. Moments are Unix milliseconds. */
export interface ListedAlert {
  readonly id: string;
  readonly type: string;
  readonly createdAt: number;
  readonly resolvedAt: number | undefined;
  readonly event: AlertEvent;
  readonly deliveries: readonly ListedDelivery[];
}

interface ListedDelivery {
  readonly id: string;
  readonly channel: string;
  readonly target: string;
  readonly state: 'pending' | 'sent' | 'failed';
  readonly attempts: number;
  /** When it is tried next. */
  readonly nextAt: number | undefined;
  readonly sentAt: number | undefined;
  readonly lastError: string | undefined;
}

interface AlertRow {
  readonly id: string;
  readonly type: string;
  readonly created_at: number;
  readonly resolved_at: number | null;
  readonly data: string;
}

interface DeliveryRow {
  readonly id: string;
  readonly alert_id: string;
  readonly channel: string;
  readonly target: string;
  readonly state: ListedDelivery['state'];
  readonly attempts: number;
  readonly next_at: number;
  readonly sent_at: number | null;
  readonly last_error: string | null;
}

/** The newest first. */
export const listAlerts = async (
  queries: Queries,
  query: AlertsQuery,
): Promise<{ readonly alerts: readonly ListedAlert[]; readonly total: number }> => {
  const where = conditionsOf(query);
  const rows = await queries.all<AlertRow>(
    sql`select id, type, created_at, resolved_at, data from alerts${where}
        order by created_at desc, id desc limit ${query.size} offset ${(query.page - 1) * query.size}`,
  );
  const count = await queries.one<{ count: number }>(sql`select count(*) as count from alerts${where}`);
  const deliveries = await deliveriesOf(
    queries,
    rows.map(({ id }) => id),
  );
  const alerts = rows.map(({ id, type, created_at: createdAt, resolved_at: resolvedAt, data }) => ({
    id,
    type,
    createdAt,
    resolvedAt: resolvedAt ?? undefined,
    event: JSON.parse(data) as AlertEvent,
    deliveries: deliveries.filter(({ alert_id }) => alert_id === id).map(listed),
  }));
  return { alerts, total: count?.count ?? 0 };
};

const deliveriesOf = async (queries: Queries, ids: readonly string[]): Promise<readonly DeliveryRow[]> => {
  if (ids.length === 0) return [];
  const values = ids.map((id) => sql`${id}`);
  return queries.all<DeliveryRow>(
    sql`select id, alert_id, channel, target, state, attempts, next_at, sent_at, last_error from alert_deliveries
        where alert_id in (${sql.join(values, ', ')}) order by channel, target`,
  );
};

const listed = ({ id, channel, target, state, attempts, next_at, sent_at, last_error }: DeliveryRow): ListedDelivery => ({
  id,
  channel,
  target,
  state,
  attempts,
  nextAt: state === 'pending' ? next_at : undefined,
  sentAt: sent_at ?? undefined,
  lastError: last_error ?? undefined,
});

const conditionsOf = ({ event, type, subject, state }: AlertsQuery): Statement => {
  const all: Statement[] = [];
  if (event !== undefined) all.push(sql`event = ${event}`);
  if (type !== undefined) all.push(sql`type = ${type}`);
  if (subject !== undefined) all.push(sql`subject = ${subject}`);
  if (state !== undefined) all.push(sql`exists (select 1 from alert_deliveries where alert_id = alerts.id and state = ${state})`);
  return all.length === 0 ? sql`` : sql` where ${sql.join(all, ' and ')}`;
};
