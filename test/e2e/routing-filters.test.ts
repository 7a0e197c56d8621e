import { afterAll, afterEach, describe, expect, test } from 'bun:test';
import { completion, jsonAnswer, masterKey, startGateway, startRawUpstream, type Gateway, type RawUpstream } from './harness.ts';

// What a request asks for decides who may answer it. The upstream tells deployments apart by their model.

const upstream: RawUpstream = await startRawUpstream((socket) => socket.write(jsonAnswer(completion('good'))));
const gateways: Gateway[] = [];
afterEach(async () => {
  // What a gateway still asks by itself would be taken for a request of the next test.
  for (const gateway of gateways.splice(0)) await gateway.stop(0);
  upstream.requests.splice(0);
});
afterAll(() => upstream.stop());

/**
 * Picks are by chance, so that who may answer does, in thirty calls.
 * @param deployments one a line: `model params | model_info`
 * @param router what else its settings say
 */
const start = async (deployments: readonly string[], router = '', settings = ''): Promise<Gateway> => {
  const entries = deployments.map((line) => {
    const [params = '', info = ''] = line.split('|').map((each) => each.trim());
    const [model = '', ...more] = params.split(' ');
    const [name, upstreamModel = name] = model.split('/');
    const extra = more.length > 0 ? `, ${more.join(' ')}` : '';
    return `  - { model_name: ${name}, litellm_params: { model: custom_openai/${upstreamModel}, api_base: "${upstream.base}", api_key: k${extra} }, model_info: { ${info} } }`;
  });
  const routing = `router_settings: { routing_strategy: simple-shuffle, ${router} }`;
  const gateway = await startGateway(`model_list:\n${entries.join('\n')}\n${routing}\n${settings}`);
  gateways.push(gateway);
  return gateway;
};

/** Who was asked since the last look, in order. */
const asked = (): string => {
  const models = upstream.requests.splice(0).map(({ text }) => /"model": ?"([\w-]+)"/.exec(text)![1]!);
  return models.join(' ');
};
/** Each once, sorted. */
const whoWas = (): string => [...new Set(asked().split(' '))].sort().join(' ');

const words = [{ role: 'user', content: 'Hi' }];
const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } };

const chat = (gateway: Gateway, more: object = {}, headers: Record<string, string> = {}) =>
  gateway.post('/v1/chat/completions', { model: 'm', messages: words, ...more }, { headers });

const times = async (count: number, call: () => Promise<Response>): Promise<number[]> => {
  const statuses: number[] = [];
  for (let at = 0; at < count; at++) {
    const response = await call();
    statuses.push(response.status);
    await response.arrayBuffer();
  }
  return statuses;
};

describe('what models can', () => {
  const blind = ['m/blind | supports_vision: false', 'm/seeing | supports_vision: true'];
  const requests: readonly [string, string, object][] = [
    ['chat', '/v1/chat/completions', { model: 'm', messages: [{ role: 'user', content: [picture] }] }],
    [
      'Responses',
      '/v1/responses',
      { model: 'm', input: [{ role: 'user', content: [{ type: 'input_image', image_url: picture.image_url.url }] }] },
    ],
    [
      'Anthropic',
      '/v1/messages',
      {
        model: 'm',
        max_tokens: 9,
        messages: [
          { role: 'user', content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } }] },
        ],
      },
    ],
    [
      'Gemini',
      '/v1beta/models/m:generateContent',
      { contents: [{ parts: [{ inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } }] }] },
    ],
    [
      'Bedrock',
      '/model/m/converse',
      { messages: [{ role: 'user', content: [{ image: { format: 'png', source: { bytes: 'iVBORw0KGgo=' } } }] }] },
    ],
    ['Ollama', '/api/chat', { model: 'm', stream: false, messages: [{ role: 'user', content: 'x', images: ['iVBORw0KGgo='] }] }],
  ];

  test.each(requests)('a picture goes to who sees, from a client of %s', async (_, path, body) => {
    const gateway = await start(blind);
    expect(await times(8, () => gateway.post(path, body))).toEqual(Array.from({ length: 8 }, () => 200));
    expect(whoWas()).toBe('seeing');
  });

  test('words go to both', async () => {
    const gateway = await start(blind);
    await times(30, () => chat(gateway));
    expect(whoWas()).toBe('blind seeing');
  });

  test('nobody sees: the provider judges, or the call is refused where that is wanted', async () => {
    const body = { messages: [{ role: 'user', content: [picture] }] };
    const lax = await start(['m/blind | supports_vision: false']);
    expect((await chat(lax, body)).status).toBe(200);
    const strict = await start(['m/blind | supports_vision: false'], 'enable_pre_call_checks: true');
    const refused = await chat(strict, body);
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('vision');
    expect(asked()).toBe('blind');
  });
});

