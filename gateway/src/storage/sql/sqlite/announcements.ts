import type { Listeners } from '../listeners.ts';
import { sql, type Statement } from '../statement.ts';
import type { SqliteConnection } from './connection.ts';

/** How long others have to read an announcement. */
const keptMs = 60_000;
/** More at once than are worth telling one by one. */
const maxRead = 1000;

export const announcementsTable: Statement = sql`
  create table if not exists announcements (seq integer primary key autoincrement, subject text not null, origin text not null, at integer not null)`;

interface Row {
  readonly seq: number;
  readonly subject: string;
  readonly origin: string;
}

/**
 * What processes on one file tell each other: rows that are written in the transaction they tell of. SQLite says for next
 * to nothing whether somebody else has written at all (`data_version`), so looking is cheap.
 */
export class SqliteAnnouncements {
  readonly #reader: SqliteConnection;
  readonly #listeners: Listeners;
  readonly #now: () => number;
  /** Tells ours from those of others. */
  readonly #origin = crypto.randomUUID();
  #version: number;
  #seen: number;
  #sweptAt = 0;

  /** What is there already was told before this process knew anything. */
  constructor(reader: SqliteConnection, listeners: Listeners, now: () => number) {
    this.#reader = reader;
    this.#listeners = listeners;
    this.#now = now;
    this.#version = this.#readVersion();
    this.#seen = this.#newest();
  }

  /** Into the open transaction. */
  write(writer: SqliteConnection, subjects: readonly string[]): void {
    const at = this.#now();
    for (const subject of subjects)
      writer.execute(sql`insert into announcements (subject, origin, at) values (${subject}, ${this.#origin}, ${at})`, 'changes');
    if (at - this.#sweptAt < keptMs) return;
    this.#sweptAt = at;
    // The newest stays: by its number others see whether they have missed some.
    writer.execute(sql`delete from announcements where at < ${at - keptMs} and seq < (select max(seq) from announcements)`, 'changes');
  }

  /** Tells what others have written since the last look. @throws SQLiteError; the next look finds the same */
  look(): void {
    const version = this.#readVersion();
    if (version === this.#version) return;
    const { rows } = this.#reader.execute(
      sql`select seq, subject, origin from announcements where seq > ${this.#seen} order by seq limit ${maxRead + 1}`,
      'rows',
    );
    this.#version = version;
    const fresh = rows as readonly Row[];
    if (fresh.length === 0) return;
    const missed = fresh[0]!.seq !== this.#seen + 1 || fresh.length > maxRead;
    this.#seen = missed ? this.#newest() : fresh.at(-1)!.seq;
    if (missed) {
      this.#listeners.tell(undefined);
      return;
    }
    for (const { subject, origin } of fresh) if (origin !== this.#origin) this.#listeners.tell(subject);
  }

  #readVersion(): number {
    const { rows } = this.#reader.execute(sql`pragma data_version`, 'rows');
    return (rows[0] as { readonly data_version: number }).data_version;
  }

  #newest(): number {
    const { rows } = this.#reader.execute(sql`select coalesce(max(seq), 0) as seq from announcements`, 'rows');
    return (rows[0] as { readonly seq: number }).seq;
  }
}
