import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { totalInputTokens, totalOutputTokens, type JsonObject, type Usage } from '../../types/index.ts';
import { readOpenAiUsage, writeOpenAiUsage } from './openai-usage.ts';

const read = (value: JsonObject): Omit<Usage, 'raw'> => {
  const { raw, ...counts } = readOpenAiUsage(value)!;
  expect(raw).toBe(value);
  return counts;
};

describe('readOpenAiUsage', () => {
  test('OpenAI: cached and audio tokens are part of the prompt, thinking of the completion', () => {
    expect(
      read({
        prompt_tokens: 100,
        completion_tokens: 50,
        total_tokens: 150,
        prompt_tokens_details: { cached_tokens: 60, audio_tokens: 10 },
        completion_tokens_details: { reasoning_tokens: 20, audio_tokens: 5, accepted_prediction_tokens: 3, rejected_prediction_tokens: 1 },
      }),
    ).toEqual({ inputTokens: 30, cacheReadTokens: 60, inputAudioTokens: 10, outputTokens: 25, reasoningTokens: 20, outputAudioTokens: 5 });
  });

  test('a count that was not reported is absent', () => {
    expect(read({ prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 })).toEqual({ inputTokens: 3, outputTokens: 4 });
  });

  test('nothing to read is no usage', () => {
    for (const value of [null, undefined, {}, [], 'x', { total_tokens: 3 }]) expect(readOpenAiUsage(value)).toBeUndefined();
  });

  test('FP-24: xAI counts thinking beside the completion', () => {
    const usage = read({
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 115,
      completion_tokens_details: { reasoning_tokens: 100 },
    });
    expect(usage).toEqual({ inputTokens: 10, outputTokens: 5, reasoningTokens: 100 });
  });

  test('Gemini: thinking is in the total alone', () => {
    expect(read({ prompt_tokens: 35, completion_tokens: 12, total_tokens: 109 })).toEqual({
      inputTokens: 35,
      outputTokens: 12,
      reasoningTokens: 62,
    });
  });

  test('DeepSeek, Together, Mistral: other names for cached tokens', () => {
    const cached = { inputTokens: 4, cacheReadTokens: 6, outputTokens: 1 };
    expect(read({ prompt_tokens: 10, completion_tokens: 1, prompt_cache_hit_tokens: 6, prompt_cache_miss_tokens: 4 })).toEqual(cached);
    expect(read({ prompt_tokens: 10, completion_tokens: 1, cached_tokens: 6 })).toEqual(cached);
    expect(read({ prompt_tokens: 10, completion_tokens: 1, num_cached_tokens: 6, prompt_tokens_details: { cached_tokens: 0 } })).toEqual(
      cached,
    );
  });

  test('cache writes, with those of an hour apart', () => {
    expect(
      read({
        prompt_tokens: 100,
        completion_tokens: 1,
        cache_creation_input_tokens: 30,
        cache_read_input_tokens: 20,
        cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
      }),
    ).toEqual({ inputTokens: 50, cacheReadTokens: 20, cacheWriteTokens: 10, cacheWrite1hTokens: 20, outputTokens: 1 });
    expect(read({ prompt_tokens: 100, completion_tokens: 1, prompt_tokens_details: { cache_write_tokens: 30 } })).toEqual({
      inputTokens: 70,
      cacheWriteTokens: 30,
      outputTokens: 1,
    });
  });

  test('counts that do not fit into their whole are not part of it', () => {
    expect(read({ prompt_tokens: 7, completion_tokens: 1, total_tokens: 8, prompt_tokens_details: { cached_tokens: 161 } })).toEqual({
      inputTokens: 7,
      outputTokens: 1,
    });
    expect(
      read({
        prompt_tokens: 2168,
        completion_tokens: 100,
        total_tokens: 2268,
        prompt_tokens_details: { cached_tokens: 2161, cache_write_tokens: 2161 },
      }),
    ).toEqual({ inputTokens: 7, cacheReadTokens: 2161, outputTokens: 100 });
    expect(
      read({ prompt_tokens: 1, completion_tokens: 10, total_tokens: 11, completion_tokens_details: { reasoning_tokens: 11 } }),
    ).toEqual({
      inputTokens: 1,
      outputTokens: 0,
      reasoningTokens: 10,
    });
  });

  test('Perplexity deep research: thinking that is in no other count', () => {
    expect(
      read({
        prompt_tokens: 33,
        completion_tokens: 100,
        total_tokens: 133,
        reasoning_tokens: 5000,
        num_search_queries: 18,
        cost: { total_cost: 0.5 },
      }),
    ).toEqual({ inputTokens: 33, outputTokens: 100, reasoningTokens: 5000, webSearchRequests: 18, providerCostUsd: 0.5 });
  });

  test('what the vendor says it cost; FP-14: a 0 says nothing', () => {
    const cost = (value: JsonObject) => readOpenAiUsage({ prompt_tokens: 1, completion_tokens: 1, ...value })?.providerCostUsd;
    expect(cost({ cost: 0.25 })).toBe(0.25);
    expect(cost({ cost: 0 })).toBeUndefined();
    expect(cost({ cost_in_usd_ticks: 37_756_000 })).toBeCloseTo(0.0037756, 12);
    expect(cost({ cost: 0.01, is_byok: true, cost_details: { upstream_inference_cost: 0.2 } })).toBeCloseTo(0.21, 12);
    expect(cost({ cost: 0.01, is_byok: false, cost_details: { upstream_inference_cost: 0.01 } })).toBe(0.01);
  });

  test("FP-24: the sum is the provider's total, whatever the details claim", () => {
    const tokens = fc.nat(1000);
    fc.assert(
      fc.property(
        tokens,
        tokens,
        fc.record({ cached_tokens: tokens, cache_write_tokens: tokens, audio_tokens: tokens }, { requiredKeys: [] }),
        tokens,
        (prompt, completion, details, reasoning) => {
          const usage = readOpenAiUsage({
            prompt_tokens: prompt,
            completion_tokens: completion,
            total_tokens: prompt + completion,
            prompt_tokens_details: details,
            completion_tokens_details: { reasoning_tokens: reasoning },
          })!;
          expect(totalInputTokens(usage)).toBe(prompt);
          expect(totalOutputTokens(usage)).toBe(completion);
        },
      ),
    );
  });
});

