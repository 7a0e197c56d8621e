import type { Reading } from '../../access/store/reading.ts';
import type { Mapped } from './mapped.ts';
import { notCarried } from './notes.ts';
import type { Target } from './target.ts';

/** Remembers what a dry run would have written, as far as others could be in its way. */
export type Seen = Map<string, string>;

/** Who has the values that nobody else may have: `column value` -> id. */
export const ownersOf = async <T extends object>(
  reading: Reading,
  { kind, unique = [] }: Target<T>,
  things: readonly Mapped<T>[],
): Promise<Map<string, string>> => {
  const owners = new Map<string, string>();
  for (const { member, column } of unique) {
    const values = things.flatMap(({ data }) => (data && typeof data[member] === 'string' ? [data[member] as string] : []));
    if (values.length === 0) continue;
    for (const { id, data } of await reading.find(kind, { is: { [column]: values } })) owners.set(`${column} ${String(data[member])}`, id);
  }
  return owners;
};

/** Leaves out what another one has already. */
export const withoutTaken = <T extends object>(
  thing: Mapped<T>,
  { unique = [] }: Target<T>,
  taken: Map<string, string>,
  seen: Seen,
): Mapped<T> => {
  let { data } = thing;
  const notes = [...thing.notes];
  for (const { member, column, needed } of unique) {
    const value = data?.[member];
    if (data === undefined || typeof value !== 'string') continue;
    const owner = taken.get(`${column} ${value}`) ?? seen.get(`${column} ${value}`);
    if (owner === undefined || owner === thing.id) {
      taken.set(`${column} ${value}`, thing.id);
      seen.set(`${column} ${value}`, thing.id);
      continue;
    }
    notes.push(notCarried(needed ? 'all' : member, `${JSON.stringify(value)} belongs to ${owner} already`));
    if (needed) data = undefined;
    else {
      const { [member]: _, ...rest } = data;
      data = rest as T;
    }
  }
  return { ...thing, data, notes };
};
