import { existsSync } from 'node:fs';
import { SluiceError } from 'sluice/kit';
import { openDatabase, pendingMigrations, type Database } from '../storage/sql/index.ts';
import { shownDatabase, usualDatabaseUrl, words } from './database.ts';
import { Refusal, type Io } from './io.ts';

/** A database that a command works on, beside the gateways that may do so too. */
export interface CommandDatabase {
  readonly database: Database;
  readonly url: string;
  /** For people: no password. */
  readonly where: string;
}

export interface WithDatabaseOptions {
  /** Default: that of the environment, else this machine's file. */
  readonly url?: string | undefined;
  /** One without the tables of this version is refused. Default: it may be anything, and a file is made where there is none. */
  readonly migrated?: true;
}

/**
 * Opens the database that a command is about.
 * @throws Refusal where there is none, or it cannot be reached, or does not do what is asked
 */
export const withDatabase = async <T>(
  { url: named, migrated }: WithDatabaseOptions,
  io: Pick<Io, 'env' | 'home' | 'platform'>,
  work: (opened: CommandDatabase) => Promise<T>,
): Promise<T> => {
  const url = named ?? (io.env['DATABASE_URL'] || undefined) ?? usualDatabaseUrl(io);
  if (url === undefined)
    throw new Refusal('Which database? Say it with --database-url or DATABASE_URL: there is no data directory (SLUICE_DATA_DIR).', 2);
  const where = shownDatabase(url);
  if (migrated && url.startsWith('sqlite:') && !existsSync(where.replace(/^\/\/(?=\/)/, '')))
    throw new Refusal(`There is no database ${where}.`);
  const database = await openDatabase({ url }).catch((cause: unknown) => {
    throw new Refusal(`The database ${where} cannot be opened: ${words(cause)}`);
  });
  try {
    if (migrated) {
      const pending = await pendingMigrations(database);
      if (pending.length > 0) throw new Refusal(`${where} lacks ${pending.join(', ')}: run sluice migrate first.`);
    }
    return await work({ database, url, where });
  } catch (cause) {
    throw SluiceError.is(cause) ? new Refusal(`${where}: ${words(cause)}`) : cause;
  } finally {
    await database.close();
  }
};
