export type { Affinity, AffinityStats } from './affinity.ts';
export { affinitiesOf, homeFilter } from './affinities/index.ts';
export type { AnswerEnd, Attempt, Try } from './attempt.ts';
export type { Candidate } from './candidate.ts';
export type { Deployment, ModelFacts } from './deployment.ts';
export type { Filter } from './filter.ts';
export { modelsOfGroups } from './access-groups.ts';
export { createBudgets, createFilters, SpendWindows, type Budgets, type SpendBudget, type TagOptions } from './filters/index.ts';
export {
  splitsTokens,
  type DeploymentLimits,
  type Full,
  type Grant,
  type Limiter,
  type Peers,
  type SharedRest,
  type UsedTokens,
} from './limiter.ts';
export type { Needs, RouteRequest } from './route-request.ts';
export type { RunOptions } from './call-options.ts';
export type { CallFallbacks } from './fallbacks.ts';
export { createLocalLimiter } from './local-limiter.ts';
export { UsageWindow, windowSeconds, type UsageMetric } from './usage-window.ts';
export { RouterMemory } from './memory.ts';
export { createRouter, type Router, type RouterOptions } from './router.ts';
export {
  failureClassOf,
  type BreakerSettings,
  type ByFailureClass,
  type FallbackLists,
  type FallbackSettings,
  type FallbackTarget,
  type HedgeSettings,
  type QueueSettings,
  type RoutingGroup,
} from './settings.ts';
export { activeAt, createExperiment, LadderState, type Dealt, type Experiment, type Ladder, type Schedule } from './shaping/index.ts';
import type { JsonObject } from '../types/index.ts';
import { strategies } from './strategies/index.ts';

export type { PickFunction, Strategy } from './strategy.ts';
/** What `routing_strategy` may be. */
export const strategyNames: readonly string[] = Object.keys(strategies);
/** @throws RangeError for a strategy that does not exist, for options that it does not have, or that are out of bounds */
export const checkStrategyOptions = (name: string, options: JsonObject): void => {
  const make = Object.hasOwn(strategies, name) ? strategies[name] : undefined;
  if (!make) throw new RangeError(`There is no routing strategy '${name}'.`);
  make(options);
};
