import { sql } from '../../storage/sql/statement.ts';
import { kinds, type Kind } from '../records/kinds.ts';
import type { KeyRecord } from '../records/records.ts';
import type { AuditAction } from '../store/audit-chain.ts';
import type { Stored } from '../store/stored.ts';
import type { Writing } from '../store/writing.ts';
import { assignGroups } from './access-group-members.ts';
import { deleteKeys } from './delete-keys.ts';
import { countedAs, firstKeyOf } from './key-subject.ts';
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
 * It is counted as the old one was, which no call under way and no other gateway has to hear of.
 */
export const replaceKey = async (writing: Writing, old: Stored<KeyRecord>, replacement: Replacement): Promise<Stored<KeyRecord>> => {
  const { key, graceMs, action, deletedWith } = replacement;
  const { now } = writing;
  const hash = hashKey(key);
  const counted = countedAs(old);
  const stillGood = (old.data.replaces ?? []).slice(-(maxOld - 1));
  const kept = graceMs > 0 ? [...stillGood, old.id] : stillGood;
  const data: KeyRecord = {
    ...replacement.data,
    key_name: keyName(key),
    rotation_count: (old.data.rotation_count ?? 0) + 1,
    last_rotation_at: now,
    replaces: kept,
    counts_as: counted,
  };
  // The alias must be free before the new one has it.
  await writing.update(kinds.key, old.id, (before) => ({ ...retired(before, hash, now + graceMs), counts_as: counted }), action);
  for (const id of stillGood)
    if (await writing.get(kinds.key, id))
      await writing.update(kinds.key, id, (before) => ({ ...before, replaced_by: hash, counts_as: counted }));
  const stored = await writing.insert(kinds.key, hash, data);
  await writing.tx.run(sql`update keys set created_at = ${old.createdAt}, created_by = ${old.createdBy ?? null} where id = ${hash}`);
  await assignGroups(writing, hash, old.data, data, old.id);
  for (const { id } of await writing.find(kinds.jwtMapping, { is: { key_id: old.id } }))
    await writing.update(kinds.jwtMapping, id, (mapping) => ({ ...mapping, key_id: hash }));
  if (graceMs === 0) await deleteKeys(writing, [old.id], deletedWith);
  await leadOn(writing, counted, hash);
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

/** The key that all are counted as: who looks for it by its counter finds the one that has its place now. */
const leadOn = async (writing: Writing, counted: string, to: string): Promise<void> => {
  const first = firstKeyOf(counted);
  for (const kind of [kinds.key, kinds.deletedKey] as const) {
    const found = await writing.get(kind as Kind<KeyRecord>, first);
    if (found && first !== to && found.data.counts_as === counted && found.data.replaced_by !== to)
      await writing.update(kind as Kind<KeyRecord>, first, (before) => ({ ...before, replaced_by: to }));
  }
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
