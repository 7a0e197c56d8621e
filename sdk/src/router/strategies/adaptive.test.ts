import { expect, test } from 'bun:test';
import { callOf, candidateOf, contextOf, fullMinute, picks } from '../../../../test/kit/candidates.ts';
import { SluiceError } from '../../types/index.ts';
import { adaptive } from './adaptive.ts';

const strategy = adaptive<string>();

const proven = (id: string, { ms = 1000, tokenMs = 10, failures = 0, more = {} } = {}) => {
  const candidate = candidateOf(id, more);
  for (let call = 0; call < 12; call++) callOf(strategy, candidate, { ms: ms + tokenMs * 50, firstOutputMs: ms, outputTokens: 50 });
  for (let call = 0; call < failures; call++) callOf(strategy, candidate, { error: new SluiceError('unavailable', 'no') });
  return candidate;
};
/** No probe, the first two in their order. */
const steady = contextOf({ random: () => 0.5 });

test('of two the one with the lower score: earlier, faster, less busy, sounder', () => {
  expect(picks(strategy, [proven('a', { ms: 900 }), proven('b', { ms: 1000 })])).toEqual({ a: 1000 });
  expect(picks(strategy, [proven('a', { tokenMs: 20 }), proven('b', { tokenMs: 5 })])).toEqual({ b: 1000 });
  const busy = proven('busy', { ms: 900 });
  busy.state.pending = 3;
  expect(picks(strategy, [busy, proven('idle', { ms: 1000 })])).toEqual({ idle: 1000 });
  const elsewhere = proven('elsewhere', { ms: 900 });
  elsewhere.state.pendingElsewhere = 3;
  expect(picks(strategy, [elsewhere, proven('idle', { ms: 1000 })])).toEqual({ idle: 1000 });
  expect(picks(strategy, [proven('failing', { failures: 1, ms: 900 }), proven('sound', { ms: 1000 })])).toEqual({ sound: 1000 });
});

test('equals are equal', () => {
  const { a, b, c } = picks(strategy, [proven('a'), proven('b'), proven('c')], 3000) as { a: number; b: number; c: number };
  for (const count of [a, b, c]) expect(Math.abs(count - 1000)).toBeLessThan(120);
});

test('weights are shares of the open calls', () => {
  const candidates = [proven('large', { more: { weight: 3 } }), proven('small', { more: { weight: 1 } })];
  const context = contextOf();
  for (let call = 0; call < 100; call++) strategy.pick(candidates, context).state.pending++;
  expect(candidates[0]!.state.pending).toBeGreaterThanOrEqual(73);
  expect(candidates[0]!.state.pending).toBeLessThanOrEqual(77);
});

test('what is unproven gets one probe in twenty, and no second one while it is open', () => {
  const fresh = candidateOf('fresh');
  const candidates = [proven('a'), proven('b'), fresh];
  const { fresh: probes } = picks(strategy, candidates, 4000) as { fresh: number };
  expect(probes).toBeGreaterThan(150);
  expect(probes).toBeLessThan(250);
  fresh.state.started(fullMinute);
  expect(picks(strategy, candidates, 1000)).not.toHaveProperty('fresh');
});

test('one whose calls fail is probed once a second', () => {
  const bad = proven('bad', { failures: 5 });
  const candidates = [proven('a'), bad];
  expect(picks(strategy, candidates, 1000, contextOf({ now: fullMinute }))).toEqual({ a: 1000 });
  const later = contextOf({ now: fullMinute + 1000 });
  expect(picks(strategy, candidates, 1000, later)['bad']).toBeGreaterThan(20);
});

test('what was not asked for ten seconds is asked again, and nothing else', () => {
  const slow = proven('slow', { ms: 60_000 });
  const candidates = [proven('a'), slow];
  const at = (now: number) => contextOf({ now });
  candidates[0]!.state.lastPickedAt = fullMinute + 9000;
  slow.state.lastPickedAt = fullMinute;
  expect(picks(strategy, candidates, 1000, at(fullMinute + 9_999))).toEqual({ a: 1000 });
  expect(picks(strategy, candidates, 1000, at(fullMinute + 10_000))['slow']).toBeGreaterThan(20);
});

test('while nobody is proven the less busy one wins', () => {
  const [a, b] = [candidateOf('a'), candidateOf('b')];
  a.state.pending = 1;
  expect(strategy.pick([a, b], steady)).toBe(b);
});

test('where both that are drawn are poor, others are', () => {
  const candidates = [
    proven('good', { ms: 100, tokenMs: 0.1 }),
    ...Array.from({ length: 9 }, (_, at) => proven(`slow${at}`, { ms: 10_000 })),
  ];
  // Two draws would find it in one pick of five.
  expect(picks(strategy, candidates)['good']).toBeGreaterThan(480);
});
