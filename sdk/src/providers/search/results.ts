import { asObjects, asString, isObject } from '../../protocols/shared/read.ts';
import { SluiceError, type JsonObject, type SearchResult } from '../../types/index.ts';

export type Result = SearchResult['results'][number];

/** Where the parts of a result are; the first member that holds a text counts. */
export interface ResultMembers {
  title?: readonly string[];
  url?: readonly string[];
  snippet: readonly string[];
  date?: readonly string[];
  /** Between texts where a snippet is a list of them. */
  join?: string;
}

/**
 * A vendor's list of results. Members that the common format does not have stay beside the others.
 * @param list what the answer holds where the results are; absent results of `optional` lists are none
 * @throws SluiceError `invalid_response` where it is no list
 */
export const readResults = (list: unknown, members: ResultMembers): Result[] => {
  if (!Array.isArray(list)) throw noResults();
  return asObjects(list).flatMap((item) => readResult(item, members));
};

export const noResults = (): SluiceError => new SluiceError('invalid_response', 'The vendor answered without a list of results.');

const readResult = (item: JsonObject, { title = ['title'], url = ['url'], snippet, date = [], join = '\n\n' }: ResultMembers): Result[] => {
  const textOf = (name: string): string => {
    const value = item[name];
    return (Array.isArray(value) ? value.filter((each) => typeof each === 'string').join(join) : asString(value)) ?? '';
  };
  const first = (names: readonly string[]): string | undefined => names.map(textOf).find((text) => text !== '');
  const address = first(url);
  // A result that leads nowhere is none.
  if (address === undefined) return [];
  const used = new Set([...title, ...url, ...date]);
  // A list stays: it says more than its parts in one text.
  const taken = snippet.find((name) => textOf(name) !== '');
  if (taken !== undefined && !Array.isArray(item[taken])) used.add(taken);
  const rest = Object.fromEntries(Object.entries(item).filter(([name, value]) => !used.has(name) && value !== null && value !== undefined));
  return [
    {
      ...rest,
      title: first(title) ?? '',
      url: address,
      snippet: first(snippet) ?? '',
      date: first(date) ?? null,
      last_updated: asString(item['last_updated']) ?? null,
    },
  ];
};

/** An answer without the members that were read. */
export const without = (answer: JsonObject, ...names: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(answer).filter(([name, value]) => !names.includes(name) && value !== null && value !== undefined));

/** A member that is an object, or nothing in it. */
export const member = (answer: JsonObject, name: string): JsonObject => {
  const value = answer[name];
  return isObject(value) ? value : {};
};
