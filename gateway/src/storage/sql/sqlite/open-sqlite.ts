import { unavailable } from '../failure.ts';
import type { Database } from '../database.ts';
import { makePrivateFile } from '../files.ts';
import type { DatabaseObserver } from '../settings.ts';
import { announcementsTable } from './announcements.ts';
import { SqliteConnection } from './connection.ts';
import { patiently } from './patiently.ts';
import { SqliteDatabase } from './sqlite-database.ts';

export interface SqliteOptions {
  /** How long to wait for another process that writes. */
  readonly busyTimeoutMs: number;
  readonly observer: DatabaseObserver;
  readonly now?: () => number;
}

const inMemory = ':memory:';

/**
 * A database in a file, or in memory.
 * @throws SluiceError `unavailable` where the file cannot be made or opened; its `detail` says why
 */
export const openSqlite = async (path: string, { busyTimeoutMs, observer, now = Date.now }: SqliteOptions): Promise<Database> => {
  const opened: SqliteConnection[] = [];
  /** Several processes may make it at the same time. */
  const soon = <T>(call: () => T): Promise<T> => patiently(performance.now() + busyTimeoutMs, call);
  const connect = (): Promise<SqliteConnection> => soon(() => new SqliteConnection(path));
  const opening = async (): Promise<SqliteConnection> => {
    const connection = await connect();
    opened.push(connection);
    return connection;
  };
  try {
    if (path !== inMemory) await makePrivateFile(path);
    const writer = await opening();
    await soon(() => writer.execute(announcementsTable, 'changes'));
    const reader = path === inMemory ? writer : await opening();
    if (reader !== writer) reader.onlyRead();
    const file = path === inMemory ? undefined : { path, connect };
    const database = new SqliteDatabase({ writer, reader, file, busyTimeoutMs, observer, now });
    observer.up?.();
    return database;
  } catch (cause) {
    for (const each of opened) each.close();
    throw unavailable('The SQLite database cannot be opened.', `${path}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
};
