import { afterEach, describe, expect, test } from 'bun:test';
import { chat, completion, createRig, jsonAnswer, masterKey, type RawUpstream } from './harness.ts';

/* Model names that are choices: what a request is about decides who answers. */

const rig = createRig();
afterEach(() => rig.stopAll());

const bodyOf = (text: string) => JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)) as Record<string, unknown>;
const modelsAsked = ({ requests }: RawUpstream) => requests.map(({ text }) => bodyOf(text)['model']);
const named = (base: string, name: string) =>
  `  - { model_name: ${name}, litellm_params: { model: custom_openai/${name}, api_base: "${base}", api_key: k } }\n`;

const easy = 'What is 2+2?';
const hard =
  'Think step by step: analyze the performance implications of implementing a distributed consensus algorithm for our microservices architecture.';
const says = (content: string) => ({ model: 'smart', messages: [{ role: 'user', content }] });

describe('by complexity', () => {
  const config = (base: string) => `model_list:
${named(base, 'small')}${named(base, 'thinker')}  - model_name: smart
    litellm_params:
      model: auto_router/complexity_router
      complexity_router_config: { tiers: { SIMPLE: small, MEDIUM: small, COMPLEX: thinker, REASONING: [thinker] } }
router_settings: { model_group_alias: { best: smart } }
`;

  test('easy and hard requests go to different models, and the answer says why', async () => {
    const upstream = await rig.upstreamOf();
    const gateway = await rig.gatewayOf(config(upstream.base));
    const first = await chat(gateway, says(easy));
    expect(first.status).toBe(200);
    expect(first.headers.get('x-sluice-routed-by')).toBe('complexity: SIMPLE score=-0.15 -> small');
    expect(first.headers.get('x-litellm-model-group')).toBe('small');
    const second = await chat(gateway, { ...says(hard), model: 'best' });
    expect(second.headers.get('x-sluice-routed-by')).toMatch(/^complexity: REASONING score=0\.\d+ -> thinker$/);
    await Promise.all([first.text(), second.text()]);
    expect(modelsAsked(upstream)).toEqual(['small', 'thinker']);
    expect(gateway.calls()).toMatchObject([
      { model: 'smart', requestedModel: 'smart', servedModel: 'small', routedBy: 'complexity: SIMPLE score=-0.15 -> small' },
      { model: 'best', requestedModel: 'best', servedModel: 'thinker' },
    ]);
  });

  test('in every client format, by what the user said last', async () => {
    const upstream = await rig.upstreamOf();
    const gateway = await rig.gatewayOf(config(upstream.base));
    const calls: [string, Record<string, unknown>][] = [
      ['/v1/responses', { model: 'smart', input: hard }],
      ['/v1/completions', { model: 'smart', prompt: hard }],
      [
        '/v1/messages',
        { model: 'smart', max_tokens: 10, system: easy, messages: [{ role: 'user', content: [{ type: 'text', text: hard }] }] },
      ],
      ['/v1beta/models/smart:generateContent', { contents: [{ parts: [{ text: hard }] }] }],
      ['/api/chat', { model: 'smart', stream: false, messages: [{ role: 'user', content: hard }] }],
      ['/api/generate', { model: 'smart', stream: false, prompt: hard }],
      ['/v2/chat', { model: 'smart', messages: [{ role: 'user', content: hard }] }],
      ['/model/smart/converse', { messages: [{ role: 'user', content: [{ text: hard }] }] }],
    ];
    for (const [path, body] of calls) {
      const response = await gateway.post(path, body);
      expect([path, response.status, response.headers.get('x-litellm-model-group')]).toEqual([path, 200, 'thinker']);
      await response.text();
    }
    const counted = await gateway.post('/v1/messages/count_tokens', says(hard));
    expect([counted.status, counted.headers.get('x-litellm-model-group')]).toEqual([200, 'thinker']);
    await chat(gateway, {
      model: 'smart',
      messages: [
        { role: 'user', content: hard },
        { role: 'assistant', content: 'x' },
        { role: 'user', content: easy },
      ],
    });
    expect(modelsAsked(upstream).at(-1)).toBe('small');
  });

  test('a stream, and what is no chat', async () => {
    const upstream = await rig.upstreamOf((socket) => void socket.write(jsonAnswer({ error: { message: 'x' } }, 400)));
    const gateway = await rig.gatewayOf(config(upstream.base));
    expect((await chat(gateway, { ...says(easy), stream: true })).headers.get('x-sluice-routed-by')).toContain('SIMPLE');
    const embeddings = await gateway.post('/v1/embeddings', { model: 'smart', input: 'x' });
    expect(embeddings.status).toBe(400);
    expect(await embeddings.text()).toContain('chooses among models');
    expect(upstream.requests).toHaveLength(1);
    const models = (await (await fetch(`${gateway.url}/v1/models`, { headers: { authorization: `Bearer ${masterKey}` } })).json()) as {
      data: { id: string }[];
    };
    expect(models.data.map(({ id }) => id)).toContain('smart');
  });

  test("the chosen model's own fallbacks hold", async () => {
    const upstream = await rig.upstreamOf((socket, text) => {
      const fails = bodyOf(text)['model'] === 'small';
      socket.write(fails ? jsonAnswer({ error: { message: 'no' } }, 400) : jsonAnswer(completion('x')));
    });
    const gateway = await rig.gatewayOf(
      config(upstream.base).replace('router_settings: {', 'router_settings: { fallbacks: [{ small: [thinker] }],'),
    );
    const response = await chat(gateway, says(easy));
    expect([response.status, response.headers.get('x-litellm-model-group')]).toEqual([200, 'thinker']);
  });
});

