import { existsSync } from 'node:fs';
import { SluiceError } from 'sluice/kit';
import { timeZone } from '../../limits/time-zone.ts';
import { createSealer } from '../../storage/sealed/index.ts';
import { migrate, openDatabase, pendingMigrations, type Database } from '../../storage/sql/index.ts';
import { shownDatabase, usualDatabaseUrl, words } from '../database.ts';
import { Refusal, type Io } from '../io.ts';
import { saltKeysFor } from '../salt-key.ts';
import { importLitellm } from './import-litellm.ts';
import { printReport } from './print-report.ts';
import { openSource } from './source.ts';

export interface ImportFlags {
  /** LiteLLM's. */
  databaseUrl: string;
  /** Ours. */
  to?: string;
  dryRun?: boolean;
  overwrite?: boolean;
  saltKey?: string;
  timezone?: string;
  json?: boolean;
}

/** `sluice import litellm`: brings what LiteLLM's database has into ours, and says what is not as it was. */
export const importCommand = async (flags: ImportFlags, io: Io): Promise<number> => {
  const environment = (name: string) => io.env[name] || undefined;
  const saltKeys = [
    ...new Set([flags.saltKey, environment('LITELLM_SALT_KEY'), environment('LITELLM_MASTER_KEY')].filter((each) => each !== undefined)),
  ];
  demandTimeZone(flags.timezone);
  const source = await openSource(flags.databaseUrl);
  try {
    const { database, where } = await openTarget(flags, io);
    try {
      const sealer = createSealer({ keys: saltKeysFor(environment, io) });
      io.tell(`${flags.dryRun ? 'Looking at' : 'Importing'} ${source.where}, for ${where}.\n`);
      const report = await importLitellm({
        source,
        database,
        sealer,
        saltKeys,
        overwrite: flags.overwrite === true,
        dryRun: flags.dryRun === true,
        timeZone: flags.timezone,
        ...(io.columns !== undefined && { onProgress: (kind: string, read: number) => io.tell(`\r\u001B[K${kind}: ${read}`) }),
      });
      if (io.columns !== undefined) io.tell('\r\u001B[K');
      if (flags.json)
        io.out(`${JSON.stringify({ from: source.where, to: where, dry_run: flags.dryRun === true, ...report.toJSON() }, null, 2)}\n`);
      else io.out(printReport(report, { width: io.columns, dryRun: flags.dryRun === true }));
      return 0;
    } catch (cause) {
      if (cause instanceof Refusal || !SluiceError.is(cause)) throw cause;
      throw new Refusal(`The import has stopped: ${words(cause)} What was imported stays; start it again to go on.`);
    } finally {
      await database.close();
    }
  } finally {
    await source.close();
  }
};

const demandTimeZone = (name: string | undefined): void => {
  if (name === undefined) return;
  try {
    timeZone(name);
  } catch {
    throw new Refusal(`--timezone must be a name such as Europe/Berlin: ${name} is none.`, 2);
  }
};

/** Ours, with its tables. A dry run changes nothing: where there is none yet, it looks at an empty one in memory. */
const openTarget = async ({ to, dryRun }: ImportFlags, io: Io): Promise<{ database: Database; where: string }> => {
  const url = to ?? (io.env['DATABASE_URL'] || undefined) ?? usualDatabaseUrl(io);
  if (url === undefined)
    throw new Refusal('Into which database? Say it with --to or DATABASE_URL: there is no data directory (SLUICE_DATA_DIR).', 2);
  const where = shownDatabase(url);
  const open = (of: string): Promise<Database> =>
    openDatabase({ url: of }).catch((cause: unknown) => {
      throw new Refusal(`The database ${where} cannot be opened: ${words(cause)}`);
    });
  const inMemory = async (): Promise<Database> => {
    const database = await open('sqlite::memory:');
    await migrate(database);
    return database;
  };
  if (dryRun && url.startsWith('sqlite:') && !existsSync(where.replace(/^\/\/(?=\/)/, ''))) return { database: await inMemory(), where };
  const database = await open(url);
  try {
    if (!dryRun) await migrate(database);
    else if ((await pendingMigrations(database)).length > 0) {
      await database.close();
      return { database: await inMemory(), where };
    }
    return { database, where };
  } catch (cause) {
    await database.close();
    throw new Refusal(`${where}: ${words(cause)}`);
  }
};
