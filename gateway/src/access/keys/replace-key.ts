import { sql } from '../../storage/sql/statement.ts';
import { kinds } from '../records/kinds.ts';
import type { KeyRecord } from '../records/records.ts';
import type { AuditAction } from '../store/audit-chain.ts';
import type { Stored } from '../store/stored.ts';
import type { Writing } from '../store/writing.ts';
import { assignGroups } from './access-group-members.ts';
import { deleteKeys } from './delete-keys.ts';
import { hashKey, keyName } from './secret.ts';

export interface Replacement {
  /** The new key itself. */
  readonly key: string;
  /** What the new one has. `key_name` and what says of the rotation are set here. */
  readonly data: KeyRecord;
  /** How long the old one is good beside it, in milliseconds. 0: it is gone at once. */
  readonly graceMs: number;
  readonly action: AuditAction;
  readonly deletedWith?: string | undefined;
}

/** The most old ones that are good beside one key. */
const maxOld = 10;

/**
 * Puts another key in the place of one: it has the alias, the owners and the limits, and was made when the old one was.
 * The old one is gone, or good until its grace is over; what it uses counts on the new one (`replaced_by`).
 * What was spent goes with it, in every period.
 */
export const replaceKey = async (writing: Writing, old: Stored<KeyRecord>, replacement: Replacement): Promise<Stored<KeyRecord>> => {
  const { key, graceMs, action, deletedWith } = replacement;
  const { now } = writing;
  const hash = hashKey(key);
  const stillGood = (old.data.replaces ?? []).slice(-(maxOld - 1));
  const kept = graceMs > 0 ? [...stillGood, old.id] : stillGood;
  const data: KeyRecord = {
    ...replacement.data,
    key_name: keyName(key),
    rotation_count: (old.data.rotation_count ?? 0) + 1,
    last_rotation_at: now,
    replaces: kept,
  };
  // The alias must be free before the new one has it.
  await writing.update(kinds.key, old.id, (before) => retired(before, hash, now + graceMs), action);
  for (const id of stillGood)
    if (await writing.get(kinds.key, id)) await writing.update(kinds.key, id, (before) => ({ ...before, replaced_by: hash }));
  const stored = await writing.insert(kinds.key, hash, data);
  await writing.tx.run(sql`update keys set created_at = ${old.createdAt}, created_by = ${old.createdBy ?? null} where id = ${hash}`);
  await moveSpend(writing, old.id, hash);
  await assignGroups(writing, hash, old.data, data, old.id);
  for (const { id } of await writing.find(kinds.jwtMapping, { is: { key_id: old.id } }))
    await writing.update(kinds.jwtMapping, id, (mapping) => ({ ...mapping, key_id: hash }));
  if (graceMs === 0) await deleteKeys(writing, [old.id], deletedWith);
  const { createdAt, createdBy } = old;
  return { ...stored, createdAt, createdBy };
};

/** What is left of a key that has a successor. */
const retired = (key: KeyRecord, by: string, until: number): KeyRecord => {
  const {
    key_alias: _alias,
    secret_name: _secret,
    rotate_at: _at,
    auto_rotate: _auto,
    replaces: _replaces,
    access_group_ids: groups,
    ...rest
  } = key;
  const ends = Math.min(key.expires_at ?? Infinity, until);
  return { ...rest, ...(groups != null && { access_group_ids: groups }), replaced_by: by, expires_at: ends };
};

/** Of the key and of its models (`key:ab12…/model:…`). */
const moveSpend = async ({ tx, now }: Writing, from: string, to: string): Promise<void> => {
  const [subject, models] = [`key:${from}`, `key:${from}/%`];
  await tx.run(sql`insert into spend_totals (subject, period_start, nanodollars, updated_at, set_at, set_nanodollars)
    select replace(subject, ${from}, ${to}), period_start, nanodollars, ${now}, ${now}, nanodollars from spend_totals
    where (subject = ${subject} or subject like ${models}) and period_start >= 0
    on conflict (subject, period_start) do update
    set nanodollars = spend_totals.nanodollars + excluded.nanodollars, updated_at = excluded.updated_at,
      set_nanodollars = spend_totals.set_nanodollars + excluded.set_nanodollars`);
  await tx.run(sql`delete from spend_totals where subject = ${subject} or subject like ${models}`);
  await tx.run(sql`delete from spend_charges where subject = ${subject} or subject like ${models}`);
  // Its rows are still there: they count for it no more (`0003-spend`).
  await tx.run(
    sql`insert into spend_totals (subject, period_start, nanodollars, updated_at, set_at) values (${subject}, -1, 0, ${now}, ${now})`,
  );
};

/** What a key's successor is changed to holds for the old ones beside it as well. */
export const followSuccessor = async (writing: Writing, successor: Stored<KeyRecord>): Promise<void> => {
  for (const id of successor.data.replaces ?? [])
    if (await writing.get(kinds.key, id))
      await writing.update(kinds.key, id, (old) => {
        const followed = { ...retired(successor.data, successor.id, old.expires_at ?? writing.now), key_name: old.key_name };
        return JSON.stringify(followed) === JSON.stringify(old) ? old : followed;
      });
};
