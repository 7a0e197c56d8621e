import { providers } from 'sluice/kit';
import { createPasswords } from '../access/passwords.ts';
import { createSignOn, type SignOn } from '../access/sign-on/sign-on.ts';
import { kinds } from '../access/records/kinds.ts';
import { createTokenAuthenticates } from '../access/tokens/tokens.ts';
import type { Store } from '../access/store/store.ts';
import { environmentOf } from '../config/environment.ts';
import type { ConfigSnapshot } from '../config/snapshot.ts';
import { createStoredConfig, storedKinds, type StoredConfig, type StoredReader } from '../config/stored/index.ts';
import { Governor } from '../pipeline/governance/governor.ts';
import type { Live } from '../pipeline/live.ts';
import { createSpendBook } from '../spend/spend-book.ts';
import { SpendTotals } from '../spend/totals.ts';
import type { Logger } from '../telemetry/log.ts';
import { createAdminDoor, type AdminDoor } from './admin/door.ts';
import { createGatewayAccess, type GatewayAccess } from './gateway-access.ts';
import { keepKeys } from './key-upkeep.ts';
import type { ServerOptions } from './server-options.ts';

/** Between two writes of what was spent, in milliseconds. */
const spendFlushMs = 2000;

export interface AdministrationOptions {
  readonly options: ServerOptions;
  readonly live: () => Live;
  readonly logger: Logger;
  /** The database's part of the configuration has changed. */
  readonly onConfig: () => void;
  /** Looks for newer prices now, in the background. */
  readonly reloadPrices: () => void;
}

/** All that hangs on the database: who may call, what they may use, what they spend, and what is administered. */
export interface Administration {
  readonly access: GatewayAccess;
  readonly governor: Governor;
  readonly admin: AdminDoor;
  /** A file's configuration with the database's part in it. */
  merged(snapshot: ConfigSnapshot): ConfigSnapshot;
  /** The first look at the database's part of the configuration. Undefined: there is no database. */
  readonly ready: Promise<void> | undefined;
  /** Another file's configuration is live. */
  configured(snapshot: ConfigSnapshot): void;
  stop(): Promise<void>;
}

export const createAdministration = ({ options, live, logger, onConfig, reloadPrices }: AdministrationOptions): Administration => {
  const { database, sealer, env, version } = options;
  const now = Date.now;
  const access = createGatewayAccess({
    database,
    live,
    now,
    others: () => tokens.ways(),
  });
  const { store, directory } = access;
  let file = options.snapshot;
  const passwords = createPasswords();
  const signOn: SignOn | undefined =
    store &&
    directory &&
    createSignOn({
      store,
      directory,
      passwords,
      config: () => live().snapshot,
      env: (name) => live().env[name],
      isMaster: (presented) => live().isMasterKey(presented),
    });
  const tokens = createTokenAuthenticates({
    first: signOn ? [signOn.authenticate] : [],
    storage: store && directory && { store, directory },
    config: () => live().snapshot,
    env: (name) => live().env[name],
    isMaster: (presented) => live().isMasterKey(presented),
    now,
  });

  const spendFailed = (cause: unknown) => logger.error('spend could not be written, and is kept until it can', { error: String(cause) });
  const totals = database && new SpendTotals(database, { now, onFailure: spendFailed, onSet: (set) => governor.wasSet(set) });
  const governor = new Governor({
    totals,
    directory,
    now,
    overSoftBudget: ({ limit, used }) =>
      logger.warn('a soft budget is over', { of: limit.label, usedNanodollars: used, maxNanodollars: limit.max }),
  });
  const stored: StoredConfig | undefined =
    store &&
    sealer &&
    createStoredConfig({
      reader: readerOf(store),
      sealer,
      env,
      providers: providers.list.map(({ id }) => id),
      ...(options.snapshot.overrides && { overrides: options.snapshot.overrides }),
      onChange: onConfig,
      log: logger,
    });
  /** Writes what was spent here, and hears what was spent elsewhere. */
  const exchangeSpend = async (all: SpendTotals): Promise<void> => {
    await all.flush();
    await governor.refresh();
  };
  const flushing = totals && setInterval(() => void exchangeSpend(totals).catch(spendFailed), spendFlushMs);
  flushing?.unref();

  const { writeKey, deleteKey } = options;
  const upkeep =
    store && totals && keepKeys({ store, env: environmentOf(file, env), now, flush: () => totals.flush(), logger, writeKey, deleteKey });

  const services = store &&
    directory &&
    sealer &&
    totals &&
    signOn &&
    stored && {
      live,
      snapshot: () => file,
      stored,
      directory,
      sealer,
      env: (name: string) => live().env[name],
      spend: createSpendBook(totals),
      passwords,
      signOn,
      reloadPrices,
      writeKey,
    };
  const admin = createAdminDoor({ access, services, live, logger, version });

  /** Says which teams of the file the database says something else of. */
  const tellDrift = async (): Promise<void> => {
    if (!store || file.teams.length === 0) return;
    const { teamDrift } = await import('./admin/teams/drift.ts');
    for (const sentence of await teamDrift(store, file)) logger.warn(sentence);
  };
  // What cannot be read now is told with the next configuration.
  const tell = () => void tellDrift().catch(() => {});
  tell();

  return {
    access,
    governor,
    admin,
    merged: (snapshot) => stored?.merged(snapshot) ?? snapshot,
    ready: stored?.start(),
    configured(snapshot) {
      directory?.configured();
      if (file === snapshot) return;
      file = snapshot;
      tell();
    },
    async stop() {
      clearInterval(flushing);
      upkeep?.stop();
      stored?.stop();
      signOn?.close();
      tokens.close();
      access.close();
      await totals?.flush().catch(spendFailed);
      totals?.close();
      await database?.close();
    },
  };
};

/** The rows that are configuration, and who tells of their changes. */
const readerOf = (store: Store): StoredReader => ({
  async read() {
    const [models, credentials, settings] = await Promise.all([
      store.find(kinds.model),
      store.find(kinds.credential),
      store.find(kinds.setting),
    ]);
    return { models, credentials, settings };
  },
  onChanged: (listener) =>
    store.onChanged((kind) => {
      if (kind === undefined || storedKinds.has(kind)) listener(kind);
    }),
});
