import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { periodOf } from './reset.ts';
import { bench, budget, limit, minute, rpm, tpm } from './testing.ts';
import type { Limit, Reservation } from './types.ts';

const amount = fc.integer({ min: 0, max: 40 });
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constant('ask' as const),
      input: amount,
      output: amount,
      cost: amount,
      mask: fc.integer({ min: 1, max: 127 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('settle' as const), at: fc.nat(), share: fc.integer({ min: 0, max: 100 }) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('release' as const), at: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 30_000 }) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('wait' as const), ms: fc.integer({ min: 60_000, max: 7_200_000 }) }) },
);

const limits: readonly Limit[] = [
  rpm(5),
  tpm(150),
  limit('input_tokens', 300, { windowMs: 10 * minute, subject: 'team:t' }),
  limit('parallel', 3),
  budget(200, { subject: 'user:u' }),
  budget(90, { period: periodOf('1h') }),
  budget(150, { period: periodOf('1d') }),
];

interface Admitted {
  readonly at: number;
  readonly mask: number;
  readonly reservation: Reservation;
  /** What it counts as: the worst case until it is settled. */
  counts: { requests: number; tokens: number; input: number; cost: number };
  running: boolean;
}

/** Expiries are tested apart: here no call runs so long. */
const neverMs = 1_000_000_000;

const play = (
  steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[],
  check: (calls: readonly Admitted[], b: ReturnType<typeof bench>) => void,
) => {
  const b = bench();
  const calls: Admitted[] = [];
  for (const each of steps) {
    const running = calls.filter((call) => call.running);
    if (each.does === 'wait') b.now += each.ms;
    else if (each.does === 'ask') {
      const asked = limits.filter((_, at) => (each.mask & (1 << at)) !== 0);
      const verdict = b.ask(asked, { inputTokens: each.input, outputTokens: each.output, costNanodollars: each.cost }, neverMs);
      if (verdict.ok) {
        const counts = { requests: 1, tokens: each.input + each.output, input: each.input, cost: each.cost };
        calls.push({ at: b.now, mask: each.mask, reservation: verdict.reservation, counts, running: true });
      }
    } else if (running.length > 0) {
      const call = running[each.at % running.length]!;
      call.running = false;
      if (each.does === 'release') {
        call.counts = { requests: 0, tokens: 0, input: 0, cost: 0 };
        call.reservation.release();
      } else {
        const part = (of: number) => Math.floor((of * each.share) / 100);
        const input = part(call.counts.input);
        const output = part(call.counts.tokens - call.counts.input);
        call.counts = { requests: 1, tokens: input + output, input, cost: part(call.counts.cost) };
        call.reservation.settle({ inputTokens: input, outputTokens: output, costNanodollars: call.counts.cost });
      }
    }
    check(calls, b);
  }
  return { b, calls };
};

/** What a model that remembers every call says is used of a limit, in the last `windowMs` or its period. */
const modelOf = (at: number, calls: readonly Admitted[], now: number): number => {
  const { metric, windowMs, period } = limits[at]!;
  let sum = 0;
  for (const call of calls) {
    if ((call.mask & (1 << at)) === 0) continue;
    if (windowMs !== undefined && call.at <= now - windowMs) continue;
    if (period && call.at < period(now).start) continue;
    if (metric === 'parallel') sum += call.running ? 1 : 0;
    else
      sum +=
        metric === 'requests'
          ? call.counts.requests
          : metric === 'tokens'
            ? call.counts.tokens
            : metric === 'cost'
              ? call.counts.cost
              : call.counts.input;
  }
  return sum;
};

test('FP-5, FP-6: no interleaving of calls, ends and waits passes a limit, in any window or period', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
      play(steps, (calls, b) => {
        limits.forEach((each, at) => {
          const real = modelOf(at, calls, b.now);
          expect(real).toBeLessThanOrEqual(each.max);
        });
      });
    }),
    { numRuns: 300, seed: 5 },
  );
});

test('what is held is what a model says: exact for budgets, never less for windows, and no more than one bucket late', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
      play(steps, (calls, b) => {
        limits.forEach((each, at) => {
          // Two limits of one money count together what either was asked for.
          if (at >= 5) return;
          const held = b.used(each);
          if (each.windowMs === undefined) expect(held).toBe(modelOf(at, calls, b.now));
          else {
            expect(held).toBeGreaterThanOrEqual(modelOf(at, calls, b.now));
            expect(held).toBeLessThanOrEqual(modelOf(at, calls, b.now - each.windowMs / 60));
          }
        });
      });
    }),
    { numRuns: 300, seed: 7 },
  );
});

test('when all have ended nothing is reserved, and the charges are the sum of what was used', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
      const { b, calls } = play(steps, () => undefined);
      for (const call of calls) {
        if (!call.running) continue;
        call.running = false;
        call.reservation.settle({ inputTokens: call.counts.input, costNanodollars: call.counts.cost });
      }
      expect(b.limiter.figures()).toMatchObject({ reservations: 0, admitted: calls.length });
      expect(b.used(limits[3]!)).toBe(0);
      const spent = calls.filter(({ mask }) => (mask & 16) !== 0).reduce((sum, { counts }) => sum + counts.cost, 0);
      expect(b.limiter.spendOf('user:u', undefined) ?? 0).toBe(spent);
    }),
    { numRuns: 200, seed: 9 },
  );
});
