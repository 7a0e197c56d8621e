import { hostAndPort, type RedisAddress } from './address.ts';
import { RedisFailure } from './failure.ts';
import { RedisNode, type Late, type NodeOptions } from './node.ts';
import type { RedisObserver } from './observer.ts';
import type { Script } from './script.ts';
import { redirectOf, slotOf, slotRangesOf } from './slots.ts';
import { createSubscriber } from './subscriber.ts';

export interface RedisOptions {
  readonly address: RedisAddress;
  /** For one command with all its redirects, in milliseconds. Default 100. */
  readonly commandTimeoutMs?: number;
  /** Default 1000. */
  readonly connectTimeoutMs?: number;
  /** The longest wait between two probes of a server that fails, in milliseconds. Default 30,000. */
  readonly maxProbeMs?: number;
  /** Beyond what `rediss://` alone means: an authority of one's own, a client's certificate. */
  readonly tls?: Bun.TLSOptions;
  readonly scripts?: readonly Script[];
  readonly random?: () => number;
  readonly observer?: RedisObserver;
}

/**
 * A shared store that may be slow or gone. No command waits longer than its limit, and none waits at all while the store
 * is known to be down: who asks has another way. A cluster is recognised by its redirects and followed. Valkey is the same.
 */
export interface Redis {
  /** Whether every server that is known can be asked. For metrics; a command asks `reaches`. */
  readonly up: boolean;
  /** False: a command for this key would fail at once. */
  reaches(key: string): boolean;
  /** Servers whose breaker is open. */
  readonly openBreakers: number;
  /** @param key says where, in a cluster. @throws RedisFailure */
  send(key: string, command: string, args: string[]): Promise<unknown>;
  /**
   * @param keys at least one, all with the same hash tag
   * @param late gets a reply that comes after the call was given up: the script has run all the same
   * @throws RedisFailure
   */
  run(script: Script, keys: readonly string[], args: readonly string[], late?: Late): Promise<unknown>;
  /** One listener a channel. What is published while there is no connection is missed. */
  subscribe(channel: string, listener: (message: string) => void): void;
  /** Called when a server can be asked (again), and when channels are listened to (again). Returns how to stop being told. */
  onUp(listener: (what: 'server' | 'channels') => void): () => void;
  close(): void;
}

const maxRedirects = 4;
const maxNodes = 200;
/** Between two looks at a cluster's map. */
const mapMs = 1000;
const silent: RedisObserver = { command: () => {}, up: () => {}, down: () => {} };

