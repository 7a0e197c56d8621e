import type { Migration } from '../migration.ts';

/** Where the audit log ends: how many entries it has, and the hash of the last one. Without it nobody would miss the newest. */
const text = `
create table if not exists audit_head (
  id integer primary key check (id = 1),
  entries bigint not null,
  hash text not null
);
insert into audit_head (id, entries, hash)
  select 1, count(*), coalesce((select hash from audit_log order by seq desc limit 1), '${'0'.repeat(64)}') from audit_log
  where not exists (select 1 from audit_head);`;

export const auditHead: Migration = { name: '0002-audit-head', sqlite: text, postgres: text };
