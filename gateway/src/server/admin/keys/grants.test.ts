import { expect, test } from 'bun:test';
import { kinds, memberId } from '../../../access/records/kinds.ts';
import type { KeyRecord, UserRole } from '../../../access/records/records.ts';
import { systemActor } from '../../../access/store/actor.ts';
import { describeAdmin, type TestAdmin } from '../../../../../test/kit/admin.ts';

const actor = systemActor('test');

/** Two organisations with a team each, and somebody in every place. */
const populate = async (admin: TestAdmin): Promise<Readonly<Record<string, string>>> => {
  await admin.store.write(actor, async (writing) => {
    for (const name of ['a', 'b']) {
      await writing.insert(kinds.organization, `org-${name}`, { organization_alias: name, models: [], max_budget: 1000 });
      await writing.insert(kinds.team, `team-${name}`, {
        organization_id: `org-${name}`,
        models: ['gpt-4o', 'claude-*'],
        max_budget: 100,
        rpm_limit: 50,
      });
    }
    const user = async (id: string, user_role: UserRole, more: { team?: 'admin' | 'user'; org?: 'org_admin' } = {}) => {
      await writing.insert(kinds.user, id, { user_role, models: ['gpt-4o'], max_budget: 50 });
      if (more.team) await writing.insert(kinds.teamMember, memberId('team-a', id), { team_id: 'team-a', user_id: id, role: more.team });
      if (more.org)
        await writing.insert(kinds.organizationMember, memberId('org-a', id), { organization_id: 'org-a', user_id: id, role: more.org });
    };
    await user('admin', 'proxy_admin');
    await user('viewer', 'proxy_admin_viewer');
    await user('org-admin', 'internal_user', { org: 'org_admin' });
    await user('team-admin', 'internal_user', { team: 'admin' });
    await user('member', 'internal_user', { team: 'user' });
    await user('other', 'internal_user', { team: 'user' });
    await user('stranger', 'internal_user');
    await user('reader', 'internal_user_viewer');
  });
  const keys: Record<string, string> = {};
  for (const id of ['admin', 'viewer', 'org-admin', 'team-admin', 'member', 'other', 'stranger', 'reader'])
    keys[id] = (await admin.ok<{ key: string }>('POST /key/generate', { user_id: id })).key;
  return keys;
};

