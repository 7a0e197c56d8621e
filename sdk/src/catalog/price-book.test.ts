import { describe, expect, test } from 'bun:test';
import { costOf } from './cost.ts';
import { readLitellmFields } from './litellm-map.ts';
import { loadCatalog } from './load.ts';
import { withOverride } from './override.ts';
import { createPriceBook, shelvesOfRows } from './price-book.ts';
import { readPriceMap } from './price-map.ts';

const catalog = await loadCatalog();
const at = Date.parse('2026-11-22');
const cost = (price: ReturnType<typeof catalog.price>, inputTokens = 1_000_000, outputTokens = 1_000_000, facts = {}): number | string => {
  const found = costOf({ inputTokens, outputTokens }, price, { at, ...facts });
  return found.known ? found.nanoDollars / 1e9 : found.why;
};

describe('names', () => {
  test.each([
    ['openai', 'gpt-4o', 'gpt-4o'],
    ['openai', 'gpt-4o-2099-01-01', 'gpt-4o'],
    ['openai', 'gpt-5-mini-2025-08-07', 'gpt-5-mini'],
    ['openai', 'ft:gpt-4.1-mini-2025-04-14:acme:suffix:id', 'ft:gpt-4.1-mini'],
    ['anthropic', 'claude-sonnet-4-5-latest', 'claude-sonnet-4-5'],
    ['vertex_ai', 'claude-haiku-4-5@20251001', 'claude-haiku-4-5'],
    ['gemini', 'gemini-2.5-flash-001', 'gemini-2.5-flash'],
    ['bedrock', 'us.amazon.nova-lite-v1:0', 'us.amazon.nova-lite-v1:0'],
    ['bedrock', 'ap.amazon.nova-lite-v1:0', 'amazon.nova-lite-v1:0'],
    ['bedrock', 'arn:aws:bedrock:us-east-1:1:inference-profile/us.meta.llama3-3-70b-instruct-v1:0', 'us.meta.llama3-3-70b-instruct-v1:0'],
    ['azure', 'gpt-5-mini', 'gpt-5-mini'],
    ['bedrock_mantle', 'openai.gpt-oss-120b-1:0', 'openai.gpt-oss-120b-1:0'],
    ['openrouter', 'openai/gpt-4o', 'openai/gpt-4o'],
  ])('%s/%s is priced as %s', (provider, model, id) => {
    expect(catalog.find(provider, model)?.id).toBe(id);
    expect(catalog.find(provider, model)?.provider).toBe(provider);
  });

  test.each([
    ['openai', 'gpt-4o-something-new'],
    ['openai', 'claude-opus-4-6'],
    ['anthropic', 'claude-sonnet-5-9'],
    ['azure', 'prod-chat'],
    ['nobody', 'gpt-4o'],
    ['openai', 'constructor'],
    ['constructor', 'gpt-4o'],
    ['__proto__', 'gpt-4o'],
    ['openai', ''],
  ])('%s/%s is not guessed', (provider, model) => {
    expect(catalog.find(provider, model)).toBeUndefined();
  });
});

