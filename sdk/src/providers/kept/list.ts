import type { JsonObject } from '../../types/index.ts';

/** One page of a vendor's list, in OpenAI's objects. */
export interface Page {
  items: readonly JsonObject[];
  /** Where the vendor goes on; absent at the end. */
  next?: string | undefined;
}

/** Vendors' pages that are gone through for one of OpenAI's. */
const maxPages = 50;

/** OpenAI's own limits. */
const defaultLimit = 20;
const maxLimit = 100;

const limitOf = (query: Readonly<Record<string, string>>): number => {
  const limit = Math.floor(Number(query['limit'] ?? defaultLimit));
  return limit >= 1 ? Math.min(limit, maxLimit) : defaultLimit;
};

/**
 * OpenAI's list: what stands behind the id in `after`. Vendors go on by tokens of their own, which nobody keeps here, so
 * their pages are gone through from the first.
 */
export const listAfter = async (
  query: Readonly<Record<string, string>>,
  page: (token: string | undefined) => Promise<Page>,
): Promise<JsonObject> => {
  const { after } = query;
  const limit = limitOf(query);
  const data: JsonObject[] = [];
  let found = after === undefined || after === '';
  let token: string | undefined;
  for (let at = 0; at < maxPages; at++) {
    const { items, next } = await page(token);
    for (const item of items) {
      if (found) data.push(item);
      else found = item['id'] === after;
    }
    token = next === '' ? undefined : next;
    if (data.length > limit || token === undefined) break;
  }
  return listOf(data.slice(0, limit), data.length > limit || token !== undefined);
};

export const listOf = (data: readonly JsonObject[], hasMore: boolean): JsonObject => ({
  object: 'list',
  data,
  first_id: data[0]?.['id'] ?? null,
  last_id: data.at(-1)?.['id'] ?? null,
  has_more: hasMore,
});
