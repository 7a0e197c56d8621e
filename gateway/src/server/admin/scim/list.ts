import { SluiceError } from 'sluice/kit';
import { parseFilter, type Filter } from '../../../access/sign-on/scim/filter.ts';
import { matches } from '../../../access/sign-on/scim/matches.ts';
import { withoutSchema } from '../../../access/sign-on/scim/paths.ts';
import type { Kind } from '../../../access/records/kinds.ts';
import type { Store } from '../../../access/store/store.ts';
import type { Where } from '../../../access/store/reading.ts';
import type { Stored } from '../../../access/store/stored.ts';
import { scimAnswer, type Resource } from './answers.ts';
import { listSchema, selected, type ListQuery } from './schemas.ts';

export interface Listing<T> {
  readonly store: Store;
  readonly kind: Kind<T>;
  /** Resources of rows, in their order. */
  readonly shown: (rows: readonly Stored<T>[]) => Promise<readonly Resource[]>;
  /** Where rows must be that can be meant by `attribute eq value`; undefined: anywhere. Each is looked at all the same. */
  readonly candidates: (attribute: string, value: unknown) => Where | undefined;
}

const pageSize = 500;
/** More are not looked at one by one. */
const maxScanned = 200_000;

/** A page of a list, by index and count (RFC 7644, section 3.4.2.4). */
export const listAnswer = async <T>(listing: Listing<T>, query: ListQuery): Promise<Response> => {
  const filter = query.filter === undefined || query.filter.trim() === '' ? undefined : parseFilter(query.filter);
  const { resources, total } = filter ? await filtered(listing, filter, query) : await all(listing, query);
  return scimAnswer({
    schemas: [listSchema],
    totalResults: total,
    startIndex: query.startIndex,
    itemsPerPage: resources.length,
    Resources: resources.map((resource) => selected(resource, query)),
  });
};

interface Found {
  readonly resources: readonly Resource[];
  readonly total: number;
}

const all = async <T>({ store, kind, shown }: Listing<T>, { startIndex, count }: ListQuery): Promise<Found> => {
  if (count === 0) return { resources: [], total: await store.count(kind) };
  // Pages begin at multiples of their size; what is asked for may lie on two.
  const offset = startIndex - 1;
  const page = Math.floor(offset / count) + 1;
  const first = await store.page(kind, { page, size: count });
  const second = offset % count === 0 ? [] : (await store.page(kind, { page: page + 1, size: count })).rows;
  const rows = [...first.rows, ...second].slice(offset % count, (offset % count) + count);
  return { resources: await shown(rows), total: first.total };
};

const filtered = async <T>(listing: Listing<T>, filter: Filter, { startIndex, count }: ListQuery): Promise<Found> => {
  const { store, kind, shown, candidates } = listing;
  const resources: Resource[] = [];
  let total = 0;
  const take = (found: readonly Resource[]): void => {
    for (const resource of found) {
      if (!matches(resource, filter)) continue;
      total++;
      if (total >= startIndex && resources.length < count) resources.push(resource);
    }
  };
  const where =
    filter.kind === 'compare' && filter.operator === 'eq' ? candidates(withoutSchema(filter.path).toLowerCase(), filter.value) : undefined;
  if (where) {
    take(await shown(await store.find(kind, where)));
    if (total > 0) return { resources, total };
  }
  for (let page = 1; ; page++) {
    if (page * pageSize > maxScanned)
      throw new SluiceError(
        'invalid_request',
        `A filter like this looks at ${maxScanned.toLocaleString('en')} at most: look for a userName, id or displayName with eq.`,
        {
          type: 'tooMany',
        },
      );
    const { rows } = await store.page(kind, { page, size: pageSize, sortBy: 'created_at' });
    take(await shown(rows));
    if (rows.length < pageSize) return { resources, total };
  }
};
