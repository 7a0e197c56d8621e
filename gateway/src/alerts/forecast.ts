const dayMs = 86_400_000;

/** Below these a forecast is a guess. */
const leastShareElapsed = 0.05;
const leastNanodollars = 10_000_000;
/** From so long a period on, the days before say more than its own beginning. */
const weeklyFromMs = 14 * dayMs;

export interface ForecastInput {
  readonly spentNanodollars: number;
  readonly maxNanodollars: number;
  readonly period: { readonly start: number; readonly end: number };
  /** Unix milliseconds. */
  readonly now: number;
  /** What was spent on each of the last seven whole days, on average. Undefined: there are not seven of them yet. */
  readonly weekAverageNanodollars?: number | undefined;
}

export interface Forecast {
  /** By the end of the period. */
  readonly spendNanodollars: number;
  /** When the budget is spent, in Unix milliseconds. */
  readonly exceededAt: number;
}

/**
 * Whether a budget will be spent before its period is over, if all goes on as it does. The rate is that of the period so far
 * (spent / elapsed), and for periods of two weeks and more the average of the last seven days, which knows of weekends.
 * Undefined: it lasts, or it is too early to say (less than 5 % of the period, or less than $0.01), or it is spent already.
 */
export const forecastOf = ({
  spentNanodollars,
  maxNanodollars,
  period,
  now,
  weekAverageNanodollars,
}: ForecastInput): Forecast | undefined => {
  const lengthMs = period.end - period.start;
  const elapsedMs = now - period.start;
  const leftMs = period.end - now;
  if (spentNanodollars < leastNanodollars || spentNanodollars >= maxNanodollars) return undefined;
  if (elapsedMs < lengthMs * leastShareElapsed || leftMs <= 0) return undefined;
  const perMs =
    weekAverageNanodollars !== undefined && lengthMs >= weeklyFromMs ? weekAverageNanodollars / dayMs : spentNanodollars / elapsedMs;
  const spend = spentNanodollars + perMs * leftMs;
  if (spend <= maxNanodollars) return undefined;
  return { spendNanodollars: Math.round(spend), exceededAt: Math.round(now + (maxNanodollars - spentNanodollars) / perMs) };
};

/** Whether a forecast can ask for the days before at all. */
export const asksForWeek = ({ start, end }: { readonly start: number; readonly end: number }): boolean => end - start >= weeklyFromMs;
