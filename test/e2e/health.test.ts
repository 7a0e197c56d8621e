import { afterEach, describe, expect, test } from 'bun:test';
import { chat, completion, createRig, jsonAnswer, masterKey, type Gateway, type RawUpstream } from './harness.ts';

/* Checks of deployments, by hand and in the background. */

const rig = createRig();
afterEach(() => rig.stopAll());

const secret = 'sk-upstream-canary-77e1';
const ok = jsonAnswer(completion('x'));
const bad = (status = 500) => jsonAnswer({ error: { message: `Incorrect API key provided: ${secret}` } }, status);

interface HealthAnswer {
  healthy_endpoints: Record<string, unknown>[];
  healthy_count: number;
  unhealthy_count: number;
  health_checks: unknown[];
  [other: string]: unknown;
}

const get = async (gateway: Gateway, path: string): Promise<HealthAnswer> => {
  const response = await fetch(gateway.url + path, { headers: { authorization: `Bearer ${masterKey}` } });
  return (await response.json()) as HealthAnswer;
};

const entry = (id: string, base: string, more = '', info = '') =>
  `  - { model_name: m, model_info: { id: ${id}${info} }, litellm_params: { model: custom_openai/x, api_base: "${base}", api_key: ${secret}${more} } }\n`;
const listed = (...entries: string[]) => `model_list:\n${entries.join('')}`;
const asked = ({ requests }: RawUpstream) => requests.map(({ text }) => text.split(' HTTP/')[0]);
const bodyOf = (text: string) => JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)) as Record<string, unknown>;