describe('tags', () => {
  const tagged = ['m/free tags: [free]', 'm/paid tags: [paid]', 'm/agents tag_regex: ["^User-Agent: agent/"]', 'm/rest tags: [default]'];
  const on = 'enable_tag_filtering: true';

  test('choose, wherever the request has them', async () => {
    const gateway = await start(tagged, on);
    await times(4, () => chat(gateway, { tags: ['free'] }));
    await times(4, () => chat(gateway, { metadata: { tags: ['free'] } }));
    await times(4, () => chat(gateway, { litellm_metadata: { tags: ['free'] } }));
    await times(4, () => chat(gateway, {}, { 'x-litellm-tags': 'unknown, free' }));
    expect(whoWas()).toBe('free');
    await times(4, () => chat(gateway, {}, { 'user-agent': 'agent/1.0' }));
    expect(whoWas()).toBe('agents');
    await times(4, () => chat(gateway, {}, { 'user-agent': 'curl/8' }));
    await times(4, () => chat(gateway, { tags: ['unknown'] }, { 'user-agent': 'curl/8' }));
    expect(whoWas()).toBe('rest');
  });

  test('are the gateway’s: the provider does not see them', async () => {
    const gateway = await start(tagged, on);
    await chat(gateway, {
      tags: ['free'],
      litellm_metadata: { tags: ['paid'] },
      litellm_session_id: 's-canary',
      allowed_model_region: null,
    });
    const sent = upstream.requests.splice(0)[0]!.text;
    for (const name of ['tags', 'litellm_metadata', 's-canary', 'allowed_model_region']) expect(sent).not.toContain(name);
  });

  test('that nobody has are refused', async () => {
    const gateway = await start(tagged.slice(0, 2), on);
    const response = await chat(gateway, { tags: ['unknown'] });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("'unknown'");
    expect(asked()).toBe('');
  });

  test('choose nothing unless that is switched on', async () => {
    const gateway = await start(tagged.slice(0, 2));
    await times(30, () => chat(gateway, { tags: ['free'] }));
    expect(whoWas()).toBe('free paid');
  });
});

describe('regions fail closed (FP-88)', () => {
  const places = ['m/dublin region_name: eu-west-1', 'm/london region_name: eu-west-2', 'm/ohio region_name: us-east-2', 'm/unknown'];

  test('a call stays where it must', async () => {
    const gateway = await start(places);
    await times(8, () => chat(gateway, { allowed_model_region: 'eu' }));
    await times(8, () => chat(gateway, {}, { 'x-sluice-allowed-regions': 'eu' }));
    expect(whoWas()).toBe('dublin');
    await times(30, () => chat(gateway, {}, { 'x-sluice-allowed-regions': 'us, eu-west-2' }));
    expect(whoWas()).toBe('london ohio');
  });

  test('or is not made', async () => {
    const gateway = await start(places.slice(2));
    for (const region of ['eu', ['eu'], 7, []]) expect((await chat(gateway, { allowed_model_region: region })).status).toBe(400);
    expect(asked()).toBe('');
  });
});

