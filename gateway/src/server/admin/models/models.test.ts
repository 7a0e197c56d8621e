import { expect, test } from 'bun:test';
import { hashKey } from '../../../access/keys/secret.ts';
import { kinds } from '../../../access/records/kinds.ts';
import { describeAdmin, type TestAdmin } from '../../../../../test/kit/admin.ts';

const config = `
model_list:
  - { model_name: gpt-4o, litellm_params: { model: mock/hello }, model_info: { id: of-file, access_groups: [written] } }
`;
const env = { GATEWAY_SECRET: 'sk-of-the-gateway' };

const addTeam = (admin: TestAdmin, id: string, key: string, role: 'admin' | 'user') =>
  admin.store.write({ by: 'test' }, async (writing) => {
    await writing.put(kinds.team, id, () => ({ models: [] }));
    await writing.insert(kinds.user, `${id}-${role}`, { user_role: 'internal_user', models: [] });
    await writing.insert(kinds.teamMember, `${id}:${role}`, { team_id: id, user_id: `${id}-${role}`, role });
    await writing.insert(kinds.key, hashKey(key), { key_name: 'sk-...', models: [], user_id: `${id}-${role}`, team_id: id });
  });

describeAdmin('models of the database', (start) => {
  test('are called as soon as they are added, and no more once they are deleted', async () => {
    const admin = await start({ config });
    const row = await admin.ok('POST /model/new', {
      model_name: 'added',
      litellm_params: {
        model: 'mock/hello',
        api_key: 'sk-canary',
        mock_response: 'from the database',
        rpm: null,
        use_litellm_proxy: false,
      },
      model_info: { id: 'mine', db_model: false, mode: 'chat', base_model: null },
    });
    expect(row).toMatchObject({
      model_id: 'mine',
      model_name: 'added',
      litellm_params: { model: 'mock/hello', api_key: '****' },
      model_info: { id: 'mine', db_model: true, mode: 'chat' },
      blocked: false,
      created_by: 'master_key',
    });
    expect(row['litellm_params']).not.toHaveProperty('use_litellm_proxy');
    const answer = await admin.chat('added', admin.masterKey);
    expect(answer.json.choices[0].message.content).toBe('from the database');
    // What lies in the database is sealed.
    const raw = JSON.stringify(await admin.store.get(kinds.model, 'mine'));
    expect(raw).not.toContain('sk-canary');
    expect(raw).toContain('sluice:1:');

    await admin.ok('POST /model/delete', { id: 'mine' });
    expect((await admin.chat('added', admin.masterKey)).status).toBe(404);
    expect((await admin.call('POST /model/delete', { id: 'mine' })).status).toBe(404);
    await admin.stop();
  });

  test('outlive a reload of the file (FP-36), and a bad one leaves the others (FP-37)', async () => {
    const admin = await start({ config });
    await admin.ok('POST /model/new', { model_name: 'a', litellm_params: { model: 'mock/hello' }, model_info: { id: 'a' } });
    await admin.store.write({ by: 'test' }, (writing) =>
      writing.insert(kinds.model, 'bad', { model_name: 'bad', litellm_params: { model: 'mock/hello', rpm: 'many' }, model_info: {} }),
    );
    admin.reload(`${config}\n# edited`);
    await Bun.sleep(600);
    expect((await admin.chat('a', admin.masterKey)).status).toBe(200);
    const { data } = await admin.ok<{ data: { model_info: { id: string; error?: string } }[] }>('GET /v1/model/info');
    const byId = new Map(data.map(({ model_info: info }) => [info.id, info]));
    expect([...byId.keys()].toSorted()).toEqual(['a', 'bad', 'of-file']);
    expect(byId.get('bad')?.error).toContain('rpm: must be a number');
    await admin.stop();
  });

  test('reach every gateway of the database within two seconds (FP-36)', async () => {
    const admin = await start({ config });
    const at = performance.now();
    // Another connection, as another gateway would.
    await admin.store.write({ by: 'test' }, (writing) =>
      writing.insert(kinds.model, 'x', { model_name: 'x', litellm_params: { model: 'mock/hello' }, model_info: {} }),
    );
    while ((await admin.chat('x', admin.masterKey)).status !== 200) {
      if (performance.now() - at > 2000) throw new Error('not within two seconds');
      await Bun.sleep(20);
    }
    await admin.stop();
  });

  test('are changed member by member: absent is untouched, null takes away, a mask is what is there (FP-69)', async () => {
    const admin = await start({ config });
    await admin.ok('POST /model/new', {
      model_name: 'm',
      litellm_params: { model: 'mock/hello', api_key: 'sk-first', rpm: 5, itpm: 6, otpm: 7, tags: ['a'] },
      model_info: { id: 'a/b', mode: 'chat', note: 'x' },
    });
    const patched = await admin.ok('PATCH /model/a/b/update', {
      litellm_params: { rpm: null, tpm: 7, itpm: null, otpm: 8, api_key: '****' },
      model_info: { note: null },
    });
    expect(patched).toMatchObject({
      model_name: 'm',
      litellm_params: { model: 'mock/hello', api_key: '****', tags: ['a'], tpm: 7, otpm: 8 },
    });
    expect(patched['litellm_params']).not.toHaveProperty('rpm');
    expect(patched['litellm_params']).not.toHaveProperty('itpm');
    expect(patched['model_info']).toMatchObject({ mode: 'chat' });
    expect(patched['model_info']).not.toHaveProperty('note');
    await admin.ok('POST /model/update', { model_name: 'n', model_info: { id: 'a/b' } });
    // As LiteLLM's Python client writes it.
    await admin.ok('POST /model/update', { id: 'a/b', litellm_params: { timeout: 7 }, model_info: null });
    for (const body of [{}, { model_info: null }, { model_info: {} }]) {
      const { status, json } = await admin.call('POST /model/update', body);
      expect([status, json.error.param]).toEqual([400, 'model_info.id']);
    }
    expect((await admin.call('POST /model/update', { id: 'other', model_info: { id: 'a/b' } })).json.error.param).toBe('id');
    expect((await admin.chat('n', admin.masterKey)).status).toBe(200);
    expect((await admin.chat('m', admin.masterKey)).status).toBe(404);
    expect((await admin.call('PATCH /model/none/update', {})).status).toBe(404);
    await admin.stop();
  });

  test('are blocked and unblocked', async () => {
    const admin = await start({ config });
    await admin.ok('POST /model/new', { model_name: 'm', litellm_params: { model: 'mock/hello' }, model_info: { id: 'm' } });
    expect(await admin.ok('POST /model/block', { model_id: 'm' })).toMatchObject({ blocked: true });
    expect((await admin.chat('m', admin.masterKey)).status).toBe(404);
    const { data } = await admin.ok<{ data: object[] }>('GET /model/info?litellm_model_id=m');
    expect(data).toMatchObject([{ model_info: { blocked: true } }]);
    await admin.ok('POST /model/unblock', { model_id: 'm' });
    expect((await admin.chat('m', admin.masterKey)).status).toBe(200);
    await admin.stop();
  });

  test('what is wrong is refused, and says which member', async () => {
    const admin = await start({ config });
    for (const [body, param] of [
      [{ model_name: 'x', litellm_params: {} }, 'litellm_params.model'],
      [{ model_name: '', litellm_params: { model: 'mock/a' } }, 'model_name'],
      [{ model_name: 'x', litellm_params: { model: 'mock/a', rpm: 'many' } }, 'litellm_params.rpm'],
      [{ model_name: 'x', litellm_params: { model: 'mock/a', api_bse: 'https://a.test' } }, 'litellm_params.api_bse'],
      [{ model_name: 'x', litellm_params: { model: 'mock/a', guardrails: ['x'] } }, 'litellm_params.guardrails'],
      [{ model_name: 'x', litellm_params: { model: 'mock/a', api_key: '****' } }, 'litellm_params.api_key'],
      [{ model_name: 'x', litellm_params: { model: 'mock/a', litellm_credential_name: 'none' } }, undefined],
      [{ model_name: 'x', litellm_params: { model: 'mock/a' }, model_info: { team_id: 'nowhere' } }, 'model_info.team_id'],
      [{ model_name: 'x', litellm_params: { model: 'mock/a' }, model_info: { id: 'of-file' } }, 'model_id'],
      [{ model_name: 'x', litellm_params: { model: 'mock/a' }, modelinfo: {} }, 'modelinfo'],
    ] as const) {
      const { status, json } = await admin.call('POST /model/new', body);
      expect([status, json.error.param ?? undefined]).toEqual([400, param]);
    }
    await admin.stop();
  });

  test('those of the file are the file’s, and say where', async () => {
    const admin = await start({ config });
    for (const [route, body] of [
      ['POST /model/delete', { id: 'of-file' }],
      ['POST /model/block', { model_id: 'of-file' }],
      ['PATCH /model/of-file/update', { model_name: 'x' }],
    ] as const) {
      const { status, json } = await admin.call(route, body);
      expect([status, json.error.message]).toEqual([400, expect.stringContaining('owned by the configuration file (test.yaml:3:5)')]);
    }
    await admin.stop();
  });

  test('what cannot be opened is shown, can be deleted, and is never dropped (FP-61)', async () => {
    const admin = await start({ config });
    await admin.store.write({ by: 'test' }, (writing) =>
      writing.insert(kinds.model, 'lost', {
        model_name: 'lost',
        litellm_params: { model: 'mock/hello', api_key: 'sluice:1:00000000:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' },
        model_info: {},
      }),
    );
    await Bun.sleep(600);
    const { data } = await admin.ok<{ data: object[] }>('GET /v1/model/info?litellm_model_id=lost');
    expect(data).toMatchObject([{ model_name: 'lost', litellm_params: { api_key: '****' }, model_info: { decryption_failed: true } }]);
    expect((await admin.ok('GET /v2/model/info?modelId=lost'))['data']).toMatchObject([{ model_info: { decryption_failed: true } }]);
    expect((await admin.call('PATCH /model/lost/update', { model_name: 'x' })).json.error.message).toContain('cannot be opened');
    await admin.ok('POST /model/delete', { id: 'lost' });
    await admin.stop();
  });
});

