import { Secret } from 'sluice/kit';
import { defaults } from '../config/defaults.ts';
import type { SecretManagerSettings } from '../config/secret-managers.ts';
import { createSecretCache, type ReadOutcome, type SecretCache } from './cache.ts';
import { unavailable } from './failure.ts';
import type { SecretManager, SecretWorld } from './manager.ts';
import { openManager } from './open.ts';
import { createSecretStore, type SecretStore } from './store.ts';
import { watchRotation } from './rotation.ts';

export interface SecretSourceDeps extends SecretWorld {
  /** A question to a manager ended: for metrics. */
  onRead?: (manager: string, outcome: ReadOutcome) => void;
  /** For people: a manager does not answer, or answers again. Holds no secret. */
  tell?: (line: string) => void;
}

/** The secret managers of a configuration, in their order, as one source of variables. */
export interface SecretSource {
  /**
   * What the managers hold of these names, and of those that they are to be asked for anyhow (`hosted_keys`). What none
   * of them has is left out. From now on these names are read again before they are old.
   * @throws PlacedFailure that names the manager and the secret, where one does not answer and nothing is known from before
   */
  prefetch(names: readonly string[]): Promise<Record<string, Secret>>;
  /** Tells when a value is another than `prefetch` gave. @returns ends it */
  onChange(listener: () => void): () => void;
  /** Where new virtual keys are kept as well; undefined: nowhere. */
  readonly store: SecretStore | undefined;
  close(): void;
}

/** A manager that is open. */
interface Opened {
  settings: SecretManagerSettings;
  manager: SecretManager;
  cache: SecretCache;
  hosted: ReadonlySet<string> | undefined;
}

/** Questions to all managers at a time. */
const atOnce = 8;

/** @throws PlacedFailure where a manager's settings are not enough to open it */
export const createSecretSource = async (
  managers: readonly SecretManagerSettings[],
  { onRead, tell = () => {}, ...world }: SecretSourceDeps,
): Promise<SecretSource> => {
  const ended = new AbortController();
  const opened: Opened[] = [];
  /** Of the look that is under way. */
  let troubles: PlacedFailure[] = [];
  try {
    for (const settings of managers)
      opened.push(await open(settings, { world, ...(onRead && { onRead }), onStale: (trouble) => void troubles.push(trouble) }));
  } catch (cause) {
    for (const { manager } of opened) manager.close?.();
    throw cause;
  }
  const readable = opened.filter(({ settings }) => settings.entry.access_mode !== 'write_only');
  let wanted: readonly string[] = [];
  let given: ReadonlyMap<string, string> = new Map();
  const listeners = new Set<() => void>();

  const readOne = async (name: string, fresh: boolean): Promise<Secret | undefined> => {
    for (const each of readable) {
      if (!isAsked(each, name)) continue;
      const found = await each.cache.get(name, ended.signal, { fresh }).catch((cause: unknown) => {
        throw new PlacedFailure(each.settings, `give ${shown(name)}`, cause);
      });
      if (found) return found;
    }
    return undefined;
  };

  /** @param onFailure absent: the first failure ends it; else those names are left out */
  const readAll = async (names: readonly string[], fresh: boolean, onFailure?: (name: string, cause: unknown) => void) => {
    const found = new Map<string, string>();
    const queue = [...names];
    const work = async () => {
      for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
        try {
          const value = await readOne(name, fresh);
          if (value) found.set(name, value.reveal());
        } catch (cause) {
          if (!onFailure || ended.signal.aborted) {
            queue.length = 0;
            throw cause;
          }
          onFailure(name, cause);
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, queue.length) }, work));
    return found;
  };

  /** Whatever became of the others, what has changed is told. */
  const look = async () => {
    troubles = [];
    const failed = new Map<string, unknown>();
    const found = await readAll(wanted, true, (name, cause) => failed.set(name, cause));
    const isOther = wanted.some((name) => !failed.has(name) && found.get(name) !== given.get(name));
    if (isOther) for (const listener of listeners) listener();
    const [trouble] = [...troubles, ...failed.values()];
    if (trouble !== undefined) throw trouble as Error;
  };

  const stopWatching = watchRotation({
    intervalMs: Math.min(...readable.map(intervalOf)),
    isNeeded: () => wanted.length > 0 && readable.some(({ manager }) => !manager.unchanging),
    look,
    signal: ended.signal,
    world,
    tell,
  });

  return {
    async prefetch(names) {
      const own = readable.flatMap(({ hosted, manager }) => [...(hosted ?? manager.holds ?? [])]);
      const asked = [...new Set([...names, ...own])].filter((name) => readable.some((each) => isAsked(each, name)));
      const found = await readAll(asked, false);
      // Only now: what cannot be had is not looked at again and again.
      wanted = asked;
      given = found;
      return Object.fromEntries([...found].map(([name, value]) => [name, new Secret(value)]));
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    store: createSecretStore(opened, ended.signal),
    close() {
      ended.abort(new Error('The secret managers are closed.'));
      stopWatching();
      for (const { manager } of opened) manager.close?.();
    },
  };
};

/** A failure that knows whose it is: the configuration shows it at the manager's place. */
export class PlacedFailure extends Error {
  readonly settings: SecretManagerSettings;

  constructor(settings: SecretManagerSettings, doing: string, cause: unknown) {
    super(unavailable(settings.type, doing, cause).message);
    this.settings = settings;
  }
}

const intervalOf = ({ settings: { entry } }: Pick<Opened, 'settings'>): number =>
  entry.refresh_interval_ms ?? defaults.secretRefreshIntervalMs;

/** With `hosted_keys` those alone; a manager that can tell what it holds is asked for nothing else. */
const isAsked = ({ hosted, manager }: Opened, name: string): boolean => hosted?.has(name) ?? manager.holds?.includes(name) ?? true;

/** Names come from the file: a secret that was pasted behind `os.environ/` must not be told. */
const shown = (name: string): string => (/^[\w./#-]{1,80}$/.test(name) && !/^(?:sk|hvs|s)[-.]/.test(name) ? name : 'a secret');

interface OpenContext extends Pick<SecretSourceDeps, 'onRead'> {
  world: SecretWorld;
  onStale: (trouble: PlacedFailure) => void;
}

const open = async (settings: SecretManagerSettings, { world, onRead, onStale }: OpenContext): Promise<Opened> => {
  const { type, entry } = settings;
  try {
    const manager = await openManager(type, entry, world, entry.timeout_ms ?? defaults.secretTimeoutMs);
    const cache = createSecretCache({
      manager,
      ttlMs: intervalOf({ settings }),
      maxStaleMs: entry.max_stale_ms ?? defaults.secretMaxStaleMs,
      now: () => world.clock.now(),
      onRead: (outcome) => onRead?.(type, outcome),
      onStale: (name, cause) => onStale(new PlacedFailure(settings, `give ${shown(name)}`, cause)),
    });
    const hosted = entry.hosted_keys && new Set(entry.hosted_keys.filter((name) => name !== undefined));
    return { settings, manager, cache, hosted };
  } catch (cause) {
    throw new PlacedFailure(settings, 'be used', cause);
  }
};
