import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeAdmin, type TestAdmin } from '../../../../../test/kit/admin.ts';

interface Page {
  audit_logs: Record<string, unknown>[];
  total: number;
  page: number;
  page_size: number;
  total_pages: number;
}

describeAdmin('audit', (start) => {
  let admin: TestAdmin;
  let team: string;
  let hash: string;
  beforeAll(async () => {
    admin = await start();
    ({ team_id: team } = await admin.ok<{ team_id: string }>('POST /team/new', { team_alias: 'a', max_budget: 1 }));
    await admin.ok('POST /team/update', { team_id: team, max_budget: 2 }, { headers: { 'litellm-changed-by': 'ann@example.com' } });
    ({ token: hash } = await admin.ok<{ token: string }>('POST /key/generate', { team_id: team, key_alias: 'k' }));
    for (let at = 0; at < 12; at++) await admin.ok('POST /budget/new', { budget_id: `b${at}`, max_budget: at });
    await admin.ok('POST /budget/delete', { id: 'b0' });
  });
  afterAll(() => admin.stop());

  const page = (query = '') => admin.ok<Page>(`GET /audit${query}`);

  test('the newest comes first, ten on a page', async () => {
    const first = await page();
    expect(first).toMatchObject({ page: 1, page_size: 10, total: first.total, total_pages: Math.ceil(first.total / 10) });
    expect(first.audit_logs).toHaveLength(10);
    expect(first.audit_logs[0]).toMatchObject({
      action: 'deleted',
      table_name: 'LiteLLM_BudgetTable',
      object_id: 'b0',
      updated_values: null,
    });
    expect(first.audit_logs[0]!['before_value']).toMatchObject({ max_budget: 0 });
    const all = await page('?page_size=100&sort_order=asc');
    expect(all.audit_logs).toHaveLength(all.total);
    expect((await page(`?page=${first.total_pages + 1}`)).audit_logs).toEqual([]);
    expect(all.audit_logs.map(({ id }) => id)).toEqual((await page('?page_size=100')).audit_logs.map(({ id }) => id).toReversed());
  });

  test('filters', async () => {
    const byTeam = await page(`?object_team_id=${team}&sort_order=asc`);
    expect(byTeam.audit_logs.map(({ action, table_name }) => `${String(table_name)} ${String(action)}`)).toEqual([
      'LiteLLM_TeamTable created',
      'LiteLLM_TeamTable updated',
      'LiteLLM_VerificationToken created',
    ]);
    const [changed] = (await page('?changed_by=ann@example.com')).audit_logs;
    expect(changed).toMatchObject({
      object_id: team,
      before_value: { max_budget: 1 },
      updated_values: { max_budget: 2 },
      changed_by_api_key: '',
    });
    expect((await page(`?object_key_hash=${hash}`)).audit_logs).toMatchObject([{ object_id: hash, changed_by: 'master_key' }]);
    expect((await page('?table_name=LiteLLM_BudgetTable&action=created')).total).toBe(12);
    expect((await page('?object_id=b3')).total).toBe(1);
    expect((await page("?object_id=' or 1=1 --")).total).toBe(0);
    expect((await page('?changed_by_api_key=none')).total).toBe(0);
  });

  test('days and moments', async () => {
    const { total } = await page();
    const today = new Date().toISOString().slice(0, 10);
    const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    expect((await page(`?start_date=${day(-1)}&end_date=${day(1)}`)).total).toBe(total);
    expect((await page(`?start_date=${day(1)}`)).total).toBe(0);
    expect((await page(`?end_date=${day(-2)}`)).total).toBe(0);
    const { updated_at: at } = (await page()).audit_logs[0]!;
    expect(
      (await page(`?start_date=${String(at)}&end_date=${encodeURIComponent(String(at).replace('Z', '+00:00'))}`)).total,
    ).toBeGreaterThan(0);
    expect((await page(`?start_date=${today} 00:00:00`)).total).toBeGreaterThan(0);
    for (const wrong of ['yesterday', '2026-13-01', '2026-11-22T', '1e9'])
      expect((await admin.call(`GET /audit?start_date=${wrong}`)).json.error.param).toBe('start_date');
  });

  test('it can be sorted by every column', async () => {
    for (const name of [
      'updated_at',
      'id',
      'changed_by',
      'changed_by_api_key',
      'action',
      'table_name',
      'object_id',
      'object_team_id',
      'object_key_hash',
    ]) {
      const { audit_logs: rows, total } = await page(`?sort_by=${name}&sort_order=asc&page_size=100`);
      expect(rows).toHaveLength(total);
      if (name !== 'id' && name !== 'action') continue;
      const values = rows.map((row) => String(row[name]));
      expect(values).toEqual(values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
    }
    expect((await admin.call('GET /audit?sort_by=hash')).json.error.param).toBe('sort_by');
    expect((await admin.call('GET /audit?sort_by=before_value;drop table keys')).status).toBe(400);
  });

  test('one entry', async () => {
    const [entry] = (await page('?object_id=b5')).audit_logs;
    expect(await admin.ok(`GET /audit/${String(entry!['id'])}`)).toEqual(entry!);
    expect(entry!['address']).toBe('127.0.0.1');
    expect((await admin.call('GET /audit/none')).status).toBe(404);
  });

  test('what is wrong is named', async () => {
    for (const [query, param] of [
      ['page=0', 'page'],
      ['page_size=101', 'page_size'],
      ['sort_order=up', 'sort_order'],
      ['changed=x', 'changed'],
      ['action=a&action=b', 'action'],
    ])
      expect(await admin.call(`GET /audit?${query}`)).toMatchObject({ status: 400, json: { error: { param } } });
  });

  test('only who sees everything sees it', async () => {
    const { key: viewer } = await admin.ok<{ key: string }>('POST /user/new', { user_id: 'viewer', user_role: 'proxy_admin_viewer' });
    const { key: user } = await admin.ok<{ key: string }>('POST /user/new', { user_id: 'user', user_role: 'internal_user' });
    expect((await admin.call('GET /audit', undefined, { key: viewer })).status).toBe(200);
    for (const path of ['/audit', '/audit/none']) {
      expect((await admin.call(`GET ${path}`, undefined, { key: user })).status).toBe(403);
      expect((await admin.call(`GET ${path}`, undefined, { key: '' })).status).toBe(401);
    }
  });

  test('no secret is in it', async () => {
    await admin.ok('POST /user/update', { user_id: 'user', password: 'A-canary-Password-1' });
    await admin.ok('POST /credentials', {
      credential_name: 'c',
      credential_values: { api_key: 'canary-of-credential' },
      credential_info: {},
    });
    const text = JSON.stringify(await page('?page_size=100'));
    expect(text).not.toContain('canary');
  });
});
