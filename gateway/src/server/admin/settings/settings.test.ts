import { expect, test } from 'bun:test';
import { kinds } from '../../../access/records/kinds.ts';
import { describeAdmin } from '../../../../../test/kit/admin.ts';

const config = `
model_list:
  - { model_name: a, litellm_params: { model: mock/hello } }
  - { model_name: b, litellm_params: { model: mock/hello } }
  - { model_name: c, litellm_params: { model: mock/hello } }
router_settings:
  num_retries: 4
  fallbacks: [{ a: [b] }]
litellm_settings:
  cost_discount_config: { openai: 0.1 }
general_settings:
  pass_through_endpoints:
    - { id: of-file, path: /written, target: "https://written.test", headers: { authorization: Bearer sk-canary } }
`;

describeAdmin('settings', (start) => {
  test('hold at once where the file says nothing, and are taken away again', async () => {
    const admin = await start({ config });
    const before = await admin.ok('GET /config/yaml');
    expect(await admin.ok('POST /config/update', { router_settings: { timeout: 7, retry_after: 1 } })).toMatchObject({
      message: 'Config updated successfully',
    });
    const after = await admin.ok('GET /config/yaml');
    expect(after).toMatchObject({ router_settings: { timeout: 7, retry_after: 1, num_retries: 4 }, file: 'test.yaml' });
    expect(after['version']).not.toBe(before['version']);
    await admin.ok('POST /config/update', { router_settings: { timeout: null } });
    expect((await admin.ok('GET /config/yaml'))['router_settings']).toEqual({ retry_after: 1, num_retries: 4, fallbacks: [{ a: ['b'] }] });
    await admin.stop();
  });

  test('what the file says is the file’s (FP-39), and a 400 says where', async () => {
    const admin = await start({ config });
    for (const [route, body] of [
      ['POST /config/update', { router_settings: { num_retries: 1 } }],
      ['POST /config/field/update', { config_type: 'router_settings', field_name: 'num_retries', field_value: 1 }],
      ['POST /config/field/delete', { config_type: 'router_settings', field_name: 'num_retries' }],
      ['POST /fallback', { model: 'a', fallback_models: ['c'] }],
      ['DELETE /fallback/a', undefined],
      ['PATCH /config/cost_discount_config', { openai: 0.5 }],
      ['POST /config/pass_through_endpoint', { path: 'written/', target: 'https://x.test' }],
      ['POST /config/pass_through_endpoint/of-file', { target: 'https://x.test' }],
      ['DELETE /config/pass_through_endpoint?endpoint_id=of-file', undefined],
    ] as const) {
      const { status, json } = await admin.call(route, body);
      expect([route, status, json.error.message]).toEqual([
        route,
        400,
        expect.stringMatching(/owned by the configuration file \(test\.yaml:\d+:\d+\)/),
      ]);
    }
    await admin.stop();
  });

  test('what is stored beside the file’s does not count, and is shown as drift', async () => {
    const admin = await start({ config: 'model_list: [{ model_name: a, litellm_params: { model: mock/hello } }]' });
    await admin.ok('POST /config/update', { router_settings: { num_retries: 9 } });
    admin.reload(config);
    const settings = await admin.ok<{ fields: { field_name: string }[] }>('GET /router/settings');
    expect(settings.fields.find((each) => each.field_name === 'num_retries')).toMatchObject({
      field_value: 4,
      field_type: 'Integer',
      owner: 'file',
      place: 'test.yaml:7:16',
      drift: 9,
    });
    expect((await admin.ok('GET /config/yaml'))['database']).toMatchObject({ drift: [{ id: 'router_settings.num_retries' }] });
    await admin.stop();
  });

  test('only what there is and takes effect at once is taken', async () => {
    const admin = await start({ config });
    for (const [body, message] of [
      [{ router_settings: { num_retrys: 1 } }, 'Did you mean router_settings.num_retries'],
      [{ router_settings: { timeout: 'soon' } }, 'must be a number'],
      [{ general_settings: { master_key: 'sk-x' } }, 'configuration file alone'],
      [{ router_settings: { redis_host: 'x' } }, 'configuration file alone'],
      [{ environment_variables: { A: 'b' } }, 'environment_variables'],
      [{ model_list: [{}] }, 'POST /model/new'],
      [{ litellm_settings: { callbacks: ['x'] } }, 'no callback'],
      [{ litellm_settings: { success_callback: ['x'] } }, 'no setting'],
      [{ other_settings: {} }, 'other_settings'],
    ] as const) {
      const { status, json } = await admin.call('POST /config/update', body);
      expect([body, status, json.error?.message]).toEqual([body, 400, expect.stringContaining(message)]);
    }
    // All or nothing.
    await admin.call('POST /config/update', { router_settings: { timeout: 3, retry_after: 'x' } });
    expect(await admin.store.find(kinds.setting)).toEqual([]);
    await admin.stop();
  });

  test('are listed and shown one by one', async () => {
    const admin = await start({ config });
    const list = await admin.ok<{ field_name: string }[]>('GET /config/list?config_type=general_settings');
    expect(list.find((each) => each.field_name === 'forward_client_headers_to_llm_api')).toMatchObject({
      field_type: 'Boolean',
      field_value: null,
      stored_in_db: null,
      owner: 'default',
    });
    expect(list.map((each) => each.field_name)).not.toContain('master_key');
    expect(JSON.stringify(list)).not.toContain('sk-canary');
    await admin.ok('POST /config/field/update', { field_name: 'forward_client_headers_to_llm_api', field_value: true });
    expect(await admin.ok('GET /config/field/info?field_name=forward_client_headers_to_llm_api')).toMatchObject({
      field_value: true,
      stored_in_db: true,
      owner: 'database',
    });
    await admin.ok('POST /config/field/delete', { field_name: 'forward_client_headers_to_llm_api', config_type: 'general_settings' });
    expect(await admin.store.find(kinds.setting)).toEqual([]);
    expect((await admin.call('GET /config/field/info?field_name=nonsense')).status).toBe(400);
    expect((await admin.ok<{ fields: object[] }>('GET /router/fields')).fields.length).toBeGreaterThan(10);
    expect(await admin.ok('GET /get/config/callbacks')).toMatchObject({
      status: 'success',
      callbacks: [],
      router_settings: { num_retries: 4 },
    });
    expect(await admin.ok('GET /callbacks/configs')).toEqual([] as never);
    expect(await admin.ok('POST /reload/model_cost_map')).toMatchObject({ status: 'success' });
    await admin.stop();
  });

  test('are for proxy admins', async () => {
    const admin = await start({ config });
    for (const route of ['GET /config/yaml', 'POST /config/update', 'GET /credentials', 'GET /router/settings', 'POST /add/allowed_ip'])
      expect([
        route,
        (await admin.call(route, route.startsWith('POST') ? { ip: '1.2.3.4' } : undefined, { key: 'sk-nobody' })).status,
      ]).toEqual([route, 401]);
    await admin.stop();
  });
});

