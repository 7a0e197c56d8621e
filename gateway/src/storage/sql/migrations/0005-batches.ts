import type { Migration } from '../migration.ts';

/**
 * Jobs that providers work on after their call is over (batches, responses in the background), and that are not paid for yet. A
 * row is gone once its cost is in the books. `id` is the deployment's and the provider's own together; `data` is the line of
 * the books that it will be, without what it used. Until `held_until` some gateway holds what it may cost; null: nothing is held.
 */
const tables = `
create table if not exists spend_batches (
  id text primary key,
  kind text not null,
  deployment_id text not null,
  batch_id text not null,
  created_at bigint not null,
  next_look_at bigint not null,
  claimed_until bigint not null,
  held_until bigint,
  data text not null
);
create index if not exists spend_batches_next_look_at on spend_batches (next_look_at);`;

export const batches: Migration = { name: '0005-batches', sqlite: tables, postgres: tables };
