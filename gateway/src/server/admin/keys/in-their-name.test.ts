import { expect, test } from 'bun:test';
import { describeAdmin, type TestAdmin } from '../../../../../test/kit/admin.ts';
import { userWithKey } from '../../../../../test/kit/people.ts';

/** A team with an admin, who has put a proxy admin into it. @returns the team admin's key */
const teamAdmin = async (admin: TestAdmin): Promise<string> => {
  await userWithKey(admin, 'boss', 'proxy_admin');
  const key = await userWithKey(admin, 'lead');
  await admin.ok('POST /team/new', { team_id: 't', members_with_roles: [{ user_id: 'lead', role: 'admin' }] });
  await admin.ok('POST /team/member_add', { team_id: 't', member: { user_email: 'boss@people.test', role: 'user' } }, { key });
  return key;
};

describeAdmin('FP-34: nobody is somebody else by a key that they made', (start) => {
  test('a key for another person is for calls of models', async () => {
    const admin = await start();
    try {
      const key = await teamAdmin(admin);
      const made = await admin.ok<{ key: string; token: string; key_type: string }>(
        'POST /key/generate',
        { team_id: 't', user_id: 'boss' },
        { key },
      );
      expect(made.key_type).toBe('llm_api');
      expect((await admin.chat('gpt-4o', made.key)).status).toBe(200);
      for (const route of ['GET /key/list', 'GET /user/info', 'GET /user/list'])
        expect((await admin.call(route, undefined, { key: made.key })).status).toBe(403);
      expect((await admin.call('POST /team/new', {}, { key: made.key })).status).toBe(403);

      const wider = [{ key_type: 'default' }, { key_type: 'management' }, { key_type: 'read_only' }, { allowed_routes: ['/team/*'] }];
      for (const members of wider) {
        const { status, json } = await admin.call('POST /key/generate', { team_id: 't', user_id: 'boss', ...members }, { key });
        expect([status, json.error.param]).toEqual([403, 'key_type']);
        expect((await admin.call('POST /key/update', { key: made.token, ...members }, { key })).status).toBe(403);
        expect((await admin.call('POST /key/regenerate', { key: made.token, ...members }, { key })).status).toBe(403);
      }
    } finally {
      await admin.stop();
    }
  });

  test('nor is a key that they know given another person, nor the key of another person another secret', async () => {
    const admin = await start();
    try {
      const key = await teamAdmin(admin);
      const own = await admin.ok<{ token: string }>('POST /key/generate', { team_id: 't' }, { key });
      const moved = await admin.call('POST /key/update', { key: own.token, user_id: 'boss' }, { key });
      expect([moved.status, moved.json.error.param]).toEqual([403, 'key_type']);
      const theirs = await admin.ok<{ token: string }>('POST /key/generate', { team_id: 't', user_id: 'boss' });
      const renewed = await admin.call('POST /key/regenerate', { key: theirs.token }, { key });
      expect([renewed.status, renewed.json.error.param]).toEqual([403, 'key_type']);
      const next = await admin.ok<{ key: string }>('POST /key/regenerate', { key: theirs.token, key_type: 'llm_api' }, { key });
      expect((await admin.call('GET /user/list', undefined, { key: next.key })).status).toBe(403);
      // What does not tell the secret is not in question.
      const other = await admin.ok<{ token: string }>('POST /key/generate', { team_id: 't', user_id: 'boss' });
      await admin.ok('POST /key/update', { key: other.token, max_budget: 1 }, { key });
    } finally {
      await admin.stop();
    }
  });

  test('for whom something was done does not make it theirs (litellm-changed-by)', async () => {
    const admin = await start();
    try {
      const key = await userWithKey(admin, 'ann');
      const bounded = { user_id: 'ann', max_budget: 1 };
      const made = await admin.ok<{ token: string; created_by: string }>('POST /key/generate', bounded, {
        headers: { 'litellm-changed-by': 'ann' },
      });
      expect(made.created_by).toBe('master_key');
      expect((await admin.call('POST /key/update', { key: made.token, max_budget: null }, { key })).status).toBe(403);
    } finally {
      await admin.stop();
    }
  });
});
