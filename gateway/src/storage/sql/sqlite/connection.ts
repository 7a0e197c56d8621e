import { Database as Sqlite, type Statement as Prepared } from 'bun:sqlite';
import { exactNumber, type Result, type Wanted } from '../result.ts';
import type { SqlValue, Statement } from '../statement.ts';
import { failureOf } from './failure.ts';

/** Prepared statements that are kept. The program has fewer; lists of different lengths make more of them. */
const maxPrepared = 500;

type Bindable = string | number | bigint | null | Uint8Array;

/** One connection to the file. Every call is done when it returns: there is no waiting in it beyond ten milliseconds. */
export class SqliteConnection {
  readonly #sqlite: Sqlite;
  /** The one that was used longest ago first. */
  readonly #prepared = new Map<string, Prepared<Record<string, unknown>, Bindable[]>>();
  /** The same one comes again and again. */
  #last: { readonly text: string; readonly prepared: Prepared<Record<string, unknown>, Bindable[]> } | undefined;
  /** Whole texts of those that come many times in a row (`sql.each`), by the one list of parts that they share. */
  readonly #texts = new WeakMap<readonly string[], string>();

  /** @throws SQLiteError */
  constructor(path: string) {
    // Whole numbers come as bigint, so that one beyond 2^53 is seen and not rounded. It costs nothing that can be measured.
    this.#sqlite = new Sqlite(path, { readwrite: true, create: true, safeIntegers: true });
    // A longer wait would hold up all requests of this process: who finds it busy tries again later.
    this.#sqlite.run('pragma busy_timeout = 10');
    this.#sqlite.run('pragma journal_mode = wal');
    this.#sqlite.run('pragma synchronous = normal');
    this.#sqlite.run('pragma foreign_keys = on');
  }

  /** @throws SQLiteError as it is, for those who look at its code */
  execute(statement: Statement, wanted: Wanted): Result {
    if (statement.values.length === 0 && wanted === 'changes') return { rows: [], changes: this.#sqlite.run(statement.texts[0]!).changes };
    const prepared = this.#prepare(this.#textOf(statement));
    const values = statement.values.map(bindable);
    if (wanted === 'changes') return { rows: [], changes: Number(prepared.run(...values).changes) };
    const rows = prepared.all(...values);
    for (const row of rows) readable(row);
    return { rows, changes: 0 };
  }

  /** @throws what `Queries` says */
  perform(statement: Statement, wanted: Wanted): Result {
    try {
      return this.execute(statement, wanted);
    } catch (cause) {
      throw failureOf(cause);
    }
  }

  begin(): void {
    // One that could not be rolled back, on a full disk, must not take in what comes after it.
    this.rollback();
    this.#sqlite.run('begin immediate');
  }

  /** What it reads until it is closed is of one moment: that of its first read. */
  beginReading(): void {
    this.#sqlite.run('begin');
  }

  commit(): void {
    this.#sqlite.run('commit');
  }

  /** What is meant to read cannot write from now on: it would get in the way of the one that does. */
  onlyRead(): void {
    this.#sqlite.run('pragma query_only = on');
  }

  /** Also where there is none: some failures have rolled back by themselves. */
  rollback(): void {
    if (this.#sqlite.inTransaction) this.#sqlite.run('rollback');
  }

  close(): void {
    for (const each of this.#prepared.values()) each.finalize();
    this.#prepared.clear();
    this.#last = undefined;
    this.#sqlite.close();
  }

  #textOf({ texts }: Statement): string {
    let text = this.#texts.get(texts);
    if (text === undefined) this.#texts.set(texts, (text = texts.join('?')));
    return text;
  }

  #prepare(text: string): Prepared<Record<string, unknown>, Bindable[]> {
    if (this.#last?.text === text) return this.#last.prepared;
    const prepared = this.#kept(text);
    this.#last = { text, prepared };
    return prepared;
  }

  #kept(text: string): Prepared<Record<string, unknown>, Bindable[]> {
    const kept = this.#prepared.get(text);
    if (kept) {
      this.#prepared.delete(text);
      this.#prepared.set(text, kept);
      return kept;
    }
    const made = this.#sqlite.prepare<Record<string, unknown>, Bindable[]>(text);
    this.#prepared.set(text, made);
    if (this.#prepared.size > maxPrepared) {
      const [oldest, prepared] = this.#prepared.entries().next().value!;
      this.#prepared.delete(oldest);
      prepared.finalize();
    }
    return made;
  }
}

const bindable = (value: SqlValue): Bindable => (typeof value === 'boolean' ? Number(value) : value);

const readable = (row: Record<string, unknown>): void => {
  for (const name in row) {
    const value = row[name];
    if (typeof value === 'bigint') row[name] = exactNumber(value);
  }
};
