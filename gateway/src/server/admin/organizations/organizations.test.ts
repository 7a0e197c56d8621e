import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { kinds } from '../../../access/records/kinds.ts';
import { userWithKey } from '../../../../../test/kit/people.ts';
import { describeAdmin, type TestAdmin } from '../../../../../test/kit/admin.ts';

describeAdmin('organisations', (start) => {
  let admin: TestAdmin;
  beforeAll(async () => {
    admin = await start();
  });
  afterAll(() => admin.stop());

  describe('every field', () => {
    const fields: readonly (readonly [name: string, value: unknown, other: unknown])[] = [
      ['models', ['gpt-4o'], []],
      ['metadata', { a: 1 }, { b: 2 }],
      ['max_budget', 10, 0],
      ['soft_budget', 5, 0],
      ['budget_duration', '30d', '1mo'],
      ['tpm_limit', 1000, 0],
      ['rpm_limit', 10, 0],
      ['max_parallel_requests', 3, 0],
      ['model_max_budget', { 'gpt-4o': { max_budget: 1 } }, {}],
      ['model_rpm_limit', { 'gpt-4o': 5 }, { 'gpt-4o': 0 }],
      ['model_tpm_limit', { 'gpt-4o': 50 }, {}],
      ['object_permission', { vector_stores: ['v'] }, { search_tools: [] }],
    ];
    const all = { organization_alias: 'All', ...Object.fromEntries(fields.map(([name, value]) => [name, value])) };
    const expected = (name: string, value: unknown) => (name === 'object_permission' ? expect.objectContaining(value as object) : value);
    const infoOf = (id: string) => admin.ok<Record<string, unknown>>(`GET /organization/info?organization_id=${id}`);

    for (const [name, value, other] of fields)
      test(`FP-69: ${name} alone changes, and goes by null`, async () => {
        const { organization_id: id } = await admin.ok<{ organization_id: string }>('POST /organization/new', all);
        const before = await infoOf(id);
        expect(before[name]).toEqual(expected(name, value));
        const after = await admin.ok<Record<string, unknown>>('PATCH /organization/update', { organization_id: id, [name]: other });
        expect(after[name]).toEqual(expected(name, other));
        const beside = new Set([name, 'updated_at', 'litellm_budget_table', 'budget_reset_at', 'object_permission_id']);
        for (const each of Object.keys(after)) if (!beside.has(each)) expect([each, after[each]]).toEqual([each, before[each]]);
        const gone = await admin.ok<Record<string, unknown>>('PATCH /organization/update', { organization_id: id, [name]: null });
        expect(gone[name]).toEqual(name === 'models' ? [] : null);
      });

    for (const body of [
      {},
      { organization_alias: '' },
      { organization_alias: 'x', allowed_models: ['m'] },
      { organization_alias: 'x', max_budget: -1 },
      { organization_alias: 'x', budget_id: 'no-such' },
      { organization_alias: 'x', spend: 1 },
      { organization_alias: 'x', metadata: { logging: [1] } },
      { organization_alias: 'x', object_permission: { mcp_servers: ['m'] } },
    ])
      test(`refuses ${JSON.stringify(body)}`, async () => expect((await admin.call('POST /organization/new', body)).status).toBe(400));
  });

  test('members: made where they are not known, changed, taken out', async () => {
    await admin.ok('POST /organization/new', { organization_id: 'm', organization_alias: 'M' });
    const added = await admin.ok('POST /organization/member_add', {
      organization_id: 'm',
      max_budget_in_organization: 4,
      member: [
        { user_id: 'ann', role: 'org_admin' },
        { user_email: 'Ben@people.test', role: 'internal_user' },
      ],
    });
    expect(added).toMatchObject({
      organization_id: 'm',
      updated_users: [{ user_id: 'ann', user_role: 'internal_user' }, { user_email: 'ben@people.test' }],
      updated_organization_memberships: [
        { user_id: 'ann', user_role: 'org_admin', spend: 0, litellm_budget_table: { max_budget: 4 } },
        { user_role: 'internal_user', user_email: 'ben@people.test' },
      ],
    });
    expect(
      (await admin.call('POST /organization/member_add', { organization_id: 'm', member: { user_id: 'ann', role: 'internal_user' } }))
        .status,
    ).toBe(400);
    const changed = await admin.ok('PATCH /organization/member_update', {
      organization_id: 'm',
      user_email: 'ben@people.test',
      role: 'internal_user_viewer',
    });
    expect(changed).toMatchObject({ user_role: 'internal_user_viewer', litellm_budget_table: { max_budget: 4 } });
    const freed = await admin.ok('PATCH /organization/member_update', {
      organization_id: 'm',
      user_id: 'ann',
      max_budget_in_organization: null,
    });
    expect(freed).toMatchObject({ user_role: 'org_admin', litellm_budget_table: null });
    await admin.ok('DELETE /organization/member_delete', { organization_id: 'm', user_id: 'ann' });
    expect((await admin.call('DELETE /organization/member_delete', { organization_id: 'm', user_id: 'ann' })).status).toBe(400);
    expect(
      (await admin.call('POST /organization/member_add', { organization_id: 'm', member: { user_id: 'x', role: 'proxy_admin' } })).status,
    ).toBe(400);
    expect(
      (await admin.call('POST /organization/member_add', { organization_id: 'nowhere', member: { user_id: 'x', role: 'org_admin' } }))
        .status,
    ).toBe(404);
  });

  test('who sees what of an organisation, and changes it', async () => {
    const [boss, plain, other, viewer] = await Promise.all([
      userWithKey(admin, 'boss'),
      userWithKey(admin, 'plain'),
      userWithKey(admin, 'other'),
      userWithKey(admin, 'viewer', 'proxy_admin_viewer'),
    ]);
    await admin.ok('POST /organization/new', { organization_id: 's', organization_alias: 'Seen', max_budget: 5, models: ['gpt-4o'] });
    await admin.ok('POST /organization/member_add', {
      organization_id: 's',
      member: [
        { user_id: 'boss', role: 'org_admin' },
        { user_id: 'plain', role: 'internal_user' },
      ],
    });
    await admin.ok('POST /team/new', { team_id: 's1', organization_id: 's' });
    const see = (key: string, query = 'organization_id=s') => admin.call(`GET /organization/info?${query}`, undefined, { key });
    expect((await see(boss)).json).toMatchObject({ members: [{}, {}], teams: [{ team_id: 's1' }] });
    expect((await see(viewer)).json).toMatchObject({ members: [{}, {}], teams: [{ team_id: 's1' }] });
    expect((await see(plain)).json).toMatchObject({ members: [{ user_id: 'plain' }], teams: [] });
    expect((await see(other)).status).toBe(403);
    expect((await see(other, 'organization_id=nowhere')).status).toBe(403);
    const idsOf = async (key: string, query = '') =>
      (await admin.ok<{ organization_id: string }[]>(`GET /organization/list${query}`, undefined, { key })).map(
        ({ organization_id: id }) => id,
      );
    expect(await idsOf(plain)).toEqual(['s']);
    expect(await idsOf(other)).toEqual([]);
    expect(await idsOf(admin.masterKey, '?org_alias=SEE')).toEqual(['s']);
    expect(await idsOf(admin.masterKey, '?org_id=m')).toEqual(['m']);
    expect((await admin.call('POST /organization/info', { organizations: ['s', 'm'] }, { key: boss })).status).toBe(403);
    expect(await admin.ok<object[]>('POST /organization/info', { organizations: ['s', 'nowhere'] })).toHaveLength(1);

    const change = async (key: string, body: object) =>
      (await admin.call('PATCH /organization/update', { organization_id: 's', ...body }, { key })).status;
    // FP-34: who administers an organisation does not give it more.
    expect(await change(boss, { organization_alias: 'Seen too', metadata: { a: 1 } })).toBe(200);
    for (const more of [
      { max_budget: 6 },
      { max_budget: null },
      { models: [] },
      { tpm_limit: 1 },
      { spend: 0 },
      { metadata: { priority: 'x' } },
      { budget_duration: '1d' },
    ])
      expect([more, await change(boss, more)]).toEqual([more, 403]);
    expect(await change(plain, { organization_alias: 'x' })).toBe(403);
    expect(await change(admin.masterKey, { max_budget: 6, spend: 2 })).toBe(200);
    expect(await admin.ok('GET /organization/info?organization_id=s')).toMatchObject({
      max_budget: 6,
      spend: 2,
      organization_alias: 'Seen too',
    });
    expect((await admin.call('POST /organization/new', { organization_alias: 'x' }, { key: boss })).status).toBe(403);
    expect((await admin.call('DELETE /organization/delete', { organization_ids: ['s'] }, { key: boss })).status).toBe(403);
  });

  test('deleting one takes its teams, keys, places along, in one go', async () => {
    await admin.ok('POST /organization/new', { organization_id: 'd', organization_alias: 'D' });
    await admin.ok('POST /organization/member_add', { organization_id: 'd', member: { user_id: 'dee', role: 'internal_user' } });
    await admin.ok('POST /team/new', { team_id: 'd1', organization_id: 'd' });
    const { key } = await admin.ok<{ key: string }>('POST /key/generate', { team_id: 'd1' });
    expect((await admin.chat('gpt-4o', key)).status).toBe(200);
    expect((await admin.call('DELETE /organization/delete', { organization_ids: ['d', 'nowhere'] })).status).toBe(404);
    expect((await admin.chat('gpt-4o', key)).status).toBe(200);
    expect(await admin.ok<object[]>('DELETE /organization/delete', { organization_ids: ['d'] })).toMatchObject([
      { organization_id: 'd', teams: [{ team_id: 'd1' }] },
    ]);
    expect((await admin.chat('gpt-4o', key)).status).toBe(401);
    expect((await admin.call('GET /team/info?team_id=d1')).status).toBe(404);
    expect(await admin.store.count(kinds.organizationMember, { is: { organization_id: 'd' } })).toBe(0);
    expect((await admin.call('GET /organization/info?organization_id=d')).status).toBe(404);
  });
});
