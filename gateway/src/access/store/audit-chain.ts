import { createHash } from 'node:crypto';
import type { Queries, Transaction } from '../../storage/sql/database.ts';
import { sql } from '../../storage/sql/statement.ts';
import type { Kind } from '../records/kinds.ts';
import type { Actor } from './actor.ts';

export type AuditAction = 'created' | 'updated' | 'deleted' | 'blocked' | 'unblocked' | 'regenerated' | 'rotated';

/** One change, as the log holds it. */
export interface AuditEntry {
  readonly id: string;
  /** Unix milliseconds. */
  readonly at: number;
  readonly action: string;
  readonly table_name: string;
  readonly object_id: string;
  readonly object_team_id: string | null;
  readonly object_key_hash: string | null;
  readonly changed_by: string | null;
  readonly changed_by_api_key: string | null;
  readonly address: string | null;
  /** JSON, with the members that changed only where there is a value after. */
  readonly before_value: string | null;
  readonly updated_values: string | null;
}

/** What the first entry follows. */
export const beginning = '0'.repeat(64);

/** Where the log ends. Kept apart from it, and changed with it, so that entries missing at its end show as well. */
export interface AuditHead {
  readonly entries: number;
  /** Of the last entry. */
  readonly hash: string;
}

/** Undefined: somebody took it away. */
export const readAuditHead = (queries: Queries): Promise<AuditHead | undefined> =>
  queries.one<AuditHead>(sql`select entries, hash from audit_head where id = 1`);

/**
 * The hash of an entry, in hex: over the one before and everything that it says, so that nothing can be changed, taken
 * out or put in between without all that follow telling. JSON is hashed in one order of its members, since PostgreSQL
 * keeps its own.
 */
export const hashOf = (previous: string, entry: AuditEntry): string => {
  const { id, at, action, table_name, object_id, object_team_id, object_key_hash, changed_by, changed_by_api_key, address } = entry;
  const said = [id, at, action, table_name, object_id, object_team_id, object_key_hash, changed_by, changed_by_api_key, address];
  const values = [entry.before_value, entry.updated_values].map((text) => (text === null ? null : canonical(JSON.parse(text))));
  return createHash('sha256')
    .update(JSON.stringify([previous, ...said, ...values]))
    .digest('hex');
};

const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  // Apart from a list of pairs.
  return { members: sorted.map(([name, inner]) => [name, canonical(inner)]) };
};

interface Change<T> {
  kind: Kind<T>;
  id: string;
  action: AuditAction;
  before: T | undefined;
  after: T | undefined;
  at: number;
}

/** Adds one entry at the end. Entries are written one after another, whoever writes. */
export const appendAudit = async <T>(tx: Transaction, actor: Actor, { kind, id, action, before, after, at }: Change<T>): Promise<void> => {
  await tx.lock('audit');
  const last = (await readAuditHead(tx)) ?? (await tx.one<{ hash: string }>(sql`select hash from audit_log order by seq desc limit 1`));
  const [was, is] = shown(kind, before, after);
  const about = (after ?? before) as { team_id?: string | null; key_id?: string | null };
  const entry: AuditEntry = {
    id: crypto.randomUUID(),
    at,
    action,
    table_name: kind.auditName,
    object_id: id,
    object_team_id: kind.name === 'team' ? id : (about.team_id ?? null),
    object_key_hash: kind.name === 'key' ? id : (about.key_id ?? null),
    changed_by: actor.changedFor ?? actor.by,
    changed_by_api_key: actor.keyHash ?? null,
    address: actor.address ?? null,
    before_value: was,
    updated_values: is,
  };
  const previous = last?.hash ?? beginning;
  const hash = hashOf(previous, entry);
  await tx.run(sql`insert into audit_log (id, at, action, table_name, object_id, object_team_id, object_key_hash, changed_by,
    changed_by_api_key, address, before_value, updated_values, previous_hash, hash)
    values (${entry.id}, ${entry.at}, ${entry.action}, ${entry.table_name}, ${entry.object_id}, ${entry.object_team_id},
    ${entry.object_key_hash}, ${entry.changed_by}, ${entry.changed_by_api_key}, ${entry.address}, ${entry.before_value},
    ${entry.updated_values}, ${previous}, ${hash})`);
  // Not made anew where it is gone: that is to show.
  await tx.run(sql`update audit_head set entries = entries + 1, hash = ${hash} where id = 1`);
};

/** What the log shows: all of a thing that is new or gone, and of a change what it changed. */
const shown = <T>(kind: Kind<T>, before: T | undefined, after: T | undefined): [string | null, string | null] => {
  const was = before && masked(kind, before);
  const is = after && masked(kind, after);
  if (!was || !is) return [was ? JSON.stringify(was) : null, is ? JSON.stringify(is) : null];
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  const changed = names.filter((name) => JSON.stringify((before as Json)[name]) !== JSON.stringify((after as Json)[name]));
  const pick = (of: Json) => JSON.stringify(Object.fromEntries(changed.filter((name) => name in of).map((name) => [name, of[name]])));
  return [pick(was), pick(is)];
};

type Json = Record<string, unknown>;

/** Names of members that hold secrets wherever they are: in the parameters of a model, in metadata. */
const secretName = /(?:api[-_]?key|secret|password|passwd|token|credential|private[-_]?key|authorization|cookie)/i;
const mask = '[secret]';

const masked = <T>({ secrets = [] }: Kind<T>, data: T): Json =>
  Object.fromEntries(
    Object.entries(data as Json).map(([name, value]) => [name, secrets.includes(name) && value != null ? mask : maskedDeep(value)]),
  );

/** Texts, and lists of them. Limits are no secrets, for all that they count tokens. */
const isSecret = (name: string, value: unknown): boolean =>
  (typeof value === 'string' || (Array.isArray(value) && value.some((each) => typeof each === 'string'))) &&
  secretName.test(name) &&
  !/_id$|_name$|_ids$|_names$/.test(name);

const maskedDeep = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(maskedDeep);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, isSecret(name, inner) ? mask : maskedDeep(inner)]));
};
