import { describe, expect, test } from 'bun:test';
import type { Limit } from '../../limits/index.ts';
import type { CallState } from '../call-state.ts';
import { BodyNeeds } from '../needs.ts';
import { liveOf } from './testing.ts';
import { worstCaseOf, type CallToBound } from './worst-case.ts';

const live = await liveOf(`
model_list:
  - { model_name: plain, litellm_params: { model: mock/hello, input_cost_per_token: 0.000001, output_cost_per_token: 0.000002 }, model_info: { max_output_tokens: 1000 } }
  - { model_name: dear, litellm_params: { model: mock/hello, input_cost_per_token: 0.00001, output_cost_per_token: 0.00002 } }
  - { model_name: capped, litellm_params: { model: mock/hello, output_cost_per_token: 0.000001, max_tokens: 50 } }
  - model_name: reasoner
    litellm_params: { model: mock/hello, input_cost_per_token: 0.000001, output_cost_per_token: 0.000001, output_cost_per_reasoning_token: 0.000003 }
  - model_name: long
    litellm_params: { model: mock/hello, input_cost_per_token: 0.000001, output_cost_per_token: 0.000001, input_cost_per_token_above_200k_tokens: 0.000002, output_cost_per_token_above_200k_tokens: 0.000005 }
  - { model_name: painter, litellm_params: { model: mock/hello, output_cost_per_image: 0.04 } }
  - { model_name: sketcher, litellm_params: { model: mock/gpt-image-2, output_cost_per_token: 0.00003, quality: low } }
  - { model_name: sketcher-of-others, litellm_params: { model: mock/hello, output_cost_per_token: 0.00003 } }
  - { model_name: artist, litellm_params: { model: openai/gpt-image-1.5, api_key: sk-x } }
  - { model_name: reader, litellm_params: { model: mock/hello, output_cost_per_token: 0.00001 } }
  - { model_name: ranker, litellm_params: { model: mock/hello, input_cost_per_query: 0.002 } }
  - { model_name: speaker, litellm_params: { model: mock/hello, input_cost_per_character: 0.00001 } }
  - { model_name: listener, litellm_params: { model: mock/hello, input_cost_per_second: 0.0001 } }
  - { model_name: filmer, litellm_params: { model: mock/hello, output_cost_per_second: 0.5 } }
  - { model_name: per-call, litellm_params: { model: mock/hello, input_cost_per_request: 0.02, input_cost_per_token: 0, output_cost_per_token: 0 } }
  - { model_name: free, litellm_params: { model: mock/hello } }
  - { model_name: zero, litellm_params: { model: openai/no-such-model, api_key: sk-x, input_cost_per_token: 0, output_cost_per_token: 0 } }
  - { model_name: unpriced, litellm_params: { model: openai/no-such-model-at-all, api_key: sk-x } }
  - { model_name: openai, litellm_params: { model: openai/gpt-4o, api_key: sk-x } }
  - { model_name: openai-served-first, litellm_params: { model: openai/gpt-4o, api_key: sk-x, service_tier: priority } }
  - { model_name: openai-three, litellm_params: { model: openai/gpt-4o, api_key: sk-x, n: 3 } }
  - { model_name: openai-searching, litellm_params: { model: openai/gpt-4o, api_key: sk-x, tools: [{ type: file_search }] } }
  - { model_name: claude, litellm_params: { model: anthropic/claude-sonnet-4-5, api_key: sk-x } }
  - { model_name: falls, litellm_params: { model: mock/hello, input_cost_per_token: 0.000001, output_cost_per_token: 0.000001 } }
  - { model_name: falls-to-unpriced, litellm_params: { model: mock/hello, input_cost_per_token: 0.000001, output_cost_per_token: 0.000001 } }
  - model_name: chooses
    litellm_params:
      model: auto_router/complexity_router
      complexity_router_config: { tiers: { SIMPLE: plain, COMPLEX: dear } }
      complexity_router_default_model: plain
litellm_settings: { cost_margin_config: { anthropic: 0.1 } }
router_settings: { fallbacks: [{ falls: [plain, dear] }, { falls-to-unpriced: [unpriced] }] }
sluice_settings: { budgets: { unpriced: refuse } }
`);

