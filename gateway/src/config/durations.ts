const units: Readonly<Record<DurationUnit, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  mo: 30 * 86_400_000,
  y: 365 * 86_400_000,
};

const words: Readonly<Record<string, string>> = { hourly: '1h', daily: '1d', weekly: '1w', monthly: '1mo', yearly: '1y' };

export type DurationUnit = 's' | 'm' | 'h' | 'd' | 'w' | 'mo' | 'y';

/** What a duration says: `{ count: 30, unit: 'd', ms }`. The words are one of their unit. */
export interface DurationParts {
  readonly count: number;
  readonly unit: DurationUnit;
  readonly ms: number;
}

/** LiteLLM's durations: `30s`, `15m`, `24h`, `7d`, `2w`, `1mo`, and the words that tutorials use (`monthly`). Undefined: no duration. */
export const partsOfDuration = (text: string): DurationParts | undefined => {
  const trimmed = text.trim().toLowerCase();
  const word = Object.hasOwn(words, trimmed) ? words[trimmed] : undefined;
  const [, digits, unit] = /^(\d{1,6})(mo|[smhdwy])$/.exec(word ?? trimmed) ?? [];
  const count = Number(digits);
  return count > 0 ? { count, unit: unit as DurationUnit, ms: count * units[unit as DurationUnit] } : undefined;
};

/**
 * LiteLLM's durations in milliseconds. A month is 30 days and a year 365, as the windows of routing's budgets have no
 * calendar. Undefined: no duration.
 */
export const durationMs = (text: string): number | undefined => partsOfDuration(text)?.ms;