describe('/health', () => {
  test('lists who answers and who does not, and tells no key and no word of a provider', async () => {
    const good = await rig.upstreamOf((socket) => void socket.write(ok));
    const down = await rig.upstreamOf((socket) => void socket.write(bad(401)));
    const gateway = await rig.gatewayOf(listed(entry('a', good.base.replace('http://', 'http://user:pass@')), entry('b', down.base)));
    expect((await fetch(`${gateway.url}/health`)).status).toBe(401);
    const answer = await get(gateway, '/health');
    expect(answer).toMatchObject({
      healthy_count: 1,
      unhealthy_count: 1,
      healthy_endpoints: [{ model: 'custom_openai/x', model_id: 'a', model_name: 'm', api_base: good.base, checked_by: 'call' }],
      unhealthy_endpoints: [
        {
          model: 'custom_openai/x',
          model_id: 'b',
          exception_status: 401,
          error_code: 'authentication',
          error: 'The provider answered 401 (authentication).',
        },
      ],
    });
    expect(JSON.stringify(answer)).not.toMatch(/sk-upstream|user:pass|Incorrect/);
    expect(gateway.lines.join('')).not.toContain('sk-upstream');
  });

  test('a check is small, and accounted as one: in the log and the metrics, as nobody else’s call', async () => {
    const good = await rig.upstreamOf((socket) => void socket.write(ok));
    const gateway = await rig.gatewayOf(listed(entry('a', good.base, ', input_cost_per_token: 0.001, output_cost_per_token: 0.002')));
    await get(gateway, '/health');
    expect(bodyOf(good.requests[0]!.text)).toEqual({ model: 'x', messages: [{ role: 'user', content: 'Hi' }], max_tokens: 16 });
    const check = gateway.calls().find(({ route }) => route === 'health_check');
    expect(check).toMatchObject({ model: 'm', deploymentId: 'a', status: 200, inputTokens: 3, outputTokens: 2, cost_nano_usd: 7_000_000 });
    const page = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(page).toContain('sluice_requests_total{route="health_check",model="m",provider="custom_openai",status="200"} 1');
  });

  test('FP-49: asked again at once, by many, it asks the providers once', async () => {
    const good = await rig.upstreamOf((socket) => void socket.write(ok));
    const gateway = await rig.gatewayOf(listed(entry('a', good.base)));
    await Promise.all(Array.from({ length: 5 }, () => get(gateway, '/health')));
    await get(gateway, '/health');
    expect(good.requests).toHaveLength(1);
  });

  test('FP-49: a model that thinks before it answers is asked again with room for it, and from then on at once', async () => {
    const thinker = await rig.upstreamOf((socket, text) => {
      const small = (bodyOf(text)['max_tokens'] as number) < 100;
      const message =
        'Could not finish the message because max_tokens or model output limit was reached. Please try again with higher max_tokens.';
      socket.write(small ? jsonAnswer({ error: { message, type: 'invalid_request_error' } }, 400) : ok);
    });
    const gateway = await rig.gatewayOf(listed(entry('a', thinker.base)));
    expect(await get(gateway, '/health')).toMatchObject({ healthy_count: 1, unhealthy_count: 0 });
    expect(thinker.requests.map(({ text }) => bodyOf(text)['max_tokens'])).toEqual([16, 4096]);
  });

  test('a refusal of the check itself is no health (FP-49)', async () => {
    const upstream = await rig.upstreamOf((socket) => void socket.write(jsonAnswer({ error: { message: 'no such model' } }, 400)));
    const gateway = await rig.gatewayOf(listed(entry('a', upstream.base)));
    expect(await get(gateway, '/health')).toMatchObject({ healthy_count: 0, unhealthy_count: 1 });
    expect(upstream.requests).toHaveLength(1);
  });

  test('one name, one deployment, and none', async () => {
    const good = await rig.upstreamOf((socket) => void socket.write(ok));
    const other = entry('c', good.base).replace('model_name: m', 'model_name: n');
    const gateway = await rig.gatewayOf(listed(entry('a', good.base), entry('b', good.base), other));
    expect(await get(gateway, '/health?model=n')).toMatchObject({ healthy_count: 1, healthy_endpoints: [{ model_id: 'c' }] });
    expect(await get(gateway, '/health?model_id=b')).toMatchObject({ healthy_count: 1, healthy_endpoints: [{ model_id: 'b' }] });
    expect(await get(gateway, '/health?model=custom_openai/x')).toMatchObject({ healthy_count: 3 });
    expect(await get(gateway, '/health?model=none')).toMatchObject({ error: { code: 'not_found', param: 'model' } });
  });

  test('each mode by what it costs least: embeddings are asked for, pictures are not', async () => {
    const upstream = await rig.upstreamOf((socket, text) => {
      const vector = {
        object: 'list',
        model: 'x',
        data: [{ object: 'embedding', index: 0, embedding: [1] }],
        usage: { prompt_tokens: 1, total_tokens: 1 },
      };
      if (text.startsWith('GET')) socket.write(jsonAnswer({ error: 'no such path' }, 404));
      else socket.write(text.includes('/embeddings') ? jsonAnswer(vector) : ok);
    });
    const gateway = await rig.gatewayOf(
      listed(
        entry('embedding', upstream.base, '', ', mode: embedding'),
        entry('picture', upstream.base, '', ', mode: image_generation'),
        entry('speech', upstream.base, '', ', mode: audio_speech'),
        entry('completion', upstream.base, '', ', mode: completion'),
        entry('pattern', upstream.base).replace('model_name: m', 'model_name: "*"').replace('custom_openai/x', 'custom_openai/*'),
        entry('named', upstream.base, '', ', health_check_model: custom_openai/small')
          .replace('model_name: m', 'model_name: "o/*"')
          .replace('custom_openai/x', 'custom_openai/*'),
      ),
    );
    const { healthy_endpoints: healthy, unhealthy_count: count } = await get(gateway, '/health');
    expect(count).toBe(0);
    expect(Object.fromEntries(healthy.map((one) => [one.model_id, one.checked_by]))).toEqual({
      embedding: 'call',
      picture: 'connection',
      speech: 'connection',
      completion: 'call',
      pattern: 'connection',
      named: 'call',
    });
    expect(asked(upstream).toSorted()).toEqual([
      'GET /v1/models',
      'GET /v1/models',
      'GET /v1/models',
      'POST /v1/chat/completions',
      'POST /v1/completions',
      'POST /v1/embeddings',
    ]);
    const named = upstream.requests.find(({ text }) => text.startsWith('POST /v1/chat'))!;
    expect(bodyOf(named.text)['model']).toBe('small');
  });

  test('each kind of call in the words of its provider', async () => {
    const upstream = await rig.upstreamOf((socket, text) => {
      const path = text.split(' ')[1]!;
      if (path.endsWith('/rerank')) socket.write(jsonAnswer({ id: 'r', results: [{ index: 0, relevance_score: 1 }], meta: {} }));
      else if (path.endsWith('/moderations'))
        socket.write(jsonAnswer({ id: 'm', model: 'x', results: [{ flagged: false, categories: {}, category_scores: {} }] }));
      else if (path.endsWith('/messages'))
        socket.write(
          jsonAnswer({
            id: 'a',
            type: 'message',
            role: 'assistant',
            model: 'x',
            content: [],
            stop_reason: 'max_tokens',
            usage: { input_tokens: 1, output_tokens: 16 },
          }),
        );
      else socket.write(ok);
    });
    const at = upstream.base.replace(/\/v1$/, '');
    const of = (id: string, model: string, base: string, info = '') => entry(id, base, '', info).replace('custom_openai/x', model);
    const gateway = await rig.gatewayOf(
      listed(
        of('rerank', 'cohere/rerank-v3.5', at, ', mode: rerank'),
        of('moderation', 'openai/omni-moderation-latest', upstream.base, ', mode: moderation'),
        of('claude', 'anthropic/claude-sonnet-4-5', at),
        of('thinker', 'openai/gpt-5-mini', upstream.base),
      ),
    );
    expect(await get(gateway, '/health')).toMatchObject({ healthy_count: 4, unhealthy_count: 0 });
    const sent = Object.fromEntries(upstream.requests.map(({ text }) => [text.split(' ')[1]!.split('/').at(-1), bodyOf(text)]));
    expect(sent).toMatchObject({
      rerank: { model: 'rerank-v3.5', query: 'Hi', documents: ['Hi'] },
      moderations: { model: 'omni-moderation-latest', input: 'Hi' },
      messages: { model: 'claude-sonnet-4-5', max_tokens: 16 },
      completions: { model: 'gpt-5-mini', max_completion_tokens: 16 },
    });
  });

  test('a look at a connection fails where calls would', async () => {
    for (const [status, code] of [
      [401, 'authentication'],
      [503, 'unavailable'],
    ] as const) {
      const upstream = await rig.upstreamOf((socket) => void socket.write(bad(status)));
      const gateway = await rig.gatewayOf(listed(entry('a', upstream.base, '', ', mode: image_generation')));
      expect(await get(gateway, '/health')).toMatchObject({ unhealthy_endpoints: [{ error_code: code, exception_status: status }] });
    }
    // A key for calls alone may be refused a list.
    const closed = await rig.upstreamOf((socket) => void socket.write(bad(403)));
    const gateway = await rig.gatewayOf(listed(entry('a', closed.base, '', ', mode: image_generation')));
    expect(await get(gateway, '/health')).toMatchObject({ healthy_count: 1 });
  });

  test('one that does not answer in time is given up', async () => {
    const silent = await rig.upstreamOf(() => {});
    const gateway = await rig.gatewayOf(listed(entry('a', silent.base, '', ', health_check_timeout: 0.3')));
    expect(await get(gateway, '/health')).toMatchObject({ unhealthy_endpoints: [{ error_code: 'upstream_timeout' }] });
  });

  test('a name that only chooses has no health of its own, and is told apart', async () => {
    const good = await rig.upstreamOf((socket) => void socket.write(ok));
    const auto =
      '  - { model_name: auto, model_info: { id: auto }, litellm_params: { model: auto_router/complexity_router, complexity_router_default_model: m, complexity_router_config: { tiers: { SIMPLE: m } } } }\n';
    const gateway = await rig.gatewayOf(listed(entry('a', good.base), auto));
    expect(await get(gateway, '/health')).toMatchObject({
      healthy_count: 1,
      unhealthy_count: 0,
      unchecked_count: 1,
      unchecked_endpoints: [{ model_id: 'auto' }],
    });
  });

  test('lists of models leave out names that lead nowhere, where that is asked for', async () => {
    const down = await rig.upstreamOf((socket) => void socket.write(bad()));
    const good = await rig.upstreamOf((socket) => void socket.write(ok));
    const config = listed(entry('a', down.base), entry('c', good.base).replace('model_name: m', 'model_name: n'));
    const names = async (gateway: Gateway, path: string) => ((await get(gateway, path))['data'] as { id: string }[]).map(({ id }) => id);
    const gateway = await rig.gatewayOf(config);
    await get(gateway, '/health');
    expect(await names(gateway, '/v1/models')).toEqual(['m', 'n']);
    expect(await names(gateway, '/v1/models?healthy_only=true')).toEqual(['n']);
    gateway.reload(`${config}general_settings: { model_list_healthy_only: true }\n`);
    expect(await names(gateway, '/v1/models')).toEqual(['n']);
  });

  test('no more than ids, where that is wanted', async () => {
    const good = await rig.upstreamOf((socket) => void socket.write(ok));
    const gateway = await rig.gatewayOf(`${listed(entry('a', good.base))}general_settings: { health_check_details: false }\n`);
    expect((await get(gateway, '/health')).healthy_endpoints).toEqual([{ model: 'custom_openai/x', model_id: 'a' }]);
  });
});

