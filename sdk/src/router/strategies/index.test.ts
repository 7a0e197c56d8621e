import { describe, expect, test } from 'bun:test';
import { seededRandom } from '../../../../test/kit/chunks.ts';
import { candidateOf, contextOf, picks } from '../../../../test/kit/candidates.ts';
import type { PickContext } from '../strategy.ts';
import type { Candidate } from '../candidate.ts';
import { customStrategy, defaultStrategy, strategies } from './index.ts';

const names = Object.keys(strategies);

test('the names of LiteLLM and of tutorials are known', () => {
  expect(names).toEqual([
    'simple-shuffle',
    'least-busy',
    'usage-based-routing',
    'usage-based-routing-v2',
    'latency-based-routing',
    'cost-based-routing',
    'adaptive',
    'weighted-pick',
    'usage-based',
    'latency-based',
    'cost-based',
  ]);
});

describe.each(names)('%s', (name) => {
  const make = strategies[name]!;

  test('picks one of those that it is given, whatever they are and however many', () => {
    const random = seededRandom(7);
    for (const size of [2, 3, 10, 200, 1000]) {
      const strategy = make<string>();
      const candidates = Array.from({ length: size }, (_, at) => {
        const candidate = candidateOf(`d${at}`, {
          ...(random() < 0.3 && { weight: Math.floor(random() * 3) }),
          ...(random() < 0.3 && { rpm: Math.floor(random() * 5) }),
        });
        candidate.state.pending = Math.floor(random() * 3);
        candidate.state.samples = Math.floor(random() * 20);
        candidate.state.health = random();
        return candidate;
      });
      for (let time = 0; time < 200; time++) {
        // The ends of what `random` may say, too.
        const context = contextOf({ random: time % 3 === 0 ? random : () => (time % 3 === 1 ? 0 : 1 - Number.EPSILON / 2) });
        expect(candidates).toContain(strategy.pick(candidates, context));
      }
    }
  });

  test('what has weight 0 is picked only where there is no other', () => {
    const none = candidateOf('none', { weight: 0 });
    expect(picks(make<string>(), [none, candidateOf('a', { weight: 1 }), candidateOf('b', { weight: 1 })])).not.toHaveProperty('none');
    expect(Object.keys(picks(make<string>(), [none, candidateOf('other', { weight: 0 })])).sort()).toEqual(['none', 'other']);
  });

  test('options that it does not have are refused by name', () => {
    expect(() => make({ tll: 1 })).toThrow(RangeError);
    expect(() => make({ tll: 1 })).toThrow(/has no option 'tll'/);
    expect(() => make({})).not.toThrow();
    expect(() => make()).not.toThrow();
  });
});

test('options out of bounds are refused with their bounds', () => {
  const latency = strategies['latency-based-routing']!;
  expect(() => latency({ ttl: 10, lowest_latency_buffer: 0.5, max_latency_list_size: 20 })).not.toThrow();
  expect(() => latency({ max_latency_list_size: 0 })).toThrow(
    "The option 'max_latency_list_size' of the routing strategy 'latency-based-routing' must be a whole number from 1 to 1000.",
  );
  expect(() => latency({ max_latency_list_size: 1.5 })).toThrow(/whole number/);
  expect(() => latency({ lowest_latency_buffer: -1 })).toThrow(/of at least 0/);
  expect(() => latency({ ttl: '10' })).toThrow(/must be a number/);
  expect(() => latency({ lowest_latency: 1 })).toThrow(/did you mean 'lowest_latency_buffer'/);
  expect(() => strategies['usage-based-routing-v2']!({ ttl: 60 })).not.toThrow();
  expect(() => strategies['usage-based-routing-v2']!({ ttl: 5 })).toThrow(/of at least 60/);
});

test('without a strategy groups with shares are shuffled, others are adaptive', () => {
  const strategy = defaultStrategy<string>();
  const busyOf = (more: object): Candidate<string>[] => {
    const busy = candidateOf('busy', more);
    busy.state.pending = 100;
    return [busy, candidateOf('idle', more)];
  };
  for (const more of [{ weight: 1 }, { rpm: 10 }, { tpm: 10 }]) expect(picks(strategy, busyOf(more))['busy']).toBeGreaterThan(400);
  expect(picks(strategy, busyOf({}))).toEqual({ idle: 1000 });
});

test('a function is a strategy', () => {
  const longest = (candidates: readonly Candidate<string>[], _: PickContext): Candidate<string> =>
    candidates.reduce((best, each) => (each.deployment.id.length > best.deployment.id.length ? each : best));
  expect(customStrategy(longest).name).toBe('longest');
  expect(customStrategy<string>((candidates) => candidates[0]!).name).toBe('custom');
  expect(picks(customStrategy(longest), [candidateOf('a'), candidateOf('abc'), candidateOf('ab')], 3)).toEqual({ abc: 3 });
});
