import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeAdmin, type TestAdmin } from '../../../../../test/kit/admin.ts';

describeAdmin('customers', (start) => {
  let admin: TestAdmin;
  beforeAll(async () => void (admin = await start()));
  afterAll(() => admin.stop());

  const values = {
    alias: 'Ada',
    blocked: true,
    budget_id: 'shared',
    budget_limits: [{ budget_duration: '1d', max_budget: 2 }],
    model_rpm_limit: { 'gpt-4o': 1 },
    model_tpm_limit: { 'gpt-4o': 0 },
  };
  const ofBudget = {
    max_budget: 10,
    soft_budget: 0,
    budget_duration: '30d',
    tpm_limit: 100,
    rpm_limit: 0,
    max_parallel_requests: 1,
    model_max_budget: { 'gpt-4o': { max_budget: 1 } },
  };

  test.each(Object.entries({ ...values, ...ofBudget }))(
    'FP-69: %s is kept by a change of something else, and null clears it',
    async (name, value) => {
      const id = `fields-${name}`;
      if (name === 'budget_id') await admin.ok('POST /budget/new', { budget_id: 'shared', max_budget: 1 });
      const look = async () => {
        const shown = await admin.ok(`GET /customer/info?end_user_id=${id}`);
        return name in ofBudget ? ((shown['litellm_budget_table'] as Record<string, unknown> | null)?.[name] ?? null) : shown[name];
      };
      await admin.ok('POST /customer/new', { user_id: id, [name]: value });
      expect(await look()).toEqual(value);
      await admin.ok('POST /customer/update', { user_id: id, ...(name === 'alias' ? { blocked: true } : { alias: 'x' }) });
      expect(await look()).toEqual(value);
      await admin.ok('POST /customer/update', { user_id: id, [name]: null });
      expect(await look()).toEqual(name === 'blocked' ? false : null);
    },
  );

  test('a shared budget counts where the customer has no limit of their own', async () => {
    await admin.ok('POST /budget/new', { budget_id: 'tier', max_budget: 5, rpm_limit: 9 });
    await admin.ok('POST /customer/new', { user_id: 'tiered', budget_id: 'tier', rpm_limit: 1 });
    const { litellm_budget_table: table } = await admin.ok('GET /customer/info?end_user_id=tiered');
    expect(table).toMatchObject({ budget_id: 'tier', max_budget: 5, rpm_limit: 1 });
    const both = await admin.call('POST /customer/new', { user_id: 'both', budget_id: 'tier', max_budget: 1 });
    expect([both.status, both.json.error.message]).toEqual([400, expect.stringContaining('not both')]);
  });

  test('what was spent is set, shown, and gone with the customer', async () => {
    expect(await admin.ok('POST /customer/new', { user_id: 'spender', spend: 1.25 })).toMatchObject({ spend: 1.25 });
    await admin.ok('POST /customer/update', { user_id: 'spender', spend: 0.5 });
    expect(await admin.ok('GET /customer/info?end_user_id=spender')).toMatchObject({ spend: 0.5 });
    expect(await admin.ok('POST /customer/delete', { user_ids: ['spender', 'spender'] })).toMatchObject({ deleted_customers: 1 });
    expect(await admin.ok('POST /customer/new', { user_id: 'spender' })).toMatchObject({ spend: 0 });
  });

  test('blocked ones are made where they are not known', async () => {
    const { blocked_users: blocked } = await admin.ok<{ blocked_users: object[] }>('POST /end_user/block', {
      user_ids: ['b-1', 'b-2', 'b-1'],
    });
    expect(blocked).toMatchObject([
      { user_id: 'b-1', blocked: true },
      { user_id: 'b-2', blocked: true },
    ]);
    const { blocked_users: left } = await admin.ok<{ blocked_users: string[] }>('POST /end_user/unblock', { user_ids: ['b-1'] });
    expect(left).toContain('b-2');
    expect(left).not.toContain('b-1');
    expect((await admin.call('POST /customer/unblock', { user_ids: ['nobody'] })).status).toBe(404);
  });

  test('all or none are deleted', async () => {
    await admin.ok('POST /customer/new', { user_id: 'stays' });
    expect((await admin.call('POST /customer/delete', { user_ids: ['stays', 'nobody'] })).status).toBe(404);
    await admin.ok('GET /end_user/info?end_user_id=stays');
  });

  test('lists have all of them, or a page', async () => {
    const all = await admin.ok<unknown[]>('GET /customer/list');
    expect(all.length).toBeGreaterThan(10);
    expect(await admin.ok<unknown[]>('GET /customer/list?page=2&page_size=3')).toEqual(all.slice(3, 6));
  });

  test('ids may hold anything but control characters', async () => {
    const id = "x/../y?z=1&é'; drop table customers --";
    await admin.ok('POST /customer/new', { user_id: id });
    expect(await admin.ok(`GET /customer/info?end_user_id=${encodeURIComponent(id)}`)).toMatchObject({ user_id: id });
    expect((await admin.call('POST /customer/new', { user_id: id })).status).toBe(400);
    expect((await admin.call('POST /customer/new', { user_id: 'a\nb' })).json.error.param).toBe('user_id');
    expect((await admin.call('POST /customer/new', { user_id: 'r', budget_reset_at: '2027-01-01' })).json.error.param).toBe(
      'budget_reset_at',
    );
    for (const [name, value] of Object.entries({ object_permission: { models: ['x'] }, allowed_model_region: 'eu', default_model: 'x' })) {
      const refused = await admin.call('POST /customer/new', { user_id: 'r', [name]: value });
      expect([refused.status, refused.json.error.param]).toEqual([400, name]);
    }
  });

  test('only administrators of the proxy see and change them', async () => {
    const { key } = await admin.ok('POST /key/generate', { key_alias: 'customers-plain' });
    for (const [route, body] of [
      ['GET /customer/list', undefined],
      ['GET /customer/info?end_user_id=nobody', undefined],
      ['POST /customer/new', { user_id: 'mine' }],
      ['POST /end_user/block', { user_ids: ['stays'] }],
    ] as const)
      expect((await admin.call(route, body, { key: key as string })).status).toBe(403);
    expect((await admin.call('GET /customer/list', undefined, { key: '' })).status).toBe(401);
  });
});
