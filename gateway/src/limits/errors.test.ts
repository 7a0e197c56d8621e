import { describe, expect, test } from 'bun:test';
import { refusalError } from './errors.ts';
import { periodOf } from './reset.ts';
import { bench, budget, costs, limit, minute, rpm, tokens, tpm } from './testing.ts';
import type { Limit, WorstCase } from './types.ts';

const refused = (each: Limit, worst: WorstCase, before = worst, budgetExceededStatusCode?: number) => {
  const b = bench();
  if (b.ask([each], before).ok) b.now += 10_000;
  const verdict = b.ask([each], worst);
  if (verdict.ok) throw new Error('admitted');
  return refusalError(verdict.refusal, { now: b.now, ...(budgetExceededStatusCode !== undefined && { budgetExceededStatusCode }) });
};

describe('rates are 429', () => {
  test('which limit, its value, what is used, and when there is room', () =>
    expect(refused(rpm(1), costs(0))).toMatchObject({
      code: 'rate_limited',
      status: 429,
      retry: true,
      retryAfterMs: 51_000,
      message:
        'The limit of key "ci" is reached: 1 of 1 requests a minute are used or reserved, and this call may use 1. It has room again at 2026-11-22T12:01:01.000Z, in 51 s.',
    }));

  test('a batch says how much it is', () => {
    const batch = { ...tokens(9, 0), requests: 3 };
    const b = bench();
    const verdict = b.ask([rpm(2)], batch);
    if (verdict.ok) throw new Error('admitted');
    expect(refusalError(verdict.refusal, { now: b.now, batch })).toMatchObject({
      status: 429,
      retry: false,
      message:
        'The batch has 3 requests and about 9 input tokens. The batch may use 3 requests, more than the whole limit of key "ci", which is 2 requests a minute. Make smaller batches of it, or have the limit raised.',
    });
  });

  test('a limit of nothing', () =>
    expect(refused(limit('input_tokens', 0, { windowMs: 2 * minute }), tokens(1))).toMatchObject({
      status: 429,
      retry: false,
      retryAfterMs: undefined,
      message: 'The limit of key "ci" is 0 input tokens in 120 s: it lets nothing through. It never resets: have the limit raised.',
    }));

  test('a call that never fits is told so, and not told to come again', () =>
    expect(refused(tpm(10), tokens(8, 4), tokens(1))).toMatchObject({
      status: 429,
      retry: false,
      retryAfterMs: undefined,
      message: expect.stringMatching(
        /may use 12 tokens, more than the whole limit of key "ci", which is 10 tokens a minute\. Ask for less/,
      ),
    }));

  test('parallel calls: soon', () =>
    expect(refused(limit('parallel', 1), costs(0))).toMatchObject({
      status: 429,
      retry: true,
      retryAfterMs: 1000,
      message: expect.stringMatching(/1 of 1 parallel calls .* Try again when another call has ended\.$/),
    }));
});

describe('budgets', () => {
  const daily = budget(2_500_000_000, { period: periodOf('1d') });
  const expected = {
    code: 'budget_exceeded',
    name: 'BudgetExceededError',
    retry: false,
    retryAfterMs: 43_190_000,
    message:
      'The limit of key "ci" is reached: $2.00 of $2.50 of spend in this period are used or reserved, and this call may use $0.5000001. It has room again at 2026-11-23T00:00:00.000Z, in 43190 s. Something is left: a call with a lower `max_tokens` may fit.',
  };

  test('400 by default', () => expect(refused(daily, costs(500_000_100), costs(2e9))).toMatchObject({ ...expected, status: 400 }));
  test.each([402, 422, 429])('or %i', (status) =>
    expect(refused(daily, costs(500_000_100), costs(2e9), status)).toMatchObject({ ...expected, status }),
  );
  test('that never reset', () =>
    expect(refused(budget(1e9), costs(1e9))).toMatchObject({
      retryAfterMs: undefined,
      message: expect.stringMatching(/\$1\.00 of \$1\.00 of spend are used or reserved.* It never resets: have the limit raised\.$/),
    }));
  test('of nothing', () => expect(refused(budget(0), costs(0)).message).toContain('is 0 of spend'));
});