describeAdmin('models of a team', (start) => {
  test('its admin adds one with the team’s own key; only the team sees and calls it (FP-34)', async () => {
    const admin = await start({ config, env });
    await addTeam(admin, 'red', 'sk-red-admin-0001', 'admin');
    await addTeam(admin, 'red2', 'sk-red-other-0002', 'admin');
    const key = 'sk-red-admin-0001';
    const body = {
      model_name: 'gpt-4o',
      litellm_params: { model: 'mock/hello', api_key: 'sk-teams-own', mock_response: 'of the team' },
      model_info: { id: 'teams', team_id: 'red' },
    };
    expect((await admin.call('POST /model/new', { ...body, model_info: {} }, { key })).status).toBe(403);
    expect((await admin.call('POST /model/new', { ...body, model_info: { team_id: 'red2' } }, { key })).status).toBe(403);
    expect((await admin.call('POST /model/new', { ...body, model_info: { team_id: 'nowhere' } }, { key })).status).toBe(403);
    await admin.ok('POST /model/new', body, { key });
    expect((await admin.chat('gpt-4o', key)).json.choices[0].message.content).toBe('of the team');
    expect((await admin.chat('gpt-4o', 'sk-red-other-0002')).json.choices[0].message.content).not.toBe('of the team');

    const seen = async (of: string) =>
      (await admin.ok<{ data: { model_info: { id: string } }[] }>('GET /v2/model/info', undefined, { key: of })).data.map(
        (each) => each.model_info.id,
      );
    expect(await seen(key)).toEqual(['of-file', 'teams']);
    expect(await seen('sk-red-other-0002')).toEqual(['of-file']);
    const mine = await admin.ok<{ data: { model_info: { id: string } }[] }>('GET /v1/model/info', undefined, { key: 'sk-red-other-0002' });
    expect(mine.data.map((each) => each.model_info.id)).toEqual(['of-file']);
    await admin.stop();
  });

  test('nothing of the gateway’s environment, network or credentials is in it', async () => {
    const admin = await start({ config, env });
    await addTeam(admin, 'blue', 'sk-blue-admin-0001', 'admin');
    const add = async (params: object) => {
      const { status, json } = await admin.call(
        'POST /model/new',
        { model_name: 'x', litellm_params: { model: 'openai/x', ...params }, model_info: { team_id: 'blue' } },
        { key: 'sk-blue-admin-0001' },
      );
      return [status, json.error?.param];
    };
    expect(await add({ api_key: 'os.environ/GATEWAY_SECRET' })).toEqual([403, 'litellm_params.api_key']);
    expect(await add({})).toEqual([403, 'litellm_params.api_key']);
    expect(await add({ api_key: 'k', litellm_credential_name: 'c' })).toEqual([403, 'litellm_params.litellm_credential_name']);
    expect(await add({ api_key: 'k', api_base: 'http://169.254.169.254/latest' })).toEqual([400, 'litellm_params.api_base']);
    expect(await add({ api_key: 'k', api_base: 'http://127.0.0.1:1/v1' })).toEqual([400, 'litellm_params.api_base']);
    await admin.stop();
  });

  test('an address is judged with each call: a name may lead elsewhere by then', async () => {
    let asked = 0;
    const inside = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => ((asked += 1), Response.json({})) });
    const admin = await start({ config, env: { OPENAI_API_KEY: 'sk-of-the-gateway' } });
    await addTeam(admin, 'grey', 'sk-grey-admin-0001', 'admin');
    const insert = (id: string, isolated: boolean) =>
      admin.store.write({ by: 'test' }, (writing) =>
        writing.insert(kinds.model, id, {
          model_name: id,
          litellm_params: { model: 'openai/x', api_key: 'k', api_base: `http://127.0.0.1:${inside.port}/v1` },
          model_info: { team_id: 'grey' },
          team_id: 'grey',
          isolated,
        }),
      );
    await insert('theirs', true);
    await insert('ours', false);
    await Bun.sleep(600);
    const { status, json } = await admin.chat('theirs', 'sk-grey-admin-0001');
    expect([status, json.error.message, asked]).toEqual([400, expect.stringContaining('not a public one'), 0]);
    await admin.chat('ours', 'sk-grey-admin-0001');
    expect(asked).toBeGreaterThan(0);
    await admin.stop();
    await inside.stop(true);
  });

  test('what a proxy admin gave a team is not the team’s to change: its key must not go to another address', async () => {
    const admin = await start({ config, env });
    await addTeam(admin, 'green', 'sk-green-admin-001', 'admin');
    await admin.ok('POST /model/new', {
      model_name: 'given',
      litellm_params: { model: 'mock/hello', api_key: 'os.environ/GATEWAY_SECRET' },
      model_info: { id: 'given', team_id: 'green' },
    });
    const key = 'sk-green-admin-001';
    const { status } = await admin.call('PATCH /model/given/update', { litellm_params: { api_base: 'https://evil.test' } }, { key });
    expect(status).toBe(403);
    expect((await admin.call('POST /model/unblock', { model_id: 'given' }, { key })).status).toBe(403);
    await admin.stop();
  });
});

