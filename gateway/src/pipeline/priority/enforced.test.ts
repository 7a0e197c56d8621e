import { expect, test } from 'bun:test';
import { describeAdmin, type TestAdmin } from '../../../../test/kit/admin.ts';

const config = `
model_list:
  - { model_name: busy, litellm_params: { model: mock/hello, rpm: 5 } }
  - { model_name: busy, litellm_params: { model: mock/hello, rpm: 5, api_key: another } }
  - { model_name: quiet, litellm_params: { model: mock/hello, input_cost_per_token: 0.000001, output_cost_per_token: 0.000001 } }
  - { model_name: broken, litellm_params: { model: mock/hello, mock_response: litellm.InternalServerError, num_retries: 0 } }
router_settings: { num_retries: 0, disable_cooldowns: true }
`;
const priorities = `
litellm_settings:
  callbacks: [dynamic_rate_limiter_v3]
  priority_reservation: { prod: 0.7, dev: 0.2 }
  priority_reservation_settings: { default_priority: 0 }
`;

interface Made {
  readonly key: string;
}
const keyOf = async (admin: TestAdmin, more: object): Promise<string> => (await admin.ok<Made>('POST /key/generate', more)).key;

describeAdmin('a model that many want', (start) => {
  test('priorities: whoever has one borrows, then has its share; refusals say whose share it was and when to come again', async () => {
    const admin = await start({ config: config + priorities });
    const dev = await keyOf(admin, { metadata: { priority: 'dev' } });
    const plain = await keyOf(admin, {});
    await admin.ok('POST /team/new', { team_id: 't', metadata: { priority: 'prod' } });
    const prod = await keyOf(admin, { team_id: 't', metadata: { priority: 'dev' } });
    for (let at = 0; at < 5; at++) expect((await admin.chat('busy', dev)).status).toBe(200);
    const refused = await admin.chat('busy', dev);
    expect(refused.status).toBe(429);
    expect(refused.json.error.message).toContain('priority "dev" at model "busy" (0.2 of it while it is busy)');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
    expect(refused.headers.get('rate_limit_type')).toBe('requests');
    expect(refused.headers.get('reset_at')).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/);
    expect(refused.headers.get('x-ratelimit-priority_model-limit-requests')).toBe('2');
    expect(refused.headers.get('x-ratelimit-priority_model-remaining-requests')).toBe('0');
    expect(refused.headers.get('x-litellm-priority')).toBe('dev');
    expect(refused.headers.get('x-litellm-saturation')).toBe('50.00%');
    expect((await admin.chat('busy', plain)).json.error.message).toContain('callers without a priority');
    const served = await admin.chat('busy', prod);
    expect(served.status).toBe(200);
    expect(Object.fromEntries([...served.headers].filter(([name]) => /^x-ratelimit|priority|saturation|limiter/.test(name)))).toEqual({
      'x-litellm-priority': 'prod',
      'x-litellm-saturation': '50.00%',
      'x-litellm-rate-limiter-version': 'v3',
      'x-ratelimit-model_saturation_check-limit-requests': '10',
      'x-ratelimit-model_saturation_check-remaining-requests': '4',
      'x-ratelimit-priority_model-limit-requests': '7',
      'x-ratelimit-priority_model-remaining-requests': '6',
    });
    const quiet = await admin.chat('quiet', dev);
    expect([quiet.status, quiet.headers.get('x-litellm-priority')]).toEqual([200, null]);
    await admin.stop();
  });

  test('only administrators say what priority a key has', async () => {
    const admin = await start({ config: config + priorities });
    await admin.ok('POST /user/new', { user_id: 'u', user_role: 'internal_user', auto_create_key: false });
    const own = await keyOf(admin, { user_id: 'u', key_type: 'default' });
    const answer = await admin.call('POST /key/generate', { metadata: { priority: 'prod' } }, { key: own });
    expect([answer.status, answer.json.error.message]).toEqual([403, expect.stringContaining('metadata.priority')]);
    await admin.stop();
  });

  test('fair_share: one key that sends more than all others does not keep them out', async () => {
    const admin = await start({ config: `${config}\nsluice_settings: { fair_share: true }` });
    const [greedy, modest] = [await keyOf(admin, { key_alias: 'greedy' }), await keyOf(admin, {})];
    for (let at = 0; at < 8; at++) expect((await admin.chat('busy', greedy)).status).toBe(200);
    expect((await admin.chat('busy', modest)).headers.get('x-ratelimit-fair_share-limit-requests')).toBe('5');
    const refused = await admin.chat('busy', greedy);
    expect([refused.status, refused.json.error.message]).toEqual([429, expect.stringContaining('each of 2 callers that are active')]);
    expect((await admin.chat('busy', modest)).status).toBe(200);
    await admin.stop();
  });

  test('limits of type dynamic hold only while their model fails, and other models go on', async () => {
    const admin = await start({ config });
    const key = await keyOf(admin, { rpm_limit: 2, rpm_limit_type: 'dynamic' });
    for (let at = 0; at < 4; at++) {
      const { status, headers } = await admin.chat('quiet', key);
      expect([status, headers.get('x-ratelimit-limit-requests')]).toEqual([200, null]);
    }
    // It fails at the provider: from now on the key has what it was given.
    expect((await admin.chat('broken', key)).status).toBe(500);
    const held = await admin.chat('broken', key);
    expect([held.status, held.headers.get('x-ratelimit-limit-requests')]).toEqual([429, '2']);
    expect((await admin.chat('quiet', key)).status).toBe(200);
    await admin.stop();
  });

  test('a hundred calls at a time never pass what the model takes', async () => {
    const admin = await start({ config: config + priorities });
    const prod = await keyOf(admin, { metadata: { priority: 'prod' } });
    const answers = await Promise.all(Array.from({ length: 100 }, () => admin.chat('busy', prod)));
    const statuses = answers.map(({ status }) => status);
    // It borrows until the model is half in use, and has 7 of it then.
    expect([statuses.filter((each) => each === 200).length, statuses.filter((each) => each === 429).length]).toEqual([7, 93]);
    await admin.stop();
  });

  test('a change of shares holds for what was counted before it', async () => {
    const admin = await start({ config: config + priorities });
    const dev = await keyOf(admin, { metadata: { priority: 'dev' } });
    for (let at = 0; at < 5; at++) expect((await admin.chat('busy', dev)).status).toBe(200);
    expect((await admin.chat('busy', dev)).status).toBe(429);
    admin.reload(config + priorities.replace('prod: 0.7, dev: 0.2', 'prod: 0.4, dev: 0.6'));
    expect([(await admin.chat('busy', dev)).status, (await admin.chat('busy', dev)).status]).toEqual([200, 429]);
    admin.reload(config);
    const free = await admin.chat('busy', dev);
    expect([free.status, free.headers.get('x-litellm-priority')]).toEqual([200, null]);
    await admin.stop();
  });

  test('settings of the database hold as those of the file do', async () => {
    const admin = await start({ config });
    const dev = await keyOf(admin, { metadata: { priority: 'dev' } });
    await admin.ok('POST /config/update', {
      litellm_settings: { callbacks: ['dynamic_rate_limiter_v3'], priority_reservation: { dev: 0.1 } },
    });
    const statuses: number[] = [];
    for (let at = 0; at < 6; at++) statuses.push((await admin.chat('busy', dev)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    await admin.stop();
  });

  test('a model without room goes by its fallbacks, at which the key has its own limits as well', async () => {
    const admin = await start({
      config: `
${config.replace('router_settings: {', 'router_settings: { fallbacks: [{ busy: [broken, quiet] }],')}
${priorities}`,
    });
    const dev = await keyOf(admin, { metadata: { priority: 'dev' }, rpm_limit: 8 });
    for (let at = 0; at < 5; at++) expect((await admin.chat('busy', dev)).headers.get('x-litellm-model-group')).toBe('busy');
    const answer = await admin.chat('busy', dev);
    expect([answer.status, answer.headers.get('x-litellm-model-group'), answer.headers.get('x-litellm-attempted-fallbacks')]).toEqual([
      200,
      'quiet',
      '2',
    ]);
    expect([answer.headers.get('x-litellm-priority'), answer.headers.get('x-ratelimit-remaining-requests')]).toEqual(['dev', '2']);
    const alone = await admin.chat('busy', dev, { disable_fallbacks: true });
    expect([alone.status, alone.json.error.message]).toEqual([429, expect.stringContaining('priority "dev"')]);
    expect((await admin.chat('busy', dev, { fallbacks: ['quiet'] })).headers.get('x-litellm-attempted-fallbacks')).toBe('1');
    expect((await admin.chat('busy', dev)).status).toBe(200);
    // What is refused as a whole is refused by the key.
    expect((await admin.chat('busy', dev)).json.error.message).toContain('key ');
    await admin.stop();
  });

  test('all deployments at their own limits: the refusal says when to come again', async () => {
    const admin = await start({
      config: `
model_list:
  - { model_name: full, litellm_params: { model: mock/hello, rpm: 1 } }
  - { model_name: slow, litellm_params: { model: mock/hello, max_parallel_requests: 1, mock_delay: 1 } }
router_settings: { num_retries: 0, optional_pre_call_checks: [enforce_model_rate_limits] }
sluice_settings: { routing: { queue: { max_size: 0 } } }
`,
    });
    const call = (model: string) => admin.chat(model, admin.masterKey);
    expect((await call('full')).status).toBe(200);
    const full = await call('full');
    expect([full.status, full.json.error.message]).toEqual([429, expect.stringContaining("All deployments of 'full' are at their limits")]);
    expect(Number(full.headers.get('retry-after'))).toBeGreaterThan(50);
    const both = await Promise.all([call('slow'), call('slow')]);
    const refused = both.find(({ status }) => status === 429);
    expect([both.map(({ status }) => status).sort(), refused?.headers.get('retry-after')]).toEqual([[200, 429], '1']);
    await admin.stop();
  });

  test('of a key with limits, the headers: its own where the provider has the same, and none for a key without', async () => {
    const admin = await start({ config });
    const key = await keyOf(admin, { rpm_limit: 5, tpm_limit: 100_000, max_budget: 3 });
    const { headers } = await admin.chat('quiet', key, { max_tokens: 50 });
    expect(Object.fromEntries([...headers].filter(([name]) => /^x-ratelimit|^x-litellm-key/.test(name)))).toEqual({
      'x-litellm-key-max-budget': '3',
      'x-litellm-key-rpm-limit': '5',
      'x-litellm-key-spend': expect.stringMatching(/^0\.0000\d+$/),
      'x-litellm-key-tpm-limit': '100000',
      'x-ratelimit-api_key-limit-requests': '5',
      'x-ratelimit-api_key-remaining-requests': '4',
      'x-ratelimit-api_key-limit-tokens': '100000',
      'x-ratelimit-api_key-remaining-tokens': expect.stringMatching(/^999\d\d$/),
      'x-ratelimit-limit-requests': '5',
      'x-ratelimit-remaining-requests': '4',
      'x-ratelimit-reset-requests': expect.stringMatching(/^1m[01]s$/),
      'x-ratelimit-limit-tokens': '100000',
      'x-ratelimit-remaining-tokens': expect.stringMatching(/^999\d\d$/),
      'x-ratelimit-reset-tokens': expect.stringMatching(/^1m[01]s$/),
    });
    const streamed = await fetch(`${admin.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'quiet', stream: true, messages: [{ role: 'user', content: 'hi' }] }),
    });
    expect([streamed.status, streamed.headers.get('x-ratelimit-remaining-requests')]).toEqual([200, '3']);
    await streamed.text();
    const free = await admin.chat('quiet', await keyOf(admin, {}));
    expect([...free.headers.keys()].filter((name) => /ratelimit|x-litellm-key/.test(name))).toEqual([]);
    for (let at = 0; at < 3; at++) await admin.chat('quiet', key);
    const refused = await admin.chat('quiet', key);
    expect([refused.status, refused.headers.get('x-ratelimit-remaining-requests'), refused.headers.get('x-litellm-key-rpm-limit')]).toEqual(
      [429, '0', '5'],
    );
    await admin.stop();
  });
});
