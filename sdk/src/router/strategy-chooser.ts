import type { JsonObject } from '../types/index.ts';
import type { RouterOptions, StrategyChoice } from './router.ts';
import { customStrategy, defaultStrategy, strategies } from './strategies/index.ts';
import type { Strategy } from './strategy.ts';

/** Which strategy picks for which name. */
export interface StrategyChooser<P> {
  forName(name: string): Strategy<P>;
  /** Strategies that are about limits hold them. */
  enforcesLimits(name: string): boolean;
}

/** @throws RangeError for a strategy that does not exist, or options that it does not have */
export const strategyChooser = <P>({
  strategy,
  strategyOptions,
  groups = [],
}: Pick<RouterOptions<P>, 'strategy' | 'strategyOptions' | 'groups'>): StrategyChooser<P> => {
  const make = (choice: StrategyChoice<P>, options?: JsonObject): Strategy<P> => {
    if (typeof choice === 'string') return strategyNamed<P>(choice, options);
    return typeof choice === 'function' ? customStrategy(choice) : choice;
  };
  const general = strategy === undefined ? defaultStrategy<P>() : make(strategy, strategyOptions);
  const byName = new Map<string, Strategy<P>>();
  for (const group of groups) {
    const own = make(group.strategy, group.strategyOptions);
    for (const name of group.models) byName.set(name, own);
  }
  const forName = (name: string) => byName.get(name) ?? general;
  return { forName, enforcesLimits: (name) => forName(name).name.startsWith('usage-based') };
};

const strategyNamed = <P>(name: string, options: JsonObject | undefined): Strategy<P> => {
  const make = Object.hasOwn(strategies, name) ? strategies[name] : undefined;
  if (!make) throw new RangeError(`There is no routing strategy '${name}': it is one of ${Object.keys(strategies).join(', ')}.`);
  return make<P>(options);
};