describe('writeOpenAiUsage', () => {
  test("a foreign provider's counts, with LiteLLM's names for cache writes", () => {
    expect(
      writeOpenAiUsage({
        inputTokens: 10,
        cacheReadTokens: 20,
        cacheWriteTokens: 3,
        cacheWrite1hTokens: 4,
        outputTokens: 5,
        reasoningTokens: 6,
        webSearchRequests: 1,
        providerCostUsd: 0.1,
        raw: { input_tokens: 10 },
      }),
    ).toEqual({
      prompt_tokens: 37,
      completion_tokens: 11,
      total_tokens: 48,
      prompt_tokens_details: {
        cached_tokens: 20,
        cache_write_tokens: 7,
        cache_creation_token_details: { ephemeral_5m_input_tokens: 3, ephemeral_1h_input_tokens: 4 },
      },
      completion_tokens_details: { reasoning_tokens: 6 },
      cache_creation_input_tokens: 7,
      cache_read_input_tokens: 20,
      server_tool_use: { web_search_requests: 1 },
      cost: 0.1,
    });
  });

  test("a vendor's own members stay, and xAI's thinking moves into the completion", () => {
    const raw = {
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 115,
      completion_tokens_details: { reasoning_tokens: 100, accepted_prediction_tokens: 0 },
      num_sources_used: 2,
      cost: 1,
    };
    expect(writeOpenAiUsage(readOpenAiUsage(raw)!)).toEqual({ ...raw, completion_tokens: 105 });
  });

  test('nothing that is not known is written', () => {
    expect(writeOpenAiUsage({ inputTokens: 1, outputTokens: 2 })).toEqual({ prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 });
  });

  test('what was written reads back the same', () => {
    const tokens = fc.nat(1000);
    const usage = fc.record(
      {
        inputTokens: tokens,
        cacheReadTokens: tokens,
        cacheWriteTokens: tokens,
        cacheWrite1hTokens: tokens,
        inputAudioTokens: tokens,
        inputImageTokens: tokens,
        outputTokens: tokens,
        reasoningTokens: tokens,
        outputAudioTokens: tokens,
        outputImageTokens: tokens,
        webSearchRequests: tokens,
      },
      { requiredKeys: ['inputTokens', 'outputTokens'] },
    );
    fc.assert(
      fc.property(usage, (value) => {
        const { raw: _raw, ...again } = readOpenAiUsage(writeOpenAiUsage(value))!;
        // Writes of an hour alone are read with a 0 for the others.
        expect(again).toEqual(
          value.cacheWrite1hTokens === undefined || value.cacheWriteTokens !== undefined ? value : { ...value, cacheWriteTokens: 0 },
        );
      }),
    );
  });
});
