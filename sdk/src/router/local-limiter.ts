import { systemClock, type Clock } from '../lib/clock.ts';
import type { DeploymentLimits, Full, Grant, Limiter } from './limiter.ts';
import { UsageWindow } from './usage-window.ts';

/** What one deployment has taken. */
class Usage {
  parallel = 0;
  readonly window = new UsageWindow();
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
    const { parallel, window } = usage;
    if (maxParallelRequests !== undefined && parallel >= maxParallelRequests) return { why: 'max_parallel_requests' };
    const second = secondOf(now);
    const over = (what: 'requests' | 'tokens', more: number, limit: number): number => window[what](second) + more - limit;
    const waitMs = (what: 'requests' | 'tokens', need: number) => Math.max(1, window.freedAt(what, need, second) * 1000 - now);
    const requests = rpm === undefined ? 0 : over('requests', 1, rpm);
    if (requests > 0) return { why: 'rpm', retryAfterMs: waitMs('requests', requests) };
    // A call that is larger than the whole limit may have all of it, since it could never go anywhere else.
    const wanted = tpm === undefined ? 0 : over('tokens', Math.min(tokens, tpm), tpm);
    return wanted > 0 ? { why: 'tpm', retryAfterMs: waitMs('tokens', wanted) } : undefined;
  };

  return {
    take(id, limits, tokens) {
      const now = clock.now();
      const usage = usageOf(id);
      const refusal = full(usage, limits, tokens, now);
      if (refusal) return refusal;
      usage.parallel++;
      const second = secondOf(now);
      usage.window.add(second, 1, tokens);
      let settled = false;
      const grant: Grant = {
        settle(real) {
          if (settled) return;
          settled = true;
          usage.parallel--;
          // Where it was taken, and so it is forgotten together with that.
          if (real !== undefined) usage.window.add(second, 0, real - tokens);
          for (const tell of listeners) tell(id);
        },
      };
      return grant;
    },
    hasRoom: (id, limits, tokens) => full(usageOf(id), limits, tokens, clock.now()) === undefined,
    onRoom(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};

const secondOf = (now: number): number => Math.floor(now / 1000);
