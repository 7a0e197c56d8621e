import { expect, test } from 'bun:test';
import { Secret } from 'sluice/kit';
import { kinds } from '../../../access/records/kinds.ts';
import { sealMembers } from '../../../config/stored/secret-members.ts';
import { sealedPlace } from '../../../config/stored/stored-rows.ts';
import { createSealer, saltKeyOf } from '../../../storage/sealed/index.ts';
import { describeAdmin, type TestAdmin } from '../../../../../test/kit/admin.ts';

const config = `
model_list:
  - { model_name: written, litellm_params: { model: mock/hello, litellm_credential_name: shared }, model_info: { id: written } }
credential_list:
  - { credential_name: shared, credential_values: { api_key: sk-canary-file }, credential_info: { note: x } }
`;

const add = (admin: TestAdmin, name: string, values: object = { api_key: 'sk-canary', api_base: 'https://a.test' }) =>
  admin.ok('POST /credentials', { credential_name: name, credential_info: { custom_llm_provider: 'openai' }, credential_values: values });

describeAdmin('credentials', (start) => {
  test('are added, shown masked, changed and deleted', async () => {
    const admin = await start({ config });
    expect(await add(admin, 'mine')).toEqual({ success: true, message: 'Credential created successfully' });
    expect(JSON.stringify(await admin.store.get(kinds.credential, 'mine'))).not.toContain('sk-canary');
    const list = await admin.ok('GET /credentials');
    expect(list).toMatchObject({
      success: true,
      credentials: [
        { credential_name: 'shared', credential_values: { api_key: '****' }, credential_info: { note: 'x' }, owner: 'file' },
        { credential_name: 'mine', credential_values: { api_key: '****', api_base: 'https://a.test' }, owner: 'database' },
      ],
    });
    expect(JSON.stringify(list)).not.toContain('canary');

    await admin.ok('PATCH /credentials/mine', {
      credential_name: 'mine',
      credential_values: { api_base: null, api_key: '****', api_version: '2' },
      credential_info: { note: 'y' },
    });
    expect(await admin.ok('GET /credentials/by_name/mine')).toMatchObject({
      credential_values: { api_key: '****', api_version: '2' },
      credential_info: { custom_llm_provider: 'openai', note: 'y' },
    });
    expect((await admin.ok('GET /credentials/by_name/mine'))['credential_values']).not.toHaveProperty('api_base');
    await admin.ok('DELETE /credentials/mine');
    expect((await admin.call('GET /credentials/by_name/mine')).status).toBe(404);
    expect((await admin.call('DELETE /credentials/mine')).status).toBe(404);
    await admin.stop();
  });

  test('resolve in models, and are not deleted under them', async () => {
    const admin = await start({ config });
    await add(admin, 'mine', { mock_response: 'by the credential' });
    await admin.ok('POST /model/new', {
      model_name: 'm',
      litellm_params: { model: 'mock/hello', litellm_credential_name: 'mine' },
      model_info: { id: 'm' },
    });
    expect((await admin.chat('m', admin.masterKey)).json.choices[0].message.content).toBe('by the credential');
    expect((await admin.call('DELETE /credentials/mine')).json.error.message).toContain('used by the model m');
    await admin.ok('PATCH /credentials/mine', { credential_values: { mock_response: 'changed' } });
    expect((await admin.chat('m', admin.masterKey)).json.choices[0].message.content).toBe('changed');
    await admin.stop();
  });

  test('are taken from a model, and told by model', async () => {
    const admin = await start({ config });
    await admin.ok('POST /model/new', {
      model_name: 'm',
      litellm_params: { model: 'mock/hello', api_key: 'sk-canary', api_base: 'https://m.test', rpm: 3 },
      model_info: { id: 'm' },
    });
    await admin.ok('POST /credentials', { credential_name: 'of-m', credential_info: {}, model_id: 'm' });
    expect((await admin.ok('GET /credentials/by_name/of-m'))['credential_values']).toEqual({ api_key: '****', api_base: 'https://m.test' });
    expect((await admin.ok('GET /credentials/by_model/m'))['credential_values']).toEqual({ api_key: '****', api_base: 'https://m.test' });
    expect(await admin.ok('GET /credentials/by_model/written')).toMatchObject({ credential_name: 'shared' });
    expect((await admin.call('GET /credentials/by_model/none')).status).toBe(404);
    await admin.stop();
  });

  test('what is wrong is refused', async () => {
    const admin = await start({ config });
    await add(admin, 'there');
    for (const [route, body, status] of [
      ['POST /credentials', { credential_name: 'there', credential_values: { api_key: 'x' } }, 400],
      ['POST /credentials', { credential_name: 'shared', credential_values: { api_key: 'x' } }, 400],
      ['POST /credentials', { credential_name: 'x' }, 400],
      ['POST /credentials', { credential_name: 'x', credential_values: { api_key: '****' } }, 400],
      ['POST /credentials', { credential_name: 'x', credential_values: { api_base: 5 } }, 400],
      ['POST /credentials', { credential_name: 'x', credential_values: { api_key: 'x' }, other: 1 }, 400],
      ['POST /credentials', { credential_name: 'x', model_id: 'none' }, 400],
      ['PATCH /credentials/there', { credential_name: 'renamed' }, 400],
      ['PATCH /credentials/shared', { credential_values: { api_key: 'x' } }, 400],
      ['DELETE /credentials/shared', undefined, 400],
      ['PATCH /credentials/none', {}, 404],
    ] as const)
      expect([route, body, (await admin.call(route, body)).status]).toEqual([route, body, status]);
    await admin.stop();
  });
});

