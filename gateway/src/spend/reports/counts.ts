import { sql } from '../../storage/sql/statement.ts';

/** What is counted of calls, in rows of sums. */
export interface Counts {
  readonly requests: number;
  readonly failed: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_tokens: number;
  readonly cache_write_tokens: number;
  readonly cache_hits: number;
  readonly nanodollars: number;
}

export const noCounts: Counts = {
  requests: 0,
  failed: 0,
  input_tokens: 0,
  output_tokens: 0,
  cache_read_tokens: 0,
  cache_write_tokens: 0,
  cache_hits: 0,
  nanodollars: 0,
};

export const plus = (a: Counts, b: Counts): Counts => ({
  requests: a.requests + b.requests,
  failed: a.failed + b.failed,
  input_tokens: a.input_tokens + b.input_tokens,
  output_tokens: a.output_tokens + b.output_tokens,
  cache_read_tokens: a.cache_read_tokens + b.cache_read_tokens,
  cache_write_tokens: a.cache_write_tokens + b.cache_write_tokens,
  cache_hits: a.cache_hits + b.cache_hits,
  nanodollars: a.nanodollars + b.nanodollars,
});

export const minus = (a: Counts, b: Counts): Counts => ({
  requests: a.requests - b.requests,
  failed: a.failed - b.failed,
  input_tokens: a.input_tokens - b.input_tokens,
  output_tokens: a.output_tokens - b.output_tokens,
  cache_read_tokens: a.cache_read_tokens - b.cache_read_tokens,
  cache_write_tokens: a.cache_write_tokens - b.cache_write_tokens,
  cache_hits: a.cache_hits - b.cache_hits,
  nanodollars: a.nanodollars - b.nanodollars,
});

export const totalOf = (all: readonly Counts[]): Counts => all.reduce(plus, noCounts);

/** Money as a floating number: nine million dollars are beyond what a whole one holds exactly, and must not be a failure. */
export const sumOfCounts = sql`sum(requests) as requests, sum(failed) as failed, sum(input_tokens) as input_tokens,
  sum(output_tokens) as output_tokens, sum(cache_read_tokens) as cache_read_tokens, sum(cache_write_tokens) as cache_write_tokens,
  sum(cache_hits) as cache_hits, sum(nanodollars) * 1.0 as nanodollars`;

/** US dollars. */
export const usdOf = (nanodollars: number): number => nanodollars / 1e9;