const money: Limit = { subject: 'key:k', metric: 'cost', max: 1e12, label: 'key "ci"' };
const tpm = (max: number): Limit => ({ subject: 'key:k', metric: 'tokens', max, windowMs: 60_000, label: 'key "ci"' });
const noon = Date.UTC(2026, 10, 22, 12);

const boundOf = (model: string, body: Record<string, unknown> = {}, { limits = [money], route = 'chat', ...more }: Options = {}) => {
  const needs = new BodyNeeds(body as never, JSON.stringify(body).length);
  const state = { live: more.live ?? live, principal: undefined, route } as unknown as CallState;
  return worstCaseOf(state, { model, body: body as never, needs: () => needs, ...more }, limits, noon);
};
type Options = Partial<CallToBound> & { limits?: readonly Limit[]; route?: string; live?: typeof live };
const usd = (...args: Parameters<typeof boundOf>): number => boundOf(...args).worst.costNanodollars / 1e9;

/** 400 characters: 100 tokens and 3 around them by the estimate, twice that for money. */
const hundred = { messages: [{ role: 'user', content: 'a'.repeat(400) }] };
const input = 2 * boundOf('plain', hundred).worst.inputTokens;

describe('a chat', () => {
  test('what goes in at twice the estimate, and what may come out', () => {
    expect(input).toBeGreaterThanOrEqual(200);
    expect(input).toBeLessThanOrEqual(220);
    expect(usd('plain', { ...hundred, max_tokens: 10 })).toBeCloseTo(input * 1e-6 + 10 * 2e-6, 9);
  });
  test('unsaid: the maximum of the model, else 4096, else as the deployment sets it', () => {
    expect(usd('plain', hundred)).toBeCloseTo(input * 1e-6 + 1000 * 2e-6, 9);
    expect(usd('dear', hundred)).toBeCloseTo(input * 1e-5 + 4096 * 2e-5, 9);
    expect(usd('capped', hundred)).toBeCloseTo(50 * 1e-6, 9);
    expect(usd('openai', {})).toBeCloseTo(16_384 * 10e-6, 9);
  });
  test('more than the model can say is not more', () =>
    expect(usd('plain', { ...hundred, max_tokens: 9e9 })).toBeCloseTo(input * 1e-6 + 1000 * 2e-6, 9));
  test('several choices are as many answers', () => {
    expect(usd('plain', { max_tokens: 10, n: 3 })).toBeCloseTo(30 * 2e-6, 9);
    expect(usd('plain', { generationConfig: { maxOutputTokens: 10, candidateCount: 2 } }, { route: 'generate_content' })).toBeCloseTo(
      20 * 2e-6,
      9,
    );
  });
  test('the dearest kind of output, as all of it may be that', () =>
    expect(usd('reasoner', { max_completion_tokens: 100 })).toBeCloseTo(100 * 3e-6, 9));
  test('a long input has the prices of long inputs', () => {
    const text = { messages: [{ role: 'user', content: 'a'.repeat(1_000_000) }], max_tokens: 100 };
    expect(usd('long', text)).toBeGreaterThan(500_000 * 2e-6);
    expect(usd('long', { ...hundred, max_tokens: 100 })).toBeCloseTo(input * 1e-6 + 100 * 1e-6, 9);
  });
  test('what is written into a cache costs more, and for an hour still more; margins are on top', () => {
    const marked = (ttl?: string) => ({
      max_tokens: 1,
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'a'.repeat(4000), cache_control: { type: 'ephemeral', ...(ttl && { ttl }) } }] },
      ],
    });
    const [usual, hour] = [usd('claude', marked()), usd('claude', marked('1h'))];
    // 3.75 and 6 dollars a million, with the region and the margin that may be on them.
    expect(usual).toBeGreaterThan(2000 * 3.75e-6 * 1.1);
    expect(hour / usual).toBeCloseTo(6 / 3.75, 1);
  });
  test('searches and tools of the provider: as often as is said, else ten times', () => {
    const plain = usd('openai', { max_tokens: 1 });
    expect(usd('openai', { max_tokens: 1, tools: [{ type: 'file_search' }] }) - plain).toBeCloseTo(10 * 0.0025, 3);
    expect(usd('openai', { max_tokens: 1, tools: [{ type: 'file_search' }], max_tool_calls: 2 }) - plain).toBeCloseTo(2 * 0.0025, 3);
    expect(
      usd('claude', { max_tokens: 1, tools: [{ type: 'web_search_20250305', max_uses: 3 }] }) - usd('claude', { max_tokens: 1 }),
    ).toBeCloseTo(0.033, 3);
  });
  test('a class of service has its own price, and one of no known price is as a model of none', () => {
    expect(usd('openai', { max_tokens: 1000, service_tier: 'priority' })).toBeGreaterThan(usd('openai', { max_tokens: 1000 }));
    expect(usd('openai', { max_tokens: 1000, service_tier: 'auto' })).toBe(usd('openai', { max_tokens: 1000 }));
    expect(() => usd('openai', { max_tokens: 1000, service_tier: 'made-up' })).toThrow(/in the service tier 'made-up'/);
  });
});

