import type { Database } from './database.ts';
import type { DatabaseObserver, DatabaseSettings } from './settings.ts';
import { openSqlite } from './sqlite/open-sqlite.ts';
import { sqlitePath } from './sqlite/sqlite-path.ts';

export type { DatabaseObserver, DatabaseSettings } from './settings.ts';

const scheme = /^(?<name>[a-z]+):/;

/**
 * Opens SQLite or PostgreSQL, as the URL says. The tables are `migrate`'s business.
 * Lazy for PostgreSQL: a server that is away does not fail it; calls fail with SluiceError `unavailable` until it is back.
 * @throws Error for a URL that is none, which shows nothing of it; SluiceError `unavailable` for a file that cannot be opened
 */
export const openDatabase = async (settings: DatabaseSettings, observer: DatabaseObserver = {}): Promise<Database> => {
  const { url, poolSize = 10, connectTimeoutMs = 5000, statementTimeoutMs = 30_000 } = settings;
  switch (scheme.exec(url)?.groups?.['name']) {
    case 'sqlite':
      return openSqlite(sqlitePath(url), { busyTimeoutMs: statementTimeoutMs, observer });
    case 'postgres':
    case 'postgresql': {
      // Who uses SQLite loads nothing of it.
      const { openPostgres } = await import('./postgres/open-postgres.ts');
      return openPostgres(url, { poolSize, connectTimeoutMs, statementTimeoutMs, observer });
    }
    default:
      throw new Error('The URL of the database must begin with sqlite:, postgres:// or postgresql://.');
  }
};