describe('in the background', () => {
  const settings = 'general_settings: { background_health_checks: true, health_check_interval: 1, enable_health_check_routing: true }\n';

  test('what fails its checks gets no calls, until one says otherwise', async () => {
    let down = true;
    const first = await rig.upstreamOf((socket) => void socket.write(down ? bad(500) : ok));
    const second = await rig.upstreamOf((socket) => void socket.write(ok));
    const gateway = await rig.gatewayOf(listed(entry('a', first.base, ', order: 1'), entry('b', second.base, ', order: 2')) + settings);
    await until(async () => (await get(gateway, '/health')).unhealthy_count === 1);
    const before = first.requests.length;
    for (let at = 0; at < 5; at++) expect((await chat(gateway)).headers.get('x-litellm-model-id')).toBe('b');
    // Its own checks may have come by meanwhile; no call of ours has.
    expect(first.requests.slice(before).every(({ text }) => text.includes('"Hi"') && text.includes('"max_tokens":16'))).toBe(true);
    expect(await (await fetch(`${gateway.url}/metrics`)).text()).toContain('sluice_deployment_state{deployment="a"} 2');
    down = false;
    await until(async () => (await chat(gateway)).headers.get('x-litellm-model-id') === 'a');
  });

  test('where all fail their checks, none is left out', async () => {
    const upstream = await rig.upstreamOf((socket, text) => void socket.write(text.includes('"max_tokens":16') ? bad(500) : ok));
    const gateway = await rig.gatewayOf(listed(entry('a', upstream.base), entry('b', upstream.base)) + settings);
    await until(async () => (await get(gateway, '/health')).unhealthy_count === 2);
    expect((await chat(gateway)).status).toBe(200);
  });

  test('/health tells what is known, and asks nothing; what answers clients is not checked', async () => {
    const upstream = await rig.upstreamOf((socket) => void socket.write(ok));
    const gateway = await rig.gatewayOf(
      `${listed(entry('a', upstream.base))}general_settings: { background_health_checks: true, health_check_interval: 600 }\n`,
    );
    await until(async () => (await get(gateway, '/health')).healthy_count === 1);
    expect(upstream.requests).toHaveLength(1);
    await (await chat(gateway)).text();
    expect((await get(gateway, '/health')).healthy_endpoints).toMatchObject([{ model_id: 'a', checked_by: 'traffic' }]);
    expect(upstream.requests).toHaveLength(2);
  });
});