describe('FP-5: what the configuration adds to a call is set aside as if it had asked for it', () => {
  const short = { max_tokens: 1000 };
  test('a class of service', () => expect(usd('openai-served-first', short)).toBe(usd('openai', { ...short, service_tier: 'priority' })));
  test('choices, where the call does not say how many', () => {
    expect(usd('openai-three', short)).toBe(usd('openai', { ...short, n: 3 }));
    expect(usd('openai-three', { ...short, n: 1 })).toBe(usd('openai', short));
  });
  test('tools', () => expect(usd('openai-searching', short)).toBeCloseTo(usd('openai', short) + 10 * 0.0025, 4));
});

describe('FP-5: a fallback that is asked for more than the call says is set aside at that', () => {
  const short = { max_tokens: 10 };
  const to = (name: string, overrides: Record<string, unknown>) => ({ fallbacks: { targets: [{ name, overrides }] } });
  test.each<[string, Record<string, unknown>]>([
    ['a longer answer', { max_tokens: 900 }],
    ['more answers', { n: 50 }],
    ['a longer prompt', { messages: [{ role: 'user', content: 'a'.repeat(40_000) }] }],
    ['tools', { tools: [{ type: 'file_search' }] }],
  ])('%s, also of the same model', (_, overrides) => {
    for (const name of ['openai', 'plain']) {
      const most = Math.max(usd('openai', short), usd(name, { ...short, ...overrides }));
      expect(usd('openai', short, to(name, overrides))).toBeGreaterThanOrEqual(most * 0.999);
    }
    const { worst } = boundOf('plain', short, { ...to('plain', overrides), limits: [tpm(1e9)] });
    const { worst: then } = boundOf('plain', { ...short, ...overrides }, { limits: [tpm(1e9)] });
    expect(worst).toEqual(then);
  });
});

