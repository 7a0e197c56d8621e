import { systemClock, type Clock, type Env, type Transport } from 'sluice/kit';
import type { DiscoverySource } from '../config/discovery-settings.ts';
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
  /**
   * There is a configuration. Sources that look for the same as before go on with what they know.
   * @returns the snapshot with what is known by now
   */
  configure(snapshot: ConfigSnapshot, env: Env): ConfigSnapshot;
  /** The configuration's snapshot with what is found by now. */
  merged(): ConfigSnapshot;
  /** Kept once every source has answered, or failed, for the first time. */
  first(): Promise<void>;
  states(): readonly SourceState[];
  stop(): void;
}

/** Changes within this time become live together. Milliseconds. */
const debounceMs = 200;
/** A configuration of many deployments takes its time to become live: no more than a part of all time goes into that. */
const restShare = 10;

export const createDiscovery = ({
  transport,
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
  let keys: readonly string[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastTookMs = 0;

  const changed = () => {
    timer ??= setTimeout(
      () => {
        timer = undefined;
        const startedAt = performance.now();
        onChange();
        lastTookMs = performance.now() - startedAt;
      },
      Math.max(debounceMs, lastTookMs * restShare),
    );
  };

  const watch = (settings: DiscoverySource, env: Env, file: string | undefined): Watcher => {
    const { name, lookup, timeoutMs, maxEndpoints } = settings;
    const read = (path: string) => (readText ? readText(path, file) : Promise.reject(new Error('Files are not read here.')));
    return new Watcher({
      settings,
      clock,
      random,
      log,
      onChange: changed,
      onFailure: () => onFailure(name),
      open: async () => {
        const opened = await openTransport(lookup, transport, read, env);
        const context: SourceContext = {
          transport: opened.transport,
          clock,
          random,
          timeoutMs,
          maxEndpoints,
          maxBytes: maxBytesFor(maxEndpoints),
        };
        return { source: createSource(lookup, context, { env, readText: read }), close: () => opened.close() };
      },
    });
  };

  const merged = (): ConfigSnapshot => {
    if (!base) throw new Error('There is no configuration yet.');
    return merge(
      base,
      base.discovery.map((source, at) => ({ source, endpoints: watchers.get(keys[at]!)?.endpoints ?? [] })),
    );
  };

  return {
    configure(snapshot, env) {
      base = snapshot;
      keys = snapshot.discovery.map(keyOf);
      const next = new Map<string, Watcher>();
      for (const [at, source] of snapshot.discovery.entries()) {
        const key = keys[at]!;
        next.set(key, next.get(key) ?? watchers.get(key) ?? watch(source, env, snapshot.file));
      }
      for (const [key, watcher] of watchers) if (!next.has(key)) watcher.stop();
      watchers = next;
      return merged();
    },
    merged,
    first: async () => {
      await Promise.all(Array.from(watchers.values(), ({ first }) => first));
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
