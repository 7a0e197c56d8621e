import { usdOf, type Counts } from '../../../spend/reports/counts.ts';

/**
 * Counts as LiteLLM's `SpendMetrics` has them (its OpenAPI, v1.96.0, read 2026-11-22). Nothing compresses prompts here, and
 * what a prompt cache saved is not counted: those members are 0.
 */
export const metricsShown = (counts: Counts) => ({
  spend: usdOf(counts.nanodollars),
  prompt_tokens: counts.input_tokens,
  completion_tokens: counts.output_tokens,
  cache_read_input_tokens: counts.cache_read_tokens,
  cache_creation_input_tokens: counts.cache_write_tokens,
  compression_saved_tokens: 0,
  compression_savings_spend: 0,
  prompt_caching_savings_spend: 0,
  total_tokens: counts.input_tokens + counts.output_tokens,
  successful_requests: counts.requests - counts.failed,
  failed_requests: counts.failed,
  api_requests: counts.requests,
});

/** The same of a whole page. */
export const totalsShown = (counts: Counts) =>
  Object.fromEntries(
    Object.entries(metricsShown(counts)).map(([name, value]) => [`total_${name.replace(/^total_/, '')}`, value]),
  ) as Readonly<Record<string, number>>;