/** Connects in the background: it never waits for the server, and never fails. */
export const createRedis = (options: RedisOptions): Redis => {
  const { address, commandTimeoutMs = 100, connectTimeoutMs = 1000, random = Math.random } = options;
  const listeners = new Set<(what: 'server' | 'channels') => void>();
  const tell = (what: 'server' | 'channels'): void => {
    for (const listener of listeners) listener(what);
  };
  const nodeOptions: NodeOptions = {
    commandTimeoutMs,
    connectTimeoutMs,
    maxProbeMs: options.maxProbeMs ?? 30_000,
    scripts: options.scripts ?? [],
    ...(options.tls && { tls: options.tls }),
    random,
    observer: options.observer ?? silent,
    onUp() {
      // The one that listens is on its way back by itself, unless it does not know yet that its server was gone.
      if (subscribed) subscriber.renew();
      tell('server');
    },
  };
  const nodes = new Map<string, RedisNode>();
  const nodeAt = (host: string, port: number): RedisNode => {
    const name = hostAndPort(host, port);
    let node = nodes.get(name);
    if (!node) {
      if (nodes.size >= maxNodes) return seed;
      nodes.set(name, (node = new RedisNode({ ...address, host, port }, nodeOptions)));
    }
    return node;
  };
  const seed = new RedisNode(address, nodeOptions);
  nodes.set(seed.name, seed);

  /** Slot -> server; undefined as long as nothing says that this is a cluster. */
  let slots: (RedisNode | undefined)[] | undefined;
  let mapTimer: ReturnType<typeof setInterval> | undefined;
  let mapping = false;
  let stale = false;

  const readMap = async (): Promise<void> => {
    const known = [...nodes.values()];
    const asked = known.find(({ up }) => up);
    if (!asked || mapping || (!stale && known.every(({ up }) => up))) return;
    mapping = true;
    try {
      const ranges = slotRangesOf(await asked.send('CLUSTER', ['SLOTS'], performance.now() + connectTimeoutMs));
      if (ranges.length === 0) return;
      const next: (RedisNode | undefined)[] = [];
      for (const { from, to, host, port } of ranges) {
        const node = nodeAt(host || asked.address.host, port);
        for (let slot = from; slot <= to; slot++) next[slot] = node;
      }
      const used = new Set(next);
      // Before they are asked for anything: a command does not wait for a connection.
      await Promise.all([...used].map((node) => node?.ready(performance.now() + connectTimeoutMs)));
      for (const [name, node] of nodes) {
        if (used.has(node) || node === seed) continue;
        nodes.delete(name);
        node.close();
      }
      slots = next;
      stale = false;
    } catch {
      // The next look will do.
    } finally {
      mapping = false;
    }
  };

  const learn = (slot: number, node: RedisNode): void => {
    slots ??= [];
    slots[slot] = node;
    stale = true;
    if (mapTimer !== undefined) return;
    mapTimer = setInterval(() => void readMap(), mapMs);
    void readMap();
  };

  const nodeOf = (key: string): RedisNode => (slots ? (slots[slotOf(key)] ?? seed) : seed);

  const follow = async (
    cause: unknown,
    from: RedisNode,
    command: string,
    args: string[],
    endsAt: number,
    late?: Late,
  ): Promise<unknown> => {
    let [node, failure] = [from, cause];
    for (let hop = 0; hop < maxRedirects; hop++) {
      const redirect = failure instanceof RedisFailure && failure.kind === 'refused' ? redirectOf(failure.message) : undefined;
      if (!redirect) break;
      node = nodeAt(redirect.host || node.address.host, redirect.port);
      if (!redirect.ask) learn(redirect.slot, node);
      await node.ready(endsAt);
      try {
        // Two commands of one turn go out one after the other: nothing comes between them.
        if (redirect.ask) node.send('ASKING', [], endsAt).catch(() => {});
        return await node.send(command, args, endsAt, late);
      } catch (next) {
        failure = next;
      }
    }
    throw failure;
  };

  const send = (key: string, command: string, args: string[], endsAt: number, late?: Late): Promise<unknown> => {
    const node = nodeOf(key);
    return node.send(command, args, endsAt, late).catch((cause: unknown) => follow(cause, node, command, args, endsAt, late));
  };

  let subscribed = false;
  const subscriber = createSubscriber({
    address: () => {
      const reachable = [...nodes.values()].filter(({ up }) => up);
      return reachable[Math.floor(random() * reachable.length)]?.address ?? address;
    },
    connectTimeoutMs,
    ...(options.tls && { tls: options.tls }),
    random,
    onListening: () => tell('channels'),
  });

  return {
    get up() {
      for (const node of nodes.values()) if (!node.up && (node !== seed || !slots)) return false;
      return true;
    },
    reaches: (key) => nodeOf(key).up,
    get openBreakers() {
      let open = 0;
      for (const node of nodes.values()) if (node.open) open++;
      return open;
    },
    send: (key, command, args) => send(key, command, args, performance.now() + commandTimeoutMs),
    run(script, keys, args, late) {
      const endsAt = performance.now() + commandTimeoutMs;
      const rest = [String(keys.length), ...keys, ...args];
      return send(keys[0]!, 'EVALSHA', [script.sha, ...rest], endsAt, late).catch((cause: unknown) => {
        if (!(cause instanceof RedisFailure) || cause.code !== 'NOSCRIPT') throw cause;
        return send(keys[0]!, 'EVAL', [script.lua, ...rest], endsAt, late);
      });
    },
    subscribe(channel, listener) {
      subscribed = true;
      subscriber.subscribe(channel, listener);
    },
    onUp(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      clearInterval(mapTimer);
      listeners.clear();
      subscriber.close();
      for (const node of nodes.values()) node.close();
    },
  };
};
