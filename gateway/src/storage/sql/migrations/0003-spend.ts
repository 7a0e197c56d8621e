import type { Migration } from '../migration.ts';
import { script } from '../statement.ts';

/**
 * What was spent. Rows are parted by day (days since 1970, UTC), so that old ones go with their part: in PostgreSQL these are
 * partitions; in SQLite the ledger makes a table for each day, of the same columns (`spendEventColumns`). Sums of hours and
 * days are derived from rows and outlive them. Hours are counted since 1970 as well.
 *
 * `spend_gone_days` are days whose rows were dropped: what comes of them later is not all of them.
 *
 * A counter (`spend_totals`) is at any time what it was set to (`set_nanodollars`), and what was charged to it by calls that
 * ended after that (`set_at`): by rows that are gone (`gone_nanodollars`) and by those that are there, of which
 * `spend_charges` has the sum of each day. A row whose period
 * begins at -1 is no counter: all of its subject was set to nothing at `set_at`.
 */

/** Columns of the rows, for both databases. The id is first in their key: all rows of a table have one day, and SQLite would take that for a choice. */
const spendEventColumns = `
  day integer not null,
  id text not null,
  call_id text not null,
  at bigint not null,
  ended_at bigint not null,
  first_output_at bigint,
  route text not null,
  status integer not null,
  error_code text,
  model text,
  upstream_model text,
  deployment_id text,
  provider text,
  stream integer not null,
  cache_hit integer not null,
  key_id text,
  user_id text,
  team_id text,
  organization_id text,
  project_id text,
  customer_id text,
  agent_id text,
  session_id text,
  tags text,
  user_agent text,
  input_tokens bigint not null,
  output_tokens bigint not null,
  cache_read_tokens bigint not null,
  cache_write_tokens bigint not null,
  nanodollars bigint not null,
  cost_known integer not null,
  price_id text,
  details text not null,
  primary key (id, day)`;

/**
 * By what rows are looked for, newest first; with what pages of somebody's calls are counted by, so that no row is read for that.
 * Who is nobody's, or of no session, is in no index of those: an index costs a row as much as its columns do.
 */
const spendEventIndexes: Readonly<Record<string, { readonly columns: string; readonly where?: string }>> = {
  at: { columns: 'at' },
  call_id: { columns: 'call_id' },
  key_id: { columns: 'key_id, at, status, route', where: 'key_id is not null' },
  user_id: { columns: 'user_id, at, status, route', where: 'user_id is not null' },
  team_id: { columns: 'team_id, at, status, route', where: 'team_id is not null' },
  session_id: { columns: 'session_id', where: 'session_id is not null' },
};

const ofRows = ({ columns, where }: { readonly columns: string; readonly where?: string }): string =>
  `(${columns})${where === undefined ? '' : ` where ${where}`}`;

/** In SQLite, where a day's table is made when it is needed: its columns, and what each index is on. */
export const spendEventTable = {
  columns: script(spendEventColumns),
  indexes: Object.entries(spendEventIndexes).map(([name, index]) => ({ name, on: script(ofRows(index)) })),
};

/** Counts of the sums. */
const counts = `
  requests bigint not null,
  failed bigint not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  cache_read_tokens bigint not null,
  cache_write_tokens bigint not null,
  cache_hits bigint not null,
  nanodollars bigint not null`;

/**
 * `kind` is what an entity is: gateway, key, user, team, organization, project, customer, tag, agent, user_agent (the gateway's
 * entity is ''). Who has none of a kind is in no row of it, but for the gateway. Absent dimensions are ''. Details of the gateway
 * do not tell keys apart (`key_id` is ''): those of kind `key` do.
 */
const sums = `
create table if not exists spend_hours (
  kind text not null,
  entity text not null,
  hour bigint not null,${counts},
  primary key (kind, hour, entity)
);
create index if not exists spend_hours_entity on spend_hours (kind, entity, hour);
create table if not exists spend_days (
  kind text not null,
  entity text not null,
  day integer not null,${counts},
  primary key (kind, day, entity)
);
create index if not exists spend_days_entity on spend_days (kind, entity, day);
create table if not exists spend_details (
  kind text not null,
  entity text not null,
  day integer not null,
  key_id text not null,
  model text not null,
  upstream_model text not null,
  provider text not null,
  route text not null,${counts},
  primary key (kind, day, entity, key_id, model, upstream_model, provider, route)
);
create index if not exists spend_details_entity on spend_details (kind, entity, day);
create table if not exists spend_prices (
  id text primary key,
  data text not null,
  first_used_at bigint not null
);
create table if not exists spend_charges (
  subject text not null,
  period_start bigint not null,
  day integer not null,
  nanodollars bigint not null,
  primary key (subject, period_start, day)
);
create index if not exists spend_charges_day on spend_charges (day);
create table if not exists spend_gone_days (
  day integer primary key
);
alter table spend_totals add column set_at bigint not null default 0;
alter table spend_totals add column set_nanodollars bigint not null default 0;
alter table spend_totals add column gone_nanodollars bigint not null default 0;
update spend_totals set set_at = updated_at, set_nanodollars = nanodollars;
create index if not exists spend_totals_set_at on spend_totals (set_at) where set_at > 0;`;

const rows = `
create table if not exists spend_events (${spendEventColumns}
) partition by range (day);
${Object.entries(spendEventIndexes)
  .map(([name, index]) => `create index if not exists spend_events_${name} on spend_events ${ofRows(index)};`)
  .join('\n')}`;

/** In SQLite: which days have tables of their own. The one without a day in its name stays empty: it is what no days are. */
const dayTables = `
create table if not exists spend_events (${spendEventColumns}
);
create table if not exists spend_event_days (
  day integer primary key
);`;

export const spend: Migration = { name: '0003-spend', sqlite: `${sums}${dayTables}`, postgres: `${sums}${rows}` };
