import { splitsTokens, type DeploymentLimits, type Full, type Grant, type Limiter, type UsedTokens } from 'sluice/kit';
import { type Redis, RedisFailure } from '../../storage/redis/index.ts';
import type { Instances } from './instances.ts';
import { keepScript, limitKeys, roomChannel, settleScript, takeScript } from './limit-scripts.ts';
import { Limited, type OpenCall } from './limited.ts';
import type { StoreClock } from './store-clock.ts';

export interface RedisLimiterOptions {
  readonly redis: Redis;
  readonly instances: Instances;
  readonly clock: StoreClock;
  /** This instance's name; leases begin with it. */
  readonly instance: string;
  /** This machine's Unix milliseconds. */
  readonly now: () => number;
  /** The store could not be asked for a call, which was decided by what is known here. */
  readonly onLocal?: () => void;
}

/** A lease of a place. Longer than an outage that a call may well survive, short enough for an instance that died. */
const leaseMs = 30_000;
const keepLeasesEveryMs = 5000;
const tickMs = 1000;
/** Leases that could not be given back end by themselves; more than this are left to do so. */
const maxUnreleased = 10_000;

/** As the script numbers them, from 1. */
const reasons = ['rpm', 'tpm', 'max_parallel_requests', 'itpm', 'otpm'] as const;

type TakeReply = readonly [
  taken: number,
  now: number,
  born: string,
  requests: number,
  tokens: number,
  why: number,
  waitMs: number,
  outputTokens: number,
];

/**
 * Limits of deployments that many instances share by Redis: requests and tokens in sixty sliding seconds, and calls at
 * the same time, taken together in one script or not at all. Where the store is slow or gone each instance keeps to its
 * share, and what it took meanwhile is told afterwards. See docs/routing/many-instances.md for what is promised.
 */
export class RedisLimiter implements Limiter {
  readonly #options: RedisLimiterOptions;
  readonly #known = new Map<string, Limited>();
  readonly #listeners = new Set<(deploymentId: string) => void>();
  readonly #stops: (() => void)[];
  #leases = 0;

