import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { describeAdmin, type TestAdmin } from '../kit/admin.ts';
import { answerTokens, promptTokens, startTeller, type Teller } from './teller.ts';

/*
 * Whatever a call is asked by, of whom, whole or streamed: the same tokens cost the same, are counted for the same key, and are
 * refused the same way where its budget has no room (FP-4).
 */

let upstream: Teller;
beforeAll(() => {
  upstream = startTeller();
  upstream.pieces = 3;
});
afterAll(() => upstream.stop());

const providers = {
  openai: ['openai/gpt-4o', 'v1'],
  anthropic: ['anthropic/claude-sonnet-4-5', ''],
  gemini: ['gemini/gemini-2.5-flash', ''],
  ollama: ['ollama_chat/llama', ''],
} as const;
type Provider = keyof typeof providers;

const tokens = 'input_cost_per_token: 1e-6, output_cost_per_token: 1e-5';
const config = () => `
model_list:
${Object.entries(providers)
  .map(([name, [model, path]]) => entry(name, model, path, tokens))
  .join('\n')}
${entry('embed', 'openai/text-embedding-3-small', 'v1', tokens)}
${entry('words', 'openai/gpt-3.5-turbo-instruct', 'v1', tokens)}
${entry('rank', 'cohere/rerank-v3.5', '', 'input_cost_per_query: 0.002')}
${entry('paint', 'openai/dall-e-3', 'v1', 'output_cost_per_image: 0.04')}
${entry('hear', 'openai/whisper-1', 'v1', 'input_cost_per_second: 0.0001')}
${entry('speak', 'openai/tts-1', 'v1', 'input_cost_per_character: 0.000015')}
${entry('film', 'openai/sora-2', 'v1', 'output_cost_per_video_per_second: 0.1')}
${entry('read', 'mistral/mistral-ocr-latest', 'v1', 'ocr_cost_per_page: 0.001')}
router_settings: { num_retries: 0, disable_cooldowns: true }
`;
const entry = (name: string, model: string, path: string, prices: string): string =>
  `  - { model_name: ${name}, litellm_params: { model: ${model}, api_base: "${upstream.url}${path}", api_key: k, use_in_pass_through: true, ${prices} } }`;

const chatNano = promptTokens * 1000 + answerTokens * 10_000;
const said = [{ role: 'user', content: 'Hi.' }];

