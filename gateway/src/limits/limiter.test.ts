import { describe, expect, test } from 'bun:test';
import { periodOf } from './reset.ts';
import { bench, budget, costs, limit, minute, noon, rpm, tokens, tpm } from './testing.ts';

const parallel = (max: number) => limit('parallel', max);

describe('all or nothing', () => {
  test('FP-5: 1,000 calls at once on room for 100 let in 100, and spend never passes the cap', async () => {
    const b = bench();
    const cap = budget(100_000);
    const settled: (() => void)[] = [];
    let admitted = 0;
    await Promise.all(
      Array.from({ length: 1000 }, async () => {
        await Promise.resolve();
        const verdict = b.ask([cap], costs(1000));
        expect(b.used(cap)).toBeLessThanOrEqual(cap.max);
        if (!verdict.ok) return;
        admitted += 1;
        settled.push(() => verdict.reservation.settle({ costNanodollars: 1000 }));
      }),
    );
    for (const settle of settled) settle();
    expect(admitted).toBe(100);
    expect(b.limiter.spendOf('key:k', undefined)).toBe(100_000);
    expect(b.limiter.figures()).toMatchObject({ admitted: 100, refused: 900, reservations: 0 });
  });

  test.each([
    ['requests', rpm(100)],
    ['tokens', tpm(1000)],
    ['parallel', parallel(100)],
  ])('FP-6: the same for %s', (_, each) => {
    const b = bench();
    const admitted = Array.from({ length: 1000 }, () => b.ask([each], tokens(6, 4))).filter(({ ok }) => ok);
    expect(admitted).toHaveLength(100);
  });

  test('a refused call counts nothing, of no limit', () => {
    const b = bench();
    const team = rpm(5, { subject: 'team:t' });
    b.admit([rpm(1)]);
    for (let i = 0; i < 10; i++) expect(b.ask([team, tpm(100), parallel(9), rpm(1)], tokens(1)).ok).toBe(false);
    expect([team, tpm(100), parallel(9), rpm(1)].map((each) => b.used(each))).toEqual([0, 0, 0, 1]);
  });

  test('FP-67: every limit counts, whoever it belongs to; the first without room is told', () => {
    const b = bench();
    const key = budget(100);
    const user = budget(50, { subject: 'user:u' });
    const team = budget(70, { subject: 'team:t' });
    b.admit([key, user, team], costs(40)).settle({ costNanodollars: 40 });
    const verdict = b.ask([key, user, team], costs(20));
    expect(verdict).toEqual({ ok: false, refusal: { limit: user, used: 40, asked: 20, resetsAt: undefined } });
    expect(b.ask([key, team], costs(20)).ok).toBe(true);
  });
});

describe('0 is none, no limit is unlimited (FP-68)', () => {
  test.each([rpm(0), tpm(0), parallel(0), budget(0), limit('input_tokens', 0, { windowMs: minute })])('$metric', (each) => {
    const b = bench();
    expect(b.ask([each])).toMatchObject({ ok: false, refusal: { used: 0, resetsAt: undefined } });
    expect(b.ask([]).ok).toBe(true);
  });

  test('what is used up refuses also who asks nothing of it', () => {
    const b = bench();
    b.admit([budget(10)], costs(10)).settle({ costNanodollars: 10 });
    expect(b.ask([budget(10)], costs(0)).ok).toBe(false);
    expect(b.ask([budget(11)], costs(0)).ok).toBe(true);
  });
});