describeAdmin('fallbacks', (start) => {
  test('are made, live at once, shown and deleted, name by name', async () => {
    const admin = await start({ config });
    expect(await admin.ok('POST /fallback', { model: 'b', fallback_models: ['c', 'a'] })).toMatchObject({
      model: 'b',
      fallback_type: 'general',
    });
    await admin.ok('POST /fallback', { model: 'b', fallback_models: ['a'], fallback_type: 'context_window' });
    expect(await admin.ok('GET /fallback/b')).toEqual({
      model: 'b',
      fallback_models: ['c', 'a'],
      fallback_type: 'general',
      owner: 'database',
      place: null,
    });
    expect(await admin.ok('GET /fallback/b?fallback_type=context_window')).toMatchObject({ fallback_models: ['a'] });
    expect(await admin.ok('GET /fallback/a')).toMatchObject({
      fallback_models: ['b'],
      owner: 'file',
      place: expect.stringContaining('test.yaml'),
    });
    await admin.ok('DELETE /fallback/b');
    expect((await admin.call('GET /fallback/b')).status).toBe(404);
    expect((await admin.call('DELETE /fallback/b')).status).toBe(404);
    expect(await admin.ok('GET /fallback/a')).toMatchObject({ fallback_models: ['b'] });
    for (const [body, status] of [
      [{ model: 'nowhere', fallback_models: ['a'] }, 404],
      [{ model: 'b', fallback_models: ['nowhere'] }, 404],
      [{ model: 'b', fallback_models: ['b'] }, 400],
      [{ model: 'b', fallback_models: ['a', 'a'] }, 400],
      [{ model: 'b', fallback_models: [] }, 400],
      [{ model: 'b', fallback_models: ['a'], fallback_type: 'x' }, 400],
    ] as const)
      expect([body, (await admin.call('POST /fallback', body)).status]).toEqual([body, status]);
    await admin.stop();
  });

  test('two at once are both kept', async () => {
    const admin = await start({ config });
    await Promise.all([
      admin.ok('POST /fallback', { model: 'b', fallback_models: ['a'] }),
      admin.ok('POST /fallback', { model: 'c', fallback_models: ['a'] }),
    ]);
    expect((await admin.store.get(kinds.setting, 'router_settings.fallbacks'))?.data.value).toEqual({ b: ['a'], c: ['a'] });
    await admin.stop();
  });
});

