export type { Deployment, Matched } from './deployment.ts';
export { createRouter, type Router } from './router.ts';
import { strategies } from './strategies/index.ts';

export type { Strategy } from './strategy.ts';
/** What `routing_strategy` may be. */
export const strategyNames: readonly string[] = Object.keys(strategies);