  constructor(options: RedisLimiterOptions) {
    this.#options = options;
    const { redis } = options;
    redis.subscribe(roomChannel, (id) => this.#roomAt(id));
    const timer = setInterval(() => this.#tick(), tickMs);
    timer.unref();
    this.#stops = [() => clearInterval(timer), redis.onUp((what) => this.#returned(what))];
  }

  take(id: string, limits: DeploymentLimits, inputTokens: number): Grant | Full | Promise<Grant | Full> {
    const { redis, instances, now } = this.#options;
    const wanted = Math.max(0, Math.round(inputTokens));
    const known = this.#of(id);
    known.hasPlaces = limits.maxParallelRequests !== undefined;
    const asked = redis.reaches(known.keys[0]);
    if (!asked) instances.lost();
    else if (known.fullUntil > now()) {
      return known.full(now());
    }
    const lease = `${this.#options.instance}:${++this.#leases}`;
    if (!asked) return this.#takeAlone(known, limits, wanted, lease);
    if (!instances.doubtful) return this.#takeShared(known, limits, wanted, lease);
    // Not all are back from an outage: what the store counts may lack what they have taken. Both must agree.
    return known.refusal(limits, wanted, instances.count, this.#options.clock.now()) ?? this.#takeShared(known, limits, wanted, lease);
  }

  hasRoom(id: string, limits: DeploymentLimits, inputTokens: number): boolean {
    const { redis, instances, clock, now } = this.#options;
    const known = this.#known.get(id);
    if (!known) return true;
    if (redis.reaches(known.keys[0]) && !instances.doubtful) return known.fullUntil <= now();
    return known.refusal(limits, inputTokens, instances.count, clock.now()) === undefined;
  }

  onRoom(listener: (deploymentId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#listeners.clear();
  }

  async #takeShared(known: Limited, limits: DeploymentLimits, tokens: number, lease: string): Promise<Grant | Full> {
    const { redis, now } = this.#options;
    const { rpm = -1, tpm = -1, itpm = -1, otpm = -1, maxParallelRequests = -1 } = limits;
    known.asking++;
    try {
      const args = [rpm, tpm, maxParallelRequests, tokens, lease, leaseMs, ...(splitsTokens(limits) ? [itpm, otpm] : [])].map(String);
      const reply = (await redis.run(takeScript, known.keys, args, (late) =>
        this.#late(known, late as TakeReply, lease, tokens),
      )) as TakeReply;
      const [taken, at, , , , why, waitMs] = reply;
      this.#heard(known, reply);
      if (taken === 1) return this.#grant(known, limits, { lease, second: Math.floor(at / 1000), tokens }, true);
      known.refused(reasons[why - 1]!, waitMs, now());
      return known.full(now());
    } catch (cause) {
      if (!(cause instanceof RedisFailure)) throw cause;
      const decided = this.#takeAlone(known, limits, tokens, lease);
      // It may have been slow this once: the sooner it knows, the less the others take too much.
      if (known.untold) void this.#keep(known);
      return decided;
    } finally {
      known.asking--;
    }
  }

  #takeAlone(known: Limited, limits: DeploymentLimits, tokens: number, lease: string): Grant | Full {
    const { instances, clock, onLocal } = this.#options;
    onLocal?.();
    const storeMs = clock.now();
    const refusal = known.refusal(limits, tokens, instances.count, storeMs);
    if (refusal) {
      known.awaited ||= refusal.why === 'max_parallel_requests';
      return refusal;
    }
    known.untold = true;
    return this.#grant(known, limits, { lease, second: Math.floor(storeMs / 1000), tokens }, false);
  }

  #grant(known: Limited, limits: DeploymentLimits, call: OpenCall, told: boolean): Grant {
    known.open.set(call.lease, call);
    known.window.add(call.second, 1, call.tokens, told);
    return {
      settle: (used) => {
        if (!known.open.delete(call.lease)) return;
        void this.#settle(known, call, used ? correctionOf(limits, used, call.tokens) : noCorrection);
      },
    };
  }

  /** The place is given back here at once, and in the store as soon as it can be told. */
  async #settle(known: Limited, { lease, second }: OpenCall, { more, output }: Correction): Promise<void> {
    const { redis, clock } = this.#options;
    const at = more > 0 ? clock.second() : second;
    const correct = (told: boolean): void => {
      known.window.add(at, 0, more, told);
      if (output > 0) known.window.add(clock.second(), 0, output, told, output);
    };
    if (!known.hasPlaces && more === 0 && output === 0) return this.#roomAt(known.id);
    if (!redis.reaches(known.keys[0]) || known.untold) {
      // Not told what the call took, the store need not be told what it did not take. It is asked again by the tick.
      correct(false);
      known.untold ||= more !== 0 || output !== 0;
      if (known.hasPlaces && known.unreleased.size < maxUnreleased) known.unreleased.add(lease);
      return this.#roomAt(known.id);
    }
    correct(true);
    try {
      const args = [lease, '0', String(more), String(second), roomChannel, known.id];
      await redis.run(settleScript, known.keys, output > 0 ? [...args, String(output)] : args);
    } catch {
      if (known.hasPlaces && known.unreleased.size < maxUnreleased) known.unreleased.add(lease);
    }
    this.#roomAt(known.id);
  }

  /**
   * The store has taken a place for a call that was not waited for any more: one that was refused here, or that goes on
   * by this instance's own count. Either way that is one too many, to be taken off when the store can be told.
   */
  #late(known: Limited, reply: TakeReply, lease: string, tokens: number): void {
    if (reply[0] !== 1) return;
    const second = Math.floor(reply[1] / 1000);
    known.window.add(second, 1, tokens, true);
    known.window.add(second, -1, -tokens, false);
    known.untold = true;
    if (!known.open.has(lease) && known.unreleased.size < maxUnreleased) known.unreleased.add(lease);
    if (!this.#options.redis.reaches(known.keys[0])) return;
    void this.#keep(known);
    this.#release(known);
  }

