import { describe, expect, test } from 'bun:test';
import * as sluice from '../index.ts';
import { abilities } from '../catalog/model-row.ts';
import { countLocally } from './info/tokens.ts';
import { countText, pieces } from './info/tokenizer.ts';

const answer = (usage: object, more: object = {}) => ({
  id: 'x',
  object: 'chat.completion',
  model: 'gpt-4o-2024-08-06',
  choices: [],
  usage,
  ...more,
});

describe('completionCost', () => {
  test('of an answer in each format', async () => {
    const chat = answer({ prompt_tokens: 1000, completion_tokens: 100, prompt_tokens_details: { cached_tokens: 400 } });
    expect(await sluice.completionCost(chat)).toMatchObject({ usd: 0.003 });
    const message = {
      type: 'message',
      model: 'claude-sonnet-4-6',
      usage: { input_tokens: 1000, output_tokens: 100, cache_read_input_tokens: 1000 },
    };
    expect(await sluice.completionCost(message)).toMatchObject({ usd: 0.0048 });
    const gemini = {
      modelVersion: 'gemini-2.5-pro',
      usageMetadata: { promptTokenCount: 1000, candidatesTokenCount: 10, thoughtsTokenCount: 90, totalTokenCount: 1100 },
    };
    expect(await sluice.completionCost(gemini)).toMatchObject({ usd: 0.00225 });
    const response = {
      object: 'response',
      model: 'gpt-5',
      output: [],
      usage: { input_tokens: 1000, output_tokens: 100, total_tokens: 1100 },
    };
    expect(await sluice.completionCost(response)).toMatchObject({ usd: 0.00225 });
  });

  test('the class of service of the answer counts; lines say what it is made of', async () => {
    const cost = await sluice.completionCost(answer({ prompt_tokens: 1000, completion_tokens: 0 }, { service_tier: 'priority' }));
    expect(cost).toMatchObject({ usd: 0.00425, lines: [{ what: 'inputTokens', count: 1000, unitUsd: 4.25e-6, usd: 0.00425 }] });
    expect(cost.source).toContain('2026');
  });

  test('what is not known is undefined, with the reason', async () => {
    const cost = await sluice.completionCost(answer({ prompt_tokens: 1, completion_tokens: 1 }), { model: 'openai/gpt-99' });
    expect(cost).toMatchObject({ usd: undefined, why: 'no price is known for this model' });
    expect(await sluice.completionCost(answer({}))).toMatchObject({ usd: undefined });
    expect(sluice.completionCost({ usage: {} })).rejects.toThrow('whose answer');
    expect(sluice.completionCost({ model: 'nonsense' })).rejects.toThrow('No provider is known');
  });
});

describe('completionCost of what is no conversation', () => {
  type Options = Parameters<typeof sluice.completionCost>[1];
  const usd = async (given: object, options?: Options) => (await sluice.completionCost(given, options)).usd;

  test('images: by their number, size and quality, or by tokens', async () => {
    const images = { created: 1, data: [{ url: 'https://a.test/1' }, { b64_json: 'AA==' }] };
    expect(await usd(images, { model: 'dall-e-3', size: '1024x1792', quality: 'hd' })).toBe(0.24);
    expect(await usd(images, { model: 'dall-e-2', size: '256x256' })).toBe(0.032);
    const counted = {
      ...images,
      usage: { input_tokens: 50, output_tokens: 4160, total_tokens: 4210, output_tokens_details: { image_tokens: 4160, text_tokens: 0 } },
    };
    expect(await usd(counted, { model: 'gpt-image-1', callType: 'image_generation' })).toBe(0.16665);
    expect(await usd({ data: [] }, { model: 'dall-e-3', callType: 'image_generation' })).toBeUndefined();
  });

  test('transcriptions: by time or by tokens', async () => {
    expect(await usd({ text: 'hi', usage: { type: 'duration', seconds: 60 } }, { model: 'whisper-1' })).toBe(0.006);
    expect(await usd({ text: 'hi', duration: 30.5 }, { model: 'whisper-1' })).toBe(0.00305);
    expect(await usd({ text: 'hi' }, { model: 'whisper-1', seconds: 30 })).toBe(0.003);
    // Plain text says nothing of it.
    expect(await usd({ text: 'hi' }, { model: 'whisper-1' })).toBeUndefined();
  });

  test('speech: by the text', async () => {
    expect(await usd(new ArrayBuffer(8), { model: 'tts-1', callType: 'speech', input: 'a'.repeat(1000) })).toBe(0.015);
    expect(await usd(new ArrayBuffer(8), { model: 'tts-1', callType: 'speech' })).toBeUndefined();
  });

  test('reranking: by search units or by tokens; neither is unknown', async () => {
    const results = [{ index: 0, relevance_score: 0.9 }];
    expect(await usd({ results, meta: { billed_units: { search_units: 3 } } }, { model: 'cohere/rerank-v3.5' })).toBe(0.006);
    expect(await usd({ results, usage: { total_tokens: 1000 } }, { model: 'voyage/rerank-2.5' })).toBe(0.00005);
    expect(await usd({ results }, { model: 'cohere/rerank-v3.5' })).toBeUndefined();
  });

  test('OCR by pages, searches by queries, videos by seconds', async () => {
    const pages = [{ index: 0, markdown: '# a' }];
    expect(await usd({ pages, model: 'mistral-ocr-2505', usage_info: { pages_processed: 29 } })).toBe(0.029);
    expect(await usd({ pages, model: 'mistral-ocr-2505' })).toBe(0.001);
    expect(await usd({ object: 'search', results: [] }, { model: 'tavily/search', query: ['a', 'b'] })).toBe(0.016);
    expect(await usd({ object: 'video', id: 'v', model: 'sora-2', seconds: '8', size: '1280x720' })).toBe(0.8);
  });

  test('embeddings, and a type of call that there is not', async () => {
    const usage = { prompt_tokens: 1_000_000, total_tokens: 1_000_000 };
    expect(await usd({ object: 'list', data: [{ object: 'embedding', embedding: [] }], model: 'text-embedding-3-small', usage })).toBe(
      0.02,
    );
    expect(await usd({ text: 'hi', duration: 60 }, { model: 'whisper-1', callType: 'atranscription' as 'transcription' })).toBe(0.006);
    expect(sluice.completionCost({ model: 'gpt-4o' }, { callType: 'dance' as 'speech' })).rejects.toThrow("no call of the type 'dance'");
  });
});

