import { migrate, pendingMigrations } from '../storage/sql/index.ts';
import { withDatabase } from './with-database.ts';
import type { Io } from './io.ts';

export interface MigrateFlags {
  databaseUrl?: string;
  /** Only say what would be done. */
  dryRun?: boolean;
}

/** `sluice migrate`: makes and changes the tables. Several at once are fine, and so is doing it again. */
export const migrateCommand = async (flags: MigrateFlags, io: Io): Promise<number> =>
  withDatabase({ url: flags.databaseUrl }, io, async ({ database, where }) => {
    const names = flags.dryRun ? await pendingMigrations(database) : await migrate(database);
    for (const name of names) io.out(`${name}\n`);
    const what = `${names.length} ${names.length === 1 ? 'migration' : 'migrations'}`;
    if (names.length === 0) io.tell(`${where} has all tables that this version needs.\n`);
    else io.tell(flags.dryRun ? `${where}: ${what} to apply.\n` : `${where}: ${what} applied.\n`);
    return 0;
  });
