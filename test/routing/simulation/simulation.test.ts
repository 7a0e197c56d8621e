import { describe, expect, test } from 'bun:test';
import { strategies } from '../../../sdk/src/router/strategies/index.ts';
import type { JsonObject } from '../../../sdk/src/types/index.ts';
import { tell } from './report.ts';
import { scenarios, type Figures, type Scenario } from './scenarios.ts';
import type { Server } from './servers.ts';

/*
 * Every strategy in worlds that are the same in each run: what it promises is a bound here, and must hold for each seed.
 * The means are printed, and are what docs/routing/strategies shows. What a strategy is blind for has no bound, or one
 * that says so.
 */

const seeds = [1, 2, 3];

type Bounds = Readonly<Record<string, readonly [atLeast: number, atMost: number]>>;

interface Case {
  readonly strategy: string;
  readonly options?: JsonObject;
  readonly bounds: Partial<Record<keyof typeof scenarios, Bounds>>;
}

const upTo = (most: number): readonly [number, number] => [0, most];
const atLeast = (least: number): readonly [number, number] => [least, Infinity];

const cases: readonly Case[] = [
  {
    strategy: 'simple-shuffle',
    bounds: {
      equal: { 'least share %': [18.5, 20], 'largest share %': [20, 21.5], 'most open': upTo(40) },
      // 0.1 % of runs are above it.
      weights: { 'chi-square': upTo(16.3) },
      newcomer: { 'first ten seconds %': [15, 25], 'last minute %': [17, 23] },
      // Chance does not look: what is slow keeps its share. The breaker is there for what fails.
      slow: { 'share then %': [17, 23], 'share a minute later %': [17, 23] },
      failing: { 'share then %': [17, 23] },
      large: { 'most open': upTo(32), 'never asked': upTo(0) },
    },
  },
  {
    strategy: 'least-busy',
    bounds: {
      equal: { 'least share %': [19, 20], 'largest share %': [20, 21], 'most open': upTo(26) },
      speeds: { 'fastest %': [28, 34], 'slowest %': [7, 11] },
      capacities: { 'smallest %': [5, 7], 'p99 s': upTo(12) },
      slow: { 'settled after s': upTo(5), 'share then %': upTo(5), 'most open': upTo(32), 'share a minute later %': [18, 22] },
      failing: { 'settled after s': upTo(4), 'share then %': upTo(1), 'share a minute later %': [18, 22] },
      hanging: { 'settled after s': upTo(4), 'share then %': upTo(1), 'most open': upTo(32), 'share a minute later %': [18, 22] },
      flaky: { 'share %': upTo(16) },
      newcomer: { 'first ten seconds %': [18, 25], 'most open then': upTo(26), 'last minute %': [19, 21] },
      large: { 'most open': upTo(14), 'never asked': upTo(0) },
    },
  },
  {
    strategy: 'usage-based-routing-v2',
    bounds: {
      equal: { 'least share %': [19.5, 20], 'largest share %': [20, 20.5], 'most open': upTo(28) },
      // A tenth over: what is open when the limit is reached. The router's limiter counts it.
      limits: { 'first, most tokens': [90_000, 110_000], 'second, most tokens': upTo(200_000) },
      failing: { 'share then %': [18, 22] },
      hanging: { 'share then %': [18, 22] },
      flaky: { 'share %': [18, 22] },
      newcomer: { 'first ten seconds %': [18, 27], 'most open then': upTo(40), 'last minute %': [19, 21] },
      large: { 'most open': upTo(20), 'never asked': upTo(0) },
    },
  },
  {
    strategy: 'latency-based-routing',
    bounds: {
      speeds: { 'fastest %': atLeast(98), 'slowest %': [0.05, 1], 'p50 s': upTo(1.3) },
      quiet: { 'faster, first 60 calls %': atLeast(75), 'faster, then %': atLeast(85) },
      slow: { 'settled after s': upTo(8), 'share then %': upTo(1), 'most open': upTo(90) },
      failing: { 'settled after s': upTo(5), 'failed %': upTo(1) },
      hanging: { 'settled after s': upTo(8), 'failed %': upTo(3) },
      flaky: { 'share %': upTo(2), 'failed %': upTo(0.5) },
      newcomer: { 'first second %': upTo(5) },
    },
  },
  {
    strategy: 'latency-based-routing',
    options: { lowest_latency_buffer: 0.5 },
    bounds: {
      equal: { 'least share %': [17, 20], 'largest share %': [20, 23], 'most open': upTo(65) },
      speeds: { 'fastest %': atLeast(90), 'slowest %': [0.05, 1] },
      slow: { 'settled after s': upTo(8), 'share then %': upTo(1) },
      newcomer: { 'first second %': upTo(5), 'first ten seconds %': upTo(20), 'last minute %': [15, 25] },
    },
  },
  {
    strategy: 'cost-based-routing',
    bounds: {
      prices: { 'first %': [18, 21], 'second %': [79, 82], 'dearer %': upTo(0) },
      equal: { 'least share %': [18.5, 20], 'largest share %': [20, 21.5] },
    },
  },
  {
    strategy: 'adaptive',
    bounds: {
      equal: { 'least share %': [19, 20], 'largest share %': [20, 21], 'most open': upTo(28) },
      weights: { 'first %': [43, 52], 'last %': [9, 13] },
      speeds: { 'fastest %': [33, 45], 'slowest %': [2, 6], 'p50 s': upTo(1.5) },
      quiet: { 'faster, first 60 calls %': atLeast(75), 'faster, then %': atLeast(85) },
      capacities: { 'smallest %': [4, 7], 'p99 s': upTo(7) },
      slow: { 'settled after s': upTo(4), 'share then %': upTo(1.5), 'most open': upTo(35), 'share a minute later %': [18, 22] },
      failing: { 'settled after s': upTo(4), 'share then %': upTo(2.5), 'failed %': upTo(2.5), 'share a minute later %': [18, 22] },
      hanging: { 'settled after s': upTo(4), 'share then %': upTo(0.5), 'most open': upTo(38), 'share a minute later %': [18, 22] },
      flaky: { 'share %': upTo(5), 'failed %': upTo(1.5) },
      newcomer: { 'first ten seconds %': [0.3, 5], 'most open then': upTo(1), 'last minute %': [18, 22] },
      large: { 'most open': upTo(20), 'never asked': upTo(0) },
    },
  },
];

describe.each(cases)('$strategy $options', ({ strategy, options, bounds }) => {
  test.each(Object.entries(bounds))('%s', (name, expected) => {
    const scenario: Scenario = scenarios[name as keyof typeof scenarios];
    const runs = seeds.map((seed) => scenario(() => strategies[strategy]!<Server>(options), seed));
    tell(options ? `${strategy} ${JSON.stringify(options)}` : strategy, name, meanOf(runs));
    for (const [figure, [least, most]] of Object.entries(expected)) {
      for (const run of runs) {
        expect(run[figure], figure).toBeGreaterThanOrEqual(least);
        expect(run[figure], figure).toBeLessThanOrEqual(most);
      }
    }
  });
});

test('the same seed gives the same figures', () => {
  const make = () => strategies['adaptive']!<Server>();
  expect(scenarios.speeds(make, 5)).toEqual(scenarios.speeds(make, 5));
  expect(scenarios.speeds(make, 5)).not.toEqual(scenarios.speeds(make, 6));
});

const meanOf = (runs: readonly Figures[]): Figures =>
  Object.fromEntries(Object.keys(runs[0]!).map((figure) => [figure, runs.reduce((sum, run) => sum + run[figure]!, 0) / runs.length]));