describe('regions of calls that are relayed (FP-88)', () => {
  afterEach(() => void upstream.requests.splice(0));
  const eu = { headers: { 'x-sluice-allowed-regions': 'eu' } };
  const entry = (region: string) =>
    `{ model_name: m, litellm_params: { model: openai/relayed, api_base: "${upstream.base}", api_key: k, use_in_pass_through: true, region_name: ${region} } }`;
  const body = { model: 'm', input: 'Hi' };

  test('go to a deployment that is there, or nowhere', async () => {
    for (const [region, status] of [
      ['swedencentral', 200],
      ['eastus', 400],
    ] as const) {
      const gateway = await startGateway(`model_list: [${entry(region)}]`);
      gateways.push(gateway);
      // By the model's name, and by the provider's alone.
      for (const path of ['/openai/v1/other', '/openai/v1/batches/x/other'])
        expect((await gateway.post(path, path.includes('batches') ? {} : body, eu)).status).toBe(status);
      expect((await gateway.post('/openai/v1/other', body)).status).toBe(200);
    }
  });

  test('not with a key of the environment, or to a path of the operator’s own: nobody knows where that is', async () => {
    const endpoint = `general_settings: { pass_through_endpoints: [{ path: /own, target: "${upstream.base}" }] }`;
    const gateway = await startGateway(endpoint, { OPENAI_API_KEY: 'k', OPENAI_API_BASE: upstream.base });
    gateways.push(gateway);
    for (const path of ['/openai/v1/other', '/own']) {
      expect((await gateway.post(path, body)).status).toBe(200);
      expect((await gateway.post(path, body, eu)).status).toBe(400);
    }
  });

  test('nor is a conversation in real time opened', async () => {
    const gateway = await startGateway(`model_list: [${entry('eastus')}]`);
    gateways.push(gateway);
    const address = `${gateway.url.replace('http', 'ws')}/v1/realtime?model=m`;
    const closed = (headers: Record<string, string>) =>
      new Promise((resolve) => {
        const socket = new WebSocket(address, { headers: { authorization: `Bearer ${masterKey}`, ...headers } } as never);
        socket.addEventListener('error', () => {});
        socket.addEventListener('close', resolve);
      });
    await closed(eu.headers);
    expect(gateway.calls().map(({ status }) => status)).toEqual([400]);
    expect(upstream.requests).toHaveLength(0);
    await closed({});
    expect(upstream.requests).toHaveLength(1);
  });
});

describe('regions of what a choice by content asks (FP-88)', () => {
  afterEach(() => void upstream.requests.splice(0));

  test('the words stay there: without an embedding model in the region the default model answers', async () => {
    const place = (name: string, region: string) =>
      `{ model_name: ${name}, litellm_params: { model: custom_openai/${name}, api_base: "${upstream.base}", api_key: k${region} } }`;
    const smart = `{ model_name: smart, litellm_params: { model: auto_router/mine, auto_router_default_model: usual, auto_router_embedding_model: vectors,
        auto_router_config: '{"routes":[{"name":"coder","utterances":["write some code"]}]}' } }`;
    const entries = [place('usual', ', region_name: eu-west-1'), place('coder', ''), place('vectors', ''), smart];
    const gateway = await startGateway(`model_list: [${entries.join(', ')}]`);
    gateways.push(gateway);
    const kept = await chat(gateway, { model: 'smart' }, { 'x-sluice-allowed-regions': 'eu' });
    expect(kept.status).toBe(200);
    expect(asked()).toBe('usual');
    // And nobody else is worse off for it.
    await chat(gateway, { model: 'smart' });
    expect(asked().split(' ')).toContain('vectors');
  });
});

describe('length', () => {
  const long = [{ role: 'user', content: 'word '.repeat(2000) }];
  const windows = ['m/small | max_input_tokens: 500', 'm/large | max_input_tokens: 100000'];

  test('a long prompt goes to who takes it', async () => {
    const gateway = await start(windows);
    await times(8, () => chat(gateway, { messages: long }));
    expect(whoWas()).toBe('large');
    await times(30, () => chat(gateway));
    expect(whoWas()).toBe('large small');
  });

  test('too long for all of a name: its context fallbacks, without asking it', async () => {
    const settings = 'enable_pre_call_checks: true, context_window_fallbacks: [{ m: [big] }]';
    const gateway = await start(['m/small | max_input_tokens: 500', 'big/large | max_input_tokens: 100000'], settings);
    expect((await chat(gateway, { messages: long })).status).toBe(200);
    expect(asked()).toBe('large');
    expect((await chat(gateway)).status).toBe(200);
    expect(asked()).toBe('small');
    const refused = await chat(gateway, { messages: long, disable_fallbacks: true });
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('context_length_exceeded');
  });

  test('a picture’s base64 is not its length', async () => {
    const url = `data:image/png;base64,${'A'.repeat(200_000)}`;
    const gateway = await start(['m/small | max_input_tokens: 5000'], 'enable_pre_call_checks: true');
    expect((await chat(gateway, { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }] })).status).toBe(200);
    asked();
  });
});