describe('by likeness', () => {
  const config = (base: string, more = '') => `model_list:
${named(base, 'coder')}${named(base, 'usual')}${named(base, 'vectors')}  - model_name: smart
    litellm_params:
      model: auto_router/mine
      auto_router_default_model: usual
      auto_router_embedding_model: vectors
      auto_router_config: '{"routes":[{"name":"coder","utterances":["write some code","fix this bug"],"score_threshold":0.5}]}'
${more}`;

  const upstreamWith = (vectors: (texts: readonly string[]) => string) =>
    rig.upstreamOf((socket, text) => {
      if (!text.includes('/embeddings')) return void socket.write(jsonAnswer(completion('x')));
      const texts = bodyOf(text)['input'] as string[];
      socket.write(vectors(texts));
    });
  const answer = (texts: readonly string[]) =>
    jsonAnswer({
      object: 'list',
      model: 'vectors',
      data: texts.map((text, index) => ({ object: 'embedding', index, embedding: /code|bug/.test(text) ? [1, 0.1] : [0, 1] })),
      usage: { prompt_tokens: 7, total_tokens: 7 },
    });

  test('the route that is nearest, through the gateway’s own router, metered as calls of their own', async () => {
    const upstream = await upstreamWith(answer);
    const gateway = await rig.gatewayOf(config(upstream.base));
    const first = await chat(gateway, says('please code this for me'));
    expect(first.headers.get('x-sluice-routed-by')).toBe('semantic: coder score=1 -> coder');
    const second = await chat(gateway, says('sing a song'));
    expect(second.headers.get('x-sluice-routed-by')).toMatch(/^semantic: coder score=0\.\d+ below the threshold -> usual$/);
    await Promise.all([first.text(), second.text()]);
    const metered = gateway.calls().filter(({ route }) => route === 'auto_routing');
    expect(metered).toHaveLength(3);
    expect(metered[0]).toMatchObject({ model: 'vectors', status: 200, inputTokens: 7 });
    expect(gateway.calls().filter(({ route }) => route === 'chat')).toMatchObject([{ servedModel: 'coder' }, { servedModel: 'usual' }]);
    expect(gateway.lines.join('')).not.toMatch(/please code|sing a song/);
    const page = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(page).toContain('sluice_tokens_total{route="auto_routing",model="vectors",provider="custom_openai",direction="input"} 21');
  });

  test('an embedding model that fails costs nobody an answer', async () => {
    const upstream = await upstreamWith(() => jsonAnswer({ error: { message: 'down' } }, 400));
    const gateway = await rig.gatewayOf(config(upstream.base));
    const response = await chat(gateway, says('please code this'));
    expect([response.status, response.headers.get('x-sluice-routed-by')]).toEqual([200, 'semantic: no vectors -> usual']);
    await chat(gateway, says('and this code'));
    // The second did not ask again.
    expect(upstream.requests.filter(({ text }) => text.includes('/embeddings'))).toHaveLength(2);
  });

  test('a name that is not in the list is a provider’s own', async () => {
    const upstream = await upstreamWith(answer);
    const gateway = await rig.gatewayOf(
      config(upstream.base).replace('embedding_model: vectors', 'embedding_model: openai/text-embedding-3-small'),
      {
        OPENAI_API_KEY: 'sk-env',
        OPENAI_BASE_URL: upstream.base,
      },
    );
    const response = await chat(gateway, says('please code this'));
    expect(response.headers.get('x-sluice-routed-by')).toBe('semantic: coder score=1 -> coder');
    const embedding = upstream.requests.find(({ text }) => text.includes('/embeddings'))!;
    expect(embedding.text).toContain('Bearer sk-env');
    expect(bodyOf(embedding.text)['model']).toBe('text-embedding-3-small');
  });
});
