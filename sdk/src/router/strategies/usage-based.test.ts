import { expect, test } from 'bun:test';
import { callOf, candidateOf, contextOf, fullMinute, picks } from '../../../../test/kit/candidates.ts';
import { SluiceError } from '../../types/index.ts';
import { usageBased } from './usage-based.ts';

const make = usageBased('usage-based-routing');

test('the fewest tokens of this minute win, and a new minute begins at nothing', () => {
  const [a, b] = [candidateOf('a'), candidateOf('b')];
  const strategy = make<string>();
  expect(Object.keys(picks(strategy, [a, b])).sort()).toEqual(['a', 'b']);
  callOf(strategy, a, { inputTokens: 900, outputTokens: 100 });
  callOf(strategy, b, { inputTokens: 10, outputTokens: 10 });
  const candidates = [a, b];
  expect(picks(strategy, candidates)).toEqual({ b: 1000 });
  expect(Object.keys(picks(strategy, candidates, 100, contextOf({ now: fullMinute + 60_000 }))).sort()).toEqual(['a', 'b']);
});

test('a call that would go over a limit is not given to it', () => {
  const full = candidateOf('full', { tpm: 100 });
  const strategy = make<string>();
  const candidates = [full, candidateOf('used')];
  callOf(strategy, candidates[1]!, { inputTokens: 5000 });
  const of = (inputTokens: number) => contextOf({ request: { needs: () => ({ abilities: [], inputTokens }) } });
  expect(strategy.pick(candidates, of(100)).deployment.id).toBe('full');
  expect(strategy.pick(candidates, of(101)).deployment.id).toBe('used');
  const requests = [candidateOf('full', { rpm: 1 }), candidateOf('used')];
  callOf(strategy, requests[0]!, { inputTokens: 1, outputTokens: 0 });
  callOf(strategy, requests[1]!);
  expect(strategy.pick(requests, of(1)).deployment.id).toBe('used');
});

test('input and output have limits of their own', () => {
  const strategy = make<string>();
  const [input, output, used] = [candidateOf('input', { itpm: 100 }), candidateOf('output', { otpm: 100 }), candidateOf('used')];
  callOf(strategy, input, { inputTokens: 10, outputTokens: 200 });
  callOf(strategy, output, { inputTokens: 200, outputTokens: 99 });
  callOf(strategy, used, { inputTokens: 5000 });
  const pick =
    (...candidates: (typeof used)[]) =>
    (inputTokens: number) =>
      strategy.pick(candidates, contextOf({ request: { needs: () => ({ abilities: [], inputTokens }) } })).deployment.id;
  expect([90, 91].map(pick(input, used))).toEqual(['input', 'used']);
  expect(pick(output, used)(9000)).toBe('output');
  callOf(strategy, output, { inputTokens: 0, outputTokens: 1 });
  expect(pick(output, used)(1)).toBe('used');
});

test('open calls count before their tokens are known', () => {
  const strategy = make<string>();
  const candidates = [candidateOf('a'), candidateOf('b')];
  const counts: Record<string, number> = { a: 0, b: 0 };
  const context = contextOf();
  for (let call = 0; call < 100; call++) {
    const { deployment, state } = strategy.pick(candidates, context);
    state.started(fullMinute);
    counts[deployment.id]!++;
  }
  expect(counts).toEqual({ a: 50, b: 50 });
});

test('failures count as calls, but those of the client do not', () => {
  const strategy = make<string>();
  const [bad, good] = [candidateOf('bad'), candidateOf('good')];
  callOf(strategy, good);
  callOf(strategy, bad, { inputTokens: 0, outputTokens: 0, error: new SluiceError('invalid_request', 'no') });
  expect(picks(strategy, [bad, good], 10)).toEqual({ bad: 10 });
  for (let call = 0; call < 2; call++)
    callOf(strategy, bad, { inputTokens: 0, outputTokens: 0, error: new SluiceError('unavailable', 'no') });
  expect(picks(strategy, [bad, good], 10)).toEqual({ good: 10 });
});

test('one that comes within the minute starts from the average', () => {
  const strategy = make<string>();
  const [a, b, late] = [candidateOf('a'), candidateOf('b'), candidateOf('late')];
  strategy.pick([a, b], contextOf());
  for (let call = 0; call < 10; call++) for (const each of [a, b]) callOf(strategy, each);
  callOf(strategy, b, { inputTokens: 950 });
  // Between the 1000 of a and the 2000 of b.
  expect(picks(strategy, [a, b, late], 100)).toEqual({ a: 100 });
  for (let call = 0; call < 6; call++) callOf(strategy, a);
  expect(picks(strategy, [b, a, late], 100)).toEqual({ late: 100 });
});