describeAdmin('GET /v2/model/info', (start) => {
  test('filters, sorts and pages', async () => {
    const admin = await start({ config });
    for (const id of ['b', 'a', 'c'])
      await admin.ok('POST /model/new', { model_name: `added-${id}`, litellm_params: { model: 'mock/hello' }, model_info: { id } });
    const ids = async (query: string) => {
      const { data, ...page } = await admin.ok<{ data: { model_info: { id: string } }[] }>(`GET /v2/model/info?${query}`);
      return [data.map((each) => each.model_info.id), page];
    };
    expect(await ids('search=ADDED&sortBy=model_name&sortOrder=desc')).toEqual([
      ['c', 'b', 'a'],
      { total_count: 3, current_page: 1, total_pages: 1, size: 50 },
    ]);
    expect(await ids('size=3&page=2&sortBy=model_name')).toEqual([
      ['of-file'],
      { total_count: 4, current_page: 2, total_pages: 2, size: 3 },
    ]);
    expect((await ids('model=gpt-4o'))[0]).toEqual(['of-file']);
    expect((await ids('modelId=b'))[0]).toEqual(['b']);
    expect((await admin.call('GET /v2/model/info?pagesize=3')).status).toBe(400);
    await admin.stop();
  });
});

describeAdmin('groups of models', (start) => {
  test('are made, listed, changed and deleted', async () => {
    const admin = await start({ config });
    for (const id of ['a', 'b'])
      await admin.ok('POST /model/new', { model_name: `m-${id}`, litellm_params: { model: 'mock/hello' }, model_info: { id } });
    expect(await admin.ok('POST /access_group/new', { access_group: 'beta', model_names: ['m-a'] })).toEqual({
      access_group: 'beta',
      model_names: ['m-a'],
      model_ids: null,
      models_updated: 1,
    });
    expect((await admin.call('POST /access_group/new', { access_group: 'beta', model_names: ['m-b'] })).status).toBe(409);
    expect(await admin.ok('GET /access_group/list')).toEqual({
      access_groups: [
        { access_group: 'beta', model_names: ['m-a'], deployment_count: 1 },
        { access_group: 'written', model_names: ['gpt-4o'], deployment_count: 1 },
      ],
    });
    await admin.ok('PUT /access_group/beta/update', { model_ids: ['b'] });
    expect(await admin.ok('GET /access_group/beta/info')).toEqual({ access_group: 'beta', model_names: ['m-b'], deployment_count: 1 });

    // A key that is for the group calls what is in it.
    await admin.store.write({ by: 'test' }, (writing) =>
      writing.insert(kinds.key, hashKey('sk-beta-key-00001'), { key_name: 'sk-...', models: ['beta'] }),
    );
    expect((await admin.chat('m-b', 'sk-beta-key-00001')).status).toBe(200);
    expect((await admin.chat('m-a', 'sk-beta-key-00001')).status).toBe(401);
    expect(await admin.ok('GET /access_group/list', undefined, { key: 'sk-beta-key-00001' })).toEqual({
      access_groups: [{ access_group: 'beta', model_names: ['m-b'], deployment_count: 1 }],
    });

    expect((await admin.call('POST /access_group/new', { access_group: 'x', model_names: ['gpt-4o'] })).json.error.message).toContain(
      'test.yaml:3',
    );
    expect((await admin.call('DELETE /access_group/written/delete')).status).toBe(400);
    expect(await admin.ok('DELETE /access_group/beta/delete')).toMatchObject({ access_group: 'beta', models_updated: 1 });
    expect((await admin.call('GET /access_group/beta/info')).status).toBe(404);
    await admin.stop();
  });
});

describeAdmin('public models', (start) => {
  test('anybody is told of them, and calls them with a key alone', async () => {
    const admin = await start({ config });
    expect(await admin.ok('GET /public/model_hub', undefined, { key: '' })).toEqual([] as never);
    expect((await admin.call('POST /model_group/make_public', { model_groups: ['nowhere'] })).status).toBe(400);
    expect(await admin.ok('POST /model_group/make_public', { model_groups: ['gpt-4o'] })).toMatchObject({
      public_model_groups: ['gpt-4o'],
    });
    expect(await admin.ok('GET /public/model_hub', undefined, { key: '' })).toMatchObject([
      { model_group: 'gpt-4o', is_public_model_group: true },
    ] as never);
    expect((await admin.chat('gpt-4o', '')).status).toBe(401);
    await admin.stop();
  });

  test('what a form asks for', async () => {
    const admin = await start({ config });
    const settings = await admin.ok<{ name: string; parameters: { field_name: string }[] }[]>('GET /model/settings');
    expect(settings.find(({ name }) => name === 'openai')?.parameters.map((each) => each.field_name)).toContain('api_key');
    await admin.stop();
  });
});
