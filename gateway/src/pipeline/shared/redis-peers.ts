import { errorCodes, isObject, type ErrorCode, type Peers, type SharedRest } from 'sluice/kit';
import type { Redis } from '../../storage/redis/index.ts';
import type { Instances } from './instances.ts';
import { leaveScript, peerKeys, pushScript, restChannel, restScript, restsScript } from './peer-scripts.ts';
import type { StoreClock } from './store-clock.ts';

/** What this instance counts of one deployment. */
export interface OwnCounts {
  readonly deploymentId: string;
  /** Open calls. */
  readonly pending: number;
  /** In the running minute. */
  readonly requests: number;
  readonly tokens: number;
  /** Part of `tokens`. */
  readonly outputTokens: number;
}

export interface RedisPeersOptions {
  readonly redis: Redis;
  readonly instances: Instances;
  readonly clock: StoreClock;
  readonly instance: string;
  /** This machine's Unix milliseconds. */
  readonly now: () => number;
  /** Only those that have something to count. */
  readonly own: () => Iterable<OwnCounts>;
}

export interface RedisPeers extends Peers {
  /** What others have taken of it in the running minute. */
  usedElsewhere(deploymentId: string): { readonly requests: number; readonly tokens: number; readonly outputTokens: number };
  /** Says goodbye, so that the others need not find out. */
  close(): Promise<void>;
}

const pushEveryMs = 250;
/** After so long a silence an instance counts no more. */
const deadAfterMs = 3000;
/** The most deployments that are told of at once, and the most rests that are kept. */
const maxTold = 5000;
const maxRests = 1000;

/** More may follow, of instances of a later version: what is not known is passed over. */
type Numbers = readonly [pending: number, requests: number, tokens: number, outputTokens: number];
const nothing: Numbers = [0, 0, 0, 0];

/**
 * What instances tell each other by Redis: what rests, at once; what is open and used, four times a second. None of it is
 * ever waited for, and while the store is away each goes by what it sees itself.
 */
export const createRedisPeers = ({ redis, instances, clock, instance, now, own }: RedisPeersOptions): RedisPeers => {
  const listeners = new Set<(rest: SharedRest) => void>();
  /** What this instance found out, to be told again to a store that has lost it. */
  const told = new Map<string, SharedRest>();
  /** What others have told: key -> the message, so that hearing it twice changes nothing. */
  const heard = new Map<string, string>();
  let elsewhere = new Map<string, Numbers>();
  let version = -1;
  let pushing = false;
  let closed = false;

  const hear = (message: string): void => {
    const space = message.indexOf(' ');
    const rest = readRest(message.slice(space + 1));
    const until = Number(message.slice(0, space));
    if (!rest || !Number.isFinite(until) || rest.from === instance || heard.get(rest.key) === message) return;
    if (heard.size >= maxRests) heard.clear();
    heard.set(rest.key, message);
    const { key, open, code, status } = rest;
    for (const listener of listeners) listener({ key, open, code, status, until: clock.toLocal(until) });
  };

  const loadRests = async (): Promise<void> => {
    const [at, changed, rests] = (await redis.run(restsScript, peerKeys, [])) as readonly [number, number, readonly string[]];
    clock.heard(at);
    version = changed;
    for (const message of rests) hear(message);
  };

  const push = async (): Promise<void> => {
    if (pushing || closed) return;
    pushing = true;
    try {
      const mine = new Map<string, Numbers>();
      for (const { deploymentId, pending, requests, tokens, outputTokens } of own()) {
        if (mine.size >= maxTold) break;
        mine.set(deploymentId, [pending, requests, Math.round(tokens), Math.round(outputTokens)]);
      }
      const reply = await redis.run(pushScript, peerKeys, [
        instance,
        String(deadAfterMs),
        JSON.stringify(Object.fromEntries(mine)),
        String(clock.known ? Math.round(clock.now()) : -1),
      ]);
      const [at, count, changed, sums] = reply as readonly [number, number, number, readonly string[]];
      clock.heard(at);
      instances.heard(count);
      elsewhere = othersOf(sums, mine);
      if (changed !== version) await loadRests();
    } catch {
      // What was known of others is no longer true of anything.
      if (!redis.reaches(peerKeys[0]!)) {
        instances.lost();
        elsewhere = new Map();
      }
    } finally {
      pushing = false;
    }
  };

  const tell = (rest: SharedRest): void => {
    const { key, until, open, code, status } = rest;
    const text = JSON.stringify({ key, open, code, status, from: instance });
    redis
      .run(restScript, peerKeys, [key, String(Math.max(1, Math.ceil(clock.until(until)))), text, restChannel, String(maxRests)])
      .catch(() => {
        // It rests here. Who finds out elsewhere is told when the store is back, if it still rests then.
      });
  };

  const stopUp = redis.onUp((what) => {
    for (const [key, rest] of what === 'server' ? told : []) {
      if (rest.until <= now()) told.delete(key);
      else tell(rest);
    }
    version = -1;
    void push();
  });
  redis.subscribe(restChannel, hear);
  const timer = setInterval(() => void push(), pushEveryMs);
  timer.unref();

  return {
    tellRest(rest) {
      told.delete(rest.key);
      if (told.size >= maxRests) told.delete(told.keys().next().value!);
      told.set(rest.key, rest);
      tell(rest);
    },
    onRest(listener) {
      listeners.add(listener);
      // One that comes later, by a reload, hears what is known as well.
      heard.clear();
      version = -1;
      return () => void listeners.delete(listener);
    },
    pendingElsewhere: (id) => (elsewhere.get(id) ?? nothing)[0],
    usedElsewhere(id) {
      const [, requests, tokens, outputTokens] = elsewhere.get(id) ?? nothing;
      return { requests, tokens, outputTokens };
    },
    async close() {
      closed = true;
      clearInterval(timer);
      stopUp();
      listeners.clear();
      await redis.run(leaveScript, peerKeys, [instance]).catch(() => {});
    },
  };
};

/** What is left of the sums without this instance's own. */
const othersOf = (sums: readonly string[], mine: ReadonlyMap<string, Numbers>): Map<string, Numbers> => {
  const all = new Map<string, [number, number, number, number]>();
  for (let at = 0; at < sums.length; at += 2) {
    const which = Number(sums[at]![0]) - 1;
    const id = sums[at]!.slice(1);
    let numbers = all.get(id);
    if (!numbers) all.set(id, (numbers = [0, 0, 0, 0]));
    // What is no number there must not become one that nothing compares with.
    const sum = Number(sums[at + 1]) || 0;
    if (which in numbers) numbers[which as 0 | 1 | 2 | 3] = Math.max(0, sum - (mine.get(id) ?? nothing)[which as 0 | 1 | 2 | 3]);
  }
  return all;
};

/** A deployment's id and a model's name. */
const maxKeyLength = 2048;

const readRest = (text: string): (Omit<SharedRest, 'until'> & { from: string }) | undefined => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const { key, open, code, status, from } = value;
  if (typeof key !== 'string' || key.length > maxKeyLength || typeof open !== 'boolean' || !isCode(code)) return undefined;
  // Clients may be answered with it.
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 400 || status > 599) return undefined;
  return { key, open, code, status, from: typeof from === 'string' ? from : '' };
};

/** An instance of a later version may know others. */
const isCode = (code: unknown): code is ErrorCode => typeof code === 'string' && Object.hasOwn(errorCodes, code);
