import { afterAll, beforeAll, expect, test } from 'bun:test';
import { kinds } from '../../../access/records/kinds.ts';
import { describeAdmin, type TestAdmin } from '../../../../../test/kit/admin.ts';
import { demandBudget } from './known-budget.ts';

describeAdmin('shared budgets', (start) => {
  let admin: TestAdmin;
  beforeAll(async () => void (admin = await start()));
  afterAll(() => admin.stop());

  test('one is made, shown, changed and deleted', async () => {
    const made = await admin.ok('POST /budget/new', { budget_id: 'small', max_budget: 5, budget_duration: '30d', tpm_limit: null });
    expect(made).toMatchObject({ budget_id: 'small', max_budget: 5, budget_duration: '30d', tpm_limit: null, created_by: 'master_key' });
    expect(Date.parse(made['budget_reset_at'] as string)).toBeGreaterThan(Date.now());
    const changed = await admin.ok('POST /budget/update', { budget_id: 'small', rpm_limit: 0 });
    expect(changed).toMatchObject({ max_budget: 5, rpm_limit: 0, budget_duration: '30d' });
    expect(await admin.ok<unknown[]>('POST /budget/info', { budgets: ['small', 'none'] })).toHaveLength(1);
    expect(await admin.ok('POST /budget/delete', { id: 'small' })).toMatchObject({ budget_id: 'small' });
    expect((await admin.call('POST /budget/delete', { id: 'small' })).status).toBe(404);
  });

  const values = {
    max_budget: 12.5,
    soft_budget: 3,
    budget_duration: '1mo',
    tpm_limit: 1000,
    rpm_limit: 10,
    max_parallel_requests: 2,
    model_max_budget: { 'gpt-4o': { max_budget: 1, budget_duration: '1d' } },
  };
  test.each(Object.entries(values))('FP-69: %s is kept by a change of something else, and null clears it', async (name, value) => {
    const { budget_id: id } = await admin.ok('POST /budget/new', { [name]: value });
    const other = name === 'rpm_limit' ? { tpm_limit: 1 } : { rpm_limit: 1 };
    expect((await admin.ok('POST /budget/update', { budget_id: id, ...other }))[name]).toEqual(value);
    expect((await admin.ok('POST /budget/update', { budget_id: id, [name]: null }))[name]).toBeNull();
  });

  test('what cannot be is refused, by name', async () => {
    const refused = [
      [{ max_budget: -1 }, 'max_budget'],
      [{ max_budget: '5' }, 'max_budget'],
      [{ budget_duration: 'soon' }, 'budget_duration'],
      [{ budget_reset_at: '2027-01-01T00:00:00Z' }, 'budget_reset_at'],
      [{ max_bugdet: 5 }, 'max_bugdet'],
      [{ budget_id: 'a\nb' }, 'budget_id'],
      [{ budget_id: 'x'.repeat(257) }, 'budget_id'],
    ] as const;
    for (const [body, param] of refused) {
      const { status, json } = await admin.call('POST /budget/new', body);
      expect([status, json.error.param]).toEqual([400, param]);
    }
    const { json } = await admin.call('POST /budget/new', { max_bugdet: 5 });
    expect(json.error.message).toContain('max_budget');
    await admin.ok('POST /budget/new', { budget_id: 'twice' });
    expect((await admin.call('POST /budget/new', { budget_id: 'twice' })).status).toBe(400);
    expect((await admin.call('POST /budget/update', { budget_id: 'nowhere', rpm_limit: 1 })).status).toBe(404);
  });

  test('one that is used is not deleted, and the answer says by how many', async () => {
    await admin.ok('POST /budget/new', { budget_id: 'used', max_budget: 1 });
    await admin.ok('POST /customer/new', { user_id: 'c-used', budget_id: 'used' });
    await admin.ok('POST /tag/new', { name: 't-used', budget_id: 'used' });
    const { status, json } = await admin.call('POST /budget/delete', { id: 'used' });
    expect(status).toBe(400);
    expect(json.error.message).toContain('1 customer, 1 tag');
    await admin.ok('POST /customer/delete', { user_ids: ['c-used'] });
    await admin.ok('POST /tag/delete', { name: 't-used' });
    await admin.ok('POST /budget/delete', { id: 'used' });
  });

  test('a thing cannot name a budget that is not there', async () => {
    const { status, json } = await admin.call('POST /customer/new', { user_id: 'c-none', budget_id: 'nowhere' });
    expect([status, json.error.param]).toEqual([400, 'budget_id']);
    expect((await admin.call('GET /customer/info?end_user_id=c-none')).status).toBe(404);
  });

  test('a budget does not go while something is given it', async () => {
    await admin.ok('POST /budget/new', { budget_id: 'raced', max_budget: 1 });
    const [checked, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const making = admin.store.write({ by: 'test' }, async (writing) => {
      await demandBudget(writing, 'raced');
      checked.resolve();
      await goOn.promise;
      await writing.insert(kinds.customer, 'c-raced', { budget_id: 'raced' });
    });
    await checked.promise;
    const deleting = admin.call('POST /budget/delete', { id: 'raced' });
    expect(await Promise.race([deleting, Bun.sleep(100)])).toBeUndefined();
    goOn.resolve();
    await making;
    expect((await deleting).json.error.message).toContain('1 customer');
  });

  test('FP-66: the end of a period is said as it is counted, in the gateway’s time zone', async () => {
    const far = await start({ config: 'model_list: []\nlitellm_settings: { timezone: Asia/Tokyo }' });
    const resetOf = async (route: string, body: object) => {
      const answer = await far.ok<Record<string, unknown>>(route, body);
      return (answer['litellm_budget_table'] as { budget_reset_at: string } | undefined)?.budget_reset_at ?? answer['budget_reset_at'];
    };
    const limits = { max_budget: 1, budget_duration: '1d' };
    // Midnight in Tokyo is 15:00 UTC.
    expect(await resetOf('POST /budget/new', limits)).toEndWith('T15:00:00.000Z');
    expect(await resetOf('POST /customer/new', { user_id: 'c', ...limits })).toEndWith('T15:00:00.000Z');
    expect(await resetOf('POST /user/new', { auto_create_key: false, ...limits })).toEndWith('T15:00:00.000Z');
    expect(await resetOf('POST /key/generate', limits)).toEndWith('T15:00:00.000Z');
    expect(await resetOf('POST /team/new', limits)).toEndWith('T15:00:00.000Z');
    expect(await resetOf('POST /organization/new', { organization_alias: 'o', ...limits })).toEndWith('T15:00:00.000Z');
    await far.stop();
  });

  test('settings are the fields with their values', async () => {
    await admin.ok('POST /budget/new', { budget_id: 'shown', max_budget: 7 });
    const fields = await admin.ok<Record<string, unknown>[]>('GET /budget/settings?budget_id=shown');
    expect(fields.find(({ field_name: name }) => name === 'max_budget')).toMatchObject({ field_type: 'Float', field_value: 7 });
    expect((await admin.call('GET /budget/settings?budget_id=nowhere')).status).toBe(404);
  });

  test('pages are sorted and filtered in the database', async () => {
    for (const [id, max_budget] of [
      ['p-a', 1],
      ['p-b', 20],
      ['p-c', null],
      ['p-d', 3],
    ] as const)
      await admin.ok('POST /budget/new', { budget_id: id, max_budget, budget_duration: id === 'p-a' ? '7d' : '30d' });
    type Page = { data: { budget_id: string }[]; meta: { total_count: number; total_pages: number }; links: Record<string, string | null> };
    const list = async (query: string) => admin.ok<Page>(`GET /management/v1/budgets?q=P-&${query}`);
    const idsOf = ({ data }: Page) => data.map(({ budget_id: id }) => id);
    expect(idsOf(await list('sort=-max_budget'))).toEqual(['p-b', 'p-d', 'p-a', 'p-c']);
    expect(idsOf(await list('sort=max_budget'))).toEqual(['p-a', 'p-d', 'p-b', 'p-c']);
    expect(idsOf(await list('sort=budget_id&filter[max_budget][gte]=3'))).toEqual(['p-b', 'p-d']);
    expect(idsOf(await list('sort=budget_id&filter[max_budget][is_null]=true'))).toEqual(['p-c']);
    expect(idsOf(await list('filter[budget_duration][in]=7d,1d'))).toEqual(['p-a']);
    expect(idsOf(await list('filter[created_at][gte]=2099-01-01T00:00:00Z'))).toEqual([]);
    const second = await list('sort=budget_id&page=2&page_size=3');
    expect(second.meta).toEqual({ total_count: 4, page: 2, page_size: 3, total_pages: 2 } as never);
    expect(idsOf(second)).toEqual(['p-d']);
    expect(second.links['next']).toBeNull();
    const first = await admin.ok<Page>(`GET ${second.links['prev']!}`);
    expect(idsOf(first)).toEqual(['p-a', 'p-b', 'p-c']);
    expect((await admin.call('GET /management/v1/budgets?sort=password')).json.error.param).toBe('sort');
    expect((await admin.call('GET /management/v1/budgets?page_size=101')).status).toBe(400);
    // An underscore is a letter like others.
    expect((await admin.ok<Page>('GET /management/v1/budgets?q=p_a')).meta.total_count).toBe(0);
  });

  test('one that the configuration names is not deleted', async () => {
    const named = await start({ config: 'model_list: []\nlitellm_settings: { max_end_user_budget_id: everyone }' });
    await named.ok('POST /budget/new', { budget_id: 'everyone', max_budget: 1 });
    expect((await named.call('POST /budget/delete', { id: 'everyone' })).json.error.message).toContain('max_end_user_budget_id');
    await named.stop();
  });
});