describe('settling', () => {
  test('charges what was used and gives the rest back, once', () => {
    const b = bench();
    const all = [rpm(10), tpm(1000), limit('input_tokens', 1000, { windowMs: minute }), limit('output_tokens', 1000, { windowMs: minute })];
    const limits = [...all, parallel(10), budget(1000)];
    const reservation = b.admit(limits, { inputTokens: 100, outputTokens: 400, costNanodollars: 900 });
    expect(limits.map((each) => b.used(each))).toEqual([1, 500, 100, 400, 1, 900]);
    for (let i = 0; i < 2; i++) {
      reservation.settle({ inputTokens: 90, outputTokens: 10, costNanodollars: 33 });
      expect(limits.map((each) => b.used(each))).toEqual([1, 100, 90, 10, 0, 33]);
    }
    reservation.release();
    expect(limits.map((each) => b.used(each))).toEqual([1, 100, 90, 10, 0, 33]);
  });

  test('released: nothing was used, not even a request', () => {
    const b = bench();
    const limits = [rpm(1), tpm(10), parallel(1), budget(10)];
    const reservation = b.admit(limits, { inputTokens: 5, outputTokens: 5, costNanodollars: 10 });
    reservation.release();
    reservation.settle({ costNanodollars: 10 });
    expect(limits.map((each) => b.used(each))).toEqual([0, 0, 0, 0]);
    expect(b.ask(limits, costs(10)).ok).toBe(true);
  });

  test('more than the worst case is charged too, and the next calls wait for it', () => {
    const b = bench();
    const reservation = b.admit([tpm(100), budget(100)], { inputTokens: 10, outputTokens: 0, costNanodollars: 10 });
    b.now += 30_000;
    reservation.settle({ inputTokens: 150, costNanodollars: 150 });
    expect([b.used(tpm(100)), b.used(budget(100))]).toEqual([150, 150]);
    expect(b.ask([tpm(100)], tokens(1)).ok).toBe(false);
    b.now += 40_000;
    // What was reserved has left with its minute, what came on top counts from when it was known.
    expect(b.used(tpm(100))).toBe(140);
    b.now += 30_000;
    expect(b.used(tpm(100))).toBe(0);
  });

  test('tokens that are given back after their minute do not make room that is not there', () => {
    const b = bench();
    const long = b.admit([tpm(100)], tokens(100));
    b.now += 2 * minute;
    b.admit([tpm(100)], tokens(80)).settle({ inputTokens: 80 });
    long.settle({ inputTokens: 1 });
    expect(b.used(tpm(100))).toBe(80);
  });

  test.each([Number.NaN, -1, 1.5, Number.POSITIVE_INFINITY])('%p is no amount: the worst case is charged, and it is told', (bad) => {
    const b = bench();
    const limits = [budget(100), tpm(100), parallel(1)];
    const reservation = b.admit(limits, { inputTokens: 7, outputTokens: 0, costNanodollars: 9 });
    expect(() => reservation.settle({ costNanodollars: bad })).toThrow(RangeError);
    expect(limits.map((each) => b.used(each))).toEqual([9, 7, 0]);
    reservation.settle({ costNanodollars: 1 });
    expect(b.used(budget(100))).toBe(9);
    expect(() => b.ask([], costs(bad))).toThrow(RangeError);
    expect(() => b.limiter.setSpend('key:k', undefined, bad)).toThrow(RangeError);
  });

  test.each([
    { ...rpm(1), max: Number.NaN },
    rpm(-1),
    rpm(1, { windowMs: 0 }),
    rpm(1, { windowMs: Number.NaN }),
    rpm(1, { period: periodOf('1d') }),
    limit('parallel', 1, { windowMs: minute }),
  ])('no limit: %j', (bad) => expect(() => bench().ask([bad])).toThrow(RangeError));
});

