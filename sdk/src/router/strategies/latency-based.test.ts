import { describe, expect, test } from 'bun:test';
import { callOf, candidateOf, contextOf, fullMinute, picks } from '../../../../test/kit/candidates.ts';
import { SluiceError } from '../../types/index.ts';
import { latencyBased } from './latency-based.ts';

/** Calls until its list is full. */
const seen = (
  strategy: ReturnType<typeof latencyBased<string>>,
  candidate: ReturnType<typeof candidateOf>,
  ms: number,
  more: object = {},
) => {
  for (let call = 0; call < 10; call++) callOf(strategy, candidate, { ms, ...more });
};

/** Nothing is refreshed. */
const steady = (more: object = {}) => contextOf({ random: () => 0.5, ...more });

test('the lowest time for a token wins; without tokens the lowest time', () => {
  const strategy = latencyBased<string>();
  const [long, short] = [candidateOf('long'), candidateOf('short')];
  seen(strategy, long, 4000, { outputTokens: 400 });
  seen(strategy, short, 1000, { outputTokens: 50 });
  expect(strategy.pick([long, short], steady())).toBe(long);
  const [a, b] = [candidateOf('a'), candidateOf('b')];
  seen(strategy, a, 90, { outputTokens: 0 });
  seen(strategy, b, 80, { outputTokens: 0 });
  expect(strategy.pick([a, b], steady())).toBe(b);
});

test('streams go by their first output', () => {
  const strategy = latencyBased<string>();
  const [early, late] = [candidateOf('early'), candidateOf('late')];
  seen(strategy, early, 5000, { firstOutputMs: 100 });
  seen(strategy, late, 2000, { firstOutputMs: 900 });
  expect(strategy.pick([early, late], steady({ request: { stream: true } }))).toBe(early);
  expect(strategy.pick([early, late], steady())).toBe(late);
});

describe('options', () => {
  test('lowest_latency_buffer: those within it are equals', () => {
    const within = (buffer: number) => {
      const strategy = latencyBased<string>({ lowest_latency_buffer: buffer });
      const candidates = [candidateOf('a'), candidateOf('b'), candidateOf('c')];
      candidates.forEach((each, at) => seen(strategy, each, [1000, 1400, 3000][at]!));
      return Object.keys(picks(strategy, candidates)).sort();
    };
    expect(within(0)).toEqual(['a']);
    expect(within(0.5)).toEqual(['a', 'b']);
    expect(within(5)).toEqual(['a', 'b', 'c']);
  });

  test('max_latency_list_size: the newest values count', () => {
    const strategy = latencyBased<string>({ max_latency_list_size: 3 });
    const [changing, constant] = [candidateOf('changing'), candidateOf('constant')];
    for (let call = 0; call < 50; call++) callOf(strategy, changing, { ms: 100 });
    for (let call = 0; call < 3; call++) callOf(strategy, constant, { ms: 500 });
    const candidates = [changing, constant];
    expect(strategy.pick(candidates, steady())).toBe(changing);
    for (let call = 0; call < 3; call++) callOf(strategy, changing, { ms: 600 });
    expect(strategy.pick(candidates, steady())).toBe(constant);
  });

  test('ttl: what is older is forgotten', () => {
    const strategy = latencyBased<string>({ ttl: 60 });
    const [a, b] = [candidateOf('a'), candidateOf('b')];
    seen(strategy, a, 1000);
    seen(strategy, b, 500, { now: fullMinute + 59_000 });
    const candidates = [a, b];
    expect(strategy.pick(candidates, steady({ now: fullMinute + 59_999 }))).toBe(b);
    // Now a is unknown, and asked first.
    expect(strategy.pick(candidates, steady({ now: fullMinute + 60_000 }))).toBe(a);
  });
});

test('a newcomer is asked first, and not again before it has answered', () => {
  const strategy = latencyBased<string>();
  const [known, fresh] = [candidateOf('known'), candidateOf('fresh')];
  seen(strategy, known, 1000);
  const candidates = [known, fresh];
  expect(strategy.pick(candidates, steady())).toBe(fresh);
  fresh.state.started(fullMinute);
  strategy.started!(fresh);
  expect(strategy.pick(candidates, steady())).toBe(known);
});

test('a newcomer that fails is let be for ten seconds', () => {
  const strategy = latencyBased<string>();
  const [known, broken] = [candidateOf('known'), candidateOf('broken')];
  seen(strategy, known, 1000);
  callOf(strategy, broken, { error: new SluiceError('unavailable', 'no') });
  const candidates = [known, broken];
  expect(strategy.pick(candidates, steady({ now: fullMinute + 9_999 }))).toBe(known);
  expect(strategy.pick(candidates, steady({ now: fullMinute + 10_000 }))).toBe(broken);
});

test('a timeout counts as 1,000 s', () => {
  const strategy = latencyBased<string>();
  const [slow, fast] = [candidateOf('slow'), candidateOf('fast')];
  seen(strategy, slow, 20_000);
  seen(strategy, fast, 100);
  const candidates = [slow, fast];
  expect(strategy.pick(candidates, steady())).toBe(fast);
  callOf(strategy, fast, { error: new SluiceError('upstream_timeout', 'too slow') });
  expect(strategy.pick(candidates, steady())).toBe(slow);
});

test('open calls that are silent for longer than usual make it slower before they end', () => {
  const strategy = latencyBased<string>();
  const [fast, other] = [candidateOf('fast'), candidateOf('other')];
  seen(strategy, fast, 500);
  seen(strategy, other, 1000);
  const candidates = [fast, other];
  expect(strategy.pick(candidates, steady())).toBe(fast);
  fast.state.started(fullMinute);
  strategy.started!(fast);
  expect(strategy.pick(candidates, steady({ now: fullMinute + 900 }))).toBe(fast);
  expect(strategy.pick(candidates, steady({ now: fullMinute + 1100 }))).toBe(other);
});

test('one that lost is asked again now and then', () => {
  const strategy = latencyBased<string>();
  const [slow, fast] = [candidateOf('slow'), candidateOf('fast')];
  seen(strategy, slow, 2000);
  seen(strategy, fast, 100);
  const candidates = [slow, fast];
  expect(picks(strategy, candidates, 1000, contextOf({ now: fullMinute + 9_999 }))).toEqual({ fast: 1000 });
  const later = picks(strategy, candidates, 1000, contextOf({ now: fullMinute + 10_000 }));
  expect(later['slow']! + later['fast']!).toBe(1000);
  // Both are stale here, as no call is made: one pick in twenty looks, and the first of them is asked.
  expect(later['slow']).toBeGreaterThan(20);
  expect(later['slow']).toBeLessThan(90);
});