describeAdmin('who may give a key what (FP-34)', (start) => {
  test('where keys are made', async () => {
    const admin = await start();
    try {
      const keys = await populate(admin);
      const table: readonly (readonly [string, Partial<KeyRecord>, number])[] = [
        ['admin', { team_id: 'team-b' }, 200],
        ['viewer', {}, 403],
        ['reader', {}, 403],
        ['org-admin', { team_id: 'team-a' }, 200],
        ['org-admin', { team_id: 'team-b' }, 403],
        ['team-admin', { team_id: 'team-a' }, 200],
        ['team-admin', { team_id: 'team-a', user_id: 'member' }, 200],
        ['team-admin', { team_id: 'team-a', user_id: 'stranger' }, 403],
        ['team-admin', { team_id: 'team-b' }, 403],
        ['team-admin', { team_id: 'no-such-team' }, 403],
        ['member', { team_id: 'team-a' }, 403],
        ['member', {}, 200],
        ['stranger', { user_id: 'member' }, 403],
        ['stranger', { team_id: 'team-a' }, 403],
        ['stranger', { organization_id: 'org-a' }, 403],
      ];
      for (const [who, body, status] of table) {
        const answer = await admin.call('POST /key/generate', body, { key: keys[who]! });
        expect({ who, body, status: answer.status }).toEqual({ who, body, status });
      }
      const mine = await admin.ok<{ user_id: string }>('POST /key/generate', {}, { key: keys['member']! });
      expect(mine.user_id).toBe('member');
    } finally {
      await admin.stop();
    }
  }, 60_000);

  test('no more than one has', async () => {
    const admin = await start();
    try {
      const keys = await populate(admin);
      const table: readonly (readonly [string, Record<string, unknown>, string | undefined])[] = [
        ['member', { max_budget: 51 }, 'max_budget'],
        ['member', { models: ['claude-sonnet'] }, 'models'],
        ['member', { models: ['*'] }, 'models'],
        ['member', { models: ['all-proxy-models'] }, 'models'],
        ['member', { aliases: { mine: 'claude-sonnet' } }, 'aliases'],
        ['member', { router_settings: { fallbacks: [{ 'gpt-4o': ['claude-sonnet'] }] } }, 'aliases'],
        ['member', { spend: 1 }, 'spend'],
        ['member', { blocked: true }, 'blocked'],
        ['member', { metadata: { priority: 'high' } }, 'metadata.priority'],
        ['member', { budget_id: 'big' }, 'budget_id'],
        ['member', { access_group_ids: ['g'] }, 'access_group_ids'],
        ['member', { allowed_passthrough_routes: ['/secret'] }, 'allowed_passthrough_routes'],
        ['member', { max_budget: 50, models: ['gpt-4o'], metadata: { app: 1 } }, undefined],
        ['team-admin', { team_id: 'team-a', rpm_limit: 51 }, 'rpm_limit'],
        ['team-admin', { team_id: 'team-a', max_budget: 101 }, 'max_budget'],
        ['team-admin', { team_id: 'team-a', models: ['o3'] }, 'models'],
        ['team-admin', { team_id: 'team-a', models: ['claude-*', 'all-team-models'], rpm_limit: 50, max_budget: 100 }, undefined],
        ['team-admin', { team_id: 'team-a', metadata: { priority: 'high' } }, 'metadata.priority'],
        ['team-admin', { team_id: 'team-a', spend: 1 }, 'spend'],
      ];
      for (const [who, body, param] of table) {
        const { status, json } = await admin.call('POST /key/generate', body, { key: keys[who]! });
        expect({ who, body, status, param: json.error?.param }).toEqual({ who, body, status: param === undefined ? 200 : 403, param });
      }
    } finally {
      await admin.stop();
    }
  }, 60_000);

  test('a key makes no key that may more than it', async () => {
    const admin = await start();
    try {
      await populate(admin);
      const own = {
        models: ['gpt-4o'],
        max_budget: 5,
        budget_duration: '30d',
        rpm_limit: 10,
        allowed_routes: ['/key/generate', '/v1/chat/completions'],
        tags: ['t'],
        enforced_params: ['user'],
        allowed_ips: ['127.0.0.1'],
        duration: '1h',
      };
      const { key } = await admin.ok<{ key: string }>('POST /key/generate', { user_id: 'member', ...own });
      const same = { ...own, duration: '30m', rpm_limit: 9 };
      expect((await admin.call('POST /key/generate', same, { key })).status).toBe(200);
      const wider: Record<string, unknown> = {
        models: [],
        max_budget: null,
        budget_duration: '1d',
        rpm_limit: 11,
        allowed_routes: [],
        tags: [],
        enforced_params: null,
        allowed_ips: ['127.0.0.0/8'],
        duration: '2h',
      };
      for (const [name, value] of Object.entries(wider)) {
        const { status, json } = await admin.call('POST /key/generate', { ...same, [name]: value }, { key });
        expect({ name, status, param: json.error?.param }).toEqual({ name, status: 403, param: name });
      }
    } finally {
      await admin.stop();
    }
  });

  test('what an administrator has set, the owner does not take away; what they set themselves, they do', async () => {
    const admin = await start();
    try {
      const keys = await populate(admin);
      const key = keys['member']!;
      const given = await admin.ok<{ token: string }>('POST /key/generate', {
        user_id: 'member',
        max_budget: 5,
        rpm_limit: 5,
        models: ['gpt-4o'],
      });
      for (const [name, value] of [
        ['max_budget', 6],
        ['max_budget', null],
        ['rpm_limit', null],
        ['models', []],
        ['spend', 0],
        ['blocked', true],
      ] as const) {
        const { status, json } = await admin.call('POST /key/update', { key: given.token, [name]: value }, { key });
        expect({ name, status, param: json.error?.param }).toEqual({ name, status: 403, param: name });
      }
      expect((await admin.call('POST /key/update', { key: given.token, max_budget: 4, key_alias: 'mine' }, { key })).status).toBe(200);
      const own = await admin.ok<{ token: string }>('POST /key/generate', { max_budget: 5 }, { key });
      expect((await admin.call('POST /key/update', { key: own.token, max_budget: 10 }, { key })).status).toBe(200);
      await admin.ok('POST /key/update', { key: own.token, max_budget: 3 });
      expect((await admin.call('POST /key/update', { key: own.token, max_budget: 10 }, { key })).status).toBe(403);
      // The same when it is given another secret.
      expect((await admin.call('POST /key/regenerate', { key: own.token, max_budget: 10 }, { key })).status).toBe(403);
      expect((await admin.call('POST /key/regenerate', { key: own.token }, { key })).status).toBe(200);
    } finally {
      await admin.stop();
    }
  });

  test('keys of others: no look, no change, and no word of whether they are there', async () => {
    const admin = await start();
    try {
      const keys = await populate(admin);
      const { token } = await admin.ok<{ token: string }>('POST /key/generate', { user_id: 'other' });
      const nobodys = 'f'.repeat(64);
      for (const who of ['member', 'stranger', 'reader', 'team-admin', 'org-admin'])
        for (const route of [
          'GET /key/info?key=KEY',
          'POST /key/update',
          'POST /key/delete',
          'POST /key/KEY/regenerate',
          'POST /key/block',
          'POST /key/KEY/reset_spend',
        ]) {
          const ask = async (hash: string) => {
            const body = route.includes('delete')
              ? { keys: [hash] }
              : route.includes('reset')
                ? { reset_to: 0 }
                : route.includes('KEY/regenerate')
                  ? {}
                  : { key: hash };
            const { status, json } = await admin.call(route.replace('KEY', hash), route.startsWith('GET') ? undefined : body, {
              key: keys[who]!,
            });
            return { who, route, status, message: json.error?.message };
          };
          const [theirs, none] = [await ask(token), await ask(nobodys)];
          expect(theirs.status).toBe(403);
          expect(theirs).toEqual(none);
        }
      expect((await admin.ok<{ key: string[] }>('POST /v2/key/info', { keys: [token, nobodys] }, { key: keys['member']! })).key).toEqual(
        [],
      );
      const bulk = await admin.ok<{ failed_updates: { failed_reason: string }[] }>(
        'POST /key/bulk_update',
        { keys: [{ key: token }, { key: nobodys }] },
        { key: keys['member']! },
      );
      expect(new Set(bulk.failed_updates.map(({ failed_reason }) => failed_reason)).size).toBe(1);
      expect((await admin.call(`GET /key/info?key=${nobodys}`)).status).toBe(404);
    } finally {
      await admin.stop();
    }
  }, 60_000);

  test('an owner does not take away owners, whose limits would go with them', async () => {
    const admin = await start();
    try {
      const keys = await populate(admin);
      const key = keys['member']!;
      await admin.store.write(actor, async (writing) => {
        await writing.insert(kinds.organizationMember, memberId('org-a', 'member'), {
          organization_id: 'org-a',
          user_id: 'member',
          role: 'internal_user',
        });
        await writing.update(kinds.team, 'team-b', (team) => ({ ...team, team_member_permissions: ['/key/generate'] }));
        await writing.insert(kinds.teamMember, memberId('team-b', 'member'), { team_id: 'team-b', user_id: 'member', role: 'user' });
      });
      const own = await admin.ok<{ token: string }>('POST /key/generate', { organization_id: 'org-a', agent_id: 'ag' }, { key });
      for (const name of ['user_id', 'organization_id', 'agent_id']) {
        const { status, json } = await admin.call('POST /key/update', { key: own.token, [name]: null }, { key });
        expect({ name, status, param: json.error?.param }).toEqual({ name, status: 403, param: name });
      }
      const { status, json } = await admin.call('POST /key/service-account/generate', { team_id: 'team-b' }, { key });
      expect({ status, param: json.error?.param }).toEqual({ status: 403, param: 'user_id' });
      expect(await admin.ok('POST /key/generate', { team_id: 'team-b' }, { key })).toMatchObject({ user_id: 'member' });
      const allowed = ['/key/generate', '/key/service-account/generate'];
      await admin.store.write(actor, (writing) =>
        writing.update(kinds.team, 'team-b', (team) => ({ ...team, team_member_permissions: allowed })),
      );
      const made = await admin.ok('POST /key/service-account/generate', { team_id: 'team-b' }, { key });
      expect(made).toMatchObject({ user_id: null, service_account: true });
    } finally {
      await admin.stop();
    }
  });

  test('a key moves to a team only with its leave, and out of one only with its administrators’', async () => {
    const admin = await start();
    try {
      const keys = await populate(admin);
      const own = await admin.ok<{ token: string }>('POST /key/generate', {}, { key: keys['member']! });
      expect((await admin.call('POST /key/update', { key: own.token, team_id: 'team-a' }, { key: keys['member']! })).status).toBe(403);
      const teams = await admin.ok<{ token: string }>('POST /key/generate', { team_id: 'team-a', user_id: 'member' });
      expect((await admin.call('POST /key/update', { key: teams.token, team_id: null }, { key: keys['member']! })).status).toBe(403);
      expect((await admin.call('POST /key/update', { key: teams.token, team_id: 'team-b' }, { key: keys['team-admin']! })).status).toBe(
        403,
      );
      // Out of the team it would be another person's own.
      expect((await admin.call('POST /key/update', { key: teams.token, team_id: null }, { key: keys['team-admin']! })).status).toBe(403);
      const admins = await admin.ok<{ token: string }>('POST /key/generate', { team_id: 'team-a' }, { key: keys['team-admin']! });
      expect((await admin.call('POST /key/update', { key: admins.token, team_id: null }, { key: keys['team-admin']! })).status).toBe(200);
    } finally {
      await admin.stop();
    }
  });
});
