import { SluiceError } from 'sluice/kit';
import { hashOfNamed } from '../../../access/keys/secret.ts';
import { kinds } from '../../../access/records/kinds.ts';
import type { KeyRecord } from '../../../access/records/records.ts';
import type { Owned } from '../../../access/relations.ts';
import type { Reading } from '../../../access/store/reading.ts';
import type { Stored } from '../../../access/store/stored.ts';
import type { Writing } from '../../../access/store/writing.ts';
import type { AdminContext } from '../admin-route.ts';
import { ownedKey } from './owners.ts';

/** Keys by themselves, their hashes or their aliases. */
export interface NamedKeys {
  readonly keys?: readonly string[] | null | undefined;
  readonly aliases?: readonly string[] | null | undefined;
}

export const noSuchKey = (param = 'key'): SluiceError =>
  new SluiceError('not_found', 'There is no such key.', { param, type: 'not_found_error' });

export const findKey = (reading: Reading, named: string): Promise<Stored<KeyRecord> | undefined> =>
  reading.get(kinds.key, hashOfNamed(named));

/** In the order in which they are named, each once; undefined for those that are not there. */
export const findKeys = async (reading: Reading, { keys, aliases }: NamedKeys): Promise<readonly (Stored<KeyRecord> | undefined)[]> => {
  const hashes = [...new Set((keys ?? []).map((named) => hashOfNamed(named)))];
  const byHash = new Map((await reading.getAll(kinds.key, hashes)).map((key) => [key.id, key]));
  const named = [...new Set(aliases)];
  const byAlias = new Map(
    (named.length === 0 ? [] : await reading.find(kinds.key, { is: { alias: named } })).map((key) => [key.data.key_alias, key]),
  );
  return [...hashes.map((hash) => byHash.get(hash)), ...named.map((alias) => byAlias.get(alias))];
};

type Context = Pick<AdminContext, 'store' | 'services'>;

/**
 * Whose keys a request is about. One that is not there is the proxy's own, so that nobody learns from the answer which are
 * there: who may not see a key gets the same 403.
 */
export const aboutKeys = async ({ store, services }: Context, named: NamedKeys): Promise<readonly Owned[]> => {
  const found = await findKeys(store, named);
  const snapshot = services.snapshot();
  return Promise.all(found.map((key) => (key ? ownedKey(store, snapshot, key) : {})));
};

/** As `demandKey`, for what will be changed: what another one changes of it meanwhile waits for this transaction. */
export const lockedKey = async (writing: Writing, key: string | null | undefined, alias?: string | null): Promise<Stored<KeyRecord>> => {
  const { id } = await demandKey(writing, key, alias);
  return writing.update(kinds.key, id, (data) => data);
};

/** A key by itself or its hash, or by its alias. @throws SluiceError `not_found` */
export const demandKey = async (reading: Reading, key: string | null | undefined, alias?: string | null): Promise<Stored<KeyRecord>> => {
  const found = key == null ? alias != null && (await reading.first(kinds.key, { is: { alias } })) : await findKey(reading, key);
  if (!found) throw noSuchKey(key == null ? 'key_alias' : 'key');
  return found;
};