describe('a price map', async () => {
  const litellm = JSON.stringify({
    sample_spec: { litellm_provider: 'one of', input_cost_per_token: 0 },
    'acme-large': {
      litellm_provider: 'acme',
      mode: 'chat',
      max_input_tokens: 1000,
      input_cost_per_token: 1e-6,
      output_cost_per_token: 2e-6,
      input_cost_per_token_above_200k_tokens: 3e-6,
      input_cost_per_token_priority: 4e-6,
      output_cost_per_token_batches: 0.5e-6,
      cache_creation_input_token_cost_above_1hr: 5e-6,
      supports_vision: true,
      supports_reasoning: false,
    },
    'acme/unknown': { litellm_provider: 'acme', mode: 'chat', input_cost_per_token: 0, output_cost_per_token: 0 },
    'azure/eu/gpt-4o': { litellm_provider: 'azure', input_cost_per_token: 2.75e-6, output_cost_per_token: 11e-6 },
    '1024-x-1024/dall-e-2': { litellm_provider: 'openai', input_cost_per_pixel: 1e-8 },
    'dashscope/tiers': {
      litellm_provider: 'dashscope',
      tiered_pricing: [
        { range: [0, 32_000], input_cost_per_token: 1e-6, output_cost_per_token: 1e-6 },
        { range: [32_000, 64_000], input_cost_per_token: 2e-6, output_cost_per_token: 3e-6 },
      ],
    },
  });
  const { format, rows } = await readPriceMap(litellm, 'acme map, 2026-11-22');
  const book = createPriceBook(shelvesOfRows(rows), catalog);

  test('in the format of LiteLLM: names are measure, length and class of service', () => {
    expect(format).toBe('litellm');
    expect(rows.map(({ provider, id }) => `${provider}/${id}`)).toEqual([
      'acme/acme-large',
      'acme/unknown',
      'azure/eu/gpt-4o',
      'dashscope/tiers',
    ]);
    const price = book.price('acme', 'acme-large');
    expect(price?.row).toMatchObject({ mode: 'chat', maxInputTokens: 1000, abilities: ['vision'], lacks: ['reasoning'] });
    expect(cost(price, 1000, 1000)).toBe(0.003);
    expect(cost(price, 1_000_000, 0)).toBe(3);
    expect(cost(price, 1000, 0, { serviceTier: 'priority' })).toBe(0.004);
    expect(cost(price, 1_000_000, 0, { serviceTier: 'priority' })).toContain('so long an input');
    expect(cost(price, 0, 1000, { batch: true })).toBe(0.0005);
    expect(cost(book.price('dashscope', 'tiers'), 32_000, 1000)).toBe(0.033);
    expect(cost(book.price('dashscope', 'tiers'), 40_000, 1000)).toBe(0.083);
  });

  test("FP-14: a map's 0 is not known, a user's 0 is free", () => {
    expect(cost(book.price('acme', 'unknown'))).toBe('no price is known for acme/unknown');
    const zero = readLitellmFields('acme', 'own', { input_cost_per_token: 0, output_cost_per_token: 0 }, 's', true);
    expect(cost({ row: zero, terms: undefined })).toBe(0);
  });

  test('what it lacks is found beneath, what it has goes before', () => {
    expect(book.find('openai', 'gpt-4o')).toBe(catalog.find('openai', 'gpt-4o')!);
    expect(cost(book.price('azure', 'gpt-4o', 'eu'), 1_000_000, 0, { region: 'eu' })).toBe(2.75);
    expect(cost(book.price('azure', 'gpt-4o'), 1_000_000, 0, { region: 'eu' })).toBe(2.75);
  });

  test('in the format of models.dev', async () => {
    const map = {
      google: {
        id: 'google',
        models: {
          'gemini-next': {
            id: 'gemini-next',
            reasoning: true,
            tool_call: false,
            modalities: { input: ['text', 'image'], output: ['text'] },
            limit: { context: 1000, output: 100 },
            cost: { input: 1, output: 2, cache_read: 0.1, context_over_200k: { input: 3, output: 4 } },
          },
          'gemini-tiers': {
            cost: {
              input: 1,
              output: 2,
              tiers: [{ tier: { type: 'context', size: 100_000 }, input: 5, output: 6 }],
              context_over_200k: { input: 9 },
            },
          },
          'gemini-free': { cost: { input: 0, output: 0 } },
        },
      },
    };
    const read = await readPriceMap(JSON.stringify(map), 'm');
    expect(read.format).toBe('models.dev');
    const own = createPriceBook(shelvesOfRows(read.rows));
    expect(own.find('gemini', 'gemini-next')).toMatchObject({
      contextWindow: 1000,
      maxOutputTokens: 100,
      abilities: ['vision', 'reasoning'],
    });
    expect(cost(own.price('gemini', 'gemini-next'), 200_000, 0)).toBe(0.2);
    expect(cost(own.price('gemini', 'gemini-next'), 300_000, 0)).toBe(0.9);
    expect(cost(own.price('gemini', 'gemini-tiers'), 150_000, 0)).toBe(0.75);
    expect(cost(own.price('gemini', 'gemini-free'))).toContain('no price');
  });

  test('what is none, or lost more than half of its rows, is not taken', async () => {
    expect(readPriceMap('<html>', 's')).rejects.toThrow('not JSON');
    expect(readPriceMap('[]', 's')).rejects.toThrow('not an object');
    expect(readPriceMap('{"error":"rate limited"}', 's')).rejects.toThrow('no models');
    expect(readPriceMap(litellm, 's', 9)).rejects.toThrow('had 9');
    expect((await readPriceMap(litellm, 's', 8)).rows.length).toBe(4);
  });
});

describe('what a user says', () => {
  const override = (fields: Record<string, unknown>, id = 'gpt-5.4') => {
    const known = catalog.find('openai', id);
    return { row: withOverride(known, { provider: 'openai', id, fields, at, source: 'model_info' }), terms: undefined };
  };

  test('goes before what is known, for any length', () => {
    const price = override({ input_cost_per_token: 1e-6, supports_vision: false, max_input_tokens: 99 });
    expect(cost(price, 1_000_000, 0)).toBe(1);
    expect(cost(price, 0, 1_000_000)).toBe(15);
    expect(price.row).toMatchObject({ own: true, maxInputTokens: 99 });
    expect(price.row.abilities).not.toContain('vision');
    expect(price.row.abilities).toContain('reasoning');
  });

  test('without a price changes no price', () => {
    const price = override({ max_output_tokens: 5 });
    expect(price.row.own).toBeUndefined();
    expect(cost(price, 1000, 0)).toBe(0.0025);
  });

  test('prices what nobody knows', () => {
    expect(costOf({ inputTokens: 0, outputTokens: 0 }, override({ input_cost_per_second: 0.001 }, 'my-ears')).known).toBe(false);
    const heard = costOf(
      { inputTokens: 0, outputTokens: 0, units: { inputSeconds: 3 } },
      override({ input_cost_per_second: 0.001 }, 'my-ears'),
    );
    expect(heard).toMatchObject({ nanoDollars: 3_000_000 });
  });
});

test('nothing at an address of nobody’s is priced as a vendor’s', () => {
  for (const model of ['gpt-oss-120b', 'gpt-4o', 'whisper-1', 'openai/gpt-oss-120b']) {
    expect(catalog.price('custom_openai', model)).toBeUndefined();
    expect(catalog.price('openai_like', model)).toBeUndefined();
    expect(catalog.price('hosted_vllm', model)).toBeUndefined();
  }
  expect(catalog.price('openai', 'gpt-oss-120b')).toBeUndefined();
});
