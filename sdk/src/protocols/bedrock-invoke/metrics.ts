import type { JsonObject, Usage } from '../../types/index.ts';
import { asNumber, asObject, compact } from '../shared/read.ts';

/** The member that Bedrock adds to the last event of every stream, whatever the model's own format is. */
export const metricsMember = 'amazon-bedrock-invocationMetrics';

/** Its counts; undefined where the event is not the last one. */
export const metricsOf = (value: JsonObject): Partial<Usage> | undefined => {
  const metrics = asObject(value[metricsMember]);
  return (
    metrics &&
    compact<Partial<Usage>>({
      inputTokens: asNumber(metrics['inputTokenCount']),
      outputTokens: asNumber(metrics['outputTokenCount']),
      // Beside a model that has no cache they are 0, which says nothing.
      cacheReadTokens: asNumber(metrics['cacheReadInputTokenCount']) || undefined,
      cacheWriteTokens: asNumber(metrics['cacheWriteInputTokenCount']) || undefined,
    })
  );
};

const countIn = (headers: Headers, name: string): number | undefined => {
  const text = headers.get(name);
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
};

/**
 * The counts in the headers of a whole answer of InvokeModel
 * (docs.aws.amazon.com/bedrock/latest/userguide/quotas-token-burndown.html names them, read 2026-11-22).
 */
export const headerCounts = (headers: Headers | undefined): Partial<Usage> =>
  headers
    ? compact<Partial<Usage>>({
        inputTokens: countIn(headers, 'x-amzn-bedrock-input-token-count'),
        outputTokens: countIn(headers, 'x-amzn-bedrock-output-token-count'),
        cacheReadTokens: countIn(headers, 'x-amzn-bedrock-cache-read-input-token-count') || undefined,
        cacheWriteTokens: countIn(headers, 'x-amzn-bedrock-cache-write-input-token-count') || undefined,
      })
    : {};
