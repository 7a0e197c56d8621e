import { expect, test } from 'bun:test';
import { fixedPaths } from '../paths.ts';
import { adminRoutes } from './index.ts';
import { createAdminMatcher } from './match.ts';
import { kinds } from '../../access/records/kinds.ts';
import { hashKey } from '../../access/keys/secret.ts';
import { describeAdmin } from '../../../../test/kit/admin.ts';

describeAdmin('keys come in', (start) => {
  test('a key of the database calls the models that it is for', async () => {
    const admin = await start();
    const key = 'sk-a-key-of-this-test-1234';
    await admin.store.write({ by: 'test' }, async (writing) => {
      await writing.insert(kinds.key, hashKey(key), { key_name: 'sk-...1234', models: ['gpt-4o'] });
    });
    expect((await admin.chat('gpt-4o', key)).status).toBe(200);
    const refused = await admin.chat('claude-sonnet', key);
    expect([refused.status, refused.json.error.type]).toEqual([401, 'key_model_access_denied']);
    expect((await admin.chat('gpt-4o', 'sk-another')).status).toBe(401);
    await admin.store.write({ by: 'test' }, async (writing) => {
      await writing.update(kinds.key, hashKey(key), (data) => ({ ...data, blocked: true }));
    });
    // Another connection to the same database wrote it: this gateway has heard of it.
    await Bun.sleep(500);
    expect((await admin.chat('gpt-4o', key)).status).toBe(401);
    await admin.stop();
  });
});

test('no fixed path of the calls is one of the admin API', () => {
  const matcher = createAdminMatcher(adminRoutes);
  const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
  expect([...fixedPaths.keys()].filter((path) => methods.some((method) => matcher.find(method, path)))).toEqual([]);
});
