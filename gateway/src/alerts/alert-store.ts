import type { Database, Queries, Transaction } from '../storage/sql/database.ts';
import { sql } from '../storage/sql/statement.ts';
import type { AlertDraft } from './event.ts';

/** Where one copy of an alert goes. */
export interface Destination {
  readonly channel: string;
  /** What tells two of a channel apart, and no secret: an e-mail address, a hash of a URL. */
  readonly target: string;
}

/** What was told last of something. */
interface Told {
  readonly id: string;
  readonly subject: string;
  readonly event: string;
  readonly threshold: number;
  readonly period_start: number;
  readonly limit_nanodollars: number;
  readonly round: number;
  readonly spent_nanodollars: number;
  readonly created_at: number;
  readonly resolved_at: number | null;
}

type AboutKey = Pick<Told, 'subject' | 'event' | 'threshold' | 'period_start' | 'limit_nanodollars'>;

/** The last round of each thing that was told, by what it is about. */
export class ToldAlerts {
  readonly #byKey = new Map<string, Told>();

  constructor(rows: readonly Told[]) {
    for (const row of rows) {
      const before = this.#byKey.get(keyOf(row));
      if (!before || before.round < row.round) this.#byKey.set(keyOf(row), row);
    }
  }

  of(draft: AlertDraft): Told | undefined {
    return this.#byKey.get(keyOf(aboutOf(draft)));
  }

  all(): readonly Told[] {
    return [...this.#byKey.values()];
  }
}

const aboutOf = (draft: AlertDraft): AboutKey => ({
  subject: draft.subject,
  event: draft.event.event,
  threshold: draft.threshold,
  period_start: draft.periodStart,
  limit_nanodollars: draft.limitNanodollars,
});

const keyOf = (key: AboutKey): string => `${key.event} ${key.threshold} ${key.period_start} ${key.limit_nanodollars} ${key.subject}`;

/** Names in one statement: databases bind only so many. */
const perStatement = 500;

/** What was told of subjects in the periods that are still running. */
export const toldOf = async (queries: Queries, subjects: readonly string[], now: number): Promise<ToldAlerts> => {
  const rows: Told[] = [];
  for (let at = 0; at < subjects.length; at += perStatement) {
    const names = subjects.slice(at, at + perStatement).map((subject) => sql`${subject}`);
    rows.push(
      ...(await queries.all<Told>(
        sql`select id, subject, event, threshold, period_start, limit_nanodollars, round, spent_nanodollars, created_at, resolved_at
            from alerts where subject in (${sql.join(names, ', ')}) and (period_end is null or period_end > ${now})`,
      )),
    );
  }
  return new ToldAlerts(rows);
};

/**
 * Writes an alert and what is to be delivered of it. Whoever comes second with the same one writes nothing, at whichever
 * gateway.
 * @returns whether it is new
 */
export const writeAlert = async (
  tx: Transaction,
  draft: AlertDraft,
  { round, now, destinations }: { readonly round: number; readonly now: number; readonly destinations: readonly Destination[] },
): Promise<boolean> => {
  const id = crypto.randomUUID();
  const inserted = await tx.run(
    sql`insert into alerts (id, event, type, subject, threshold, period_start, period_end, limit_nanodollars, round, spent_nanodollars,
          data, created_at)
        values (${id}, ${draft.event.event}, ${draft.type}, ${draft.subject}, ${draft.threshold}, ${draft.periodStart},
          ${draft.periodEnd ?? null}, ${draft.limitNanodollars}, ${round}, ${draft.spentNanodollars}, ${JSON.stringify(draft.event)}, ${now})
        on conflict (subject, event, threshold, period_start, limit_nanodollars, round) do nothing`,
  );
  if (inserted === 0) return false;
  for (const { channel, target } of destinations)
    await tx.run(
      sql`insert into alert_deliveries (id, alert_id, channel, target, state, attempts, next_at, created_at)
          values (${crypto.randomUUID()}, ${id}, ${channel}, ${target}, 'pending', 0, ${now}, ${now})`,
    );
  return true;
};

/** What was told no longer holds: it may be told again. */
export const resolveAlerts = async (queries: Queries, ids: readonly string[], now: number): Promise<void> => {
  for (let at = 0; at < ids.length; at += perStatement) {
    const values = ids.slice(at, at + perStatement).map((id) => sql`${id}`);
    await queries.run(sql`update alerts set resolved_at = ${now} where id in (${sql.join(values, ', ')}) and resolved_at is null`);
  }
};

/** Somebody is gone: what was told of them, and of their parts, need not be kept for ever. */
export const endAlertsOf = async (queries: Queries, subject: string, now: number): Promise<void> => {
  const part = `${subject}/`;
  await queries.run(
    sql`update alerts set period_end = ${now}
        where period_end is null and (subject = ${subject} or substr(subject, 1, length(${part})) = ${part})`,
  );
};

/** Forgets alerts of periods that are over, with their deliveries. */
export const forgetAlerts = async (database: Database, before: number, now: number): Promise<void> => {
  for (;;) {
    const rows = await database.all<{ id: string }>(
      sql`select id from alerts where created_at < ${before} and (resolved_at is not null or period_end <= ${now})
          order by created_at limit ${perStatement}`,
    );
    if (rows.length === 0) return;
    const ids = sql.join(
      rows.map(({ id }) => sql`${id}`),
      ', ',
    );
    await database.transaction(async (tx) => {
      await tx.run(sql`delete from alert_deliveries where alert_id in (${ids})`);
      await tx.run(sql`delete from alerts where id in (${ids})`);
    });
  }
};
