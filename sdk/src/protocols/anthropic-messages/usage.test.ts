import { describe, expect, test } from 'bun:test';
import { totalInputTokens, totalOutputTokens, type JsonObject, type Usage } from '../../types/index.ts';
import { fromWire, merge, readServiceTier, toWire } from './usage.ts';

type Counts = JsonObject & {
  input_tokens: number;
  output_tokens: number;
  cache_read_input_tokens?: number | null;
  cache_creation_input_tokens?: number;
};

describe('counts are disjoint (FP-24)', () => {
  test.each<[Counts, Usage]>([
    [
      { input_tokens: 10, output_tokens: 5 },
      { inputTokens: 10, outputTokens: 5 },
    ],
    [
      { input_tokens: 10, cache_read_input_tokens: 100, cache_creation_input_tokens: 30, output_tokens: 5 },
      { inputTokens: 10, cacheReadTokens: 100, cacheWriteTokens: 30, outputTokens: 5 },
    ],
    [
      {
        input_tokens: 1,
        cache_creation_input_tokens: 30,
        cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
        output_tokens: 5,
      },
      { inputTokens: 1, cacheWriteTokens: 10, cacheWrite1hTokens: 20, outputTokens: 5 },
    ],
    // The end of a stream gives a newer total than the split of its start.
    [
      {
        input_tokens: 1,
        cache_creation_input_tokens: 50,
        cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
        output_tokens: 5,
      },
      { inputTokens: 1, cacheWriteTokens: 30, cacheWrite1hTokens: 20, outputTokens: 5 },
    ],
    [
      { input_tokens: 1, output_tokens: 50, output_tokens_details: { thinking_tokens: 40 }, server_tool_use: { web_search_requests: 2 } },
      { inputTokens: 1, outputTokens: 10, reasoningTokens: 40, webSearchRequests: 2 },
    ],
    [
      { input_tokens: 1, output_tokens: 2, cache_read_input_tokens: null, server_tool_use: null, cost: 0.5 },
      { inputTokens: 1, outputTokens: 2, providerCostUsd: 0.5 },
    ],
  ])('%j', (wire, usage) => {
    const read = fromWire(wire)!;
    expect(read).toEqual({ ...usage, raw: wire });
    expect(totalOutputTokens(read)).toBe(wire.output_tokens);
    expect(totalInputTokens(read)).toBe(wire.input_tokens + (wire.cache_read_input_tokens ?? 0) + (wire.cache_creation_input_tokens ?? 0));
    // Its own object goes back to a client of this format.
    expect(toWire(read)).toBe(wire);
  });

  test('no object, no usage', () => expect(fromWire(null)).toBeUndefined());
});

test('other vendors’ counts in this format', () => {
  expect(
    toWire(
      {
        inputTokens: 5,
        inputImageTokens: 3,
        toolPromptTokens: 2,
        cacheReadTokens: 7,
        outputTokens: 1,
        reasoningTokens: 4,
        webSearchRequests: 1,
        raw: { prompt_tokens: 17 },
      },
      'default',
    ),
  ).toEqual({
    input_tokens: 10,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 7,
    output_tokens: 5,
    output_tokens_details: { thinking_tokens: 4 },
    server_tool_use: { web_search_requests: 1, web_fetch_requests: 0 },
    service_tier: 'standard',
  });
  // OpenAI Responses: some of the same names, other meanings.
  expect(toWire({ inputTokens: 5, outputTokens: 1, raw: { input_tokens: 9, output_tokens: 1, total_tokens: 10 } })).toMatchObject({
    input_tokens: 5,
  });
  expect(toWire(undefined)).toEqual({ input_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 0 });
});

test('what the end of a stream leaves out holds from its start', () => {
  expect(merge({ input_tokens: 5, output_tokens: 1, service_tier: 'standard' }, { output_tokens: 9, input_tokens: null })).toEqual({
    input_tokens: 5,
    output_tokens: 9,
    service_tier: 'standard',
  });
  expect(merge(undefined, undefined)).toBeUndefined();
});

test('tiers in OpenAI’s words', () => {
  expect(readServiceTier({ service_tier: 'standard' })).toBe('default');
  expect(readServiceTier({ service_tier: 'priority' })).toBe('priority');
  expect(readServiceTier({})).toBeUndefined();
});
