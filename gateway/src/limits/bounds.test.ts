import { describe, expect, test } from 'bun:test';
import { periodOf } from './reset.ts';
import { bench, budget, costs, day, limit, minute, rpm } from './testing.ts';

const of = (n: number | string) => ({ subject: `customer:${n}` });

describe('subjects are bounded', () => {
  test('idle rates go first and lose nothing', () => {
    const b = bench({ maxSubjects: 10 });
    b.admit([rpm(1, of('busy'))]);
    b.now += 30_000;
    for (let i = 0; i < 9; i++) b.admit([rpm(1, of(i))]).release();
    for (let i = 100; i < 200; i++) b.admit([rpm(1, of(i))]).release();
    expect(b.ask([rpm(1, of('busy'))]).ok).toBe(false);
    expect(b.limiter.figures()).toMatchObject({ rateSubjects: 10, evicted: 100, forgottenWindows: 0 });
  });

  test('then rates that were not used lately, which is counted', () => {
    const b = bench({ maxSubjects: 10 });
    for (let i = 0; i < 15; i++) b.admit([rpm(1, of(i))]);
    expect(b.limiter.figures()).toMatchObject({ rateSubjects: 10, evicted: 0, forgottenWindows: 5 });
    expect(b.ask([rpm(1, of(14))]).ok).toBe(false);
  });

  test('calls under way are never dropped: there is no room, and that is no fault of the caller', () => {
    const b = bench({ maxSubjects: 3 });
    const running = [0, 1, 2].map((i) => b.admit([limit('parallel', 1, of(i))]));
    expect(() => b.ask([limit('parallel', 1, of(3))])).toThrow(expect.objectContaining({ code: 'unavailable' }));
    running[1]!.settle({});
    expect(b.ask([limit('parallel', 1, of(3))]).ok).toBe(true);
    expect(b.ask([limit('parallel', 1, of(0))]).ok).toBe(false);
    expect(b.limiter.figures().overfull).toBe(1);
  });

  test('budgets that hold spend stay, unless it is stored or their period is over', () => {
    const stored = new Set<string>();
    const b = bench({ maxSubjects: 3, isStored: (subject) => stored.has(subject) });
    for (let i = 0; i < 3; i++) b.admit([budget(9, of(i))], costs(1)).settle({ costNanodollars: 1 });
    expect(() => b.ask([budget(9, of(3))], costs(1))).toThrow(expect.objectContaining({ code: 'unavailable', status: 503 }));
    stored.add('customer:1');
    const daily = budget(9, { ...of(3), period: periodOf('1d') });
    b.admit([daily], costs(1)).settle({ costNanodollars: 1 });
    expect([0, 1, 2].map((i) => b.limiter.spendOf(`customer:${i}`, undefined))).toEqual([1, undefined, 1]);
    expect(() => b.ask([budget(9, of(4))], costs(1))).toThrow();
    b.now += day;
    b.admit([budget(9, of(4))], costs(1));
    expect([0, 2].map((i) => b.used(budget(9, of(i))))).toEqual([1, 1]);
    expect(b.limiter.figures()).toMatchObject({ budgetSubjects: 3, evicted: 2 });
  });

  test('many customers with a rate do not push out what a key has spent', () => {
    const b = bench({ maxSubjects: 5 });
    b.admit([budget(1)], costs(1)).settle({ costNanodollars: 1 });
    for (let i = 0; i < 100; i++) b.admit([rpm(1, of(i))]);
    expect(b.ask([budget(1)], costs(1)).ok).toBe(false);
  });

  test('one call never drops what it has just found', () => {
    const b = bench({ maxSubjects: 3 });
    const four = [0, 1, 2, 3].map((i) => rpm(1, of(i)));
    expect(() => b.ask(four)).toThrow(expect.objectContaining({ code: 'unavailable' }));
    expect(four.map((each) => b.used(each))).toEqual([0, 0, 0, 0]);
    b.admit(four.slice(1));
    expect(four.slice(1).map((each) => b.ask([each]).ok)).toEqual([false, false, false]);
  });
});

test('reservations are bounded', () => {
  const b = bench({ maxReservations: 2 });
  const first = b.admit([], {}, minute);
  b.admit([], {}, minute);
  expect(() => b.ask([])).toThrow(expect.objectContaining({ code: 'unavailable' }));
  first.settle({});
  b.admit([], {}, minute);
  b.now += 2 * minute;
  b.admit([], {}, minute);
  expect(b.limiter.figures()).toMatchObject({ reservations: 1, expired: 2, overfull: 1 });
});

test('windows and periods of one subject are bounded: those that are idle or over go', () => {
  const b = bench();
  for (let i = 1; i <= 32; i++) b.admit([rpm(9, { windowMs: i * minute })]);
  expect(() => b.ask([rpm(9, { windowMs: 33 * minute })])).toThrow(expect.objectContaining({ code: 'unavailable' }));
  b.now += 3 * minute;
  b.admit([rpm(9, { windowMs: 33 * minute })]);
  expect(b.used(rpm(9, { windowMs: 32 * minute }))).toBe(1);

  const hourly = budget(9, { period: periodOf('1h') });
  for (let i = 0; i < 100; i++) {
    b.admit([hourly, budget(1000)], costs(1)).settle({ costNanodollars: 1 });
    b.now += 60 * minute;
  }
  expect([b.used(hourly), b.used(budget(1000))]).toEqual([0, 100]);
  // Periods that only the database knows of: the oldest go.
  for (let i = 0; i < 100; i++) b.limiter.setSpend('key:k', i, i);
  expect([b.limiter.spendOf('key:k', 0), b.limiter.spendOf('key:k', 99), b.used(budget(1000))]).toEqual([undefined, 99, 100]);
});
