import { kinds } from '../../../access/records/kinds.ts';
import type { Store } from '../../../access/store/store.ts';
import type { Queries } from '../../../storage/sql/database.ts';
import { sql } from '../../../storage/sql/statement.ts';
import { among } from '../../../spend/reports/lens.ts';

/** What reports say of a key beside its hash; of deleted ones too. */
export interface KeyName {
  readonly key_alias: string | null;
  readonly team_id: string | null;
}

interface Row {
  readonly id: string;
  readonly alias: string | null;
  readonly team_id: string | null;
}

const perRead = 1000;

export const keyNames = async (queries: Queries, ids: Iterable<string>): Promise<(id: string) => KeyName> => {
  const all = [...new Set(ids)];
  const found = new Map<string, KeyName>();
  for (let at = 0; at < all.length; at += perRead) {
    const some = among(sql`id`, all.slice(at, at + perRead));
    const rows = await queries.all<Row>(
      sql`select id, alias, team_id from deleted_keys where ${some} union all select id, alias, team_id from keys where ${some}`,
    );
    for (const { id, alias, team_id } of rows) found.set(id, { key_alias: alias, team_id });
  }
  return (id) => found.get(id) ?? nobody;
};

const nobody: KeyName = { key_alias: null, team_id: null };

/** What is shown of keys themselves (`sk-...1234`), of deleted ones too. At most a thousand of them. */
export const maskedKeys = async (store: Store, ids: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const named = { is: { id: ids } };
  const records = [...(await store.find(kinds.deletedKey, named)), ...(await store.find(kinds.key, named))];
  return new Map(records.map(({ id, data }) => [id, data.key_name]));
};
