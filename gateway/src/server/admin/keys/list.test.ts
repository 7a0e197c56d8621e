import { expect, test } from 'bun:test';
import { kinds, memberId } from '../../../access/records/kinds.ts';
import { systemActor } from '../../../access/store/actor.ts';
import { describeAdmin } from '../../../../../test/kit/admin.ts';

interface Page {
  readonly keys: string[];
  readonly total_count: number;
  readonly current_page: number;
  readonly total_pages: number;
}

describeAdmin('lists of keys', (start) => {
  test('filters, sorts, pages, and who sees what', async () => {
    const admin = await start();
    try {
      await admin.store.write(systemActor('test'), async (writing) => {
        await writing.insert(kinds.organization, 'o', { organization_alias: 'o', models: [] });
        await writing.insert(kinds.team, 't', { models: [], organization_id: 'o' });
        await writing.insert(kinds.project, 'p', { team_id: 't', models: [] });
        for (const id of ['ann', 'bob', 'cid'])
          await writing.insert(kinds.user, id, { user_role: 'internal_user', models: [], user_email: `${id}@x.test` });
        await writing.insert(kinds.teamMember, memberId('t', 'ann'), { team_id: 't', user_id: 'ann', role: 'admin' });
        await writing.insert(kinds.teamMember, memberId('t', 'bob'), { team_id: 't', user_id: 'bob', role: 'user' });
        await writing.insert(kinds.organizationMember, memberId('o', 'cid'), { organization_id: 'o', user_id: 'cid', role: 'org_admin' });
      });
      const make = async (body: Record<string, unknown>, key = admin.masterKey) =>
        admin.ok<{ key: string; token: string }>('POST /key/generate', body, { key });
      const ann = await make({ user_id: 'ann', key_alias: 'Ann-1', max_budget: 3 });
      const bob = await make({ user_id: 'bob', key_alias: 'bob-1', max_budget: 1, spend: 2 });
      const cid = await make({ user_id: 'cid' });
      const team = await make({ team_id: 't', key_alias: 'team-1', project_id: 'p', max_budget: 2, spend: 5 });
      const short = await make({ agent_id: 'ag', duration: '1s', organization_id: 'o' });
      const list = (query: string, key = admin.masterKey) => admin.ok<Page>(`GET /key/list?${query}`, undefined, { key });
      const tokens = async (query: string, key?: string) => (await list(query, key)).keys.toSorted();
      const sorted = (...all: { token: string }[]) => all.map(({ token }) => token).toSorted();

      expect(await list('size=2&page=3&sort_order=asc')).toEqual({ keys: [short.token], total_count: 5, current_page: 3, total_pages: 3 });
      for (const [query, found] of [
        ['user_id=ann', [ann]],
        ['team_id=t', [team]],
        ['project_id=p', [team]],
        ['agent_id=ag', [short]],
        ['organization_id=o', [short]],
        ['key_alias=bob-1', [bob]],
        ['key_alias=bob', []],
        ['key_alias=ANN&substring_matching=true', [ann]],
        ['key_alias=%25&substring_matching=true', []],
        [`key_hash=${ann.token}`, [ann]],
        [`key_hash=${ann.key}`, [ann]],
        ['access_group_id=nobody', []],
        ['status=deleted', []],
        ['user_id=ann&include_team_keys=true', [ann, team]],
        ['user_id=master_key&include_created_by_keys=true', [ann, bob, cid, team, short]],
        ["user_id=x'%20or%20'1'='1", []],
      ] as const)
        expect({ query, keys: await tokens(query) }).toEqual({ query, keys: sorted(...found) });
      expect((await list('sort_by=max_budget&sort_order=asc&key_alias=-1&substring_matching=true')).keys).toEqual([
        bob.token,
        team.token,
        ann.token,
      ]);
      expect((await list('sort_by=max_budget&sort_order=desc')).keys.slice(0, 3)).toEqual([ann.token, team.token, bob.token]);
      expect((await list('sort_by=spend')).keys.slice(0, 2)).toEqual([team.token, bob.token]);
      await Bun.sleep(1100);
      expect(await tokens('expires=expired')).toEqual([short.token]);
      expect(await tokens('expires=active')).toEqual(sorted(ann, bob, cid, team));
      const full = await admin.ok<{ keys: Record<string, unknown>[] }>('GET /key/list?user_id=bob&expand=user');
      expect(full.keys).toEqual([
        expect.objectContaining({ token: bob.token, spend: 2, max_budget: 1, user: expect.objectContaining({ user_email: 'bob@x.test' }) }),
      ]);

      expect(await tokens('', bob.key)).toEqual([bob.token]);
      expect(await tokens('user_id=ann', bob.key)).toEqual([]);
      expect(await tokens('include_team_keys=true', bob.key)).toEqual([bob.token]);
      expect(await tokens('include_team_keys=true', ann.key)).toEqual(sorted(ann, team));
      expect((await list('include_team_keys=true&size=1', ann.key)).total_count).toBe(2);
      expect(await tokens('team_id=t', ann.key)).toEqual([team.token]);
      expect(await tokens('', cid.key)).toEqual(sorted(cid, team, short));
      expect((await admin.call('GET /key/list?key_alias=a&substring_matching=true', undefined, { key: bob.key })).status).toBe(403);
      for (const bad of [
        'size=1000',
        'page=0',
        'sort_by=secret',
        'nonsense=1',
        'status=deleted&project_id=p',
        'expires=never',
        'return_full_object=maybe',
      ])
        expect({ bad, status: (await admin.call(`GET /key/list?${bad}`)).status }).toEqual({ bad, status: 400 });

      expect(await admin.ok('GET /key/aliases')).toEqual({
        aliases: expect.arrayContaining(['Ann-1', 'bob-1', 'team-1']),
        total_count: 3,
        current_page: 1,
        total_pages: 1,
        size: 50,
      });
      expect(await admin.ok('GET /key/aliases?search=ANN')).toMatchObject({ aliases: ['Ann-1'] });
      expect(await admin.ok('GET /key/aliases', undefined, { key: bob.key })).toMatchObject({ aliases: ['bob-1'], total_count: 1 });
      expect(await admin.ok('GET /key/aliases', undefined, { key: ann.key })).toMatchObject({ total_count: 2 });
    } finally {
      await admin.stop();
    }
  }, 60_000);
});