interface Way {
  path: (model: string, stream: boolean) => string;
  body: (model: string, stream: boolean) => object;
}
const inBody = (path: string, body: object): Way => ({
  path: () => path,
  body: (model, stream) => ({ model, ...body, ...(stream && { stream }) }),
});
const chats: Readonly<Record<string, Way>> = {
  chat: inBody('/v1/chat/completions', { messages: said, max_tokens: 50 }),
  completions: inBody('/v1/completions', { prompt: 'Hi.', max_tokens: 50 }),
  responses: inBody('/v1/responses', { input: 'Hi.', max_output_tokens: 50 }),
  messages: inBody('/v1/messages', { messages: said, max_tokens: 50 }),
  gemini: {
    path: (model, stream) => `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    body: () => ({ contents: [{ role: 'user', parts: [{ text: 'Hi.' }] }], generationConfig: { maxOutputTokens: 50 } }),
  },
  ollama: { path: () => '/api/chat', body: (model, stream) => ({ model, messages: said, stream, options: { num_predict: 50 } }) },
  cohere: inBody('/v2/chat', { messages: said, max_tokens: 50 }),
  converse: {
    path: (model, stream) => `/model/${model}/${stream ? 'converse-stream' : 'converse'}`,
    body: () => ({ messages: [{ role: 'user', content: [{ text: 'Hi.' }] }], inferenceConfig: { maxTokens: 50 } }),
  },
};

interface Other {
  path: string;
  body: object | (() => FormData);
  nano: number;
}
const form = (): FormData => {
  const made = new FormData();
  made.set('model', 'hear');
  made.set('file', new File(['RIFF'], 'a.wav'));
  return made;
};
const others: Readonly<Record<string, Other>> = {
  embeddings: { path: '/v1/embeddings', body: { model: 'embed', input: 'Hi.' }, nano: promptTokens * 1000 },
  'text completions of their own format': {
    path: '/v1/completions',
    body: { model: 'words', prompt: 'Hi.', max_tokens: 50 },
    nano: chatNano,
  },
  rerank: { path: '/v1/rerank', body: { model: 'rank', query: 'a', documents: ['b'] }, nano: 4_000_000 },
  images: { path: '/v1/images/generations', body: { model: 'paint', prompt: 'a', n: 2 }, nano: 80_000_000 },
  transcription: { path: '/v1/audio/transcriptions', body: form, nano: 3_000_000 },
  speech: { path: '/v1/audio/speech', body: { model: 'speak', input: '0123456789', voice: 'alloy' }, nano: 150_000 },
  video: { path: '/v1/videos', body: { model: 'film', prompt: 'a', seconds: '8' }, nano: 800_000_000 },
  ocr: {
    path: '/v1/ocr',
    body: { model: 'read', document: { type: 'document_url', document_url: 'https://example.com/a.pdf' } },
    nano: 3_000_000,
  },
  'a relayed chat': {
    path: '/openai/v1/chat/completions?relayed=1',
    body: { model: 'openai', messages: said, max_tokens: 50 },
    nano: chatNano,
  },
};

const send = (admin: TestAdmin, key: string, path: string, body: object | FormData): Promise<Response> =>
  fetch(admin.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, ...(!(body instanceof FormData) && { 'content-type': 'application/json' }) },
    body: body instanceof FormData ? body : JSON.stringify(body),
  });

const lineAfter = async (admin: TestAdmin, before: number): Promise<Record<string, unknown>> => {
  for (let waited = 0; waited < 5000; waited += 5) {
    const line = admin.lines.filter(({ msg }) => msg === 'call')[before];
    if (line) return line;
    await Bun.sleep(5);
  }
  throw new Error('the call was not accounted');
};
const calls = (admin: TestAdmin): number => admin.lines.filter(({ msg }) => msg === 'call').length;

const keyWith = async (admin: TestAdmin, more: object): Promise<string> =>
  (await admin.ok<{ key: string }>('POST /key/generate', more)).key;
const spentOf = async (admin: TestAdmin, key: string): Promise<number> =>
  Math.round((await admin.ok<{ info: { spend: number } }>(`GET /key/info?key=${key}`)).info.spend * 1e9);

describeAdmin('route x provider x stream', (start, kind) => {
  if (kind !== 'sqlite') return;
  let admin: TestAdmin;
  beforeAll(async () => void (admin = await start({ config: config() })));
  afterAll(() => admin.stop());

  describe.each(Object.keys(chats))('%s', (name) => {
    const { path, body } = chats[name]!;
    test.each(Object.keys(providers) as Provider[])('of %s: the same cost, the same counters, whole and streamed', async (model) => {
      const key = await keyWith(admin, { max_budget: 1 });
      for (const stream of [false, true]) {
        const before = calls(admin);
        const response = await send(admin, key, path(model, stream), body(model, stream));
        await response.arrayBuffer();
        expect(response.status).toBe(200);
        expect(await lineAfter(admin, before)).toMatchObject({
          status: 200,
          inputTokens: promptTokens,
          outputTokens: answerTokens,
          cost_nano_usd: chatNano,
        });
      }
      expect(await spentOf(admin, key)).toBe(2 * chatNano);
    });

    test('refused where a budget has no room, before anybody is asked', async () => {
      const key = await keyWith(admin, { max_budget: 0.0000001 });
      for (const stream of [false, true]) {
        const seen = upstream.requests;
        const response = await send(admin, key, path('openai', stream), body('openai', stream));
        expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('limit')]);
        expect(upstream.requests).toBe(seen);
      }
      expect(await spentOf(admin, key)).toBe(0);
    });
  });

  describe.each(Object.keys(others))('%s', (name) => {
    const { path, body, nano } = others[name]!;
    const made = () => (typeof body === 'function' ? (body as () => FormData)() : body);

    test('costs what it used, for the key that asked', async () => {
      const key = await keyWith(admin, { max_budget: 10 });
      const before = calls(admin);
      const response = await send(admin, key, path, made());
      await response.arrayBuffer();
      expect(response.status).toBe(200);
      expect(await lineAfter(admin, before)).toMatchObject({ cost_nano_usd: nano });
      expect(await spentOf(admin, key)).toBe(nano);
    });

    test('refused where a budget has no room', async () => {
      const key = await keyWith(admin, { max_budget: 0.0000001 });
      const seen = upstream.requests;
      const response = await send(admin, key, path, made());
      expect(response.status).toBe(400);
      expect(await response.text()).toContain('limit');
      expect(upstream.requests).toBe(seen);
    });
  });
});