test('costPerToken takes OpenAI’s and LiteLLM’s words, and no words that nobody knows', async () => {
  const usd = async (usage: object) => (await sluice.costPerToken('gpt-4o', usage)).usd;
  expect(await usd({ prompt_tokens: 1000 })).toBe(0.0025);
  expect(await usd({ prompt_tokens: 1000, completion_tokens: 100 })).toBe(0.0035);
  // Those that were cached are among them.
  expect(await usd({ prompt_tokens: 1000, prompt_tokens_details: { cached_tokens: 400 } })).toBe(0.002);
  expect(await usd({ prompt_tokens: 1000, cache_read_input_tokens: 400, completion_tokens: 0 })).toBe(0.002);
  expect(await usd({ input_tokens: 1000, output_tokens: 100 })).toBe(0.0035);
  expect(await sluice.costPerToken('cohere/rerank-v3.5', { number_of_queries: 2 })).toMatchObject({ usd: 0.004 });
  expect(await sluice.costPerToken('gpt-4o', {})).toMatchObject({ usd: undefined });
  expect(usd({ promptTokens: 1000 })).rejects.toThrow("'promptTokens'");
  expect(usd({ prompt_tokens: 1000, outputTokens: 1 })).rejects.toThrow('count differently');
  expect(usd({ units: { picture: 1 } })).rejects.toThrow("'picture'");
  expect(usd({ inputTokens: -1 })).rejects.toThrow('not negative');
  expect(usd({ inputTokens: Number.NaN })).rejects.toThrow('not negative');
  expect(usd({ prompt_tokens: '1000' })).rejects.toThrow('not negative');
});

test('costPerToken', async () => {
  expect(await sluice.costPerToken('openai/gpt-4o-mini', { inputTokens: 1_000_000 })).toMatchObject({ usd: 0.15 });
  expect(await sluice.costPerToken('openai/gpt-4o-mini', { inputTokens: 1_000_000 }, { batch: true })).toMatchObject({ usd: 0.075 });
  expect(await sluice.costPerToken('cohere/rerank-v3.5', { units: { queries: 2 } })).toMatchObject({ usd: 0.004 });
});

