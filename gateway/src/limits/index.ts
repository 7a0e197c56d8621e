export { createLimiter, type LimiterOptions } from './limiter.ts';
export { refusalError, type RefusalErrorOptions } from './errors.ts';
export { periodOf, type PeriodOptions } from './reset.ts';
export type {
  Limit,
  Limiter,
  LimiterFigures,
  Metric,
  Period,
  PeriodSpan,
  Refusal,
  Remaining,
  Reservation,
  ReserveOptions,
  Subject,
  Used,
  Verdict,
  WorstCase,
} from './types.ts';