describe('price', () => {
  const prices = [
    'm/cheap input_cost_per_token: 0.000001, output_cost_per_token: 0.000002',
    'm/dear input_cost_per_token: 0.00001, output_cost_per_token: 0.00002',
    'm/unknown',
  ];

  test('what is dearer than a call may be is left out', async () => {
    const gateway = await start(prices);
    await times(12, () => chat(gateway, {}, { 'x-sluice-max-input-usd-per-million': '1' }));
    expect(whoWas()).toBe('cheap');
    await times(30, () => chat(gateway, {}, { 'x-sluice-max-output-usd-per-million': '20' }));
    expect(whoWas()).toBe('cheap dear');
    expect((await chat(gateway, {}, { 'x-sluice-max-input-usd-per-million': '0.5' })).status).toBe(400);
    expect((await chat(gateway, {}, { 'x-sluice-max-input-usd-per-million': 'little' })).status).toBe(400);
    expect(asked()).toBe('');
  });
});

describe('budgets', () => {
  // An answer here is 3 tokens in and 2 out.
  const costly = 'input_cost_per_token: 1, output_cost_per_token: 1';

  test('a deployment whose budget is spent is left out', async () => {
    const gateway = await start([`m/budgeted max_budget: 7, budget_duration: 1d, order: 1, ${costly}`, `m/other order: 2, ${costly}`]);
    await times(4, () => chat(gateway));
    expect(asked()).toBe('budgeted budgeted other other');
  });

  test('so is a provider; with nobody left it is 429, and says until when', async () => {
    const settings = 'provider_budget_config: { custom_openai: { budget_limit: 5, time_period: 1d } }';
    const yaml = [`m/one ${costly}`];
    const gateway = await start(yaml, settings);
    expect(await times(2, () => chat(gateway))).toEqual([200, 429]);
    const refused = await chat(gateway);
    // Of the day that it takes, no client is told to wait more than an hour at a time.
    expect(refused.headers.get('retry-after')).toBe('3600');
    expect(asked()).toBe('one');
  });

  test('what was spent outlives a reload', async () => {
    const line = (budget: number) =>
      `model_list:\n  - { model_name: m, litellm_params: { model: custom_openai/one, api_base: "${upstream.base}", api_key: k, ${costly} } }\n` +
      `router_settings: { provider_budget_config: { custom_openai: { budget_limit: ${budget}, time_period: 1d } } }\n`;
    const gateway = await startGateway(line(5));
    gateways.push(gateway);
    expect((await chat(gateway)).status).toBe(200);
    gateway.reload(line(5));
    expect((await chat(gateway)).status).toBe(429);
    gateway.reload(line(6));
    expect((await chat(gateway)).status).toBe(200);
    asked();
  });

  test('copies for a shadow model are billed as well', async () => {
    const settings = 'provider_budget_config: { custom_openai: { budget_limit: 10, time_period: 1d } }';
    const gateway = await start([`m/one silent_model: shadow, ${costly}`, `shadow/two ${costly}`], settings);
    expect((await chat(gateway)).status).toBe(200);
    for (let wait = 0; gateway.calls().length < 2 && wait < 200; wait++) await Bun.sleep(10);
    expect(whoWas()).toBe('one two');
    expect((await chat(gateway)).status).toBe(429);
  });

  test('a tag’s budget is spent by the calls that have it', async () => {
    const gateway = await start(
      [`m/one ${costly}`],
      '',
      'litellm_settings: { tag_budget_config: { team: { max_budget: 5, budget_duration: 1d } } }',
    );
    expect(await times(2, () => chat(gateway, { tags: ['team'] }))).toEqual([200, 429]);
    expect(await times(2, () => chat(gateway, { tags: ['other'] }))).toEqual([200, 200]);
    asked();
  });
});