describe('FP-5: what a provider does not go by bounds nothing', () => {
  const tokens = (body: Record<string, unknown>, route = 'chat') => boundOf('plain', body, { route }).worst.outputTokens;
  test.each<[string, Record<string, unknown>, string, number]>([
    ["a name of another format's", { max_output_tokens: 1 }, 'chat', 1000],
    ['words beside a number', { max_tokens: 1, max_completion_tokens: '900' }, 'chat', 1000],
    ['less than nothing beside a number', { max_tokens: 1, max_completion_tokens: -1 }, 'chat', 1000],
    [
      "Gemini's other spelling beside the first",
      { generationConfig: { maxOutputTokens: 1 }, generation_config: { max_output_tokens: 900 } },
      'generate_content',
      900,
    ],
    [
      'choices of Gemini in its other spelling',
      { generation_config: { max_output_tokens: 10, candidate_count: 8 } },
      'generate_content',
      80,
    ],
    ["Ollama's", { options: { num_predict: 1 } }, 'chat', 1000],
    ["OpenAI's in Anthropic's", { max_completion_tokens: 1, max_tokens: 500 }, 'messages', 500],
    ["chat's in Responses", { max_tokens: 1, max_output_tokens: 500 }, 'responses', 500],
    ["chat's in Gemini's", { max_tokens: 1, generationConfig: { maxOutputTokens: 500 } }, 'generate_content', 500],
    ['the smaller one of two', { max_completion_tokens: 1, max_tokens: 500 }, 'chat', 500],
    ['less than is to be thought', { max_tokens: 1, thinking: { type: 'enabled', budget_tokens: 900 } }, 'chat', 901],
    ['less than the effort takes', { max_tokens: 1, reasoning_effort: 'high' }, 'chat', 1000],
    ['in a format that is not known, the smaller one', { max_tokens: 1, max_output_tokens: 500 }, 'batch', 500],
    ['more made than are given, nor', { max_tokens: 10, n: 1, best_of: 5 }, 'completions', 50],
    ['words', { max_tokens: '1' }, 'chat', 1000],
  ])('%s', (_, body, route, most) => expect(tokens(body, route)).toBe(most));
});

describe('who may serve', () => {
  test('the dearest of the fallbacks', () => expect(usd('falls', { max_tokens: 10 })).toBeCloseTo(10 * 2e-5, 9));
  test('those that the call names, or none', () => {
    expect(usd('plain', { max_tokens: 10 }, { fallbacks: { targets: [{ name: 'dear' }] } })).toBeCloseTo(10 * 2e-5, 9);
    expect(usd('falls', { max_tokens: 10 }, { fallbacks: { disabled: true } })).toBeCloseTo(10 * 1e-6, 9);
  });
  test('the dearest of what a choice by content leads to', () => expect(usd('chooses', { max_tokens: 10 })).toBeCloseTo(10 * 2e-5, 9));
});

describe('names that became others', () => {
  const stateWith = (more: object) => ({ live, principal: undefined, route: 'chat', ...more }) as unknown as CallState;
  const costAs = (more: object) => {
    const body = { max_tokens: 10 };
    const needs = () => new BodyNeeds(body as never, 10);
    return worstCaseOf(stateWith(more), { model: 'falls', body, needs, fallbacks: { disabled: true } }, [money], noon).worst
      .costNanodollars;
  };
  test('what a choice by content or an experiment led to', () => {
    expect(costAs({ routed: { model: 'dear' } })).toBe(200_000);
    expect(costAs({ shaped: { model: 'plain' } })).toBe(20_000);
  });
  test('what answers as a budget is spent, whatever the other name led to', () =>
    expect(costAs({ routed: { model: 'dear' }, budgetModel: 'plain' })).toBe(20_000));
  test('a call that may be sent twice takes twice', async () => {
    const twice = await liveOf(`
model_list: [{ model_name: dear, litellm_params: { model: mock/hello, input_cost_per_token: 0.00001, output_cost_per_token: 0.00002 } }]
sluice_settings: { routing: { hedging: { after_ms: 100 } } }
`);
    expect(usd('dear', { max_tokens: 10 }, { live: twice })).toBeCloseTo(2 * 10 * 2e-5, 9);
  });
});

