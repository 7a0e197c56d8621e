export { createLimiter } from './limiter.ts';
export { refusalError, refusalOf } from './errors.ts';
export { periodOf } from './reset.ts';
export type { Limit, Limiter, Metric, Period, Refusal, Remaining, Reservation, Verdict, WorstCase } from './types.ts';
