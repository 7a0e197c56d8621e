import type { ZodType } from 'zod';
import { approximate, notCarried, type Note } from './notes.ts';

type Json = Readonly<Record<string, unknown>>;

/** What says nothing: an empty list is no list, and zero of an unknown thing is none of it. */
export const saysNothing = (value: unknown): boolean => {
  if (value === undefined || value === null || value === '' || value === false || value === 0) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
};

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A row of LiteLLM's, read column by column. Columns that an older version does not have are empty; what is odd is noted and
 * left out; columns that nobody read and that say something are noted at the end, so that nothing is lost in silence.
 */
export class Row {
  readonly #json: Json;
  readonly #unread: Set<string>;
  readonly notes: Note[] = [];

  constructor(json: Json) {
    this.#json = json;
    this.#unread = new Set(Object.keys(json));
  }

  #take(name: string): unknown {
    this.#unread.delete(name);
    return this.#json[name] ?? undefined;
  }

  #odd(name: string, value: unknown, wanted: string): undefined {
    if (!saysNothing(value)) this.notes.push(notCarried(name, `it is no ${wanted}`));
    return undefined;
  }

  text(name: string): string | undefined {
    const value = this.#take(name);
    if (typeof value !== 'string') return this.#odd(name, value, 'text');
    return value === '' ? undefined : value;
  }

  flag(name: string): true | undefined {
    const value = this.#take(name);
    return value === true ? true : this.#odd(name, value, 'yes or no');
  }

  number(name: string): number | undefined {
    const value = this.#take(name);
    return typeof value === 'number' && Number.isFinite(value) ? value : this.#odd(name, value, 'number');
  }

  /** Unix milliseconds. Prisma's timestamps have no zone: they are UTC. */
  moment(name: string): number | undefined {
    const value = this.#take(name);
    if (value === undefined) return undefined;
    const at = typeof value === 'string' ? Date.parse(/(?:Z|[+-]\d{2}:?\d{2})$/.test(value) ? value : `${value}Z`) : NaN;
    return Number.isFinite(at) ? at : this.#odd(name, value, 'moment');
  }

  /** Texts; entries that are none are left out with a note. Never undefined. */
  list(name: string): string[] {
    const value = this.#take(name);
    if (!Array.isArray(value)) {
      this.#odd(name, value, 'list');
      return [];
    }
    const texts = value.filter((each): each is string => typeof each === 'string' && each !== '');
    if (texts.length < value.length) this.notes.push(approximate(name, 'entries that are no names were left out'));
    return texts;
  }

  /** Undefined where it is empty. Old versions wrote JSON as text. */
  object(name: string): Record<string, unknown> | undefined {
    const value = unwrapped(this.#take(name));
    if (!isObject(value)) return this.#odd(name, value, 'object');
    return saysNothing(value) ? undefined : { ...value };
  }

  json(name: string): unknown {
    return unwrapped(this.#take(name));
  }

  /** A member as the admin API would take it; what it would refuse is noted and left out. */
  checked<T>(name: string, schema: ZodType<T>): T | undefined {
    const value = unwrapped(this.#take(name));
    if (value === undefined || (saysNothing(value) && typeof value === 'object')) return undefined;
    const read = schema.safeParse(value);
    if (read.success) return read.data;
    this.notes.push(notCarried(name, `${read.error.issues[0]?.message ?? 'it cannot be read'}`));
    return undefined;
  }

  /** Read elsewhere, or worked out anew: nothing is lost. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.#unread.delete(name);
  }

  /** Noted where they say something. */
  lose(why: string, ...names: readonly string[]): void {
    for (const name of names) if (!saysNothing(this.#take(name))) this.notes.push(notCarried(name, why));
  }

  /** What nobody has read. */
  finish(): readonly Note[] {
    for (const name of this.#unread) if (!saysNothing(this.#json[name])) this.notes.push(notCarried(name, 'this column is not known here'));
    this.#unread.clear();
    return this.notes;
  }
}

const unwrapped = (value: unknown): unknown => {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
};

/** Without members that are undefined, as it will be read from the database. */
export const defined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;

/** An empty list is LiteLLM's way to say nothing. */
export const some = (list: readonly string[]): readonly string[] | undefined => (list.length === 0 ? undefined : list);
