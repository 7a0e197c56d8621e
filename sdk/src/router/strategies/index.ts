import type { JsonObject } from '../../types/index.ts';
import type { Strategy } from '../strategy.ts';
import { adaptive } from './adaptive.ts';
import { costBased } from './cost-based.ts';
import { latencyBased } from './latency-based.ts';
import { leastBusy } from './least-busy.ts';
import { simpleShuffle } from './simple-shuffle.ts';
import { usageBased } from './usage-based.ts';

export { customStrategy } from './custom.ts';
export { defaultStrategy } from './default-strategy.ts';

/**
 * @param options `routing_strategy_args`
 * @throws RangeError for options that it does not have, or that are out of bounds
 */
export type StrategyFactory = <P>(options?: JsonObject) => Strategy<P>;

/** Every strategy by its name in `routing_strategy`. A new one is a file here and a line. */
export const strategies: Readonly<Record<string, StrategyFactory>> = {
  'simple-shuffle': simpleShuffle,
  'least-busy': leastBusy,
  'usage-based-routing': usageBased('usage-based-routing'),
  'usage-based-routing-v2': usageBased('usage-based-routing-v2'),
  'latency-based-routing': latencyBased,
  'cost-based-routing': costBased,
  adaptive,
  // Other spellings that LiteLLM or tutorials about it have.
  'weighted-pick': simpleShuffle,
  'usage-based': usageBased('usage-based'),
  'latency-based': latencyBased,
  'cost-based': costBased,
};
