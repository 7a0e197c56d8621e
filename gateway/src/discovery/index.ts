import { systemClock, type Clock, type Env, type Transport } from 'sluice/kit';
import type { DiscoverySource } from '../config/discovery-settings.ts';
import { environmentOf } from '../config/environment.ts';
import { shortHash } from '../config/hash.ts';
import { reveal } from '../config/reveal.ts';
import type { ConfigSnapshot } from '../config/snapshot.ts';
import { createMerge } from './merge.ts';
import { maxBytesFor, type SourceContext } from './source.ts';
import { createSource } from './sources.ts';
import { openTransport } from './transports.ts';
import { Watcher, type DiscoveryLog, type SourceState } from './watcher.ts';

export type { DiscoveryLog, SourceState } from './watcher.ts';

export interface DiscoveryOptions {
  transport: Transport;
  /** Of the process; the configuration's own variables win. */
  env: Env;
  /** Reads a file. Relative paths are relative to `from`, the configuration's own file. Absent: files are not read here. */
  readText?: (path: string, from: string | undefined) => Promise<string>;
  log: DiscoveryLog;
  /** Another list is to be made live: ask `merged`. */
  onChange: () => void;
  onFailure: (source: string) => void;
  clock?: Clock;
  random?: () => number;
}

/** Finds deployments while the gateway runs. */
export interface Discovery {
  /** There is a configuration. Sources that look for the same as before go on with what they know. */
  configure(snapshot: ConfigSnapshot): void;
  /** A snapshot with what is found by now; absent: that of the configuration. */
  merged(snapshot?: ConfigSnapshot): ConfigSnapshot;
  /** Kept once every source has answered, or failed, for the first time, and what was found is live; at the latest after so long. */
  ready(limitMs: number): Promise<void>;
  states(): readonly SourceState[];
  stop(): void;
}

/** Changes within this time become live together. Milliseconds. */
const debounceMs = 200;
/** A configuration of many deployments takes its time to become live: no more than a part of all time goes into that. */
const restShare = 10;

export const createDiscovery = ({
  transport,
  env,
  readText,
  log,
  onChange,
  onFailure,
  clock = systemClock,
  random = Math.random,
}: DiscoveryOptions): Discovery => {
  const merge = createMerge();
  let base: ConfigSnapshot | undefined;
  let watchers = new Map<string, Watcher>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastTookMs = 0;

  const goLive = () => {
    clearTimeout(timer);
    timer = undefined;
    const startedAt = performance.now();
    try {
      onChange();
    } catch (cause) {
      log.warn('discovery: what was found cannot be made live', { error: cause instanceof Error ? cause.message : String(cause) });
    }
    lastTookMs = performance.now() - startedAt;
  };
  const changed = () => {
    timer ??= setTimeout(goLive, Math.max(debounceMs, lastTookMs * restShare));
  };

  const watch = (settings: DiscoverySource, { file, environment }: ConfigSnapshot): Watcher => {
    const { name, lookup, timeoutMs, maxEndpoints } = settings;
    const variable = environmentOf({ environment }, env);
    const read = (path: string) => (readText ? readText(path, file) : Promise.reject(new Error('Files are not read here.')));
    return new Watcher({
      settings,
      clock,
      random,
      log,
      onChange: changed,
      onFailure: () => onFailure(name),
      open: async () => {
        const opened = await openTransport(lookup, transport, read, variable);
        const context: SourceContext = {
          transport: opened.transport,
          clock,
          random,
          timeoutMs,
          maxEndpoints,
          maxBytes: maxBytesFor(maxEndpoints),
        };
        return { source: createSource(lookup, context, { variable, readText: read }), close: () => opened.close() };
      },
    });
  };

  const merged = (snapshot = base): ConfigSnapshot => {
    if (!snapshot) throw new Error('There is no configuration yet.');
    return merge(
      snapshot,
      snapshot.discovery.map((source) => ({ source, endpoints: watchers.get(keyOf(source))?.endpoints ?? [] })),
    );
  };

  return {
    configure(snapshot) {
      base = snapshot;
      const next = new Map<string, Watcher>();
      for (const source of snapshot.discovery) {
        const key = keyOf(source);
        next.set(key, next.get(key) ?? watchers.get(key) ?? watch(source, snapshot));
      }
      for (const [key, watcher] of watchers) if (!next.has(key)) watcher.stop();
      watchers = next;
    },
    merged,
    async ready(limitMs) {
      const limit = Promise.withResolvers<void>();
      const late = setTimeout(limit.resolve, limitMs);
      await Promise.race([Promise.all(Array.from(watchers.values(), ({ first }) => first)), limit.promise]);
      clearTimeout(late);
      if (timer !== undefined) goLive();
    },
    states: () => Array.from(watchers.values(), ({ state }) => state),
    stop() {
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.stop();
    },
  };
};

/** What a watch depends on: not what is made of its endpoints, so that another template begins with what is known. */
const keyOf = ({ name, lookup, timeoutMs, graceMs, maxEndpoints }: DiscoverySource): string =>
  shortHash([name, reveal(lookup), timeoutMs, graceMs, maxEndpoints], 32);