describeAdmin('allowed addresses', (start) => {
  test('nobody locks themselves out', async () => {
    const admin = await start({ config });
    expect((await admin.call('POST /add/allowed_ip', { ip: '10.0.0.1' })).json.error.message).toContain('127.0.0.1');
    await admin.ok('POST /add/allowed_ip', { ip: '127.0.0.1' });
    expect(await admin.ok('POST /add/allowed_ip', { ip: '10.0.0.0/8' })).toMatchObject({ status: 'success' });
    expect(await admin.ok('GET /get/allowed_ips')).toEqual({ data: ['127.0.0.1', '10.0.0.0/8'] });
    expect((await admin.call('POST /delete/allowed_ip', { ip: '127.0.0.1' })).status).toBe(400);
    await admin.ok('POST /delete/allowed_ip', { ip: '10.0.0.0/8' });
    await admin.ok('POST /delete/allowed_ip', { ip: '127.0.0.1' });
    expect(await admin.ok('GET /get/allowed_ips')).toEqual({ data: [] });
    expect((await admin.call('POST /delete/allowed_ip', { ip: '127.0.0.1' })).status).toBe(404);
    await admin.stop();
  });

  test('what is no address is refused', async () => {
    const admin = await start({ config });
    expect((await admin.call('POST /add/allowed_ip', { ip: 'everybody' })).status).toBe(400);
    // A list that cannot be read would keep everybody out.
    const update = { field_name: 'allowed_ips', field_value: ['everybody'] };
    expect((await admin.call('POST /config/field/update', update)).status).toBe(400);
    expect(await admin.ok('GET /get/allowed_ips')).toEqual({ data: [] });
    await admin.stop();
  });
});

describeAdmin('costs', (start) => {
  test('discounts and margins beside the file’s', async () => {
    const admin = await start({ config });
    expect(await admin.ok('PATCH /config/cost_discount_config', { openai: 0.1, groq: 0.2 })).toMatchObject({
      values: { openai: 0.1, groq: 0.2 },
    });
    expect(await admin.ok('PATCH /config/cost_discount_config', { anthropic: 0.3 })).toMatchObject({
      values: { openai: 0.1, anthropic: 0.3 },
    });
    expect(await admin.ok('GET /config/cost_discount_config')).toEqual({ values: { openai: 0.1, anthropic: 0.3 } });
    await admin.ok('PATCH /config/cost_margin_config', { global: { percentage: 0.1, fixed_amount: 0.001 } });
    expect(await admin.ok('GET /config/cost_margin_config')).toEqual({ values: { global: { percentage: 0.1, fixed_amount: 0.001 } } });
    expect((await admin.call('PATCH /config/cost_discount_config', { openai: 2 })).status).toBe(400);
    expect((await admin.call('PATCH /config/cost_margin_config', { openai: -1 })).status).toBe(400);
    await admin.stop();
  });
});

describeAdmin('relayed paths', (start) => {
  test('are made, called, changed and deleted, and their secrets are sealed and masked', async () => {
    const upstream = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      fetch: (request) => Response.json({ auth: request.headers.get('authorization') }),
    });
    const admin = await start({ config });
    const body = { id: 'mine', path: '/echo', target: `http://127.0.0.1:${upstream.port}`, headers: { authorization: 'Bearer sk-canary' } };
    expect(await admin.ok('POST /config/pass_through_endpoint', body)).toMatchObject({
      endpoints: [{ id: 'mine', headers: { authorization: '****' }, auth: true, is_from_config: false }],
    });
    expect((await admin.call('POST /echo', {})).json).toEqual({ auth: 'Bearer sk-canary' });
    expect(JSON.stringify(await admin.store.find(kinds.setting))).not.toContain('sk-canary');
    expect((await admin.call('POST /config/pass_through_endpoint', { ...body, id: 'other' })).status).toBe(400);

    await admin.ok('POST /config/pass_through_endpoint/mine', { path: '/other', headers: { authorization: '****' } });
    expect((await admin.call('POST /echo', {})).status).toBe(404);
    expect((await admin.call('POST /other', {})).json).toEqual({ auth: 'Bearer sk-canary' });
    const list = await admin.ok('GET /config/pass_through_endpoint');
    expect(list).toMatchObject({
      endpoints: [
        { id: 'of-file', is_from_config: true },
        { id: 'mine', path: '/other' },
      ],
    });
    expect(JSON.stringify(list)).not.toContain('sk-canary');
    expect(await admin.ok('GET /config/pass_through_endpoint?endpoint_id=mine')).toMatchObject({ endpoints: [{ id: 'mine' }] });

    await admin.store.write({ by: 'test' }, (writing) =>
      writing.insert(kinds.team, 't', { models: [], allowed_passthrough_routes: ['/other'] }),
    );
    expect(await admin.ok('GET /config/pass_through_endpoint/team/t')).toMatchObject({ endpoints: [{ id: 'mine' }] });

    await admin.ok('DELETE /config/pass_through_endpoint?endpoint_id=mine');
    expect((await admin.call('POST /other', {})).status).toBe(404);
    expect((await admin.call('GET /config/pass_through_endpoint?endpoint_id=mine')).status).toBe(404);
    await admin.stop();
    await upstream.stop(true);
  });
});
