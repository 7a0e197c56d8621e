import { afterAll, beforeAll, expect, test } from 'bun:test';
import { kinds, memberId } from '../../../access/records/kinds.ts';
import { describeAdmin, type TestAdmin } from '../../../../../test/kit/admin.ts';

/** An organisation with a team, an admin of each, and people inside and outside. */
describeAdmin('who sees and changes whom', (start) => {
  let admin: TestAdmin;
  let organization: string;
  const keys: Record<string, string> = {};
  beforeAll(async () => {
    admin = await start();
    organization = (await admin.ok<{ organization_id: string }>('POST /organization/new', { organization_alias: 'Inside' }))
      .organization_id;
    await admin.ok('POST /team/new', { team_id: 'inside', organization_id: organization });
    await admin.ok('POST /team/new', { team_id: 'outside' });
    const make = async (id: string, more: object = {}) => {
      keys[id] = (await admin.ok<{ key: string }>('POST /user/new', { user_id: id, user_email: `${id}@example.com`, ...more })).key;
    };
    await make('org-boss', { organizations: [organization], max_budget: 10 });
    await admin.store.write({ by: 'test' }, (writing) =>
      writing.update(kinds.organizationMember, memberId(organization, 'org-boss'), (member) => ({ ...member, role: 'org_admin' as const })),
    );
    await make('team-boss', { teams: [{ team_id: 'inside', user_role: 'admin' }] });
    await make('insider', { organizations: [organization], teams: ['inside'] });
    await make('stranger', { teams: ['outside'] });
    await make('seer', { user_role: 'proxy_admin_viewer' });
    await make('looker', { user_role: 'internal_user_viewer' });
  });
  afterAll(() => admin.stop());

  const as = (id: string) => ({ key: keys[id]! });
  const listed = async (id: string, query = '') => {
    const { status, json } = await admin.call(`GET /user/list${query}`, undefined, as(id));
    return status === 200
      ? { total: json.total as number, ids: (json.users as { user_id: string }[]).map(({ user_id: each }) => each).toSorted() }
      : status;
  };

  test('lists have who may be seen, and totals count no others', async () => {
    expect(await listed('org-boss')).toEqual({ total: 2, ids: ['insider', 'org-boss'] });
    expect(await listed('team-boss')).toEqual({ total: 2, ids: ['insider', 'team-boss'] });
    expect(await listed('seer')).toMatchObject({ total: 6 });
    for (const id of ['insider', 'stranger', 'looker']) expect(await listed(id)).toBe(403);
    expect(await listed('org-boss', '?user_ids=stranger')).toEqual({ total: 0, ids: [] });
    expect(await listed('org-boss', '?team=outside')).toEqual({ total: 0, ids: [] });
    const found = await admin.ok<unknown[]>('GET /user/filter/ui?user_email=STRANGER', undefined, as('org-boss'));
    expect(found).toEqual([]);
    expect((await admin.call('GET /user/filter/ui', undefined, as('insider'))).status).toBe(403);
  });

  test('a user who is there and one who is not look the same to who may not see them', async () => {
    for (const path of ['/user/info', '/v2/user/info'])
      for (const [who, whom] of [
        ['stranger', 'insider'],
        ['insider', 'org-boss'],
        ['org-boss', 'stranger'],
        ['team-boss', 'insider'],
      ] as const) {
        const there = await admin.call(`GET ${path}?user_id=${whom}`, undefined, as(who));
        const not = await admin.call(`GET ${path}?user_id=nowhere`, undefined, as(who));
        expect([there.status, there.json]).toEqual([403, not.json]);
      }
    for (const [who, whom] of [
      ['org-boss', 'insider'],
      ['seer', 'stranger'],
      ['stranger', 'stranger'],
      ['looker', 'looker'],
    ] as const)
      expect((await admin.call(`GET /user/info?user_id=${whom}`, undefined, as(who))).status).toBe(200);
  });

  test('an organisation admin sees of a user what is in the organisation', async () => {
    const personal = await admin.ok<{ keys: { key_alias: string | null }[]; teams: { team_id: string }[] }>(
      'GET /user/info?user_id=insider',
      undefined,
      as('org-boss'),
    );
    expect(personal.teams).toMatchObject([{ team_id: 'inside' }]);
    // The key that was made with the user is their own.
    expect(personal.keys).toEqual([]);
    expect((await admin.ok<{ keys: unknown[] }>('GET /user/info?user_id=insider', undefined, as('insider'))).keys).toHaveLength(1);
  });

  test('FP-34: nobody changes their role, limits or address, and no one else', async () => {
    for (const change of [
      { user_role: 'proxy_admin' },
      { max_budget: null },
      { models: [] },
      { spend: 0 },
      { user_id: 'insider', user_email: 'stranger2@example.com' },
      { metadata: { priority: 'high' } },
    ])
      expect((await admin.call('POST /user/update', { user_id: 'insider', ...change }, as('insider'))).status).toBe(403);
    expect(
      (await admin.call('POST /user/update', { user_id: 'insider', password: 'Correct-Horse-7' }, as('insider'))).json.error.param,
    ).toBe('password');
    expect(await admin.ok('POST /user/update', { user_id: 'insider', user_alias: 'In' }, as('insider'))).toMatchObject({
      data: { user_alias: 'In' },
    });
    for (const who of ['org-boss', 'team-boss', 'seer', 'stranger', 'looker'])
      expect((await admin.call('POST /user/update', { user_id: 'insider', user_alias: 'x' }, as(who))).status).toBe(403);
    // A viewer changes nothing, not even themselves.
    expect((await admin.call('POST /user/update', { user_id: 'looker', user_alias: 'x' }, as('looker'))).status).toBe(403);
    const bulk = await admin.call(
      'POST /user/bulk_update',
      {
        users: [
          { user_id: 'insider', user_alias: 'y' },
          { user_id: 'stranger', user_alias: 'y' },
        ],
      },
      as('insider'),
    );
    expect(bulk.status).toBe(403);
    expect(
      (await admin.call('POST /user/bulk_update', { all_users: true, user_updates: { max_budget: null } }, as('insider'))).status,
    ).toBe(403);
    for (const who of ['org-boss', 'seer', 'insider'])
      expect((await admin.call('POST /user/delete', { user_ids: ['insider'] }, as(who))).status).toBe(403);
  });

  test('FP-34: an organisation admin makes users of the organisation, with no more than they have', async () => {
    const make = (body: object) => admin.call('POST /user/new', { auto_create_key: false, ...body }, as('org-boss'));
    expect((await make({ user_id: 'hired', organizations: [organization], teams: ['inside'], max_budget: 10 })).status).toBe(200);
    for (const body of [
      { user_role: 'proxy_admin' },
      { user_role: 'proxy_admin_viewer' },
      { max_budget: 11 },
      { spend: 1 },
      { teams: ['outside'] },
      { sso_user_id: 'somebody' },
      { metadata: { priority: 'high' } },
    ])
      expect([body, (await make({ user_id: 'more', organizations: [organization], ...body })).status]).toEqual([body, 403]);
    expect((await make({ user_id: 'free' })).status).toBe(403);
    // A personal key would be bounded by no organisation, a key of a team is.
    const personal = await admin.call('POST /user/new', { user_id: 'keyed', organizations: [organization] }, as('org-boss'));
    expect([personal.status, personal.json.error.param]).toEqual([403, 'auto_create_key']);
    const { key } = await admin.ok<{ key: string }>(
      'POST /user/new',
      { user_id: 'keyed', organizations: [organization], team_id: 'inside' },
      as('org-boss'),
    );
    expect(await admin.ok('GET /user/info?user_id=keyed', undefined, as('org-boss'))).toMatchObject({ keys: [{ team_id: 'inside' }] });
    // Whoever made it knows it, and must not be them in the admin API.
    expect((await admin.call('GET /user/info', undefined, { key })).status).toBe(403);
    expect((await admin.chat('gpt-4o', key)).status).toBe(200);
    const team = await admin.call(
      'POST /user/new',
      { user_id: 'keyed-2', organizations: [organization], team_id: 'outside' },
      as('org-boss'),
    );
    expect(team.status).toBe(403);
    for (const who of ['team-boss', 'insider', 'seer']) expect((await admin.call('POST /user/new', {}, as(who))).status).toBe(403);
  });

  test('FP-34: invitations of an organisation admin open no account that is more than their own', async () => {
    const invite = (user_id: string, who = 'org-boss') => admin.call('POST /invitation/new', { user_id }, as(who));
    const hired = await invite('hired');
    expect([hired.status, hired.json.user_id]).toEqual([200, 'hired']);
    expect((await invite('stranger')).status).toBe(403);
    expect((await invite('nowhere')).status).toBe(403);
    await admin.ok('POST /user/new', { user_id: 'both', organizations: [organization], teams: ['outside'], auto_create_key: false });
    expect((await invite('both')).status).toBe(403);
    await admin.ok('POST /user/update', { user_id: 'hired', password: 'Correct-Horse-7' });
    expect((await invite('hired')).status).toBe(403);
    for (const who of ['insider', 'team-boss', 'seer', 'hired'].filter((each) => keys[each]))
      expect((await invite('insider', who)).status).toBe(403);
    // Nor do they learn of those of others.
    const { id } = await admin.ok('POST /invitation/new', { user_id: 'stranger' });
    for (const [route, body] of [
      [`GET /invitation/info?invitation_id=${String(id)}`, undefined],
      ['POST /invitation/delete', { invitation_id: id }],
      ['POST /invitation/update', { invitation_id: id, is_accepted: true }],
    ] as const)
      expect((await admin.call(route, body, as('org-boss'))).status).toBe(403);
  });

  test('roles and how many there are', async () => {
    expect(Object.keys(await admin.ok('GET /user/available_roles', undefined, as('stranger')))).toContain('internal_user');
    expect(await admin.ok('GET /user/available_users', undefined, as('stranger'))).toMatchObject({
      total_users: null,
      total_users_used: null,
    });
    expect(await admin.ok('GET /user/available_users')).toMatchObject({
      total_users: null,
      total_users_used: await admin.store.count(kinds.user),
      total_teams_used: 2,
    });
  });

  test('without a key there is nothing', async () => {
    for (const route of [
      'GET /user/list',
      'GET /user/info',
      'GET /user/available_roles',
      'GET /v1/access_group',
      'GET /get/internal_user_settings',
    ])
      expect((await admin.call(route, undefined, { key: '' })).status).toBe(401);
  });
});
