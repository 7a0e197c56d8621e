import type { Kind } from '../../../gateway/src/access/records/kinds.ts';
import { readAuditHead } from '../../../gateway/src/access/store/audit-chain.ts';
import type { Store } from '../../../gateway/src/access/store/store.ts';
import type { TestAdmin } from '../../kit/admin.ts';
import type { Asked } from './examples.ts';
import { fixtures, type Fixture } from './places.ts';

const actor = { by: 'matrix' };

const byKind = new Map<Kind<unknown>, readonly Fixture[]>(
  [...new Set(fixtures.map(({ kind }) => kind))].map((kind) => [kind, fixtures.filter((each) => each.kind === kind)]),
);

/** Everything is as the fixtures say, whatever was done to it. */
export const restore = (store: Store): Promise<void> =>
  store.write(actor, async (writing) => {
    for (const [kind, all] of byKind) {
      const ids = all.map(({ id }) => id);
      const found = new Map((await writing.getAll(kind, ids)).map(({ id, data }) => [id, data]));
      for (const { id, data } of all) {
        if (!found.has(id)) await writing.insert(kind, id, data);
        else if (!Bun.deepEquals(found.get(id), JSON.parse(JSON.stringify(data))))
          await writing.update(kind, id, () => ({ ...(data as object) }));
      }
    }
  });

/** How much was ever changed: it is the same before and after a call that was refused. */
export const changes = async (store: Store): Promise<number> => (await readAuditHead(store.database))?.entries ?? 0;

export const pathOf = (path: string, { params = {}, query = {} }: Asked): string => {
  let full = path;
  for (const [name, value] of Object.entries(params)) full = full.replace(`{${name}}`, encodeURIComponent(value));
  if (full.includes('{')) throw new Error(`The example of ${path} does not say all of its parts.`);
  const search = new URLSearchParams(query).toString();
  return search === '' ? full : `${full}?${search}`;
};

export const ask = (admin: TestAdmin, route: { method: string; paths: readonly [string, ...string[]] }, asked: Asked, key: string) =>
  admin.call(`${route.method} ${pathOf(route.paths[0], asked)}`, route.method === 'GET' ? undefined : asked.body, { key });