describe('what was found', () => {
  test('last, and before', async () => {
    const good = await rig.upstreamOf((socket) => void socket.write(ok));
    const down = await rig.upstreamOf((socket) => void socket.write(bad()));
    const gateway = await rig.gatewayOf(listed(entry('a', good.base), entry('b', down.base)));
    expect<unknown>(await get(gateway, '/health/latest')).toEqual({ latest_health_checks: {}, total_models: 0 });
    await get(gateway, '/health');
    expect(await get(gateway, '/health/latest')).toMatchObject({
      total_models: 2,
      latest_health_checks: { a: { status: 'healthy', model_name: 'm' }, b: { status: 'unhealthy', unhealthy_count: 1 } },
    });
    expect(await get(gateway, '/health/history?status_filter=unhealthy&limit=5')).toMatchObject({
      health_checks: [{ model_id: 'b', details: { exception_status: 500 } }],
      total_records: 1,
      limit: 5,
      offset: 0,
    });
    expect((await get(gateway, '/health/history?offset=1')).health_checks).toHaveLength(1);
    expect(await get(gateway, '/health/history?limit=x')).toMatchObject({ error: { param: 'limit' } });
    expect(await get(gateway, '/health/shared-status')).toMatchObject({ shared_health_check_enabled: false });
    expect<unknown>(await get(gateway, '/health/backlog')).toEqual({ in_flight_requests: 1 });
  });
});

