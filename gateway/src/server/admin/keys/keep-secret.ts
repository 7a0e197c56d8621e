import { SluiceError } from 'sluice/kit';
import { deleteKeys } from '../../../access/keys/delete-keys.ts';
import type { KeyRecord } from '../../../access/records/records.ts';
import type { Stored } from '../../../access/store/stored.ts';
import type { AdminContext } from '../admin-route.ts';

type Where = Pick<AdminContext, 'store' | 'services' | 'actor'>;

/** Under which name a key is kept in the secret manager: its alias, else its hash. */
export const secretNameOf = (hash: string, { key_alias: alias }: Pick<KeyRecord, 'key_alias'>): string => alias ?? hash;

/**
 * Puts a new key where those who use it read it, if there is such a place (`store_virtual_keys`). Where that fails there is
 * no key: nobody would find it.
 * @param next what the caller can do then
 * @throws SluiceError `unavailable`
 */
export const keepSecret = async (
  { store, services, actor }: Where,
  key: string,
  { id, data }: Stored<KeyRecord>,
  next = 'try once more',
): Promise<void> => {
  if (!services.writeKey || data.secret_name == null) return;
  try {
    await services.writeKey(data.secret_name, key);
  } catch (cause) {
    const isGone = await store
      .write(actor, (writing) => deleteKeys(writing, [id]))
      .then(
        () => true,
        () => false,
      );
    throw notKept(
      isGone ? `so it was deleted again: ${next}` : `and could not be deleted either: delete it with POST /key/delete (${id})`,
      cause,
    );
  }
};

/**
 * The same for a key that takes another one's place: before it does, so that the old one stays where this fails.
 * @throws SluiceError `unavailable`
 */
export const keepNextSecret = async ({ services }: Pick<Where, 'services'>, key: string, name: string): Promise<void> => {
  try {
    await services.writeKey?.(name, key);
  } catch (cause) {
    throw notKept('so the old one stays: try once more', cause);
  }
};

const notKept = (what: string, cause: unknown): SluiceError =>
  new SluiceError('unavailable', `The new key could not be put into the secret manager, ${what}.`, { cause });