describe('what is known of models', () => {
  test('getModelInfo, getMaxTokens', async () => {
    expect(await sluice.getModelInfo('gpt-4o')).toMatchObject({
      key: 'gpt-4o',
      litellm_provider: 'openai',
      mode: 'chat',
      max_input_tokens: 128_000,
      max_output_tokens: 16_384,
      input_cost_per_token: 2.5e-6,
      supports_vision: true,
      supports_reasoning: false,
    });
    expect(await sluice.getMaxTokens('anthropic/claude-sonnet-4-6')).toBeGreaterThan(60_000);
    expect(sluice.getModelInfo('openai/gpt-99')).rejects.toThrow('registerModel');
  });

  test('every ability has its question', async () => {
    const names = abilities.map((each) => `supports${each.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())}`);
    for (const name of names) expect(typeof (sluice as Record<string, unknown>)[name]).toBe('function');
    expect(await sluice.supportsVision('gpt-4o')).toBe(true);
    expect(await sluice.supportsVision('openai/gpt-3.5-turbo')).toBe(false);
    expect(await sluice.supportsPdfInput('claude-sonnet-4-6')).toBe(true);
    expect(await sluice.supportsReasoning('gpt-4o')).toBe(false);
    expect(await sluice.supportsVideoInput('gemini-2.5-pro')).toBe(true);
    expect(await sluice.supportsVision('nobody/knows')).toBeUndefined();
    expect(await sluice.supportsAudioInput('openai/gpt-99')).toBeUndefined();
  });

  test('registerModel goes before what is known', async () => {
    await sluice.registerModel({
      'openai/our-tuned-one': {
        input_cost_per_token: 1e-6,
        output_cost_per_token: 0,
        max_input_tokens: 1000,
        supports_vision: true,
        mode: 'chat',
      },
      'acme-chat': { litellm_provider: 'acme', input_cost_per_token: 0, output_cost_per_token: 0 },
    });
    expect(await sluice.costPerToken('openai/our-tuned-one', { inputTokens: 500, outputTokens: 500 })).toMatchObject({
      usd: 0.0005,
      source: 'registerModel',
    });
    expect(await sluice.supportsVision('openai/our-tuned-one')).toBe(true);
    expect(await sluice.costPerToken('acme/acme-chat' as 'openai/gpt-4o', { inputTokens: 500 })).toMatchObject({ usd: 0 });
    expect(sluice.registerModel({ x: 3 as never })).rejects.toThrow('must be an object');
  });

  test('getLlmProvider', async () => {
    expect(await sluice.getLlmProvider('gpt-4o')).toEqual({ provider: 'openai', model: 'gpt-4o' });
    expect(await sluice.getLlmProvider('groq/llama-3.3-70b-versatile')).toEqual({ provider: 'groq', model: 'llama-3.3-70b-versatile' });
    expect(sluice.getLlmProvider('opnai/gpt-4o' as 'openai/gpt-4o')).rejects.toThrow('Did you mean');
  });

  test('getSupportedOpenAIParams: what goes on to the provider', async () => {
    const openai = await sluice.getSupportedOpenAIParams('openai/gpt-4o');
    expect(openai).toContain('logit_bias');
    expect(openai).toContain('tools');
    const claude = await sluice.getSupportedOpenAIParams('anthropic/claude-sonnet-4-6');
    expect(claude).toContain('temperature');
    expect(claude).toContain('tools');
    expect(claude).not.toContain('logit_bias');
    expect(claude).not.toContain('n');
    expect(claude).not.toContain('top_logprobs');
    expect(claude).not.toContain('audio');
    // Fixed sampling: the newest of Claude take no temperature.
    expect(await sluice.getSupportedOpenAIParams('anthropic/claude-opus-4-8')).not.toContain('temperature');
    expect(await sluice.getSupportedOpenAIParams('openai/text-embedding-3-small', { kind: 'embeddings' })).toContain('dimensions');
  });

  test('validateEnvironment, getValidModels', async () => {
    expect(await sluice.validateEnvironment('gpt-4o', { env: {} })).toEqual({ keysInEnvironment: false, missingKeys: ['OPENAI_API_KEY'] });
    expect(await sluice.validateEnvironment('gpt-4o', { env: { OPENAI_API_KEY: 'x' } })).toEqual({
      keysInEnvironment: true,
      missingKeys: [],
    });
    expect(await sluice.validateEnvironment('ollama/llama3', { env: {} })).toMatchObject({ keysInEnvironment: true });
    const models = await sluice.getValidModels({ GROQ_API_KEY: 'x' });
    expect(models).toContain('groq/llama-3.3-70b-versatile');
    expect(models.every((name) => name.startsWith('groq/'))).toBe(true);
    expect(await sluice.getValidModels({})).toEqual([]);
  });
});