describe('expiry', () => {
  test('a call that never ends gives all back', () => {
    const b = bench();
    const limits = [parallel(1), budget(100)];
    b.admit(limits, costs(100), 5000);
    b.now += 4000;
    expect(b.ask(limits, costs(1)).ok).toBe(false);
    b.now += 2000;
    expect(b.ask(limits, costs(1)).ok).toBe(true);
    expect(b.limiter.figures()).toMatchObject({ expired: 1, reservations: 1 });
  });

  test('and is charged if it ends after all, once', () => {
    const b = bench();
    const limits = [rpm(10), tpm(1000), parallel(5), budget(1000)];
    const late = b.admit(limits, { inputTokens: 10, outputTokens: 0, costNanodollars: 500 }, 5000);
    b.now += 7000;
    expect(limits.map((each) => b.used(each))).toEqual([0, 0, 0, 0]);
    for (let i = 0; i < 2; i++) late.settle({ inputTokens: 12, costNanodollars: 600 });
    expect(limits.map((each) => b.used(each))).toEqual([1, 12, 0, 600]);
  });

  test('released after it: nothing more', () => {
    const b = bench();
    const late = b.admit([budget(100)], costs(60), 1000);
    b.now += 5000;
    expect(b.used(budget(100))).toBe(0);
    late.release();
    late.settle({ costNanodollars: 60 });
    expect(b.used(budget(100))).toBe(0);
  });

  test('a clock that steps back keeps nothing for ever', () => {
    const b = bench();
    b.admit([parallel(1)], {}, 5000);
    b.now -= 60 * minute;
    const other = b.admit([parallel(2)], {}, 5000);
    b.now += 61 * minute;
    expect(b.used(parallel(2))).toBe(0);
    other.settle({});
    expect(b.used(parallel(2))).toBe(0);
  });
});

describe('soft limits', () => {
  test('are counted and reported, and never refuse', () => {
    const b = bench();
    const soft = budget(50, { soft: true });
    const hard = budget(100);
    b.admit([soft, hard], costs(40)).settle({ costNanodollars: 40 });
    const verdict = b.ask([soft, hard], costs(30));
    expect(verdict).toMatchObject({ ok: true, soft: [{ limit: soft, used: 40, asked: 30 }] });
    // Both are of the same money, which counts once.
    expect(b.used(hard)).toBe(70);
    expect(b.ask([soft, hard], costs(40))).toMatchObject({ ok: false, refusal: { limit: hard, used: 70 } });
  });

  test('FP-70: not before they are passed', () => {
    const b = bench();
    const soft = budget(15_000_000_000, { soft: true });
    expect(b.ask([soft], costs(400_000_000))).toMatchObject({ ok: true, soft: [] });
  });
});

describe('several windows of one subject', () => {
  test('a minute, an hour, a day and ever, at once', () => {
    const b = bench();
    const daily = periodOf('1d');
    const limits = [rpm(2), rpm(3, { windowMs: 60 * minute }), limit('requests', 4, { period: daily }), limit('requests', 5)];
    const refusedBy = () => {
      const verdict = b.ask(limits);
      if (!verdict.ok) return limits.indexOf(verdict.refusal.limit);
      verdict.reservation.settle({});
      return -1;
    };
    expect([refusedBy(), refusedBy(), refusedBy()]).toEqual([-1, -1, 0]);
    b.now += 2 * minute;
    expect([refusedBy(), refusedBy()]).toEqual([-1, 1]);
    b.now += 70 * minute;
    expect([refusedBy(), refusedBy()]).toEqual([-1, 2]);
    b.now += 24 * 60 * minute;
    expect([refusedBy(), refusedBy()]).toEqual([-1, 3]);
  });

  test('remaining and resets are told for each', () => {
    const b = bench();
    const verdict = b.ask([rpm(10), budget(100, { period: periodOf('1d') }), parallel(3)], costs(30));
    expect(verdict.ok && verdict.remaining.map(({ used, remaining, resetsAt }) => [used, remaining, resetsAt])).toEqual([
      [1, 9, noon + 61_000],
      [30, 70, Date.UTC(2026, 10, 23)],
      [1, 2, undefined],
    ]);
  });

  test('of several models, each its own', () => {
    const b = bench();
    const of = (model: string) => rpm(1, { subject: `key:k/model:${model}` });
    b.admit([of('a')]);
    expect([b.ask([of('a')]).ok, b.ask([of('b')]).ok]).toEqual([false, true]);
  });
});

