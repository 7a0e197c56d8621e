import { afterAll, beforeAll, describe, test } from 'bun:test';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, migrate, openDatabase, type DatabaseSettings } from '../../gateway/src/storage/sql/index.ts';
import { postgresMissing, startPostgres, type TestPostgres } from './postgres.ts';
import { ownFolder } from './own-folder.ts';

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
}

/**
 * One suite, on SQLite and on PostgreSQL. Where PostgreSQL cannot be had, its part is skipped, and says why.
 * Called in a test file as `describe` is.
 */
export const describeDatabases = (name: string, suite: (open: TestDatabases) => void): void => {
  describe(`${name} (sqlite)`, () => {
    let folder: string;
    let files = 0;
    beforeAll(() => void (folder = ownFolder('sqlite', { hot: true })));
    const url = (): string => `sqlite:${join(folder, `${++files}.db`)}`;
    const kept: Database[] = [];
    suite(databases('sqlite', kept, { url: async () => url(), empty: async () => url() }));
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
    beforeAll(async () => void (await sharedServer()));
    const kept: Database[] = [];
    const made: string[] = [];
    /** Each takes 8 MB of the disk. */
    const make = async (template?: string): Promise<string> => {
      const url = await (await sharedServer()).server.newDatabase(template);
      made.push(url);
      return url;
    };
    suite(
      databases('postgres', kept, {
        url: async () => make(await (await sharedServer()).template),
        empty: () => make(),
      }),
    );
    afterAll(async () => {
      await Promise.all(kept.map((each) => each.close()));
      const { server } = await sharedServer();
      for (const url of made) await server.dropDatabase(url);
    });
  });
};

interface SharedServer {
  readonly server: TestPostgres;
  /** The URL of a database with all tables, which is copied. */
  readonly template: Promise<string>;
}

const place = Symbol.for('sluice.test.postgres');

/**
 * One server for all suites of a run, each of whose tests has databases of its own: starting one takes longer than most
 * suites. It ends with the process.
 */
const sharedServer = (): Promise<SharedServer> => ((globalThis as { [place]?: Promise<SharedServer> })[place] ??= startShared());

const startShared = async (): Promise<SharedServer> => {
  const server = await startPostgres();
  const migrated = async (): Promise<string> => {
    const url = await server.newDatabase();
    const database = await openDatabase({ url });
    await migrate(database);
    await database.close();
    return url;
  };
  return { server, template: migrated() };
};

interface Source {
  readonly url: () => Promise<string>;
  readonly empty: () => Promise<string>;
}

const databases = (kind: Database['kind'], kept: Database[], { url, empty }: Source): TestDatabases => {
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
  return Object.assign(open, { kind, empty, another, urlOf: (database: Database) => urls.get(database)! });
};
