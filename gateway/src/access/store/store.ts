import { SluiceError } from 'sluice/kit';
import type { Database } from '../../storage/sql/database.ts';
import type { Actor } from './actor.ts';
import { Reading } from './reading.ts';
import { Writing, type Written } from './writing.ts';

/** Everything that is stored of keys, teams, users and the rest: reads at once, writes in transactions that say who writes. */
export class Store extends Reading {
  readonly database: Database;
  readonly #now: () => number;
  #lastWrite = 0;
  readonly #listeners = new Set<(written: readonly Written[]) => Promise<void>>();

  /** @param now Unix milliseconds */
  constructor(database: Database, now: () => number = Date.now) {
    super(database);
    this.database = database;
    this.#now = now;
  }

  /** Unix milliseconds. */
  get now(): number {
    return Math.floor(this.#now());
  }

  /** A moment of its own for each write, so that what was made later is also later in lists. */
  #writesAt(): number {
    return (this.#lastWrite = Math.max(this.now, this.#lastWrite + 1));
  }

  /** All or nothing. The work may run again where the database asks for that, so it must do nothing else. */
  async write<R>(actor: Actor, work: (writing: Writing) => Promise<R>): Promise<R> {
    let written: readonly Written[] = [];
    const result = await this.database.transaction(async (tx) => {
      const writing = new Writing(tx, actor, this.#writesAt());
      const done = await work(writing);
      await writing.finish();
      ({ written } = writing);
      return done;
    });
    for (const listener of this.#listeners) await listener(written);
    return result;
  }

  /**
   * What was written through this store, once it is there for all. Whoever wrote it waits for the listener, which must not
   * fail: there is nothing left to undo.
   */
  onWritten(listener: (written: readonly Written[]) => Promise<void>): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** What every gateway on this database changes. `undefined`: anything may have. */
  onChanged(listener: (kind: string | undefined, id: string) => void): () => void {
    return this.database.onAnnounced((subject) => {
      if (subject === undefined) return listener(undefined, '');
      const colon = subject.indexOf(':');
      listener(subject.slice(0, colon), subject.slice(colon + 1));
    });
  }
}

/** For routes that need one. */
export const noDatabase = (): SluiceError =>
  new SluiceError(
    'unavailable',
    'This gateway has no database, so there are no keys, teams or users. Give it DATABASE_URL, or a data directory.',
    {
      retry: false,
    },
  );