describe('counting tokens', () => {
  const words = { encode: (text: string) => [...text.matchAll(/\S+/g)].map((_, at) => at), decode: () => '' };

  test('messages, tools and what stands around them', async () => {
    const count = (what: object) => sluice.tokenCounter({ model: 'gpt-4o', tokenizer: words, ...what });
    expect(await count({ text: 'one two three' })).toBe(3);
    // Three around a message, its role, its words; three before the answer.
    expect(await count({ messages: [{ role: 'user', content: 'one two' }] })).toBe(3 + 1 + 2 + 3);
    expect(await count({ messages: [{ role: 'user', name: 'ann', content: [{ type: 'text', text: 'a b' }] }] })).toBe(
      3 + 1 + 1 + 1 + 2 + 3,
    );
    const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'low' } };
    expect(await count({ messages: [{ role: 'user', content: [picture] }] })).toBe(3 + 1 + 85 + 3);
  });

  test('a model whose vocabulary is not published is estimated', async () => {
    expect(await countLocally('anthropic/claude-sonnet-4-6', { text: 'x'.repeat(400) })).toEqual({ tokens: 100, tokenizer: 'estimate' });
  });

  test('pieces are the text, cut where words end, and no run is long', () => {
    for (const text of ['', 'a', 'word '.repeat(10_000), '漢'.repeat(20_000), '👍'.repeat(5000), `${'x'.repeat(7999)} y`]) {
      const cut = [...pieces(text)];
      expect(cut.join('')).toBe(text);
      for (const each of cut) {
        expect(each.length).toBeLessThanOrEqual(9000);
        expect(each.isWellFormed()).toBe(true);
        for (const run of each.split(' ')) expect(run.length).toBeLessThanOrEqual(302);
      }
    }
  });

  test('FP-9: a million tokens hold nothing up for 50 ms', async () => {
    let turn = 0;
    let of = -1;
    let held = 0;
    let worst = 0;
    // As slow as the real one: a millisecond for ten thousand characters. What is summed up is that, and not the clock's
    // time, which holds whatever else the machine does.
    const slow = {
      encode: (text: string) => {
        const ms = text.length / 10_000;
        held = of === turn ? held + ms : ms;
        of = turn;
        worst = Math.max(worst, held);
        const until = performance.now() + ms;
        while (performance.now() < until);
        return Array.from({ length: Math.ceil(text.length / 4) }, () => 0);
      },
      decode: () => '',
    };
    const timer = setInterval(() => (turn += 1), 0);
    expect(await countText('word '.repeat(800_000), slow)).toBeGreaterThanOrEqual(1_000_000);
    clearInterval(timer);
    expect(turn).toBeGreaterThan(10);
    expect(worst).toBeLessThan(50);
  });
});

describe('trimMessages', () => {
  const words = { encode: (text: string) => [...text.matchAll(/\S+/g)].map((_, at) => at), decode: () => '' };
  const trim = (messages: object[], maxTokens: number) => sluice.trimMessages(messages, { model: 'gpt-4o', maxTokens, tokenizer: words });
  const said = (role: string, count: number) => ({ role, content: `${role} `.repeat(count).trim() });

  test('what fits is left alone', async () => {
    const messages = [said('system', 2), said('user', 3)];
    expect(await trim(messages, 100)).toEqual(messages);
  });

  test('system and end stay, the oldest go', async () => {
    const messages = [said('system', 2), said('user', 50), said('assistant', 3), { role: 'user', content: 'last question' }];
    const kept = await trim(messages, 30);
    expect(kept[0]).toEqual(messages[0]!);
    expect(kept.at(-1)).toEqual(messages[3]!);
    expect(kept).toContainEqual(messages[2]!);
    expect(await sluice.tokenCounter({ model: 'gpt-4o', messages: kept, tokenizer: words })).toBeLessThanOrEqual(30);
  });

  test('answers of tools at the end stay with their call, and none is torn from it', async () => {
    const call = {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: '1', type: 'function', function: { name: 'f', arguments: '{}' } }],
    };
    const result = { role: 'tool', tool_call_id: '1', content: 'done' };
    expect((await trim([said('user', 100), call, result], 25)).slice(-2)).toEqual([call, result]);
    const kept = await trim([call, { ...result, content: 'word '.repeat(40) }, said('user', 3)], 20);
    expect(kept[0]).not.toMatchObject({ role: 'tool' });
  });

  test('the most that fits is found by the model', async () => {
    const messages = [said('user', 3)];
    expect(await sluice.trimMessages(messages, { model: 'gpt-4o' })).toEqual(messages);
    expect(sluice.trimMessages(messages, { model: 'openai/gpt-99' })).rejects.toThrow();
  });
});

describe('many models at once', () => {
  const messages = [{ role: 'user' as const, content: 'hi' }];

  test('the first good answer counts', async () => {
    const first = await sluice.batchCompletionModels({ messages, mockResponse: 'hello' }, { models: ['openai/gpt-4o', 'mock/b'] });
    expect(first.choices[0]?.message.content).toBe('hello');
    expect(sluice.batchCompletionModels({ messages }, { models: [] })).rejects.toThrow('no model');
    expect(sluice.batchCompletionModels({ messages, env: {} }, { models: ['openai/gpt-4o', 'groq/x'] })).rejects.toThrow();
  });

  test('or all of them', async () => {
    const all = await sluice.batchCompletionModelsAllResponses(
      { messages, mockResponse: 'hello' },
      { models: ['openai/gpt-4o', 'nonsense' as 'openai/x'] },
    );
    expect(all[0]).toMatchObject({ choices: [{ message: { content: 'hello' } }] });
    expect(all[1]).toBeInstanceOf(Error);
  });
});
