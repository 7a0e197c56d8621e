import { systemClock, type Clock } from '../lib/clock.ts';
import { splitsTokens, type DeploymentLimits, type Full, type Grant, type Limiter, type UsedTokens } from './limiter.ts';
import { UsageWindow, type UsageMetric } from './usage-window.ts';

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

  const full = (usage: Usage, limits: DeploymentLimits, inputTokens: number, now: number): Full | undefined => {
    const { parallel, window } = usage;
    const { rpm, tpm, itpm, otpm, maxParallelRequests } = limits;
    if (maxParallelRequests !== undefined && parallel >= maxParallelRequests) return { why: 'max_parallel_requests' };
    const second = secondOf(now);
    const over = (why: Full['why'], what: UsageMetric, more: number, limit: number): Full | undefined => {
      const need = window[what](second) + more - limit;
      return need > 0 ? { why, retryAfterMs: Math.max(1, window.freedAt(what, need, second) * 1000 - now) } : undefined;
    };
    // A call that is larger than the whole limit may have all of it, since it could never go anywhere else.
    return (
      (rpm === undefined ? undefined : over('rpm', 'requests', 1, rpm)) ??
      (tpm === undefined ? undefined : over('tpm', 'tokens', Math.min(inputTokens, tpm), tpm)) ??
      (itpm === undefined ? undefined : over('itpm', 'inputTokens', Math.min(inputTokens, itpm), itpm)) ??
      (otpm === undefined ? undefined : over('otpm', 'outputTokens', 1, otpm))
    );
  };

  /** What was taken for a call is corrected where it was taken, and so it is forgotten together with that. */
  const correct = (window: UsageWindow, limits: DeploymentLimits, { input, output }: UsedTokens, taken: number, second: number): void => {
    if (!splitsTokens(limits)) return window.add(second, 0, input + output - taken);
    window.add(second, 0, input - taken);
    // Nothing was taken for it: it counts from now on, or that of a call longer than a minute would never count.
    window.add(secondOf(clock.now()), 0, output, true, output);
  };

  return {
    take(id, limits, inputTokens) {
      const now = clock.now();
      const usage = usageOf(id);
      const refusal = full(usage, limits, inputTokens, now);
      if (refusal) return refusal;
      usage.parallel++;
      const second = secondOf(now);
      usage.window.add(second, 1, inputTokens);
      let settled = false;
      const grant: Grant = {
        settle(used) {
          if (settled) return;
          settled = true;
          usage.parallel--;
          if (used) correct(usage.window, limits, used, inputTokens, second);
          for (const tell of listeners) tell(id);
        },
      };
      return grant;
    },
    hasRoom: (id, limits, inputTokens) => full(usageOf(id), limits, inputTokens, clock.now()) === undefined,
    onRoom(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};

const secondOf = (now: number): number => Math.floor(now / 1000);
