import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SluiceError } from 'sluice/kit';
import { environmentOf } from '../config/environment.ts';
import type { ConfigSnapshot } from '../config/snapshot.ts';
import type { Sealer } from '../storage/sealed/sealer.ts';
import { createSealer } from '../storage/sealed/index.ts';
import { migrate, openDatabase, pendingMigrations, type Database } from '../storage/sql/index.ts';
import { dataFolder } from './data-folder.ts';
import type { Flags } from './flags.ts';
import { Refusal, type Io } from './io.ts';
import { NoSaltKey, saltKeysFor } from './salt-key.ts';

/** Where keys, teams and users are kept, opened, with its tables made. */
export interface OpenedDatabase {
  readonly database: Database;
  readonly sealer: Sealer;
  /** Where it is, for people: no password. */
  readonly where: string;
  /** Its tables are made as soon as it can be reached. */
  readonly away?: Promise<void>;
}

type World = Pick<Io, 'env' | 'home' | 'platform'>;
type DatabaseFlags = Pick<Flags, 'databaseUrl' | 'migrate'>;

/** Where somebody said it is: a flag, the file, the environment. */
export const givenDatabaseUrl = (
  snapshot: ConfigSnapshot,
  flags: Pick<Flags, 'databaseUrl'>,
  { env }: Pick<World, 'env'>,
): string | undefined =>
  (flags.databaseUrl ?? snapshot.access.database.url?.reveal() ?? environmentOf(snapshot, env)('DATABASE_URL')) || undefined;

const usualPath = (world: World): string | undefined => {
  const folder = dataFolder(world);
  return folder === undefined ? undefined : join(folder, 'sluice.db');
};

/** Else it is a file in the data directory. Undefined: there is no such directory. */
export const usualDatabaseUrl = (world: World): string | undefined => {
  const path = usualPath(world);
  return path === undefined ? undefined : `sqlite:${path}`;
};

/** A URL without what nobody may see. */
export const shownDatabase = (url: string): string => {
  if (url.startsWith('sqlite:')) return url.slice('sqlite:'.length);
  try {
    const { protocol, host, pathname } = new URL(url);
    return `${protocol}//${host}${pathname}`;
  } catch {
    return 'whose URL cannot be read';
  }
};

/** Nothing can be kept there. */
class CannotOpen extends Refusal {}

const retryMs = 2000;

/**
 * Opens the database and makes its tables. One that is away does not keep the gateway from starting.
 * @returns undefined where there is none, which was told
 * @throws Refusal where it must not be used as it is
 */
export const openGatewayDatabase = async (snapshot: ConfigSnapshot, flags: DatabaseFlags, io: Io): Promise<OpenedDatabase | undefined> => {
  const given = givenDatabaseUrl(snapshot, flags, io);
  if (given !== undefined) return openAt(given, snapshot, flags, io);
  const usual = usualDatabaseUrl(io);
  if (usual === undefined) {
    io.tell(`There is no data directory (SLUICE_DATA_DIR). ${without}\n`);
    return undefined;
  }
  try {
    return await openAt(usual, snapshot, flags, io);
  } catch (cause) {
    // Nobody asked for it, and the master key needs none: a gateway on a disk that cannot be written is still one. Not so
    // where there are keys already: they would be told that they are wrong.
    if (!(cause instanceof CannotOpen || cause instanceof NoSaltKey) || existsSync(usualPath(io)!)) throw cause;
    io.tell(`${cause.message} ${without}\n`);
    return undefined;
  }
};

const without = 'There are no keys, teams and users until there is a database (DATABASE_URL).';

const openAt = async (url: string, snapshot: ConfigSnapshot, flags: DatabaseFlags, io: Io): Promise<OpenedDatabase> => {
  const where = shownDatabase(url);
  const { poolSize, connectTimeoutMs } = snapshot.access.database;
  const environment = environmentOf(snapshot, io.env);
  const sealer = createSealer({ keys: saltKeysFor(environment, io) });
  const database = await openDatabase({
    url,
    ...(poolSize !== undefined && { poolSize }),
    ...(connectTimeoutMs !== undefined && { connectTimeoutMs }),
  }).catch((cause: unknown) => {
    throw new CannotOpen(`The database ${where} cannot be opened: ${words(cause)}`);
  });
  const forbids = migrationForbidden(flags, environment);
  const prepare = () => (forbids === undefined ? migrate(database) : demandMigrated(database, forbids));
  try {
    await prepare();
    return { database, sealer, where };
  } catch (cause) {
    if (!isAway(cause)) {
      await database.close();
      throw cause instanceof Refusal ? cause : new Refusal(`The tables of ${where} cannot be made: ${words(cause)}`);
    }
    io.tell(`The database ${where} is away: ${words(cause)} Keys are unknown until it is there; the master key works.\n`);
    return { database, sealer, where, away: untilThere(prepare, io) };
  }
};

/** What forbids it, in words. LiteLLM's variable is `true` where another process makes the tables. */
const migrationForbidden = (flags: Pick<Flags, 'migrate'>, environment: (name: string) => string | undefined): string | undefined => {
  if (flags.migrate === false) return '--no-migrate';
  return /^(?:true|1|yes)$/i.test(environment('DISABLE_SCHEMA_UPDATE') ?? '') ? 'DISABLE_SCHEMA_UPDATE' : undefined;
};

const isAway = (cause: unknown): boolean => SluiceError.is(cause) && cause.code === 'unavailable';

const untilThere = async (prepare: () => Promise<unknown>, io: Pick<Io, 'tell'>): Promise<void> => {
  for (;;) {
    await new Promise<void>((resolve) => void setTimeout(resolve, retryMs).unref());
    try {
      await prepare();
      io.tell('The database is there.\n');
      return;
    } catch (cause) {
      if (isAway(cause)) continue;
      io.tell(`The tables of the database cannot be made: ${words(cause)}\n`);
      return;
    }
  }
};

const demandMigrated = async (database: Database, forbids: string): Promise<void> => {
  const pending = await pendingMigrations(database);
  if (pending.length > 0)
    throw new Refusal(`The database lacks ${pending.join(', ')}, and ${forbids} forbids making them: run sluice migrate first.`);
};

/** For people who run it: with what the system said. Neither holds a password. */
export const words = (cause: unknown): string => {
  if (SluiceError.is(cause) && cause.detail !== undefined) return `${cause.message} (${cause.detail})`;
  return cause instanceof Error ? cause.message : String(cause);
};