describe('other kinds of calls', () => {
  test('images: as many as are asked for', () =>
    expect(usd('painter', { prompt: 'x', n: 3 }, { route: 'images_generations' })).toBeCloseTo(0.12, 9));
  test('images that are billed by tokens: as many as OpenAI bills for the size and quality, or more', () => {
    const drawn = (model: string, body: Record<string, unknown>) => usd(model, body, { route: 'images_generations' });
    expect(drawn('sketcher', { quality: 'high', size: '1024x1024' })).toBeCloseTo(7024 * 3e-5, 9);
    expect(drawn('sketcher', { quality: 'low', size: '1024x1024', n: 2, partial_images: 3 })).toBeCloseTo(2 * 708 * 3e-5, 9);
    expect(drawn('sketcher', { quality: 'auto' })).toBeCloseTo(23_719 * 3e-5, 9);
    // What the deployment presumes, where the call says nothing.
    expect(drawn('sketcher', {})).toBeCloseTo(659 * 3e-5, 9);
    expect(drawn('sketcher-of-others', { quality: 'low' })).toBeCloseTo(4096 * 3e-5, 9);
    // The price list of the catalog: $0.20 an upright one of the best quality (OpenAI's own table).
    expect(drawn('artist', { quality: 'high', size: '1024x1536' })).toBeGreaterThanOrEqual(0.199);
  });
  test('speech that is billed by tokens: more for digits, for scripts with few characters a word, and for a slow voice', () => {
    const spoken = (input: string, more: Record<string, unknown> = {}) => usd('reader', { input, ...more }, { route: 'audio_speech' });
    const tenMicros = 1e-5;
    expect(spoken('a'.repeat(100))).toBeCloseTo(400 * tenMicros, 9);
    expect(spoken('7'.repeat(100))).toBeCloseTo(1200 * tenMicros, 9);
    expect(spoken('\u8a9e'.repeat(100))).toBeCloseTo(1200 * tenMicros, 9);
    expect(spoken('a'.repeat(100), { speed: 0.25 })).toBeCloseTo(1600 * tenMicros, 9);
    for (const speed of [4, 0, 'x', null]) expect(spoken('a'.repeat(100), { speed })).toBeCloseTo(400 * tenMicros, 9);
    for (const speed of [0.001, -1]) expect(spoken('a'.repeat(100), { speed })).toBeCloseTo(1600 * tenMicros, 9);
  });
  test('reranking: a search unit for each hundred parts of documents, which a long query makes more', () => {
    const ranked = (documents: unknown[], query = 'q') => usd('ranker', { query, documents }, { route: 'rerank' });
    expect(ranked(Array.from({ length: 100 }, () => 'a'))).toBeCloseTo(0.002, 9);
    expect(ranked(Array.from({ length: 101 }, () => 'a'))).toBeCloseTo(0.004, 9);
    expect(ranked(Array.from({ length: 100 }, () => '\u8a9e'.repeat(600)))).toBeCloseTo(0.004, 9);
    expect(
      ranked(
        Array.from({ length: 100 }, () => 'a'.repeat(700)),
        'q'.repeat(1000),
      ),
    ).toBeCloseTo(0.004, 9);
  });
  test('speech: its characters', () => expect(usd('speaker', { input: 'a'.repeat(100) }, { route: 'audio_speech' })).toBeCloseTo(0.001, 9));
  test('videos: their seconds, else twelve', () => {
    expect(usd('filmer', { seconds: '4' }, { route: 'videos' })).toBeCloseTo(2, 9);
    expect(usd('filmer', {}, { route: 'videos' })).toBeCloseTo(6, 9);
    // As long as the one it is made from, which nobody here knows.
    expect(usd('filmer', {}, { route: 'video_remix' })).toBeCloseTo(10.01, 9);
  });
  test('transcriptions: nobody knows how long they are, so the stated sum is set aside', () =>
    expect(usd('listener', {}, { route: 'audio_transcriptions' })).toBeCloseTo(0.01, 9));
  test('embeddings: nothing comes out', () =>
    expect(usd('plain', { input: 'a'.repeat(400) }, { route: 'embeddings' })).toBeLessThan(0.00025));
  test('a price for each call', () => expect(usd('per-call', { max_tokens: 5 })).toBeCloseTo(0.02, 9));
  test('what is relayed as it is: the stated sum', () => expect(usd('plain', {}, { relayed: true })).toBeCloseTo(0.01, 9));
});

