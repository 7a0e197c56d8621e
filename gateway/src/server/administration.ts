import { providers, type SpendWindows } from 'sluice/kit';
import { createPasswords } from '../access/passwords.ts';
import { createSignOn, type SignOn } from '../access/sign-on/sign-on.ts';
import { kinds } from '../access/records/kinds.ts';
import { createTokenAuthenticates } from '../access/tokens/tokens.ts';
import type { Store } from '../access/store/store.ts';
import { environmentOf } from '../config/environment.ts';
import type { ConfigSnapshot } from '../config/snapshot.ts';
import { createStoredConfig, storedKinds, type StoredConfig, type StoredReader } from '../config/stored/index.ts';
import type { SharedLimiter } from '../limits/shared/index.ts';
import { Governor } from '../pipeline/governance/governor.ts';
import type { Live } from '../pipeline/live.ts';
import { refreshRoutingSpend } from '../pipeline/routing-spend.ts';
import { createSpendBook } from '../spend/spend-book.ts';
import { Books } from '../spend/books.ts';
import { Contents } from '../spend/contents/contents.ts';
import { createLedger, keepRetention, type Ledger } from '../spend/ledger/index.ts';
import { SpendTotals } from '../spend/totals.ts';
import type { Logger } from '../telemetry/log.ts';
import { createAdminDoor, type AdminDoor } from './admin/door.ts';
import { createGatewayAlerts } from './alerts/index.ts';
import { createGatewayAccess, type GatewayAccess } from './gateway-access.ts';
import { demandRoomIn } from './demand-books.ts';
import { keepKeys } from './key-upkeep.ts';
import type { ServerOptions } from './server-options.ts';

/** Between two looks at what was spent elsewhere, in milliseconds. */
const refreshMs = 2000;

export interface AdministrationOptions {
  readonly options: ServerOptions;
  readonly live: () => Live;
  /** Where limits are counted with other gateways; undefined: they are counted here. */
  readonly sharedLimits: () => SharedLimiter | undefined;
  readonly logger: Logger;
  /** What was spent of the budgets that deployments are chosen by. */
  readonly routingSpend: SpendWindows;
  /** The database's part of the configuration has changed. */
  readonly onConfig: () => void;
  /** Looks for newer prices now, in the background. */
  readonly reloadPrices: () => void;
}

/** All that hangs on the database: who may call, what they may use, what they spend, and what is administered. */
export interface Administration {
  readonly access: GatewayAccess;
  readonly governor: Governor;
  /** Where what calls cost is written down. Absent: there is no database. */
  readonly books: Books | undefined;
  /** @throws SluiceError `unavailable` where what a call costs could not be kept as the settings want it */
  demandBooks(): void;
  readonly admin: AdminDoor;
  /** Nano-dollars, by the database and what waits here. 0 where there is no database. */
  spentOf(subject: string, periodStart: number | undefined): Promise<number>;
  /** A file's configuration with the database's part in it. */
  merged(snapshot: ConfigSnapshot): ConfigSnapshot;
  /** The first look at the database's part of the configuration. Undefined: there is no database. */
  readonly ready: Promise<void> | undefined;
  /** Another file's configuration is live. */
  configured(snapshot: ConfigSnapshot): void;
  stop(): Promise<void>;
}

export const createAdministration = ({
  options,
  live,
  sharedLimits,
  logger,
  routingSpend,
  onConfig,
  reloadPrices,
}: AdministrationOptions): Administration => {
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

  const totals: SpendTotals | undefined =
    database &&
    new SpendTotals(database, {
      now,
      onFailure: (cause) => logger.error('what was spent cannot be counted in whole', { error: String(cause) }),
      onSet: (set) => governor.wasSet(set),
      ship: async () => books?.ship(),
    });
  const ledger = database && createLedger({ database, now, keepRows: () => live().snapshot.ledger.keepRows });
  const booksFailed = (sentence: string, cause: unknown) => {
    logger.error(sentence, { error: String(cause) });
    alerts?.trouble('failed_tracking_spend', sentence);
  };
  const contents = database && new Contents({ database, now, onFailure: booksFailed });
  const books: Books | undefined =
    totals &&
    ledger &&
    new Books({
      files: options.journal,
      counters: totals,
      ...(contents && { contents }),
      async write({ lines, spent }) {
        const { refused } = await totals.writing(spent, () => ledger.writeLines(lines));
        for (const { id, why } of refused) logger.error('what a call cost cannot be written to the database', { id, error: why });
      },
      now,
      onFailure: booksFailed,
      onRecovered: (sentence) => logger.info(sentence),
    });
  const alerts = store && createGatewayAlerts({ store, live, log: logger });
  const governor = new Governor({
    totals,
    directory,
    now,
    shared: sharedLimits,
    overBudget: ({ limit }, at) => alerts?.refused(limit.subject, limit.period?.(at).start ?? 0),
    overSoftBudget: ({ limit, used }) =>
      logger.warn('a soft budget is over', { of: limit.label, usedNanodollars: used, maxNanodollars: limit.max }),
  });
  /** Rows, and what was said in their calls. */
  const retain: Ledger['retain'] = async (asked) => {
    await contents?.retain(live().snapshot.spend.contentRetentionMs);
    return ledger!.retain(asked);
  };
  const journalFailed = (cause: unknown) => booksFailed('the journal of processes before this one cannot be read now', cause);
  const retention = ledger && keepRetention({ ledger: { retain }, settings: () => live().snapshot.ledger, now, logger });
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
  /** What routing keeps budgets of. */
  const hearRoutingSpend = async (): Promise<void> => {
    if (totals) await refreshRoutingSpend(live(), routingSpend, totals, now());
  };
  /** Hears what was spent elsewhere, once what was spent here is written. */
  const exchangeSpend = async (): Promise<void> => {
    await books?.ship();
    await governor.refresh();
    await hearRoutingSpend();
  };
  // What could not be written is told by the books.
  const exchanging = books && setInterval(() => void exchangeSpend().catch(() => {}), refreshMs);
  exchanging?.unref();

  const { writeKey, deleteKey } = options;
  const upkeep =
    store &&
    totals &&
    keepKeys({ store, env: environmentOf(file, env), now, flush: async () => books?.ship(), logger, writeKey, deleteKey });

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
      ledger,
      contents,
      routingSpend,
      alerts,
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
  alerts?.start();

  return {
    access,
    governor,
    admin,
    async spentOf(subject, periodStart = 0) {
      return (await totals?.of([{ subject, periodStart }]))?.get(subject) ?? 0;
    },
    merged: (snapshot) => stored?.merged(snapshot) ?? snapshot,
    books,
    demandBooks() {
      if (books) demandRoomIn(books, live().snapshot.spend);
    },
    ready:
      stored && books && Promise.all([stored.start(), books.recover().catch(journalFailed)]).then(() => hearRoutingSpend().catch(() => {})),
    configured(snapshot) {
      directory?.configured();
      if (file === snapshot) return;
      file = snapshot;
      tell();
    },
    async stop() {
      clearInterval(exchanging);
      retention?.stop();
      upkeep?.stop();
      stored?.stop();
      await alerts?.stop();
      signOn?.close();
      tokens.close();
      access.close();
      await books?.close();
      totals?.close();
      await ledger?.close();
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
