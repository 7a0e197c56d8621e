export { createLimiter } from './limiter.ts';
export { refusalError } from './errors.ts';
export { periodOf } from './reset.ts';
export type { Limit, Limiter, Period, Refusal, Reservation, WorstCase } from './types.ts';