  #heard(known: Limited, [, now, born, requests, tokens, , , outputTokens]: TakeReply): void {
    const { clock } = this.#options;
    clock.heard(now);
    const second = Math.floor(now / 1000);
    const lost = known.born !== '' && known.born !== born && known.window.requests(second) > 0;
    // Told by the name that it had: so the script sees what is lost.
    if (lost) void this.#keep(known);
    known.heard({ born, requests, tokens, outputTokens }, second);
  }

  /** The store hears what this instance has of a deployment. What it hears twice counts once. */
  async #keep(known: Limited): Promise<void> {
    const { redis, clock, now } = this.#options;
    if (!redis.reaches(known.keys[0])) return;
    known.keptAt = now();
    const untold = known.untold;
    known.untold = false;
    const buckets = known.window.buckets(clock.second());
    const leases = known.hasPlaces ? [...known.open.keys()] : [];
    const args = [known.born, String(leaseMs), String(leases.length), ...leases];
    for (const { second, requests, tokens, outputTokens, untoldRequests, untoldTokens, untoldOutputTokens } of buckets) {
      const told = [requests - untoldRequests, tokens - untoldTokens, outputTokens - untoldOutputTokens];
      args.push(...[second, ...told, untoldRequests, untoldTokens, untoldOutputTokens].map(String));
    }
    known.window.told(buckets);
    try {
      const reply = await redis.run(keepScript, known.keys, args, () => {
        // It was heard after all. Said again meanwhile, that is taken off the next time.
        known.window.told(buckets);
        known.untold = true;
      });
      const [at, born, requests, tokens, outputTokens] = reply as readonly [number, string, number, number, number];
      clock.heard(at);
      known.heard({ born, requests, tokens, outputTokens }, Math.floor(at / 1000));
    } catch {
      // It may be heard yet, or may have been; to say it again is too strict at most.
      known.window.told(buckets, -1);
      known.untold ||= untold;
    }
  }

  /** A server can be asked again: before anything is taken there, it hears what was taken without it. */
  #returned(what: 'server' | 'channels'): void {
    const { instances, redis } = this.#options;
    if (what === 'server') instances.lost();
    for (const known of this.#known.values()) {
      if (what === 'server' && redis.reaches(known.keys[0])) {
        void this.#keep(known);
        this.#release(known);
        known.fullUntil = 0;
      }
      // It may have been told while nobody listened.
      if (known.awaited) this.#roomAt(known.id);
    }
  }

  #tick(): void {
    const { redis, clock, now } = this.#options;
    const second = clock.second();
    for (const [id, known] of this.#known) {
      // What is told of room may be missed: a look now and then makes up for it.
      if (known.awaited) this.#roomAt(id);
      if (known.isIdle(second) && !known.awaited) {
        this.#known.delete(id);
        continue;
      }
      if (!redis.reaches(known.keys[0])) continue;
      if (known.untold || (known.hasPlaces && known.open.size > 0 && now() - known.keptAt >= keepLeasesEveryMs)) void this.#keep(known);
      this.#release(known);
    }
  }

  #release(known: Limited): void {
    for (const lease of known.unreleased) {
      known.unreleased.delete(lease);
      this.#options.redis
        .run(settleScript, known.keys, [lease, '0', '0', '0', roomChannel, known.id])
        .catch(() => void known.unreleased.add(lease));
    }
  }

  #roomAt(id: string): void {
    const known = this.#known.get(id);
    if (known) {
      known.fullUntil = 0;
      known.awaited = false;
    }
    for (const tell of this.#listeners) tell(id);
  }

  /** One a deployment that has limits and is called; idle ones are forgotten by the tick. */
  #of(id: string): Limited {
    let known = this.#known.get(id);
    if (!known) this.#known.set(id, (known = new Limited(id, limitKeys(id))));
    return known;
  }
}

/** What a call used otherwise than was taken for it. */
interface Correction {
  /** Of what was taken; below 0: less. */
  readonly more: number;
  /** Told apart from it; none was taken. */
  readonly output: number;
}

const noCorrection: Correction = { more: 0, output: 0 };

const correctionOf = (limits: DeploymentLimits, { input, output }: UsedTokens, taken: number): Correction =>
  splitsTokens(limits)
    ? { more: Math.round(input) - taken, output: Math.round(output) }
    : { more: Math.round(input + output) - taken, output: 0 };
