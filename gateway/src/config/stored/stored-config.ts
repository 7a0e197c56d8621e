import type { Overrides } from '../build.ts';
import type { ConfigOrigin } from '../origin.ts';
import type { ConfigSnapshot } from '../snapshot.ts';
import { openRows, type OpenedModels } from './open-rows.ts';
import type { Seals } from './open-members.ts';
import { isEmpty, noParts, type StoredParts } from './stored-parts.ts';
import type { StoredReader } from './stored-rows.ts';
import { withStored } from './with-stored.ts';

/** The kinds of things in the database that are a part of the configuration. */
export const storedKinds: ReadonlySet<string> = new Set(['model', 'credential', 'setting']);

export interface StoredConfigOptions {
  readonly reader: StoredReader;
  readonly sealer: Pick<Seals, 'open'>;
  /** Of the process, for what the database refers to where there is no file. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ids of the providers that are built. */
  readonly providers: Iterable<string>;
  /** What the command line says, where there is no file (`snapshot.overrides`). */
  readonly overrides?: Overrides;
  /** Another configuration is to be made live: ask `merged`. A throw is logged, and what was live stays. */
  readonly onChange: () => void;
  readonly log: {
    warn(message: string, fields: Record<string, unknown>): void;
    info(message: string, fields: Record<string, unknown>): void;
  };
}

/** The database's part of the configuration. */
export interface StoredConfig {
  /**
   * Reads everything for the first time, and has it live (`onChange`). A database that is away does not fail it: the file is served alone, and the rest
   * comes with the database.
   */
  start(): Promise<void>;
  /** A snapshot of a file with what the database has by now. The file's always stays. */
  merged(snapshot: ConfigSnapshot): ConfigSnapshot;
  readonly parts: StoredParts;
  /** What would become of these if they were in the database as well, in place of those of the same ids. Changes nothing. */
  check(snapshot: ConfigSnapshot, candidates: Partial<Omit<StoredParts, 'version'>>): Promise<ConfigSnapshot>;
  /** Reads again now, and has what changed live when it is over: for who has just written. @throws where the database is away */
  refresh(): Promise<void>;
  stop(): void;
}

/** Changes within this time become live together. Milliseconds. */
const debounceMs = 50;
/** A configuration of many deployments takes its time to become live: no more than a part of all time goes into that. */
const restShare = 5;
const firstRetryMs = 1000;
const maxRetryMs = 15_000;
/** What is announced may be lost with a connection, and comes to light then; this is for what nobody foresaw. */
const lookMs = 60_000;

export const createStoredConfig = ({ reader, sealer, env, providers, overrides, onChange, log }: StoredConfigOptions): StoredConfig => {
  let parts = noParts;
  let opened: OpenedModels = new Map();
  /** For a start without a file. */
  let plain: ConfigOrigin | undefined;
  let running: Promise<void> | undefined;
  let again: Promise<void> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let look: ReturnType<typeof setInterval> | undefined;
  let stopListening: (() => void) | undefined;
  let failures = 0;
  let lastTookMs = 0;
  let stopped = false;
  let told = '';

  const read = async (): Promise<boolean> => {
    const { parts: next, opened: now } = openRows(await reader.read(), sealer, opened);
    opened = now;
    if (!isEmpty(next)) await makePlain();
    const changed = next.version !== parts.version && !(isEmpty(next) && isEmpty(parts));
    parts = isEmpty(next) ? noParts : next;
    failures = 0;
    return changed;
  };

  // Loaded late: a start without a file, and with nothing in the database, needs no schema.
  const makePlain = async () => {
    if (plain) return;
    const { loadConfig } = await import('../load.ts');
    const loaded = loadConfig('', { file: '', env, providers, ...(overrides && { overrides }) });
    plain = loaded.ok ? loaded.snapshot.origin : undefined;
  };

  const once = async () => {
    const changed = await read();
    if (!changed || stopped) return;
    const startedAt = performance.now();
    try {
      onChange();
    } catch (cause) {
      log.warn('the configuration of the database cannot be made live', { error: cause instanceof Error ? cause.message : String(cause) });
    }
    lastTookMs = performance.now() - startedAt;
  };

  /** One at a time. Who asks while one runs gets the next one, which sees what was written before it began. */
  const refresh = (): Promise<void> => {
    if (!running) {
      running = once().finally(() => (running = undefined));
      return running;
    }
    again ??= running
      .catch(() => {})
      .then(() => {
        again = undefined;
        return refresh();
      });
    return again;
  };

  const later = (ms: number) => {
    if (stopped) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      refresh().catch(retry);
    }, ms);
  };
  const retry = (cause: unknown) => {
    if (failures === 0)
      log.warn('the configuration of the database cannot be read; what was read before stays live', {
        error: cause instanceof Error ? cause.message : String(cause),
      });
    later(Math.min(firstRetryMs * 2 ** failures++, maxRetryMs));
  };

  /** Said once for each state: the log is no place for the same line at every reload. */
  const tell = ({ stored, version }: ConfigSnapshot) => {
    const now = JSON.stringify([stored?.problems, stored?.drift]);
    if (!stored || now === told) return;
    told = now;
    for (const { kind, id, message } of stored.problems) log.warn('left out of the configuration', { kind, id, why: message });
    for (const { kind, id, place } of stored.drift)
      log.warn('the configuration file holds, not the database', { kind, id, file: place.file, line: place.line });
    log.info('the database is part of the configuration', { version, database: stored.version });
  };

  return {
    async start() {
      stopListening = reader.onChanged((kind) => {
        if (kind !== undefined && !storedKinds.has(kind)) return;
        // Somebody could write, so the database is back: no more waiting for the next try.
        if (failures > 0) timer = void clearTimeout(timer);
        later(Math.max(debounceMs, lastTookMs * restShare));
      });
      look = setInterval(() => later(0), lookMs);
      look.unref();
      await refresh().catch(retry);
    },
    merged(snapshot) {
      const made = withStored(snapshot, parts, snapshot.origin ?? plain);
      tell(made);
      return made;
    },
    get parts() {
      return parts;
    },
    async check(snapshot, { models = [], credentials = [], settings = [] }) {
      await makePlain();
      const names = new Set(credentials.map(({ name }) => name));
      return withStored(
        snapshot,
        {
          version: 'check',
          models,
          credentials: [...parts.credentials.filter(({ name }) => !names.has(name)), ...credentials],
          settings,
        },
        snapshot.origin ?? plain,
      );
    },
    refresh,
    stop() {
      stopped = true;
      clearTimeout(timer);
      clearInterval(look);
      stopListening?.();
    },
  };
};
