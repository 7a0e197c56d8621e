const units: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  mo: 30 * 86_400_000,
  y: 365 * 86_400_000,
};

const words: Readonly<Record<string, string>> = { hourly: '1h', daily: '1d', weekly: '1w', monthly: '1mo', yearly: '1y' };

/**
 * LiteLLM's durations in milliseconds: `30s`, `15m`, `24h`, `7d`, `2w`, `1mo`, and the words that tutorials use (`monthly`).
 * A month is 30 days and a year 365, as windows that begin with a first call have no calendar. Undefined: no duration.
 */
export const durationMs = (text: string): number | undefined => {
  const trimmed = text.trim().toLowerCase();
  const [, count, unit] = /^(\d{1,6})(mo|[smhdwy])$/.exec(words[trimmed] ?? trimmed) ?? [];
  const ms = Number(count) * (units[unit ?? ''] ?? Number.NaN);
  return ms > 0 ? ms : undefined;
};
