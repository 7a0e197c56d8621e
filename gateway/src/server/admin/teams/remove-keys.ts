import { SluiceError } from 'sluice/kit';
import { kinds } from '../../../access/records/kinds.ts';
import type { Where } from '../../../access/store/reading.ts';
import type { Writing } from '../../../access/store/writing.ts';
import { deleteKeys } from '../../../access/keys/delete-keys.ts';

/** More would hold the database up for too long. */
const maxKeys = 5000;

/**
 * Deletes all keys of something that goes.
 * @throws SluiceError `invalid_request` where one transaction is too small for them
 */
export const removeKeys = async (writing: Writing, where: Where, of: string, deletedWith?: string): Promise<void> => {
  const count = await writing.count(kinds.key, where);
  if (count > maxKeys)
    throw new SluiceError(
      'invalid_request',
      `The ${of} has ${count} keys; at most ${maxKeys} are deleted at once. Delete some with POST /key/delete first.`,
    );
  const keys = await writing.find(kinds.key, where);
  await deleteKeys(
    writing,
    keys.map(({ id }) => id),
    deletedWith,
  );
};