describe('models without a price (FP-25)', () => {
  test('refused where a budget holds, with what to do', () =>
    expect(() => boundOf('unpriced', { max_tokens: 1 })).toThrow(
      /No price is known for the model 'unpriced'.*budget of key "ci".*unpriced: charge/,
    ));
  test('let through without one, also where it is only watched', () => {
    expect(boundOf('unpriced', { max_tokens: 1 }, { limits: [tpm(1000)] }).worst.costNanodollars).toBe(0);
    expect(boundOf('unpriced', { max_tokens: 1 }, { limits: [{ ...money, soft: true }] }).isFree).toBe(false);
  });
  test('a fallback to one is no reason to refuse', () => expect(usd('falls-to-unpriced', { max_tokens: 1 })).toBeCloseTo(0.01, 9));
  test('or charged as the settings say', async () => {
    const charging = await liveOf(`
model_list: [{ model_name: unpriced, litellm_params: { model: openai/no-such-model-at-all, api_key: sk-x } }]
sluice_settings: { budgets: { unpriced: charge, unpriced_usd_per_call: 0.5, unpriced_usd_per_million_tokens: 100 } }
`);
    expect(usd('unpriced', { max_tokens: 1000 }, { live: charging })).toBeCloseTo(0.5 + 0.1, 9);
  });
  test('which is a dollar for a million tokens, where they say nothing', async () => {
    const usual = await liveOf(
      'model_list: [{ model_name: unpriced, litellm_params: { model: openai/no-such-model-at-all, api_key: sk-x } }]',
    );
    expect(usd('unpriced', { max_tokens: 1000 }, { live: usual })).toBeCloseTo(0.001, 9);
  });
  test('free is a price: nothing is set aside, and no budget is asked', () => {
    expect(boundOf('free', hundred)).toMatchObject({ worst: { costNanodollars: 0 }, isFree: true });
    expect(boundOf('zero', hundred)).toMatchObject({ worst: { costNanodollars: 0 }, isFree: true });
    expect(boundOf('plain', hundred).isFree).toBe(false);
  });
});

describe('limits of tokens', () => {
  const tokensOf = (model: string, body: Record<string, unknown>, max: number) =>
    boundOf(model, body, { limits: [tpm(max)] }).worst.outputTokens;
  test('what is said is taken whole', () => expect(tokensOf('dear', { max_tokens: 900 }, 1000)).toBe(900));
  test('unsaid, at most a quarter of the smallest limit, so that a small one does not refuse every call', () => {
    expect(tokensOf('dear', {}, 1000)).toBe(250);
    expect(tokensOf('dear', {}, 1_000_000)).toBe(4096);
    expect(tokensOf('plain', {}, 1_000_000)).toBe(1000);
    expect(tokensOf('dear', {}, 1)).toBe(1);
  });
  test('money is bounded by the maximum all the same', () => {
    const { worst } = boundOf('dear', {}, { limits: [tpm(1000), money] });
    expect([worst.outputTokens, worst.costNanodollars]).toEqual([250, Math.ceil(4096 * 2e-5 * 1e9)]);
  });
  test('an operator may say what an unbounded answer is taken for', async () => {
    const said = await liveOf(`
model_list: [{ model_name: dear, litellm_params: { model: mock/hello, input_cost_per_token: 0.00001, output_cost_per_token: 0.00002 } }]
sluice_settings: { budgets: { unsaid_output_tokens: 500 } }
`);
    expect(usd('dear', {}, { live: said })).toBeCloseTo(500 * 2e-5, 9);
    expect(usd('dear', { max_tokens: 1000 }, { live: said })).toBeCloseTo(1000 * 2e-5, 9);
  });
});
