import { expect, test } from 'bun:test';
import { costOf, totalInputTokens, totalOutputTokens, usageInAnswer, type JsonObject, type Price, type Usage } from 'sluice/kit';

/*
 * Tokens of caches are priced once, and as what they are (FP-24): each vendor's own object, what it is in disjoint counts, and
 * what it costs. Objects are shaped as the vendors' references have them, read 2026-11-22; sums are worked out by hand.
 */

/** Microdollars a token: 1 in, 10 out, 0.1 read, 1.25 written, 2 written for an hour, 5 audio in, 20 audio out. */
const price: Price = {
  row: {
    provider: 'p',
    id: 'm',
    abilities: [],
    lacks: [],
    own: true,
    source: 'this test',
    prices: [
      {
        rates: {
          inputTokens: 1_000_000,
          outputTokens: 10_000_000,
          cacheReadTokens: 100_000,
          cacheWriteTokens: 1_250_000,
          cacheWrite1hTokens: 2_000_000,
          inputAudioTokens: 5_000_000,
          outputAudioTokens: 20_000_000,
        },
        above: [],
        tiers: {},
      },
    ],
  } as unknown as Price['row'],
  terms: undefined,
};

interface Case {
  answer: JsonObject;
  usage: Partial<Usage>;
  /** As the vendor itself sums them up. */
  total: [input: number, output: number];
  micro: number;
}

const cases: Readonly<Record<string, Case>> = {
  'OpenAI chat: cached tokens are among the prompt’s': {
    answer: {
      object: 'chat.completion',
      choices: [],
      usage: {
        prompt_tokens: 2006,
        completion_tokens: 300,
        total_tokens: 2306,
        prompt_tokens_details: { cached_tokens: 1920 },
        completion_tokens_details: { reasoning_tokens: 128 },
      },
    },
    usage: { inputTokens: 86, cacheReadTokens: 1920, outputTokens: 172, reasoningTokens: 128 },
    total: [2006, 300],
    micro: 86 + 192 + 3000,
  },
  'OpenAI chat: audio on both sides': {
    answer: {
      object: 'chat.completion',
      choices: [],
      usage: {
        prompt_tokens: 120,
        completion_tokens: 60,
        total_tokens: 180,
        prompt_tokens_details: { audio_tokens: 100, cached_tokens: 0 },
        completion_tokens_details: { audio_tokens: 50 },
      },
    },
    usage: { inputTokens: 20, inputAudioTokens: 100, outputTokens: 10, outputAudioTokens: 50 },
    total: [120, 60],
    micro: 20 + 500 + 100 + 1000,
  },
  'OpenAI Responses': {
    answer: {
      object: 'response',
      output: [],
      usage: {
        input_tokens: 1000,
        input_tokens_details: { cached_tokens: 600 },
        output_tokens: 100,
        output_tokens_details: { reasoning_tokens: 40 },
        total_tokens: 1100,
      },
    },
    usage: { inputTokens: 400, cacheReadTokens: 600, outputTokens: 60, reasoningTokens: 40 },
    total: [1000, 100],
    micro: 400 + 60 + 1000,
  },
  'Anthropic: cached tokens are beside the input’s, and written for two times': {
    answer: {
      type: 'message',
      content: [],
      usage: {
        input_tokens: 50,
        cache_read_input_tokens: 10_000,
        cache_creation_input_tokens: 700,
        cache_creation: { ephemeral_5m_input_tokens: 456, ephemeral_1h_input_tokens: 244 },
        output_tokens: 500,
      },
    },
    usage: { inputTokens: 50, cacheReadTokens: 10_000, cacheWriteTokens: 456, cacheWrite1hTokens: 244, outputTokens: 500 },
    total: [10_750, 500],
    micro: 50 + 1000 + 570 + 488 + 5000,
  },
  'Gemini: cached content is in the prompt, thoughts are beside the candidates': {
    answer: {
      candidates: [],
      usageMetadata: {
        promptTokenCount: 5000,
        cachedContentTokenCount: 4000,
        candidatesTokenCount: 200,
        thoughtsTokenCount: 300,
        totalTokenCount: 5500,
      },
    },
    usage: { inputTokens: 1000, cacheReadTokens: 4000, outputTokens: 200, reasoningTokens: 300 },
    total: [5000, 500],
    micro: 1000 + 400 + 5000,
  },
  'Bedrock Converse: beside, as Anthropic has them': {
    answer: {
      output: {},
      usage: { inputTokens: 40, outputTokens: 10, totalTokens: 1650, cacheReadInputTokens: 1500, cacheWriteInputTokens: 100 },
    },
    usage: { inputTokens: 40, cacheReadTokens: 1500, cacheWriteTokens: 100, outputTokens: 10 },
    total: [1640, 10],
    micro: 40 + 150 + 125 + 100,
  },
  'DeepSeek: hits and misses': {
    answer: {
      object: 'chat.completion',
      choices: [],
      usage: {
        prompt_tokens: 1000,
        completion_tokens: 10,
        total_tokens: 1010,
        prompt_cache_hit_tokens: 896,
        prompt_cache_miss_tokens: 104,
      },
    },
    usage: { inputTokens: 104, cacheReadTokens: 896, outputTokens: 10 },
    total: [1000, 10],
    micro: 104 + 89.6 + 100,
  },
  'Cohere: what went through the model, which is never less than what is billed': {
    answer: {
      message: {},
      usage: { billed_units: { input_tokens: 30, output_tokens: 20 }, tokens: { input_tokens: 90, output_tokens: 20 } },
    },
    usage: {},
    total: [90, 20],
    micro: 290,
  },
  Ollama: {
    answer: { message: {}, done: true, prompt_eval_count: 26, eval_count: 298 },
    usage: { inputTokens: 26, outputTokens: 298 },
    total: [26, 298],
    micro: 26 + 2980,
  },
  'Gemini’s interactions': {
    answer: {
      id: 'i',
      usage: { total_input_tokens: 500, total_cached_tokens: 300, total_output_tokens: 40, total_thought_tokens: 60, total_tokens: 600 },
    },
    usage: { inputTokens: 200, cacheReadTokens: 300, outputTokens: 40, reasoningTokens: 60 },
    total: [500, 100],
    micro: 200 + 30 + 1000,
  },
};

test.each(Object.keys(cases))('%s', (name) => {
  const { answer, usage, total, micro } = cases[name]!;
  const found = usageInAnswer(answer)!;
  expect(found).toMatchObject(usage);
  expect([totalInputTokens(found), totalOutputTokens(found)]).toEqual(total);
  const cost = costOf(found, price, { at: 0 });
  expect(cost).toMatchObject({ known: true, nanoDollars: Math.round(micro * 1000) });
});

test('a bill of nothing for tokens that have a price is none (FP-14)', () => {
  const terms = { reportsCost: true, source: 'its page' } as const;
  const row = { ...price.row, own: false } as unknown as Price['row'];
  const usage: Usage = { inputTokens: 100, outputTokens: 10, providerCostUsd: 0 };
  expect(costOf(usage, { row, terms }, { at: 0 })).toMatchObject({ known: true, nanoDollars: 200_000 });
  expect(costOf({ ...usage, providerCostUsd: 0.5 }, { row, terms }, { at: 0 })).toMatchObject({ nanoDollars: 500_000_000 });
  expect(costOf(usage, { row: { ...row, prices: [] }, terms }, { at: 0 })).toMatchObject({ known: false });
});
