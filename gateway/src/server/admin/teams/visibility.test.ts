import { afterAll, beforeAll, expect, test } from 'bun:test';
import { userWithKey } from '../../../../../test/kit/people.ts';
import { describeAdmin, type TestAdmin } from '../../../../../test/kit/admin.ts';

describeAdmin('who sees and changes which teams', (start) => {
  let admin: TestAdmin;
  const keys: Record<string, string> = {};
  beforeAll(async () => {
    admin = await start();
    for (const id of ['orga', 'lead', 'one', 'stranger']) keys[id] = await userWithKey(admin, id);
    keys['viewer'] = await userWithKey(admin, 'viewer', 'proxy_admin_viewer');
    await admin.ok('POST /organization/new', {
      organization_id: 'a',
      organization_alias: 'A',
      models: ['gpt-4o', 'embedding-*'],
      max_budget: 100,
    });
    await admin.ok('POST /organization/new', { organization_id: 'b', organization_alias: 'B' });
    await admin.ok('POST /organization/member_add', { organization_id: 'a', member: { user_id: 'orga', role: 'org_admin' } });
    const members_with_roles = [
      { user_id: 'lead', role: 'admin' },
      { user_id: 'one', role: 'user' },
    ];
    await admin.ok('POST /team/new', {
      team_id: 'a1',
      team_alias: 'First',
      organization_id: 'a',
      max_budget: 10,
      models: ['gpt-4o'],
      members_with_roles,
    });
    await admin.ok('POST /team/new', { team_id: 'a2', team_alias: 'Second', organization_id: 'a' });
    await admin.ok('POST /team/new', { team_id: 'b1', team_alias: 'Third', organization_id: 'b' });
    await admin.ok('POST /team/new', { team_id: 'free', team_alias: 'Fourth 100%' });
  });
  afterAll(() => admin.stop());

  const as = (who: string) => ({ key: keys[who]! });
  const page = (query: string, who?: string) =>
    admin.ok<{ teams: { team_id: string }[]; total: number; total_pages: number }>(
      `GET /v2/team/list?${query}`,
      undefined,
      who ? as(who) : {},
    );
  const idsOf = async (query: string, who?: string) => (await page(query, who)).teams.map(({ team_id: id }) => id);

  test('lists hold what may be seen, and totals count nothing else', async () => {
    expect(await idsOf('page_size=100')).toEqual(['a1', 'a2', 'b1', 'free']);
    expect(await idsOf('page_size=100', 'viewer')).toEqual(['a1', 'a2', 'b1', 'free']);
    expect(await page('page_size=1', 'orga')).toMatchObject({
      total: 2,
      total_pages: 2,
      teams: [{ team_id: 'a1', members_count: 2, keys_count: 0 }],
    });
    expect(await idsOf('', 'lead')).toEqual(['a1']);
    expect(await idsOf('', 'one')).toEqual(['a1']);
    expect(await page('', 'stranger')).toMatchObject({ total: 0, teams: [] });
    const plain = async (who: string) =>
      (await admin.ok<{ team_id: string }[]>('GET /team/list', undefined, as(who))).map(({ team_id: id }) => id);
    expect(await plain('orga')).toEqual(['a1', 'a2']);
    expect(await plain('one')).toEqual(['a1']);
    expect(await plain('stranger')).toEqual([]);
    expect(await admin.ok<object[]>('GET /team/filter/ui?team_alias=irs', undefined, as('orga'))).toMatchObject([{ team_id: 'a1' }]);
    expect(await admin.ok<object[]>('GET /team/filter/ui?team_alias=irs', undefined, as('stranger'))).toEqual([]);
  });

  test('filters, sorts, pages', async () => {
    expect(await idsOf('sort_by=team_id&sort_order=desc&page_size=2')).toEqual(['free', 'b1']);
    expect(await idsOf('sort_by=team_id&sort_order=desc&page_size=2&page=2')).toEqual(['a2', 'a1']);
    expect(await idsOf('organization_id=a')).toEqual(['a1', 'a2']);
    expect(await idsOf('organization_id=default_organization')).toEqual(['free']);
    expect(await idsOf('user_id=one')).toEqual(['a1']);
    expect(await idsOf('user_id=one&team_id=a2')).toEqual([]);
    expect(await idsOf('team_alias=IR')).toEqual(['a1', 'b1']);
    expect(await idsOf('team_alias=100%25')).toEqual(['free']);
    expect(await idsOf('search=a2')).toEqual(['a2']);
    expect(await idsOf('search=a&search_team_id_match=partial', 'orga')).toEqual(['a1', 'a2']);
    expect(await idsOf('search=b1', 'orga')).toEqual([]);
    for (const query of ['page=0', 'page=x', 'page_size=101', 'sort_by=password', 'sort_order=up', 'status=all', 'nothing=1'])
      expect((await admin.call(`GET /v2/team/list?${query}`)).status).toBe(400);
    expect((await admin.call('GET /v2/team/list', undefined, { key: '' })).status).toBe(401);
  });

  test('a deleted team is seen by those who administer its organisation', async () => {
    await admin.ok('POST /team/new', { team_id: 'a3', organization_id: 'a' });
    await admin.ok('POST /team/delete', { team_ids: ['a3'] }, as('orga'));
    expect(await idsOf('status=deleted', 'orga')).toEqual(['a3']);
    expect(await idsOf('status=deleted', 'viewer')).toEqual(['a3']);
    expect(await idsOf('status=deleted', 'lead')).toEqual([]);
  });

  test('one team: who has nothing to do with it learns nothing, whether it is there or not', async () => {
    for (const who of ['orga', 'lead', 'one', 'viewer'])
      expect((await admin.call('GET /team/info?team_id=a1', undefined, as(who))).status).toBe(200);
    const [there, not] = await Promise.all(
      ['b1', 'nowhere'].map((id) => admin.call(`GET /team/info?team_id=${id}`, undefined, as('stranger'))),
    );
    expect([there!.status, not!.status]).toEqual([403, 403]);
    expect(there!.json).toEqual(not!.json);
    expect((await admin.call('GET /team/info?team_id=nowhere', undefined, as('viewer'))).status).toBe(404);
  });

  test("who may not see the team's keys finds their own among them, and how many those are", async () => {
    const own = await admin.ok<{ token: string }>('POST /key/generate', { team_id: 'a1', user_id: 'one' });
    await admin.ok('POST /key/generate', { team_id: 'a1', user_id: 'lead' });
    const seen = async (who: string) => {
      const { keys, team_info: info } = await admin.ok<{ keys: { token: string }[]; team_info: { keys_count: number } }>(
        'GET /team/info?team_id=a1',
        undefined,
        as(who),
      );
      return [keys.map(({ token }) => token), info.keys_count] as const;
    };
    expect((await seen('one'))[1]).toBe(2);
    await admin.ok('POST /team/permissions_update', { team_id: 'a1', team_member_permissions: [] });
    expect(await seen('one')).toEqual([[own.token], 1]);
    expect((await seen('lead'))[1]).toBe(2);
    const { keys } = await admin.ok<{ keys: object[] }>('GET /team/info?team_id=a1&key_limit=1');
    expect(keys).toHaveLength(1);
  });

  test('FP-34: who may change what', async () => {
    const change = async (who: string, body: Record<string, unknown>) =>
      (await admin.call('POST /team/update', { team_id: 'a1', ...body }, as(who))).status;
    expect(await change('lead', { team_alias: 'Renamed' })).toBe(200);
    expect(await change('lead', { max_budget: 11 })).toBe(403);
    expect(await change('lead', { max_budget: null })).toBe(403);
    expect(await change('lead', { max_budget: 9 })).toBe(200);
    expect(await change('lead', { models: [] })).toBe(403);
    expect(await change('lead', { organization_id: 'b' })).toBe(403);
    expect(await change('lead', { blocked: true })).toBe(403);
    expect(await change('one', { team_alias: 'x' })).toBe(403);
    expect(await change('viewer', { team_alias: 'x' })).toBe(403);
    expect(await change('stranger', { team_alias: 'x' })).toBe(403);
    expect(await change('orga', { max_budget: 50 })).toBe(200);
    expect(await change('orga', { organization_id: 'b' })).toBe(403);
    expect(await change('orga', { organization_id: null })).toBe(403);
    // Who administers a team and some organisation does not take the one into the other, where it could be given more.
    await admin.ok('POST /organization/member_add', { organization_id: 'b', member: { user_id: 'lead', role: 'org_admin' } });
    expect(await change('lead', { organization_id: 'b', max_budget: 1000 })).toBe(403);
    await admin.ok('DELETE /organization/member_delete', { organization_id: 'b', user_id: 'lead' });
    expect(await change('orga', { metadata: { priority: 'high' } })).toBe(403);
    expect((await admin.call('PATCH /team/a1', { metadata: { priority: 'high' } }, as('lead'))).status).toBe(403);
    expect((await admin.call('POST /team/new', { team_alias: 'x' }, as('orga'))).status).toBe(403);
    expect((await admin.call('POST /team/new', { organization_id: 'b' }, as('orga'))).status).toBe(403);
    expect((await admin.call('POST /team/new', {}, as('lead'))).status).toBe(403);
    expect((await admin.call('POST /team/delete', { team_ids: ['a1'] }, as('lead'))).status).toBe(403);
    expect((await admin.call('POST /team/delete', { team_ids: ['a2', 'b1'] }, as('orga'))).status).toBe(403);
    expect((await admin.call('POST /team/block', { team_id: 'a1' }, as('lead'))).status).toBe(403);
    expect(
      (await admin.call('POST /team/permissions_bulk_update', { apply_to_all_teams: true, permissions: ['/key/list'] }, as('orga'))).status,
    ).toBe(403);
  });

  test('who makes a team administers it; an organisation bounds its teams, for everybody', async () => {
    const made = await admin.ok('POST /team/new', { team_id: 'a4', organization_id: 'a', models: ['embedding-small'] }, as('orga'));
    expect(made).toMatchObject({ admins: ['orga'] });
    for (const key of [as('orga'), {}]) {
      const beyond = await admin.call('POST /team/new', { organization_id: 'a', models: ['claude-sonnet'] }, key);
      expect([beyond.status, beyond.json.error.message]).toEqual([
        400,
        expect.stringMatching(/'claude-sonnet' of the team .* its organisation 'a'/),
      ]);
      expect((await admin.call('POST /team/update', { team_id: 'a4', max_budget: 101 }, key)).json.error.message).toBe(
        "max_budget of the team 'a4' (101) is above that of its organisation 'a' (100).",
      );
      expect((await admin.call('POST /team/model/add', { team_id: 'a4', models: ['claude-sonnet'] }, key)).status).toBe(400);
    }
    // What a request leaves alone is not looked at again: an organisation may get less than its teams have.
    await admin.ok('POST /team/update', { team_id: 'a4', max_budget: 80 });
    await admin.ok('PATCH /organization/update', { organization_id: 'a', max_budget: 70 });
    await admin.ok('POST /team/update', { team_id: 'a4', team_alias: 'still changes' });
    expect((await admin.call('POST /team/update', { team_id: 'free', organization_id: 'a', max_budget: 71 })).status).toBe(400);
  });
});
