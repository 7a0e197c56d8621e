import { expect, test } from 'bun:test';
import { sql } from '../../storage/sql/statement.ts';
import { describeAdmin, type TestAdmin } from '../../../../test/kit/admin.ts';

const config = `
litellm_settings: { timezone: Asia/Tokyo }
model_list:
  - model_name: priced
    litellm_params: { model: mock/hello, input_cost_per_token: 0.001, output_cost_per_token: 0.001 }
`;

/** Until the condition holds. */
const within = async (milliseconds: number, holds: () => Promise<boolean>): Promise<boolean> => {
  const end = performance.now() + milliseconds;
  while (performance.now() < end) {
    if (await holds()) return true;
    await Bun.sleep(50);
  }
  return holds();
};

describeAdmin('what is shown as spent is what is enforced (FP-66)', (start) => {
  const call = (admin: TestAdmin, key: string, more: Record<string, unknown> = {}) =>
    admin.chat('priced', key, { max_tokens: 10, ...more });
  const infoOf = async (admin: TestAdmin, key: string) =>
    (await admin.ok<{ info: { spend: number; budget_reset_at: string | null } }>(`GET /key/info?key=${key}`)).info;

  test('a key with a period: /key/info, the header and the refusal agree; a reset makes room here at once, elsewhere within 3 s', async () => {
    const admin = await start({ config });
    const other = await start({ config, beside: admin });
    const { key } = await admin.ok<{ key: string }>('POST /key/generate', { max_budget: 0.1, budget_duration: '1h' });
    let spent = 0;
    for (;;) {
      const answer = await call(admin, key);
      if (answer.status !== 200) {
        expect(answer.json.error.type).toBe('budget_exceeded');
        break;
      }
      spent += Number(answer.headers.get('x-litellm-response-cost'));
      expect(Number(answer.headers.get('x-litellm-key-spend'))).toBeCloseTo(spent, 9);
      expect(answer.headers.get('x-litellm-key-max-budget')).toBe('0.1');
    }
    expect(spent).toBeGreaterThan(0);
    const info = await infoOf(admin, key);
    expect(info.spend).toBeCloseTo(spent, 9);
    // Tokyo is whole hours away from UTC.
    expect(Date.parse(info.budget_reset_at!) % 3_600_000).toBe(0);
    expect(await within(3000, async () => (await call(other, key)).status === 400)).toBe(true);

    expect(await admin.ok(`POST /key/${key}/reset_spend`, { reset_to: 0 })).toMatchObject({ spend: 0 });
    expect((await infoOf(admin, key)).spend).toBe(0);
    expect((await call(admin, key)).status).toBe(200);
    expect(await within(3000, async () => (await call(other, key)).status === 200)).toBe(true);
    await other.stop();
    await admin.stop();
  }, 30_000);

  test('a period that is over gives room, and is not shown any more', async () => {
    const admin = await start({ config });
    const { key } = await admin.ok<{ key: string }>('POST /key/generate', { max_budget: 0.05, budget_duration: '1s' });
    const emptied = async () => {
      for (let calls = 0; calls < 100; calls++) if ((await call(admin, key)).status !== 200) return;
      throw new Error('nothing was refused');
    };
    await emptied();
    expect(await within(2500, async () => (await call(admin, key)).status === 200)).toBe(true);
    expect((await infoOf(admin, key)).spend).toBeLessThanOrEqual(0.05);
    await Bun.sleep(1100);
    expect((await infoOf(admin, key)).spend).toBe(0);
    await admin.stop();
  }, 30_000);

  test('without a limit, a period is counted all the same; the shared budget says which', async () => {
    const admin = await start({ config });
    await admin.ok('POST /budget/new', { budget_id: 'monthly', budget_duration: '30d' });
    const { key, token } = await admin.ok<{ key: string; token: string }>('POST /key/generate', { budget_id: 'monthly' });
    await admin.store.database.run(sql`insert into spend_totals
      (subject, period_start, nanodollars, updated_at) values (${`key:${token}`}, 0, 7000000000, 0)`);
    expect((await infoOf(admin, key)).spend).toBe(0);
    const cost = Number((await call(admin, key)).headers.get('x-litellm-response-cost'));
    expect((await infoOf(admin, key)).spend).toBeCloseTo(cost, 9);
    await admin.ok('POST /budget/update', { budget_id: 'monthly', budget_duration: null });
    expect((await infoOf(admin, key)).spend).toBeCloseTo(7 + cost, 9);
    await admin.stop();
  });

  test('everybody in the line has a period of their own', async () => {
    const admin = await start({ config });
    const limits = { max_budget: 5, budget_duration: '30d' };
    await admin.ok('POST /organization/new', { organization_id: 'o', organization_alias: 'o', ...limits });
    await admin.ok('POST /team/new', {
      team_id: 't',
      organization_id: 'o',
      team_member_budget: 3,
      team_member_budget_duration: '7d',
      ...limits,
    });
    await admin.ok('POST /user/new', { user_id: 'u', auto_create_key: false, teams: ['t'], organizations: ['o'], ...limits });
    await admin.ok('POST /project/new', { project_id: 'p', team_id: 't', ...limits });
    await admin.ok('POST /customer/new', { user_id: 'c', ...limits });
    await admin.ok('POST /tag/new', { name: 'tagged', ...limits });
    const { key } = await admin.ok<{ key: string }>('POST /key/generate', { team_id: 't', user_id: 'u', project_id: 'p' });
    const answer = await call(admin, key, { user: 'c', metadata: { tags: ['tagged'] } });
    const cost = Number(answer.headers.get('x-litellm-response-cost'));
    expect(cost).toBeGreaterThan(0);
    const shown = {
      organization: (await admin.ok<{ spend: number }>('GET /organization/info?organization_id=o')).spend,
      organizationMember: (await admin.ok<{ members: { spend: number }[] }>('GET /organization/info?organization_id=o')).members[0]!.spend,
      team: (await admin.ok<{ team_info: { spend: number } }>('GET /team/info?team_id=t')).team_info.spend,
      member: (await admin.ok<{ team_memberships: { spend: number }[] }>('GET /team/info?team_id=t')).team_memberships[0]!.spend,
      user: (await admin.ok<{ user_info: { spend: number } }>('GET /user/info?user_id=u')).user_info.spend,
      project: (await admin.ok<{ spend: number }>('GET /project/info?project_id=p')).spend,
      customer: (await admin.ok<{ spend: number }>('GET /customer/info?end_user_id=c')).spend,
      tag: (await admin.ok<Record<string, { spend: number }>>('POST /tag/info', { names: ['tagged'] }))['tagged']!.spend,
    };
    for (const [who, spend] of Object.entries(shown)) expect([who, Math.round(spend * 1e9)]).toEqual([who, Math.round(cost * 1e9)]);
    // Who may say what was spent says it of the same period.
    await admin.ok('POST /user/update', { user_id: 'u', spend: 5 });
    expect((await call(admin, key)).json.error.message).toContain('user "u"');
    await admin.stop();
  });

  test('the budget of a member of an organisation (max_budget_in_organization)', async () => {
    const admin = await start({ config });
    await admin.ok('POST /organization/new', { organization_id: 'o', organization_alias: 'Acme' });
    await admin.ok('POST /team/new', { team_id: 't', organization_id: 'o' });
    await admin.ok('POST /user/new', { user_id: 'u', auto_create_key: false, teams: ['t'] });
    const { key } = await admin.ok<{ key: string }>('POST /key/generate', { team_id: 't', user_id: 'u' });
    expect((await call(admin, key)).status).toBe(200);
    await admin.ok('POST /organization/member_add', {
      organization_id: 'o',
      member: { user_id: 'u', role: 'internal_user' },
      max_budget_in_organization: 0,
    });
    const refused = await call(admin, key);
    expect([refused.status, refused.json.error.message]).toEqual([400, expect.stringContaining('member of the organisation "Acme"')]);
    await admin.ok('PATCH /organization/member_update', { organization_id: 'o', user_id: 'u', max_budget_in_organization: 1 });
    expect((await call(admin, key)).status).toBe(200);
    await admin.ok('DELETE /organization/member_delete', { organization_id: 'o', user_id: 'u' });
    expect((await call(admin, key)).status).toBe(200);
    await admin.stop();
  });
});