describeAdmin('the salt key', (start) => {
  /** As an older gateway wrote it. */
  const old = createSealer({ keys: [saltKeyOf(new Secret('an-older-salt-key'))] });
  const foreign = createSealer({ keys: [saltKeyOf(new Secret('a-salt-key-of-somebody-else'))] });

  test('what was sealed with an older one is sealed anew while everything runs; what cannot be opened is counted', async () => {
    const admin = await start({ config, saltKeys: 'a-salt-key-for-tests-only,an-older-salt-key' });
    await admin.store.write({ by: 'test' }, async (writing) => {
      const params = { model: 'mock/hello', api_key: 'sk-old', mock_response: 'old' };
      await writing.insert(kinds.model, 'old', {
        model_name: 'old',
        litellm_params: sealMembers(params, sealedPlace.model('old'), old),
        model_info: {},
      });
      const values = { api_key: 'sk-lost' };
      await writing.insert(kinds.credential, 'lost', {
        credential_info: {},
        credential_values: sealMembers(values, sealedPlace.credential('lost'), foreign),
      });
    });
    await add(admin, 'new');
    await Bun.sleep(600);
    expect((await admin.chat('old', admin.masterKey)).status).toBe(200);
    const { credentials } = await admin.ok<{ credentials: object[] }>('GET /credentials');
    expect(credentials).toContainEqual(expect.objectContaining({ credential_name: 'lost', decryption_failed: true }));

    const before = await admin.store.get(kinds.model, 'old');
    const looked = { status: 'incomplete', dry_run: true, scanned: 3, up_to_date: 1, migrated: 0, to_migrate: 1, decryption_failed: 1 };
    expect(await admin.ok('GET /credentials/migrate-encryption/check')).toMatchObject({
      ...looked,
      failures: [{ kind: 'credential', id: 'lost', error: expect.stringContaining('salt key') }],
    });
    expect(await admin.ok('POST /credentials/migrate-encryption?dry_run=true')).toMatchObject(looked);
    expect(await admin.store.get(kinds.model, 'old')).toEqual(before);

    expect(await admin.ok('POST /credentials/migrate-encryption')).toMatchObject({
      dry_run: false,
      migrated: 1,
      to_migrate: 0,
      up_to_date: 1,
    });
    const after = await admin.store.get(kinds.model, 'old');
    expect(after?.version).toBe(2);
    expect(after?.data.litellm_params['api_key']).not.toBe(before?.data.litellm_params['api_key']);
    expect(await admin.ok('POST /credentials/migrate-encryption')).toMatchObject({ migrated: 0, up_to_date: 2 });
    expect((await admin.chat('old', admin.masterKey)).status).toBe(200);
    expect(JSON.stringify(admin.lines)).not.toContain('sk-');
    await admin.stop();
  });
});
