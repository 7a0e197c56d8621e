import type { Queries } from '../storage/sql/database.ts';
import { sql } from '../storage/sql/statement.ts';
import { dollars, usdOf, type AlertDraft } from './event.ts';
import type { AlertWorld } from './watched-budget.ts';

const dayMs = 86_400_000;
/** Rows arrive after their calls; what is later still is in the next report's tables, not in this one. */
const graceMs = 600_000;
const perTop = 5;

interface Top {
  readonly name: string;
  readonly nanodollars: number;
  readonly requests: number;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** The period whose report is due: the last one that is over. Undefined: its calls may still be on their way. */
export const reportDue = (world: Pick<AlertWorld, 'reportPeriod'>, duration: string, now: number): Span | undefined => {
  const running = world.reportPeriod(duration, now);
  return now - running.start < graceMs ? undefined : world.reportPeriod(duration, running.start - 1);
};

/** What was spent in a period of whole days in UTC, and by whom. Undefined: nothing was called. */
export const spendReport = async (
  queries: Queries,
  { start, end }: Span,
  world: Pick<AlertWorld, 'labelsOf'>,
): Promise<AlertDraft | undefined> => {
  const days = sql`day >= ${Math.floor(start / dayMs)} and day < ${Math.ceil(end / dayMs)}`;
  const [all] = await topOf(queries, sql`spend_days where kind = 'gateway' and ${days}`, sql`entity`);
  if (!all || all.requests === 0) return undefined;
  const tops: (readonly [string, readonly Top[]])[] = [];
  for (const [title, kind] of kinds) {
    const rows = await topOf(queries, sql`spend_days where kind = ${kind} and ${days}`, sql`entity`);
    const labels = await world.labelsOf(rows.map(({ name }) => `${kind}:${name}`));
    tops.push([title, rows.map((row) => ({ ...row, name: labels.get(`${kind}:${row.name}`) ?? row.name }))]);
  }
  tops.push(['Models', await topOf(queries, sql`spend_details where kind = 'gateway' and ${days}`, sql`model`)]);
  const dates = `${dayOf(start)} to ${dayOf(end - 1)}`;
  const parts = tops.filter(([, rows]) => rows.length > 0).map(([title, rows]) => [`${title}:`, ...rows.map(lineOf)].join('\n'));
  return {
    type: 'spend_reports',
    subject: 'gateway',
    threshold: 0,
    periodStart: start,
    periodEnd: end,
    limitNanodollars: 0,
    spentNanodollars: all.nanodollars,
    event: {
      event: 'spend_report',
      event_group: 'proxy',
      event_message: [`Spend of ${dates} (UTC): ${dollars(all.nanodollars)} in ${all.requests} calls.`, ...parts].join('\n'),
      subject: 'gateway',
      spend: usdOf(all.nanodollars),
      period_start: new Date(start).toISOString(),
      period_end: new Date(end).toISOString(),
    },
  };
};

const kinds = [
  ['Keys', 'key'],
  ['Teams', 'team'],
  ['Users', 'user'],
  ['Customers', 'customer'],
  ['Tags', 'tag'],
] as const;

const topOf = (queries: Queries, from: ReturnType<typeof sql>, by: ReturnType<typeof sql>): Promise<readonly Top[]> =>
  queries.all<Top>(
    sql`select ${by} as name, cast(sum(nanodollars) as bigint) as nanodollars, cast(sum(requests) as bigint) as requests from ${from}
        group by ${by} order by sum(nanodollars) desc, ${by} limit ${perTop}`,
  );

const lineOf = ({ name, nanodollars, requests }: Top): string =>
  `- ${name === '' ? 'none' : name}: ${dollars(nanodollars)} in ${requests} calls`;

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
