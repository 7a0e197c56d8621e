/**
 * How long a vendor asks to wait before the next try, in milliseconds; undefined where it does not say.
 * In this order: `retry-after-ms` (OpenAI, Azure), `retry-after` (seconds, also fractions, or an HTTP date), and where
 * neither is there, the reset of a limit that is used up: `x-ratelimit-reset-*` (OpenAI, Groq, OpenRouter),
 * `anthropic-ratelimit-*-reset`. RFC 9110 section 10.2.3; vendors' rate limit pages, read 2026-11-21.
 * @param nowMs Unix milliseconds, for dates
 */
export const retryAfterMs = (headers: Headers, nowMs: number): number | undefined =>
  plainNumber(headers.get('retry-after-ms')) ?? ofRetryAfter(headers.get('retry-after'), nowMs) ?? ofUsedUpLimit(headers, nowMs);

const plainNumber = (text: string | null): number | undefined => {
  const value = text?.trim() ?? '';
  return /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
};

const ofRetryAfter = (text: string | null, nowMs: number): number | undefined => {
  if (text === null) return undefined;
  const seconds = plainNumber(text);
  return seconds === undefined ? untilDate(text, nowMs) : Math.round(seconds * 1000);
};

const untilDate = (text: string, nowMs: number): number | undefined => {
  // Only what looks like a date: `Date.parse` makes one of almost anything.
  if (!/\d{4}/.test(text) || !/[A-Za-z:]/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
};

/** Remaining and reset of one limit, by the names that vendors give them. */
const limits: readonly { remaining: string; reset: string }[] = [
  ...['', '-requests', '-tokens', '-requests-day', '-tokens-minute'].map((kind) => ({
    remaining: `x-ratelimit-remaining${kind}`,
    reset: `x-ratelimit-reset${kind}`,
  })),
  ...['requests', 'tokens', 'input-tokens', 'output-tokens'].map((kind) => ({
    remaining: `anthropic-ratelimit-${kind}-remaining`,
    reset: `anthropic-ratelimit-${kind}-reset`,
  })),
];

/** A reset counts only where the limit is used up: the headers stand on every answer, also on failures of other kinds. */
const ofUsedUpLimit = (headers: Headers, nowMs: number): number | undefined => {
  let longest: number | undefined;
  for (const { remaining, reset } of limits) {
    if (plainNumber(headers.get(remaining)) !== 0) continue;
    const wait = ofReset(headers.get(reset), nowMs);
    if (wait !== undefined) longest = Math.max(longest ?? 0, wait);
  }
  return longest;
};

const unitMs: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** `1s`, `6m0s`, `20ms`, `2m59.56s`; a number of seconds; Unix seconds or milliseconds; a date. */
const ofReset = (text: string | null, nowMs: number): number | undefined => {
  if (text === null) return undefined;
  const value = text.trim();
  const number = plainNumber(value);
  if (number !== undefined) {
    if (number > 1e11) return Math.max(0, number - nowMs);
    if (number > 1e9) return Math.max(0, number * 1000 - nowMs);
    return Math.round(number * 1000);
  }
  if (!/^(\d+(\.\d+)?(ms|[dhms]))+$/.test(value)) return untilDate(value, nowMs);
  let sum = 0;
  for (const [, amount, unit] of value.matchAll(/(\d+(?:\.\d+)?)(ms|[dhms])/g)) sum += Number(amount) * unitMs[unit!]!;
  return Math.round(sum);
};
