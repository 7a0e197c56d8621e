import { afterAll, beforeAll, expect, test } from 'bun:test';
import { kinds, memberId } from '../../../access/records/kinds.ts';
import { userWithKey } from '../../../../../test/kit/people.ts';
import { describeAdmin, type TestAdmin } from '../../../../../test/kit/admin.ts';

describeAdmin('members of teams', (start) => {
  let admin: TestAdmin;
  beforeAll(async () => {
    admin = await start({
      config: `
model_list: [{ model_name: gpt-4o, litellm_params: { model: mock/hello } }]
litellm_settings:
  default_internal_user_params: { user_role: proxy_admin, max_budget: 3, available_teams: [open] }
`,
    });
  });
  afterAll(() => admin.stop());

  const add = (team: string, member: unknown, more: Record<string, unknown> = {}, key?: string) =>
    admin.call('POST /team/member_add', { team_id: team, member, ...more }, key === undefined ? {} : { key });
  const rolesOf = async (team: string) =>
    (await admin.ok<{ team_info: { members_with_roles: { user_id: string; role: string }[] } }>(`GET /team/info?team_id=${team}`)).team_info
      .members_with_roles;

  test('by id and by e-mail address; who is not known is made, and never as an admin (FP-34)', async () => {
    await admin.ok('POST /team/new', { team_id: 'people' });
    const { json } = await add('people', [
      { user_id: 'ann', role: 'admin' },
      { user_email: 'Bob@People.test', role: 'user' },
    ]);
    expect(json.updated_users).toMatchObject([
      { user_id: 'ann', user_email: null, user_role: 'internal_user', max_budget: 3, teams: ['people'] },
      { user_email: 'bob@people.test', user_role: 'internal_user' },
    ]);
    const bob = json.updated_users[1].user_id as string;
    expect(json.members_with_roles).toHaveLength(2);
    expect(json.members_with_roles).toContainEqual({ user_id: 'ann', user_email: null, role: 'admin' });
    expect(json.members_with_roles).toContainEqual({ user_id: bob, user_email: 'bob@people.test', role: 'user' });
    expect(json).toMatchObject({ team_id: 'people', admins: ['ann'], members: [bob] });
    expect(json.updated_team_memberships).toMatchObject([{ user_id: 'ann', team_id: 'people', spend: 0 }, { user_id: bob }]);
    // The same address in another case is the same person.
    expect((await add('people', { user_email: 'BOB@people.test', role: 'user' })).status).toBe(400);
    expect(await admin.store.count(kinds.user, { is: { email: 'bob@people.test' } })).toBe(1);
  });

  test('who is in already: refused alone, left as they are in a list', async () => {
    await admin.ok('POST /team/new', { team_id: 'twice', members_with_roles: [{ user_id: 'cleo', role: 'admin' }] });
    expect((await add('twice', { user_id: 'cleo', role: 'user' })).status).toBe(400);
    const { json } = await add('twice', [
      { user_id: 'cleo', role: 'user' },
      { user_id: 'dan', role: 'user' },
    ]);
    expect(json.updated_team_memberships).toHaveLength(1);
    expect(json.admins).toEqual(['cleo']);
  });

  test('ten requests that name one new person at once make one', async () => {
    await admin.ok('POST /team/new', { team_id: 'race' });
    const answers = await Promise.all(Array.from({ length: 10 }, () => add('race', { user_email: 'racer@people.test', role: 'user' })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array.from({ length: 9 }, () => 400)]);
    expect(await admin.store.count(kinds.user, { is: { email: 'racer@people.test' } })).toBe(1);
    expect(await rolesOf('race')).toHaveLength(1);
  });

  test("own limits, and the team's for members where they say nothing", async () => {
    await admin.ok('POST /team/new', {
      team_id: 'limited',
      models: ['gpt-4o'],
      team_member_budget: 5,
      team_member_budget_duration: '30d',
      team_member_rpm_limit: 9,
    });
    await add('limited', { user_id: 'own', role: 'user' }, { max_budget_in_team: 0, budget_duration: '1d', allowed_models: ['gpt-4o'] });
    await add('limited', { user_id: 'usual', role: 'user' });
    const { team_memberships: all } = await admin.ok<{ team_memberships: { user_id: string; litellm_budget_table: object }[] }>(
      'GET /team/info?team_id=limited',
    );
    expect(all).toMatchObject([
      { user_id: 'own', allowed_models: ['gpt-4o'], litellm_budget_table: { max_budget: 0, budget_duration: '1d', rpm_limit: 9 } },
      { user_id: 'usual', litellm_budget_table: { max_budget: 5, budget_duration: '30d', budget_reset_at: expect.any(String) } },
    ]);
    const updated = await admin.ok('POST /team/member_update', { team_id: 'limited', user_id: 'own', tpm_limit: 7 });
    expect(updated).toMatchObject({
      user_id: 'own',
      max_budget_in_team: 0,
      budget_duration: '1d',
      tpm_limit: 7,
      rpm_limit: null,
      allowed_models: ['gpt-4o'],
      role: 'user',
    });
    const freed = await admin.ok('POST /team/member_update', {
      team_id: 'limited',
      user_id: 'own',
      max_budget_in_team: null,
      role: 'admin',
    });
    expect(freed).toMatchObject({ max_budget_in_team: null, tpm_limit: 7, role: 'admin' });
    expect((await admin.call('POST /team/member_update', { team_id: 'limited', user_id: 'own', allowed_models: ['claude'] })).status).toBe(
      400,
    );
    expect((await admin.call('POST /team/member_update', { team_id: 'limited', user_id: 'nobody', tpm_limit: 1 })).status).toBe(400);
    const stored = await admin.store.get(kinds.teamMember, memberId('limited', 'own'));
    expect(stored?.data).toEqual({
      team_id: 'limited',
      user_id: 'own',
      role: 'admin',
      budget_duration: '1d',
      allowed_models: ['gpt-4o'],
      tpm_limit: 7,
    });
  });

  test('who leaves loses the keys that they had there, at once (FP-15)', async () => {
    await userWithKey(admin, 'leaver');
    await admin.ok('POST /team/new', { team_id: 'left', members_with_roles: [{ user_id: 'leaver', role: 'user' }] });
    const { key: inTeam } = await admin.ok<{ key: string }>('POST /key/generate', { team_id: 'left', user_id: 'leaver' });
    const { key: ofTeam } = await admin.ok<{ key: string }>('POST /key/generate', { team_id: 'left' });
    expect((await admin.chat('gpt-4o', inTeam)).status).toBe(200);
    expect(await admin.ok('POST /team/member_delete', { team_id: 'left', user_email: 'leaver@people.test' })).toMatchObject({
      team_id: 'left',
      members_with_roles: [],
    });
    expect((await admin.chat('gpt-4o', inTeam)).status).toBe(401);
    expect((await admin.chat('gpt-4o', ofTeam)).status).toBe(200);
    expect((await admin.call('POST /team/member_delete', { team_id: 'left', user_id: 'leaver' })).status).toBe(400);
  });

  test('many at once: each by itself', async () => {
    await admin.ok('POST /team/new', { team_id: 'bulk', members_with_roles: [{ user_id: 'old', role: 'user' }] });
    const answer = await admin.ok('POST /team/bulk_member_add', {
      team_id: 'bulk',
      max_budget_in_team: 2,
      members: [
        { user_id: 'old', role: 'user' },
        { user_id: 'new', role: 'admin' },
      ],
    });
    expect(answer).toMatchObject({
      team_id: 'bulk',
      total_requested: 2,
      successful_additions: 1,
      failed_additions: 1,
      results: [
        { user_id: 'old', success: false, error: 'is in the team already' },
        { user_id: 'new', success: true, error: null, updated_team_membership: { litellm_budget_table: { max_budget: 2 } } },
      ],
      updated_team: { admins: ['new'], members: ['old'] },
    });
    const all = await admin.ok<{ total_requested: number; failed_additions: number }>('POST /team/bulk_member_add', {
      team_id: 'bulk',
      all_users: true,
    });
    expect(all.total_requested).toBe(await admin.store.count(kinds.user));
    expect(all.failed_additions).toBe(2);
    expect(
      (await admin.call('POST /team/bulk_member_add', { team_id: 'bulk', all_users: true, members: [{ user_id: 'x', role: 'user' }] }))
        .status,
    ).toBe(400);
  });

  test('who administers the team puts people in, who is in it does not', async () => {
    const [boss, plain] = [await userWithKey(admin, 'boss'), await userWithKey(admin, 'plain')];
    await admin.ok('POST /team/new', {
      team_id: 'ruled',
      members_with_roles: [
        { user_id: 'boss', role: 'admin' },
        { user_id: 'plain', role: 'user' },
      ],
    });
    expect((await add('ruled', { user_id: 'eve', role: 'user' }, {}, plain)).status).toBe(403);
    expect((await add('ruled', { user_id: 'eve', role: 'user' }, {}, boss)).status).toBe(200);
    expect((await add('people', { user_id: 'eve', role: 'user' }, {}, boss)).status).toBe(403);
    // No oracle: what is not there is refused alike.
    expect((await add('no-such-team', { user_id: 'eve', role: 'user' }, {}, boss)).status).toBe(403);
    expect(
      (await admin.call('POST /team/member_update', { team_id: 'ruled', user_id: 'plain', role: 'admin' }, { key: plain })).status,
    ).toBe(403);
    expect((await admin.call('POST /team/bulk_member_add', { team_id: 'ruled', all_users: true }, { key: boss })).status).toBe(403);
  });

  test('own membership', async () => {
    const key = await userWithKey(admin, 'myself');
    await admin.ok('POST /team/new', {
      team_id: 'mine/too',
      team_alias: 'Mine',
      team_member_budget: 4,
      members_with_roles: [{ user_id: 'myself', role: 'user' }],
    });
    expect(await admin.ok('GET /team/mine%2Ftoo/members/me', undefined, { key })).toMatchObject({
      user_id: 'myself',
      user_email: 'myself@people.test',
      team_id: 'mine/too',
      team_alias: 'Mine',
      role: 'user',
      spend: 0,
      litellm_budget_table: { max_budget: 4 },
    });
    expect((await admin.call('GET /team/people/members/me', undefined, { key })).status).toBe(403);
    expect((await admin.call('GET /team/people/members/me')).status).toBe(404);
  });

  test('teams that are open: people put themselves in, as plain members and nobody else', async () => {
    const key = await userWithKey(admin, 'joiner');
    await admin.ok('POST /team/new', { team_id: 'open', team_alias: 'Open to all', metadata: { secret: 1 } });
    expect(await admin.ok<object[]>('GET /team/available', undefined, { key })).toMatchObject([
      { team_id: 'open', team_alias: 'Open to all' },
    ]);
    expect(JSON.stringify(await admin.ok('GET /team/available', undefined, { key }))).not.toContain('secret');
    expect((await add('open', { user_id: 'joiner', role: 'admin' }, {}, key)).status).toBe(403);
    expect((await add('open', { user_id: 'joiner', role: 'user' }, { max_budget_in_team: 1 }, key)).status).toBe(403);
    expect((await add('open', { user_id: 'friend', role: 'user' }, {}, key)).status).toBe(403);
    expect((await add('people', { user_id: 'joiner', role: 'user' }, {}, key)).status).toBe(403);
    expect((await add('open', { user_id: 'joiner', role: 'user' }, {}, key)).status).toBe(200);
    expect(await admin.ok<object[]>('GET /team/available', undefined, { key })).toEqual([]);
    const viewer = await userWithKey(admin, 'watcher', 'internal_user_viewer');
    expect((await add('open', { user_id: 'watcher', role: 'user' }, {}, viewer)).status).toBe(403);
  });

  test('keys of members are good for as long as the team says, where nobody says otherwise', async () => {
    await admin.ok('POST /team/new', {
      team_id: 'timed',
      team_member_key_duration: '30d',
      members_with_roles: [{ user_id: 'tim', role: 'user' }],
    });
    const daysOf = async (body: object) => {
      const { expires } = await admin.ok<{ expires: string | null }>('POST /key/generate', { team_id: 'timed', ...body });
      return expires && Math.round((Date.parse(expires) - Date.now()) / 86_400_000);
    };
    expect(await daysOf({ user_id: 'tim' })).toBe(30);
    expect(await daysOf({ user_id: 'tim', duration: '1d' })).toBe(1);
    expect(await daysOf({})).toBeNull();
  });

  test('nobody is left in a team that goes while they are put into it', async () => {
    for (let round = 0; round < 5; round++) {
      await admin.ok('POST /team/new', { team_id: 'going' });
      const adding = Array.from({ length: 5 }, (_, at) => add('going', { user_id: `late${at}`, role: 'user' }));
      const making = Array.from({ length: 5 }, () => admin.call('POST /key/generate', { team_id: 'going' }));
      const [deleted, ...added] = await Promise.all([admin.call('POST /team/delete', { team_ids: ['going'] }), ...adding, ...making]);
      expect(deleted!.status).toBe(200);
      for (const { status } of added) expect([200, 400, 404]).toContain(status);
      expect(await admin.store.count(kinds.teamMember, { is: { team_id: 'going' } })).toBe(0);
      expect(await admin.store.count(kinds.key, { is: { team_id: 'going' } })).toBe(0);
    }
  });

  test('50 changes of one team at once: none is lost', async () => {
    await admin.ok('POST /team/new', { team_id: 'busy', metadata: {} });
    await Promise.all(Array.from({ length: 50 }, (_, at) => admin.ok('PATCH /team/busy', { metadata: { [`m${at}`]: at } })));
    const { team_info: info } = await admin.ok<{ team_info: { metadata: object } }>('GET /team/info?team_id=busy');
    expect(Object.keys(info.metadata)).toHaveLength(50);
  });
});
