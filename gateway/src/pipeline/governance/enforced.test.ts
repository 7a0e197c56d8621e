import { expect, test } from 'bun:test';
import { describeAdmin } from '../../../../test/kit/admin.ts';

const config = `
general_settings: { service_account_settings: { enforced_params: [metadata.job] } }
model_list:
  - { model_name: gpt-4o, litellm_params: { model: mock/hello } }
  - { model_name: claude-sonnet, litellm_params: { model: mock/hello } }
  - { model_name: priced, litellm_params: { model: mock/hello, input_cost_per_token: 0.000001, output_cost_per_token: 0.000001 } }
  - { model_name: broken, litellm_params: { model: mock/hello, mock_response: litellm.InternalServerError } }
`;

interface Made {
  readonly key: string;
}

describeAdmin('what is stored of keys is enforced', (start) => {
  test('enforced_params of service accounts are those of their calls alone', async () => {
    const admin = await start({ config });
    await admin.ok('POST /team/new', { team_id: 't' });
    const { key: robot } = await admin.ok<Made>('POST /key/service-account/generate', { team_id: 't', enforced_params: ['user'] });
    const { key: other } = await admin.ok<Made>('POST /key/generate', { team_id: 't' });
    expect((await admin.chat('gpt-4o', other)).status).toBe(200);
    expect((await admin.chat('gpt-4o', robot)).json.error.param).toBe('metadata.job');
    expect((await admin.chat('gpt-4o', robot, { metadata: { job: 'nightly' } })).json.error.param).toBe('user');
    expect((await admin.chat('gpt-4o', robot, { metadata: { job: 'nightly' }, user: 'u' })).status).toBe(200);
    await admin.stop();
  });

  test('tag_rpm_limit: each tag by itself, also those that the key brings', async () => {
    const admin = await start({ config });
    const { key } = await admin.ok<Made>('POST /key/generate', { tag_rpm_limit: { batch: 1, none: 0, own: 2 }, tags: ['own'] });
    const call = (tags?: readonly string[]) => admin.chat('gpt-4o', key, tags && { metadata: { tags } });
    expect((await call(['none'])).json.error.message).toContain('tag "none"');
    expect((await call(['batch', 'batch'])).status).toBe(200);
    expect((await call(['batch'])).status).toBe(429);
    expect((await call(['other'])).status).toBe(200);
    expect((await call()).json.error.message).toContain('tag "own"');
    await admin.stop();
  });

  test('router_settings: what can be set is enforced, the rest is refused with what may be set', async () => {
    const admin = await start({ config });
    const settings = { num_retries: 0, fallbacks: [{ broken: ['claude-sonnet'] }], model_group_alias: { mine: 'gpt-4o' } };
    const { key } = await admin.ok<Made>('POST /key/generate', { router_settings: settings });
    const answer = await admin.chat('broken', key);
    expect([answer.status, answer.headers.get('x-litellm-model-group')]).toEqual([200, 'claude-sonnet']);
    expect(answer.headers.get('x-litellm-attempted-fallbacks')).toBe('1');
    expect([(await admin.chat('mine', key)).status, (await admin.chat('mine', admin.masterKey)).status]).toEqual([200, 404]);
    await admin.ok('POST /team/new', { team_id: 't' });
    for (const refused of [{ routing_strategy: 'least-busy' }, { retry_policy: { TimeoutErrorRetries: 1 } }, { allowed_fails: 3 }])
      for (const route of ['POST /key/generate', 'POST /team/update']) {
        const { status, json } = await admin.call(route, { ...(route.includes('team') && { team_id: 't' }), router_settings: refused });
        expect([status, json.error.param]).toEqual([400, `router_settings.${Object.keys(refused)[0]}`]);
        expect(json.error.message).toContain('num_retries, max_retries, timeout, fallbacks, context_window_fallbacks, model_group_alias');
      }
    await admin.ok('POST /key/update', { key, router_settings: { routing_strategy: null, num_retries: 1 } });
    await admin.stop();
  });

  test('vector stores that a call names must be among those of everybody in the line', async () => {
    const admin = await start({ config });
    await admin.ok('POST /team/new', { team_id: 't', object_permission: { vector_stores: ['vs_a', 'vs_b'] } });
    const { key } = await admin.ok<Made>('POST /key/generate', { team_id: 't', object_permission: { vector_stores: ['vs_a'] } });
    const { key: free } = await admin.ok<Made>('POST /key/generate', {});
    const tool = (...ids: string[]) => ({ tools: [{ type: 'file_search', vector_store_ids: ids }] });
    for (const [body, who] of [
      [tool('vs_a', 'vs_b'), key],
      [{ tools: [{ type: 'file_search', file_search: { vector_store_ids: ['vs_b'] } }] }, key],
      [{ tool_resources: { file_search: { vector_store_ids: ['vs_b'] } } }, key],
      [{ vector_store_ids: ['vs_b'] }, key],
    ] as const) {
      const { status, json } = await admin.chat('gpt-4o', who, body);
      expect([status, json.error.type]).toEqual([403, 'key_vector_store_access_denied']);
    }
    const response = await admin.call('POST /v1/responses', { model: 'gpt-4o', input: 'hi', ...tool('vs_b') }, { key });
    expect([response.status, response.json.error.param]).toEqual([403, 'vector_store_id']);
    for (const [body, who] of [
      [tool('vs_a'), key],
      [tool('vs_b'), free],
      [{ tools: 'nonsense' }, free],
    ] as const)
      expect((await admin.chat('gpt-4o', who, body)).status).not.toBe(403);
    expect((await admin.call('POST /v1/vector_stores/vs_b/search', { query: 'x' }, { key })).status).toBe(403);
    await admin.stop();
  });

  test('models of an object_permission bound users and organisations as well', async () => {
    const admin = await start({ config });
    await admin.ok('POST /user/new', { user_id: 'u', auto_create_key: false, object_permission: { models: ['gpt-4o'] } });
    await admin.ok('POST /organization/new', { organization_id: 'o', organization_alias: 'o', object_permission: { models: [] } });
    const { key: ofUser } = await admin.ok<Made>('POST /key/generate', { user_id: 'u' });
    const { key: ofOrganization } = await admin.ok<Made>('POST /key/generate', { organization_id: 'o' });
    expect((await admin.chat('gpt-4o', ofUser)).status).toBe(200);
    expect((await admin.chat('claude-sonnet', ofUser)).json.error.type).toBe('user_model_access_denied');
    expect((await admin.chat('gpt-4o', ofOrganization)).json.error.type).toBe('org_model_access_denied');
    await admin.stop();
  });

  test('answers say what the key has, where it has something', async () => {
    const admin = await start({ config });
    const { key } = await admin.ok<Made>('POST /key/generate', { rpm_limit: 5, tpm_limit: 100_000 });
    await admin.ok('POST /budget/new', { budget_id: 'shared', max_budget: 2 });
    const { key: ofBudget } = await admin.ok<Made>('POST /key/generate', { budget_id: 'shared' });
    const { key: plain } = await admin.ok<Made>('POST /key/generate', {});
    const headersOf = async (who: string) =>
      Object.fromEntries([...(await admin.chat('priced', who)).headers].filter(([name]) => name.startsWith('x-litellm-key-')));
    expect(await headersOf(key)).toEqual({ 'x-litellm-key-rpm-limit': '5', 'x-litellm-key-tpm-limit': '100000' });
    expect(await headersOf(ofBudget)).toEqual({
      'x-litellm-key-max-budget': '2',
      'x-litellm-key-spend': expect.stringMatching(/^0\.0000\d+$/),
    });
    expect(await headersOf(plain)).toEqual({});
    expect(await headersOf(admin.masterKey)).toEqual({});
    await admin.stop();
  });
});
