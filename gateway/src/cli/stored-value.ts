import type { Path } from '../config/problem.ts';
import type { ConfigOrigin } from '../config/origin.ts';
import type { StoredSays } from './explain-path.ts';

/**
 * What a database says of a path of the configuration.
 * @throws SluiceError `unavailable`, without the address
 */
export const storedValue = async (url: string, steps: Path, origin: ConfigOrigin): Promise<StoredSays> => {
  const [{ openDatabase }, { Store }, { kinds }] = await Promise.all([
    import('../storage/sql/index.ts'),
    import('../access/store/store.ts'),
    import('../access/records/kinds.ts'),
  ]);
  const database = await openDatabase({ url });
  try {
    const store = new Store(database);
    const [section, key, ...rest] = steps;
    if (section === 'model_list' && typeof key === 'number') {
      const id = (origin.entries(['model_list'])[key]?.['model_info'] as { id?: unknown } | undefined)?.id;
      const row = typeof id === 'string' ? await store.get(kinds.model, id) : undefined;
      return { value: at(row?.data, rest) };
    }
    if (section === 'credential_list' && typeof key === 'number') {
      const name = origin.entries(['credential_list'])[key]?.['credential_name'];
      const row = typeof name === 'string' ? await store.get(kinds.credential, name) : undefined;
      return { value: at(row?.data, rest) };
    }
    if (typeof key !== 'string') return { value: undefined };
    const row = await store.get(kinds.setting, `${section}.${key}`);
    return { value: at(row?.data.value, rest) };
  } finally {
    await database.close();
  }
};

const at = (value: unknown, path: Path): unknown => {
  let found = value;
  for (const step of path)
    found = typeof found === 'object' && found !== null ? (found as Record<string | number, unknown>)[step] : undefined;
  return found ?? undefined;
};
