import { systemClock, type Clock } from '../lib/clock.ts';
import type { DeploymentLimits, Full, Grant, Limiter } from './limiter.ts';

/** Requests and tokens are counted over this, sliding. */
const windowMs = 60_000;

/**
 * What one deployment has taken: a sliding window of two halves of a clock. The last minute counts by the share of it
 * that still lies within sixty seconds, so that the edge of a minute cannot be used twice.
 */
class Usage {
  parallel = 0;
  #minute = 0;
  readonly #now = { requests: 0, tokens: 0 };
  readonly #before = { requests: 0, tokens: 0 };

  roll(now: number): void {
    const minute = Math.floor(now / windowMs);
    if (minute === this.#minute) return;
    const [from, to] = [this.#now, this.#before];
    const follows = minute === this.#minute + 1;
    to.requests = follows ? from.requests : 0;
    to.tokens = follows ? from.tokens : 0;
    from.requests = from.tokens = 0;
    this.#minute = minute;
  }

  used(what: 'requests' | 'tokens', now: number): number {
    const left = 1 - (now % windowMs) / windowMs;
    return this.#now[what] + this.#before[what] * left;
  }

  /** When the window has slid far enough for so much more, in milliseconds. */
  waitMs(what: 'requests' | 'tokens', more: number, limit: number, now: number): number {
    const intoMinute = now % windowMs;
    const room = limit - more - this.#now[what];
    const before = this.#before[what];
    // Of the last minute only a share may count: it has to slide until that is small enough.
    if (room >= 0 && before > 0) return Math.max(1, Math.ceil(windowMs * (1 - room / before) - intoMinute));
    const own = this.#now[what];
    const over = own > 0 ? Math.max(0, Math.min(1, 1 - (limit - more) / own)) : 0;
    return Math.max(1, Math.ceil(windowMs - intoMinute + windowMs * over));
  }

  add(what: 'requests' | 'tokens', count: number): void {
    this.#now[what] = Math.max(0, this.#now[what] + count);
  }
}

/** Limits of deployments, counted in this process. One entry a deployment that has limits, so it is as bounded as these are. */
export const createLocalLimiter = (clock: Pick<Clock, 'now'> = systemClock): Limiter => {
  const usages = new Map<string, Usage>();
  const listeners = new Set<(deploymentId: string) => void>();
  const usageOf = (id: string): Usage => {
    let usage = usages.get(id);
    if (!usage) usages.set(id, (usage = new Usage()));
    return usage;
  };

  const full = (usage: Usage, { rpm, tpm, maxParallelRequests }: DeploymentLimits, tokens: number, now: number): Full | undefined => {
    if (maxParallelRequests !== undefined && usage.parallel >= maxParallelRequests) return { why: 'max_parallel_requests' };
    if (rpm !== undefined && usage.used('requests', now) + 1 > rpm)
      return { why: 'rpm', retryAfterMs: usage.waitMs('requests', 1, rpm, now) };
    // A call that is larger than the whole limit may have all of it, since it could never go anywhere else.
    const wanted = tpm === undefined ? 0 : Math.min(tokens, tpm);
    if (tpm !== undefined && usage.used('tokens', now) + wanted > tpm)
      return { why: 'tpm', retryAfterMs: usage.waitMs('tokens', wanted, tpm, now) };
    return undefined;
  };

  return {
    take(id, limits, tokens) {
      const now = clock.now();
      const usage = usageOf(id);
      usage.roll(now);
      const refusal = full(usage, limits, tokens, now);
      if (refusal) return refusal;
      usage.parallel++;
      usage.add('requests', 1);
      usage.add('tokens', tokens);
      let settled = false;
      const grant: Grant = {
        settle(real) {
          if (settled) return;
          settled = true;
          usage.parallel--;
          usage.roll(clock.now());
          if (real !== undefined) usage.add('tokens', real - tokens);
          for (const tell of listeners) tell(id);
        },
      };
      return grant;
    },
    hasRoom(id, limits, tokens) {
      const now = clock.now();
      const usage = usageOf(id);
      usage.roll(now);
      return full(usage, limits, tokens, now) === undefined;
    },
    onRoom(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};
