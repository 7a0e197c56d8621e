import type { Queries } from '../../storage/sql/database.ts';
import { sql } from '../../storage/sql/statement.ts';
import { beginning, hashOf, readAuditHead, type AuditEntry } from './audit-chain.ts';

/** What the audit log was found to be. */
export type AuditVerdict =
  | { readonly whole: true; readonly entries: number; /** Of the last entry. */ readonly hash: string }
  | {
      readonly whole: false;
      /** Entries before what is broken. */
      readonly entries: number;
      /** The first entry that does not fit; absent where the end is missing. */
      readonly broken?: { readonly seq: number; readonly id: string; readonly at: number };
      readonly why: string;
    };

interface Row extends AuditEntry {
  readonly seq: number;
  readonly previous_hash: string;
  readonly hash: string;
}

const pageSize = 500;

/**
 * Walks the log from its first entry, a page at a time: memory does not grow with it. Others may write meanwhile.
 * @param known a hash that was the last one once, kept outside of the database: it must still be among them. With it, also a
 * log that was written anew from beginning to end is found
 */
export const verifyAudit = async (
  queries: Queries,
  { known, onPage }: { known?: string; onPage?: (entries: number) => void } = {},
): Promise<AuditVerdict> => {
  // Read first: what is written from now on stands behind it.
  const head = await readAuditHead(queries);
  let [previous, entries, seq] = [beginning, 0, -1];
  let sawKnown = known === undefined || known === beginning;
  for (;;) {
    const rows = await queries.all<Row>(sql`select * from audit_log where seq > ${seq} order by seq limit ${pageSize}`);
    for (const row of rows) {
      const why = wrongWith(row, previous);
      if (why !== undefined) return { whole: false, entries, broken: { seq: row.seq, id: row.id, at: row.at }, why };
      entries += 1;
      seq = row.seq;
      previous = row.hash;
      sawKnown ||= row.hash === known;
      if (head?.entries === entries && head.hash !== row.hash)
        return { whole: false, entries, broken: { seq, id: row.id, at: row.at }, why: 'The log is said to end with another entry here.' };
    }
    onPage?.(entries);
    if (rows.length < pageSize) break;
  }
  if (!head) return { whole: false, entries, why: 'What says where the log ends is gone.' };
  if (entries < head.entries) {
    const missing = head.entries - entries;
    return { whole: false, entries, why: `${missing === 1 ? 'The last entry is' : `The last ${missing} entries are`} missing.` };
  }
  if (head.entries === 0 && head.hash !== beginning) return { whole: false, entries, why: 'The log is said to begin with another entry.' };
  if (!sawKnown) return { whole: false, entries, why: 'No entry has the hash that was known: the log was written anew.' };
  return { whole: true, entries, hash: previous };
};

const wrongWith = (row: Row, previous: string): string | undefined => {
  if (row.previous_hash !== previous) return 'It does not follow the entry before it: one was taken out or put in.';
  return row.hash === hashAsIs(row, previous) ? undefined : 'It was changed after it was written.';
};

const hashAsIs = (row: Row, previous: string): string | undefined => {
  try {
    return hashOf(previous, row);
  } catch {
    // What is no JSON any more was changed.
    return undefined;
  }
};
