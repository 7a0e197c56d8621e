import { connect } from 'node:net';
import { expect, test } from 'bun:test';
import { describeAdmin } from '../../../../test/kit/admin.ts';
import { userWithKey } from '../../../../test/kit/people.ts';

const config = `
model_list: [{ model_name: gpt-4o, litellm_params: { model: mock/hello } }]
general_settings: { admin_only_routes: ['/team/*'] }
`;

describeAdmin('paths and names that mean more than they say', (start) => {
  test('FP-1: a path that could be read as another one is no way around admin_only_routes', async () => {
    const admin = await start({ config });
    try {
      const key = await userWithKey(admin, 'lead');
      const members = [{ user_id: 'lead', role: 'admin' }];
      for (const id of ['/x', 'a//b', 'plain']) await admin.ok('POST /team/new', { team_id: id, members_with_roles: members });
      for (const path of ['/team/plain', '/team//x', '/team/a//b', '/team/%2Fx']) {
        const { status, json } = await admin.call(`PATCH ${path}`, { team_alias: 'mine' }, { key });
        expect([path, status, json.error.message]).toEqual([path, 403, expect.stringContaining('Only proxy admins')]);
        expect((await admin.call(`PATCH ${path}`, { team_alias: 'theirs' })).status).toBe(200);
      }
    } finally {
      await admin.stop();
    }
  });

  test('members called __proto__ are refused, where a schema would leave them out in silence', async () => {
    const admin = await start();
    try {
      const bodies = [
        '{"__proto__":{"user_role":"proxy_admin"}}',
        '{"model_rpm_limit":{"__proto__":1}}',
        '{"metadata":{"a":{"__proto__":{}}}}',
        '{"aliases":{"__proto__":"gpt-4o"}}',
      ];
      for (const body of bodies) {
        const { status, json } = await admin.call('POST /key/generate', body);
        expect([status, json.error.message]).toEqual([400, expect.stringContaining('__proto__')]);
      }
      expect((await admin.call('GET /key/list?__proto__=1&__proto__=2')).status).toBe(400);
      for (const name of ['constructor', 'toString', 'hasOwnProperty']) {
        const made = await admin.ok<{ key: string }>('POST /key/generate', {
          aliases: { [name]: 'gpt-4o' },
          model_rpm_limit: { [name]: 1 },
        });
        expect((await admin.chat(name, made.key)).status).toBe(200);
        expect((await admin.chat('valueOf', made.key)).status).toBe(404);
      }
    } finally {
      await admin.stop();
    }
  });

  test('whose id is the name of something else does not pass for it', async () => {
    const admin = await start();
    try {
      const key = await userWithKey(admin, 'master_key');
      await admin.ok('POST /key/generate', { key_alias: 'of-the-proxy' });
      const made = await admin.ok<{ token: string; created_by: string }>('POST /key/generate', {}, { key });
      expect(made.created_by).toBe('user:master_key');
      const { keys } = await admin.ok<{ keys: string[] }>('GET /key/list?include_created_by_keys=true', undefined, { key });
      expect(keys).toContain(made.token);
      expect(keys).toHaveLength(2);
    } finally {
      await admin.stop();
    }
  });

  test('a client that leaves in the middle of its request is no failure of ours', async () => {
    const admin = await start();
    try {
      const socket = connect(Number(new URL(admin.url).port), '127.0.0.1');
      const head = ['POST /key/generate HTTP/1.1', 'host: x', `authorization: Bearer ${admin.masterKey}`, 'content-type: application/json'];
      socket.write(`${head.join('\r\n')}\r\ncontent-length: 100\r\n\r\n{"key_alias":`);
      await Bun.sleep(100);
      socket.destroy();
      const told = () => admin.lines.find((line) => line['msg'] === 'admin');
      for (let at = 0; at < 100 && !told(); at++) await Bun.sleep(20);
      expect(told()).toMatchObject({ status: 499 });
      expect(admin.lines.filter((line) => Number(line['level']) >= 50)).toEqual([]);
    } finally {
      await admin.stop();
    }
  });
});
