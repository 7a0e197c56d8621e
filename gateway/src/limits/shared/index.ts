import { settleScript } from './settle-script.ts';
import { forgetScript, spendScript } from './spend-scripts.ts';
import { takeScript } from './take-script.ts';

export { createSharedLimiter, type SharedLimiterOptions } from './shared-limiter.ts';
export type { SharedLimiter, WithoutRedis, WithoutRedisModes } from './types.ts';

/** All scripts, for the connection to make them known. */
export const limitScripts = [takeScript, settleScript, spendScript, forgetScript];
