import { createRouter, type Router } from 'sluice/kit';
import { atMost, type Row } from '../report.ts';
import { median } from '../rig/wait.ts';
import type { Lane } from './lane.ts';

const sizes = [
  { deployments: 10, bound: 5 },
  { deployments: 10_000, bound: 15 },
] as const;

/** By strategy what its deployments have: what each goes by. */
const strategies: Readonly<Record<string, (at: number) => object>> = {
  'simple-shuffle': (at) => ({ weight: 1 + (at % 7) }),
  'least-busy': () => ({}),
  'usage-based-routing-v2': () => ({ tpm: 1e12, rpm: 1e9 }),
  'latency-based-routing': () => ({}),
  'cost-based-routing': () => ({}),
  adaptive: () => ({}),
};

const rounds = 5;
const callsEach = 20_000;
const unit = 'us';
const laneOf = (strategy: string, deployments: number): string => `router, ${deployments} deployments: ${strategy}`;

/** The CPU of calls whose attempt does nothing: what is left is the router. */
export const routerLane: Lane = {
  name: 'router',
  rows: sizes.flatMap(({ deployments, bound }) =>
    Object.keys(strategies).map((strategy) => ({ lane: laneOf(strategy, deployments), unit, bound })),
  ),
  async run() {
    const rows: Row[] = [];
    for (const { deployments, bound } of sizes) {
      for (const [strategy, more] of Object.entries(strategies)) {
        const router = routerOf(strategy, deployments, more);
        // What is compiled, and what strategies learn, is there before it is measured.
        await microseconds(router);
        const values: number[] = [];
        for (let round = 0; round < rounds; round++) values.push(await microseconds(router));
        rows.push(
          atMost(laneOf(strategy, deployments), median(values), unit, bound, `median of ${rounds} x ${callsEach} calls, in one process`),
        );
      }
    }
    return rows;
  },
};

const routerOf = (strategy: string, count: number, more: (at: number) => object): Router<undefined> =>
  createRouter({
    strategy,
    deployments: Array.from({ length: count }, (_, at) => ({
      id: `d${at}`,
      name: 'model',
      model: 'model',
      payload: undefined,
      ...more(at),
    })),
    factsOf: ({ id }) => ({ inputUsdPerToken: (1 + (id.length % 3)) * 1e-6, outputUsdPerToken: 4e-6 }),
  });

const end = { inputTokens: 100, outputTokens: 100 };

/** CPU of one call, of all threads of this process. */
const microseconds = async (router: Router<undefined>): Promise<number> => {
  const before = process.cpuUsage();
  for (let call = 0; call < callsEach; call++) {
    const answer = await router.run('model', async (one) => {
      one.tell(end);
      return call;
    });
    if (answer !== call) throw new Error('the router answered with something else');
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / callsEach;
};
