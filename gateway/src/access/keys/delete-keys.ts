import { kinds } from '../records/kinds.ts';
import type { KeyRecord } from '../records/records.ts';
import type { Stored } from '../store/stored.ts';
import type { Writing } from '../store/writing.ts';
import { assignGroups } from './access-group-members.ts';

/**
 * Moves keys to where deleted ones are kept, with the old ones that are still good beside them, and takes them out of what
 * names them: groups, and what tokens are mapped to.
 * @param hashes those that are not there are passed over
 * @param deletedWith the hash of the key that the caller came with
 * @returns those that were deleted, without the old ones beside them
 */
export const deleteKeys = async (
  writing: Writing,
  hashes: readonly string[],
  deletedWith?: string,
): Promise<readonly Stored<KeyRecord>[]> => {
  const gone: Stored<KeyRecord>[] = [];
  for (const hash of hashes) {
    const key = await writing.remove(kinds.key, hash);
    if (!key) continue;
    gone.push(key);
    const { data, createdAt, createdBy } = key;
    await writing.put(kinds.deletedKey, hash, () => ({
      ...data,
      made_at: createdAt,
      made_by: createdBy ?? null,
      ...(deletedWith !== undefined && { deleted_with: deletedWith }),
    }));
    await writing.removeAll(kinds.jwtMapping, { is: { key_id: hash } });
    await assignGroups(writing, hash, data, undefined);
    if (data.replaces?.length) await deleteKeys(writing, data.replaces, deletedWith);
    if (data.replaced_by != null) await forgetReplaced(writing, hash, data.replaced_by);
  }
  return gone;
};

const forgetReplaced = async (writing: Writing, hash: string, by: string): Promise<void> => {
  if (!(await writing.get(kinds.key, by))) return;
  await writing.update(kinds.key, by, (key) =>
    key.replaces?.includes(hash) ? { ...key, replaces: key.replaces.filter((each) => each !== hash) } : key,
  );
};
