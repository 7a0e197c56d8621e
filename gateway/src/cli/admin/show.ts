import { textTable } from '../text-table.ts';
import type { Column } from './verb.ts';

/** What a member's path leads to: `model_info.id`, `members.length`, `data.0`. Undefined where it leads nowhere. */
export const memberOf = (thing: unknown, path: string): unknown => {
  let found = thing;
  for (const step of path === '' ? [] : path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Record<string, unknown>)[step];
  }
  return found;
};

/** A value in a cell. Nothing is a dash, so that columns can be told apart. */
const cell = (value: unknown): string => {
  if (value === undefined || value === null || value === '') return '-';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  if (Array.isArray(value))
    return value.length === 0 ? '-' : value.map((each) => (typeof each === 'object' ? JSON.stringify(each) : String(each))).join(', ');
  return Object.keys(value).length === 0 ? '-' : JSON.stringify(value);
};

export const listShown = (rows: readonly unknown[], columns: readonly Column[], width: number | undefined): string =>
  textTable(
    columns,
    rows.map((row) => columns.map(({ member }) => cell(memberOf(row, member)))),
    width,
  );

/** One thing: a member a line, without those that say nothing. */
export const thingShown = (thing: unknown, width: number | undefined): string => {
  if (typeof thing !== 'object' || thing === null || Array.isArray(thing)) return `${cell(thing)}\n`;
  const rows = Object.entries(thing)
    .map(([name, value]) => [name, cell(value)])
    .filter(([, value]) => value !== '-');
  // Without titles: the first column has the names.
  return textTable([{ title: '' }, { title: '' }], rows as string[][], width)
    .split('\n')
    .slice(1)
    .join('\n');
};

/** Where there are more pages than this one. */
export const pagesShown = (answer: unknown, count: number): string => {
  const {
    total_count: ofKeys,
    total,
    current_page: ofKeyPage,
    page,
    total_pages: pages,
  } = (typeof answer === 'object' && answer !== null ? answer : {}) as Record<string, unknown>;
  const all = ofKeys ?? total;
  if (typeof all !== 'number' || typeof pages !== 'number' || pages < 2) return '';
  return `${count} of ${all}: page ${String(ofKeyPage ?? page ?? 1)} of ${pages}, --page shows another one.\n`;
};
