import type { Findings } from './issues.ts';
import type { ReadFile } from './merge.ts';
import type { Path, Problem } from './problem.ts';
import type { ConfigSnapshot } from './snapshot.ts';
import type { Source } from './source.ts';

/** A part from elsewhere, read and checked as a file is. */
export interface ReadPart {
  readonly file: ReadFile;
  readonly findings: Findings;
  /** Variables that it refers to. */
  readonly used: readonly string[];
}

export type PartRead = { ok: true; part: ReadPart } | { ok: false; problems: Problem[] };
export type ReadMore = (source: Source) => PartRead;
export type BuildWith = (
  more: readonly ReadPart[],
  fingerprint: readonly unknown[],
) => { ok: true; snapshot: ConfigSnapshot } | { ok: false; problems: Problem[] };

/** Where something is written. */
export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/**
 * What a snapshot was made of, so that what the database has can be joined to it by the same code. Its members are
 * private: it is no part of the configuration's value, and printing the snapshot does not show it.
 */
export class ConfigOrigin {
  readonly #files: readonly ReadFile[];
  readonly #read: ReadMore;
  readonly #build: BuildWith;
  readonly #mask: <T>(value: T) => T;

  constructor(files: readonly ReadFile[], read: ReadMore, build: BuildWith, mask: <T>(value: T) => T) {
    this.#mask = mask;
    this.#files = files;
    this.#read = read;
    this.#build = build;
  }

  /** Checks a part with the files' own variables. */
  read(source: Source): PartRead {
    return this.#read(source);
  }

  /** The files with more parts: as if they were included, last. @param fingerprint what the version is a hash of, too */
  build(more: readonly ReadPart[], fingerprint: readonly unknown[]): ReturnType<BuildWith> {
    return this.#build(more, fingerprint);
  }

  /** A value with its secrets as `****`. */
  masked<T>(value: T): T {
    return this.#mask(value);
  }

  /** Where the value at a path is written; of several files the last one, as that one holds. Undefined: nowhere. */
  placeOf(path: Path): Place | undefined {
    const found = this.#holder(path);
    return found && { file: found.file.source.file, ...found.file.source.locate(found.path) };
  }

  /** The value at a path as it is written, references and all. It may hold secrets. */
  written(path: Path): unknown {
    const found = this.#holder(path);
    return found && at(found.file.raw, found.path);
  }

  /** Lists of the files are one after the other, so an entry's number counts through them. */
  #holder(path: Path): { file: ReadFile; path: Path } | undefined {
    const [section, index, ...rest] = path;
    if (section !== undefined && typeof index === 'number') {
      let left = index;
      for (const file of this.#files) {
        const list = at(file.raw, [section]);
        if (!Array.isArray(list)) continue;
        if (left < list.length) return at(list[left], rest) === undefined ? undefined : { file, path: [section, left, ...rest] };
        left -= list.length;
      }
      return undefined;
    }
    const file = this.#files.findLast(({ raw }) => at(raw, path) !== undefined);
    return file && { file, path };
  }

  /** Where an entry of a list is written, of whichever file. */
  placeInList(path: Path, matches: (entry: Readonly<Record<string, unknown>>) => boolean): Place | undefined {
    for (const { raw, source } of this.#files) {
      const list = at(raw, path);
      if (!Array.isArray(list)) continue;
      const index = list.findIndex((entry) => typeof entry === 'object' && entry !== null && matches(entry as Record<string, unknown>));
      if (index >= 0) return { file: source.file, ...source.locate([...path, index]) };
    }
    return undefined;
  }

  /** The entries of a list, of all files, as they are written. They may hold secrets. */
  entries(path: Path): readonly Readonly<Record<string, unknown>>[] {
    return this.#files.flatMap(({ raw }) => {
      const list = at(raw, path);
      return Array.isArray(list)
        ? list.filter((entry): entry is Record<string, unknown> => typeof entry === 'object' && entry !== null)
        : [];
    });
  }

  toJSON(): undefined {
    return undefined;
  }
}

const at = (value: unknown, path: Path): unknown => {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Record<string | number, unknown>)[step];
  }
  return found ?? undefined;
};

/** `config.yaml:12:3` */
export const placeText = ({ file, line, column }: Place): string => `${file}:${line}:${column}`;
