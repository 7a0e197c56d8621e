import { afterAll, beforeAll, describe, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, migrate, openDatabase, type DatabaseSettings } from '../../gateway/src/storage/sql/index.ts';
import { postgresMissing, startPostgres, type TestPostgres } from './postgres.ts';

export interface TestDatabases {
  readonly kind: Database['kind'];
  /** A database of its own, with all tables and no rows. It is closed after the suite, if nobody did. */
  (settings?: Partial<DatabaseSettings>): Promise<Database>;
  /** The URL of one without tables. Nothing is opened. */
  empty(): Promise<string>;
  /** One more connection to a database, by its URL; closed after the suite. */
  another(url: string, settings?: Partial<DatabaseSettings>): Promise<Database>;
  /** Of one that was opened here. */
  urlOf(database: Database): string;
  /** PostgreSQL's server. Only there where `kind` says so. */
  server(): TestPostgres;
}

/**
 * One suite, on SQLite and on PostgreSQL. Where PostgreSQL cannot be had, its part is skipped, and says why.
 * Called in a test file as `describe` is.
 */
export const describeDatabases = (name: string, suite: (open: TestDatabases) => void): void => {
  describe(`${name} (sqlite)`, () => {
    let folder: string;
    let files = 0;
    beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'sluice-sqlite-'))));
    const url = (): string => `sqlite:${join(folder, `${++files}.db`)}`;
    const kept: Database[] = [];
    suite(databases('sqlite', kept, { url: async () => url(), empty: async () => url(), server: noServer }));
    afterAll(async () => {
      await Promise.all(kept.map((each) => each.close()));
      rmSync(folder, { recursive: true, force: true });
    });
  });

  const missing = postgresMissing();
  if (missing) {
    test.skip(`${name} (postgres): ${missing}`, () => undefined);
    return;
  }
  describe(`${name} (postgres)`, () => {
    let server: TestPostgres;
    let template: Promise<string> | undefined;
    beforeAll(async () => void (server = await startPostgres()));
    /** Migrated once, then copied. */
    const migrated = async (): Promise<string> => {
      const url = await server.newDatabase();
      const database = await openDatabase({ url });
      await migrate(database);
      await database.close();
      return url;
    };
    const kept: Database[] = [];
    suite(
      databases('postgres', kept, {
        url: async () => server.newDatabase(await (template ??= migrated())),
        empty: () => server.newDatabase(),
        server: () => server,
      }),
    );
    afterAll(async () => {
      await Promise.all(kept.map((each) => each.close()));
      await server.stop();
    });
  });
};

interface Source {
  readonly url: () => Promise<string>;
  readonly empty: () => Promise<string>;
  readonly server: () => TestPostgres;
}

const databases = (kind: Database['kind'], kept: Database[], { url, empty, server }: Source): TestDatabases => {
  const urls = new WeakMap<Database, string>();
  const another: TestDatabases['another'] = async (of, settings) => {
    const database = await openDatabase({ ...settings, url: of });
    kept.push(database);
    urls.set(database, of);
    return database;
  };
  const open = async (settings?: Partial<DatabaseSettings>): Promise<Database> => {
    const database = await another(settings?.url ?? (await url()), settings);
    await migrate(database);
    return database;
  };
  return Object.assign(open, { kind, empty, another, urlOf: (database: Database) => urls.get(database)!, server });
};

const noServer = (): never => {
  throw new Error('SQLite has no server.');
};
