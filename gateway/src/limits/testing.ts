import { createLimiter, type LimiterOptions } from './limiter.ts';
import type { Limit, Limiter, Reservation, Verdict, WorstCase } from './types.ts';

export const minute = 60_000;
export const day = 86_400_000;
/** 2026-11-22, a Sunday, at noon in UTC. */
export const noon = Date.UTC(2026, 10, 22, 12);

export const limit = (metric: Limit['metric'], max: number, more: Partial<Limit> = {}): Limit => ({
  subject: 'key:k',
  metric,
  max,
  label: 'key "ci"',
  ...more,
});
export const rpm = (max: number, more: Partial<Limit> = {}): Limit => limit('requests', max, { windowMs: minute, ...more });
export const tpm = (max: number, more: Partial<Limit> = {}): Limit => limit('tokens', max, { windowMs: minute, ...more });
export const budget = (max: number, more: Partial<Limit> = {}): Limit => limit('cost', max, more);

export const costs = (costNanodollars: number): WorstCase => ({ inputTokens: 0, outputTokens: 0, costNanodollars });
export const tokens = (inputTokens: number, outputTokens = 0): WorstCase => ({ inputTokens, outputTokens, costNanodollars: 0 });

interface Bench {
  readonly limiter: Limiter;
  now: number;
  /** A call that may last ten minutes. */
  ask(limits: readonly Limit[], worst?: Partial<WorstCase>, expiresAfterMs?: number): Verdict;
  /** @throws where it is refused */
  admit(limits: readonly Limit[], worst?: Partial<WorstCase>, expiresAfterMs?: number): Reservation;
  used(limit: Limit): number;
}

/** A limiter with a clock that is moved by hand. */
export const bench = (options: Omit<LimiterOptions, 'clock'> = {}): Bench => {
  const self: Bench = {
    now: noon,
    limiter: createLimiter({ ...options, clock: () => self.now }),
    ask: (limits, worst = {}, expiresAfterMs = 10 * minute) =>
      self.limiter.reserve(limits, { ...costs(0), ...worst }, { now: self.now, expiresAfterMs }),
    admit(limits, worst, expiresAfterMs) {
      const verdict = self.ask(limits, worst, expiresAfterMs);
      if (!verdict.ok) throw new Error(`refused by ${verdict.refusal.limit.metric} of ${verdict.refusal.limit.subject}`);
      return verdict.reservation;
    },
    used: (asked) => self.limiter.usedOf(asked, self.now),
  };
  return self;
};