describe('spend of before', () => {
  const monthly = periodOf('1mo');
  const start = Date.UTC(2026, 10, 1);

  test('FP-66: what was set is what is enforced and what is told', () => {
    const b = bench();
    const month = budget(100, { period: monthly });
    expect(b.limiter.spendOf('key:k', start)).toBeUndefined();
    b.limiter.setSpend('key:k', start, 90);
    expect([b.used(month), b.limiter.spendOf('key:k', start)]).toEqual([90, 90]);
    expect(b.ask([month], costs(11))).toMatchObject({ ok: false, refusal: { used: 90, resetsAt: Date.UTC(2026, 11, 1) } });
    expect(b.ask([month], costs(10)).ok).toBe(true);
  });

  test('a reset leaves calls under way as they are', () => {
    const b = bench();
    const running = b.admit([budget(100)], costs(60));
    b.limiter.setSpend('key:k', undefined, 0);
    expect(b.used(budget(100))).toBe(60);
    running.settle({ costNanodollars: 50 });
    expect(b.limiter.spendOf('key:k', undefined)).toBe(50);
  });

  test('periods that begin together spend together, and part when one ends', () => {
    const b = bench();
    const day = budget(100, { period: periodOf('1d') });
    const month = budget(1000, { period: monthly });
    b.now = start + minute;
    b.admit([day, month], costs(80)).settle({ costNanodollars: 80 });
    expect([b.used(day), b.used(month)]).toEqual([80, 80]);
    b.now += 24 * 60 * minute;
    expect([b.used(day), b.used(month)]).toEqual([0, 80]);
    b.admit([day, month], costs(70)).settle({ costNanodollars: 70 });
    expect([b.used(day), b.used(month)]).toEqual([70, 150]);
  });

  test('a call belongs to the period in which it was let in', () => {
    const b = bench();
    const day = budget(100, { period: periodOf('1d') });
    b.now = Date.UTC(2026, 10, 22, 23, 59, 59);
    const running = b.admit([day], costs(100));
    b.now += 2000;
    const next = b.admit([day], costs(100));
    running.settle({ costNanodollars: 100 });
    next.settle({ costNanodollars: 1 });
    expect(b.used(day)).toBe(1);
    expect(b.limiter.spendOf('key:k', Date.UTC(2026, 10, 22))).toBe(100);
  });

  test('a budget resets at midnight of its zone on a day of 25 hours', () => {
    const b = bench();
    const day = budget(1, { period: periodOf('daily', { timeZone: 'America/New_York' }) });
    b.now = Date.UTC(2026, 10, 1, 4);
    b.admit([day], costs(1)).settle({ costNanodollars: 1 });
    b.now = Date.UTC(2026, 10, 2, 4, 59, 59);
    expect(b.ask([day], costs(1))).toMatchObject({ ok: false, refusal: { resetsAt: Date.UTC(2026, 10, 2, 5) } });
    b.now += 1000;
    expect(b.ask([day], costs(1)).ok).toBe(true);
  });

  test('forgotten: a deleted key and its models, and no other', () => {
    const b = bench();
    const subjects = ['key:k', 'key:k/model:m', 'key:k2', 'team:t'];
    for (const subject of subjects) b.admit([budget(9, { subject }), rpm(9, { subject })], costs(1)).settle({ costNanodollars: 1 });
    const running = b.admit([budget(9)], costs(5));
    b.limiter.forget('key:k');
    expect(subjects.map((subject) => [b.used(budget(9, { subject })), b.used(rpm(9, { subject }))])).toEqual([
      [0, 0],
      [0, 0],
      [1, 1],
      [1, 1],
    ]);
    running.settle({ costNanodollars: 5 });
    expect(b.used(budget(9))).toBe(0);
  });
});
