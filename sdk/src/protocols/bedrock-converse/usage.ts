import { cachedInputTokens, totalInputTokens, totalOutputTokens, type JsonObject, type Usage } from '../../types/index.ts';
import { asNumber, asObject, asObjects, compact, isObject } from '../shared/read.ts';

/*
 * Bedrock's input counts are disjoint already: `totalTokens` is the sum of all four (seen in recorded answers). What was
 * written to the cache is told by its time to live in `cacheDetails`.
 */

export const fromWire = (value: unknown): Usage | undefined => {
  const usage = asObject(value);
  if (!usage) return undefined;
  const written = asNumber(usage['cacheWriteInputTokens']);
  const hour = asObjects(usage['cacheDetails'])
    .filter(({ ttl }) => ttl === '1h')
    .reduce<number | undefined>((sum, { inputTokens }) => (sum ?? 0) + (asNumber(inputTokens) ?? 0), undefined);
  return compact<Usage>({
    inputTokens: asNumber(usage['inputTokens']) ?? 0,
    cacheReadTokens: asNumber(usage['cacheReadInputTokens']),
    cacheWriteTokens: written === undefined ? undefined : Math.max(written - (hour ?? 0), 0),
    cacheWrite1hTokens: hour,
    outputTokens: asNumber(usage['outputTokens']) ?? 0,
    raw: usage,
  });
};

const isOwn = (raw: unknown): raw is JsonObject =>
  isObject(raw) &&
  typeof raw['inputTokens'] === 'number' &&
  typeof raw['totalTokens'] === 'number' &&
  typeof raw['outputTokens'] === 'number';

/** The usage object of an answer to a client, where all three counts are demanded. */
export const toWire = (usage: Usage | undefined): JsonObject => {
  if (usage && isOwn(usage.raw)) return usage.raw;
  if (!usage) return { inputTokens: 0, outputTokens: 0, totalTokens: 0 };
  const cacheReadTokens = cachedInputTokens(usage);
  const { cacheWriteTokens = 0, cacheWrite1hTokens = 0 } = usage;
  const written = cacheWriteTokens + cacheWrite1hTokens;
  const outputTokens = totalOutputTokens(usage);
  const details = [
    { ttl: '1h', inputTokens: cacheWrite1hTokens },
    { ttl: '5m', inputTokens: cacheWriteTokens },
  ].filter(({ inputTokens }) => inputTokens > 0);
  return compact<JsonObject>({
    inputTokens: totalInputTokens(usage) - (cacheReadTokens ?? 0) - written,
    outputTokens,
    totalTokens: totalInputTokens(usage) + outputTokens,
    cacheReadInputTokens: cacheReadTokens,
    cacheWriteInputTokens: usage.cacheWriteTokens === undefined && usage.cacheWrite1hTokens === undefined ? undefined : written,
    cacheDetails: details.length > 0 ? details : undefined,
  });
};