describe('/health/test_connection', () => {
  const tested = async (gateway: Gateway, body: object) => (await gateway.post('/health/test_connection', body)).json() as Promise<unknown>;

  test('a configured model, by its name, its id, and as it is configured', async () => {
    const good = await rig.upstreamOf((socket) => void socket.write(ok));
    const gateway = await rig.gatewayOf(listed(entry('a', good.base), entry('b', good.base)));
    expect(await tested(gateway, { litellm_params: { model: 'm' }, mode: 'chat' })).toMatchObject({
      status: 'success',
      result: { model_id: 'a' },
    });
    expect(await tested(gateway, { litellm_params: {}, model_info: { id: 'b' } })).toMatchObject({
      status: 'success',
      result: { model_id: 'b' },
    });
    expect(await tested(gateway, { litellm_params: { model: 'custom_openai/x' } })).toMatchObject({ status: 'success' });
    expect(good.requests).toHaveLength(3);
    expect(await get(gateway, '/health/latest')).toMatchObject({ total_models: 0 });
  });

  test('one that is not, with a key of its own; an address of its own must be public, and gets no key of ours', async () => {
    const good = await rig.upstreamOf((socket) => void socket.write(ok));
    const gateway = await rig.gatewayOf(
      `${listed(entry('a', good.base))}litellm_settings: { user_url_allowed_hosts: ["${new URL(good.base).host}"] }\n`,
    );
    const params = { model: 'custom_openai/other', api_base: good.base };
    expect(await tested(gateway, { litellm_params: { ...params, api_key: 'sk-mine' } })).toMatchObject({ status: 'success' });
    expect(good.requests[0]!.text).toContain('Bearer sk-mine');
    expect(await tested(gateway, { litellm_params: params })).toMatchObject({ error: { param: 'api_key' } });
    expect(await tested(gateway, { litellm_params: { ...params, api_base: 'http://127.0.0.1:1/v1', api_key: 'k' } })).toMatchObject({
      error: { type: 'invalid_request_error' },
    });
    expect(good.requests).toHaveLength(1);
  });

  test('what it does not take is refused by name', async () => {
    const good = await rig.upstreamOf((socket) => void socket.write(ok));
    const gateway = await rig.gatewayOf(listed(entry('a', good.base)));
    for (const [body, param] of [
      [{ litellm_params: { model: 'm', aws_access_key_id: 'x' } }, 'aws_access_key_id'],
      [{ litellm_params: { model: 'x/y', api_key: 'os.environ/HOME' } }, 'api_key'],
      [{ litellm_params: {} }, 'model'],
      [{ litellm_params: { model: 'm' }, mode: 'telepathy' }, 'mode'],
    ] as const)
      expect(await tested(gateway, body)).toMatchObject({ error: { param } });
    expect(good.requests).toEqual([]);
  });
});

const until = async (holds: () => Promise<boolean>): Promise<void> => {
  const end = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('It never came to be.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
