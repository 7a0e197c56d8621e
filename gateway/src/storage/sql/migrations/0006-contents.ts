import type { Migration } from '../migration.ts';
import { script } from '../statement.ts';

/** What was said in calls, for gateways that keep it: parted by day like the rows of the ledger, and apart from them. */
const spendContentColumns = `
  day integer not null,
  id text not null,
  request text not null,
  answer text not null,
  primary key (day, id)`;

/** In SQLite, where a day's table is made when it is needed. */
export const spendContentTable = { columns: script(spendContentColumns), indexes: [] };

export const contents: Migration = {
  name: '0006-contents',
  sqlite: `
create table if not exists spend_contents (${spendContentColumns}
);
create table if not exists spend_content_days (
  day integer primary key
);`,
  postgres: `
create table if not exists spend_contents (${spendContentColumns}
) partition by range (day);`,
};
