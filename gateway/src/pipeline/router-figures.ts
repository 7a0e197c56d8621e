import type { RouterFigures } from '../telemetry/router-metrics.ts';
import type { CountedAffinity } from '../telemetry/shaping-metrics.ts';
import type { HealthBoard } from './health-board.ts';
import type { Live } from './live.ts';
import { circuitKeysOf } from './routing.ts';

/** Below this share of successes a deployment is told to fail now and then. */
const wellAbove = 0.9;

/** What the page of metrics tells of the router that is used at the moment. */
export const routerFigures = (
  live: () => Live,
  board: HealthBoard,
  now: () => number,
): RouterFigures & { affinities(): Iterable<CountedAffinity> } => ({
  affinities: () => live().affinities,
  *states() {
    const { router, snapshot } = live();
    const at = now();
    const resting = new Set<string>();
    for (const { key, until } of router.resting()) {
      if (until <= at) continue;
      resting.add(key);
      // Of a pattern's deployment each model has a circuit of its own.
      const [whole] = key.split('\n');
      if (whole!.startsWith('deployment:')) resting.add(whole!);
    }
    for (const deployment of snapshot.deployments) {
      const { id, autoRouter, modelName } = deployment;
      if (autoRouter) continue;
      if (circuitKeysOf(deployment).some((key) => resting.has(key))) yield [id, 2];
      else if (snapshot.healthChecks.routing && board.of(id)?.healthy === false) yield [id, 2];
      else yield [id, !modelName.includes('*') && router.memory.state(id).health < wellAbove ? 1 : 0];
    }
  },
  waiting: () => live().router.waiting(),
});

/** The label of what rests: a deployment's id, or what deployments share (a key, an address) as the router calls it. */
export const restingLabel = (key: string): string => {
  const [whole] = key.split('\n');
  return whole!.startsWith('deployment:') ? whole!.slice('deployment:'.length) : whole!;
};
