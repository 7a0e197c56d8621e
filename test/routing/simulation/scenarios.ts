import type { Strategy } from '../../../sdk/src/router/strategy.ts';
import { chiSquare, type Report } from './report.ts';
import { logNormal, turning, type Server } from './servers.ts';
import { simulate, type Simulation } from './simulate.ts';

export type Figures = Readonly<Record<string, number>>;

/** What is simulated for a strategy: the same world for all that take part in it. */
export type Scenario = (make: () => Strategy<Server>, seed: number) => Figures;

/** Usual ones: half a second to the first output, a second for the rest. */
const servers = (count = 5, more: (at: number) => Partial<Server> = () => ({})): Server[] =>
  Array.from({ length: count }, (_, at) => ({ id: `s${at}`, firstOutputMs: logNormal(500), msPerToken: 10, ...more(at) }));

/** The first of five is another one than the rest. */
const firstIs = (more: Partial<Server>): Server[] => servers(5, (at) => (at === 0 ? more : {}));

const world = (make: () => Strategy<Server>, seed: number, more: Pick<Simulation, 'servers'> & Partial<Simulation>): Report =>
  simulate({ strategy: make(), seed, rate: 50, seconds: 180, ...more });

const minute = 60_000;
const badMinute = (at: number): number => (at >= minute && at < 2 * minute ? 1 : 0);
const percent = (share: number): number => share * 100;
const seconds = (ms: number): number => ms / 1000;
const ids = (list: readonly Server[]): string[] => list.map(({ id }) => id);

/** After what has gone wrong with the first server in the second minute. */
const trouble = (report: Report): Figures => ({
  'settled after s': report.settledAfter('s0', 0.1, minute, 2 * minute),
  'share then %': percent(report.share('s0', minute + 20_000, 2 * minute)),
  'failed %': percent(report.failures(minute, 2 * minute)),
  'most open': report.maxPending('s0', minute, 2 * minute),
  'share a minute later %': percent(report.share('s0', 3 * minute, 4 * minute)),
});

export const scenarios = {
  /** All are the same. */
  equal: (make, seed) => {
    const list = servers();
    const report = world(make, seed, { servers: list });
    const shares = ids(list).map((id) => report.share(id));
    return {
      'least share %': percent(Math.min(...shares)),
      'largest share %': percent(Math.max(...shares)),
      'most open': report.maxPending(undefined),
      'p99 s': seconds(report.quantileMs(0.99)),
    };
  },

  /** Weights 5, 3, 1, 1: chi-square with three degrees of freedom, below 16.3 in 999 of 1000 runs. */
  weights: (make, seed) => {
    const weights = [5, 3, 1, 1];
    const report = world(make, seed, { servers: servers(4, (at) => ({ weight: weights[at]! })) });
    return {
      'chi-square': chiSquare(report.counts(), weights),
      'first %': percent(report.share('s0')),
      'last %': percent(report.share('s3')),
    };
  },

  /** The first output after 0.2, 0.4, 0.8, 1.6 and 3.2 s. */
  speeds: (make, seed) => {
    const report = world(make, seed, { servers: servers(5, (at) => ({ firstOutputMs: logNormal(200 * 2 ** at) })) });
    return {
      'fastest %': percent(report.share('s0', minute)),
      'slowest %': percent(report.share('s4', minute)),
      'p50 s': seconds(report.quantileMs(0.5, minute)),
      'p99 s': seconds(report.quantileMs(0.99, minute)),
    };
  },

  /** Few calls, one in five seconds, from a start at which nothing is known: 0.3 s or 3 s to the first output. */
  quiet: (make, seed) => {
    const report = world(make, seed, {
      rate: 0.2,
      seconds: 900,
      servers: servers(2, (at) => ({ firstOutputMs: logNormal(300 * 10 ** at) })),
    });
    return { 'faster, first 60 calls %': percent(report.share('s0', 0, 300_000)), 'faster, then %': percent(report.share('s0', 300_000)) };
  },

  /** They work on 5, 10, 20, 40 and 80 calls at a time; others wait in line. */
  capacities: (make, seed) => {
    const report = world(make, seed, { rate: 60, servers: servers(5, (at) => ({ capacity: 5 * 2 ** at })) });
    return {
      'smallest %': percent(report.share('s0')),
      'p50 s': seconds(report.quantileMs(0.5)),
      'p99 s': seconds(report.quantileMs(0.99)),
    };
  },

  /** One takes twenty times as long for a minute. */
  slow: (make, seed) => {
    const firstOutputMs = turning([
      [0, logNormal(500)],
      [minute, logNormal(10_000)],
      [2 * minute, logNormal(500)],
    ]);
    return trouble(world(make, seed, { seconds: 240, servers: firstIs({ firstOutputMs }) }));
  },

  /** One fails at once, all calls of a minute. No breaker helps. */
  failing: (make, seed) => trouble(world(make, seed, { seconds: 240, servers: firstIs({ failureRate: badMinute }) })),

  /** One does not answer for a minute; callers give up after 30 s. */
  hanging: (make, seed) => trouble(world(make, seed, { seconds: 240, servers: firstIs({ failureRate: badMinute, timeoutMs: 30_000 }) })),

  /** One fails at once in three of ten calls, always. */
  flaky: (make, seed) => {
    const report = world(make, seed, { servers: firstIs({ failureRate: () => 0.3 }) });
    return { 'share %': percent(report.share('s0', minute)), 'failed %': percent(report.failures(minute)) };
  },

  /** One comes in the middle of a minute. */
  newcomer: (make, seed) => {
    const from = 90_000;
    const report = world(make, seed, { seconds: 240, servers: firstIs({ isThere: (at) => at >= from }) });
    return {
      'first second %': percent(report.share('s0', from, from + 1000)),
      'first ten seconds %': percent(report.share('s0', from, from + 10_000)),
      'most open then': report.maxPending('s0', from, from + 10_000),
      'last minute %': percent(report.share('s0', 3 * minute)),
    };
  },

  /** Prices 1, 1, 2, 3 and 4; the first takes 600 calls a minute, of 3000. */
  prices: (make, seed) => {
    const list = servers(5, (at) => ({ price: [1, 1, 2, 3, 4][at]! * 1e-6, ...(at === 0 && { rpm: 600 }) }));
    const report = world(make, seed, { servers: list });
    return {
      'first %': percent(report.share('s0')),
      'second %': percent(report.share('s1')),
      'dearer %': percent(report.share('s2') + report.share('s3') + report.share('s4')),
    };
  },

  /** Limits of 100,000 and 200,000 tokens a minute, three without; calls of 200 tokens, 600,000 in a minute. */
  limits: (make, seed) => {
    const list = servers(5, (at) => (at < 2 ? { tpm: 100_000 * (at + 1) } : {}));
    const report = world(make, seed, { servers: list });
    const perMinute = [0, 1, 2].map((at) => report.counts(at * minute, (at + 1) * minute).map((count) => count * 200));
    return {
      'first, most tokens': Math.max(...perMinute.map((counts) => counts[0]!)),
      'second, most tokens': Math.max(...perMinute.map((counts) => counts[1]!)),
    };
  },

  /** Three hundred servers, nine open calls each. */
  large: (make, seed) => {
    const list = servers(300);
    const report = world(make, seed, { servers: list, rate: 1800, seconds: 10 });
    const counts = report.counts();
    return { 'most open': report.maxPending(undefined, 5000), 'never asked': counts.filter((count) => count === 0).length };
  },
} satisfies Record<string, Scenario>;
