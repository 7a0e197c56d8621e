export type { Deployment, Matched } from './deployment.ts';
export type { Alias, Listed } from './match.ts';
export { createRouter, type Attempt, type Router, type RouterOptions, type RunOptions, type Try } from './router.ts';
import { strategies } from './strategies/index.ts';

export type { PickContext, Strategy } from './strategy.ts';
/** What `routing_strategy` may be. */
export const strategyNames: readonly string[] = Object.keys(strategies);
