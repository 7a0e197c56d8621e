import type { Migration } from '../migration.ts';

/**
 * Who is told of what. An alert is there once for what it is about, whichever gateway saw it first: that is what the unique
 * key is for. `threshold` is the share of the budget that was left, in ten-thousandths; `limit_nanodollars` the budget, since
 * one that was raised is another one to cross; `round` counts how often the same was told (a soft budget each day, a budget
 * again after its spend was set back). `period_end` null: it never ends, so that the alert is kept as long as what it is about.
 */
const tables = `
create table if not exists alerts (
  id text primary key,
  event text not null,
  type text not null,
  subject text not null,
  threshold integer not null,
  period_start bigint not null,
  period_end bigint,
  limit_nanodollars bigint not null,
  round integer not null,
  spent_nanodollars bigint not null,
  data text not null,
  created_at bigint not null,
  resolved_at bigint,
  unique (subject, event, threshold, period_start, limit_nanodollars, round)
);
create index if not exists alerts_created_at on alerts (created_at, id);
create table if not exists alert_deliveries (
  id text primary key,
  alert_id text not null,
  channel text not null,
  target text not null,
  state text not null,
  attempts integer not null,
  next_at bigint not null,
  created_at bigint not null,
  sent_at bigint,
  last_error text
);
create index if not exists alert_deliveries_waiting on alert_deliveries (state, next_at);
create index if not exists alert_deliveries_alert on alert_deliveries (alert_id);
create table if not exists alert_state (
  name text primary key,
  owner text,
  until bigint not null,
  value bigint not null
);`;

export const alerts: Migration = { name: '0004-alerts', sqlite: tables, postgres: tables };
