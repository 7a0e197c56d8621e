import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeAdmin, type TestAdmin } from '../../../../../test/kit/admin.ts';

describeAdmin('lists of users', (start) => {
  let admin: TestAdmin;
  beforeAll(async () => {
    admin = await start();
    await admin.ok('POST /team/new', { team_id: 'red' });
    const people = [
      { user_id: 'a', user_email: 'anna@example.com', user_alias: 'Zoe', spend: 3, teams: ['red'] },
      { user_id: 'b', user_email: 'bert_x@example.com', user_role: 'proxy_admin', sso_user_id: 's-b', spend: 9 },
      { user_id: 'c', user_alias: 'Yan', auto_create_key: false },
      { user_id: 'd', user_email: 'dora@other.org', user_alias: 'Xia', spend: 1, teams: ['red'] },
    ];
    for (const person of people) await admin.ok('POST /user/new', person);
    await admin.ok('POST /key/generate', { user_id: 'a' });
    // Spend is written in a while; lists are sorted by what is written.
    const until = Date.now() + 10_000;
    while (Date.now() < until && (await idsOf('sort_by=spend&sort_order=desc')).join('') !== 'badc') await Bun.sleep(50);
  });
  afterAll(() => admin.stop());

  const idsOf = async (query: string): Promise<string[]> =>
    (await admin.ok<{ users: { user_id: string }[] }>(`GET /user/list?${query}`)).users.map(({ user_id: id }) => id);

  const cases: readonly [string, string][] = [
    ['', 'dcba'],
    ['role=proxy_admin', 'b'],
    ['user_ids=a,c,nobody', 'ca'],
    ['user_ids=', ''],
    ['sso_user_ids=s-b,s-x', 'b'],
    ['user_email=EXAMPLE', 'ba'],
    ['user_email=t_x', 'b'],
    ['user_email=a_', ''],
    ['user_email=%25', ''],
    ['team=red', 'da'],
    ['team=nowhere', ''],
    ['organization_ids=nowhere', ''],
    ['sort_by=user_id', 'abcd'],
    ['sort_by=user_id&sort_order=DESC', 'dcba'],
    ['sort_by=user_email', 'abdc'],
    ['sort_by=user_email&sort_order=desc', 'dbac'],
    ['sort_by=user_alias', 'dcab'],
    ['sort_by=created_at&sort_order=asc', 'abcd'],
    ['sort_by=spend&sort_order=desc', 'badc'],
    ['sort_by=spend', 'cdab'],
    ['sort_by=user_id&page=2&page_size=3', 'd'],
    ['sort_by=user_id&page=9', ''],
  ];
  test.each(cases)('%s', async (query, expected) => expect((await idsOf(query)).join('')).toBe(expected));

  test('with totals, keys and where they belong', async () => {
    const list = await admin.ok<{ users: object[] }>('GET /user/list?sort_by=user_id&page_size=3');
    expect(list).toMatchObject({ total: 4, page: 1, page_size: 3, total_pages: 2 });
    expect(list.users).toMatchObject([
      { user_id: 'a', key_count: 2, teams: ['red'], spend: 3 },
      { user_id: 'b', key_count: 1, teams: [], spend: 9 },
      { user_id: 'c', key_count: 0, organization_memberships: [] },
    ]);
  });

  test.each([
    ['role=boss', 'role'],
    ['page=0', 'page'],
    ['page=x', 'page'],
    ['page_size=101', 'page_size'],
    ['sort_by=password', 'sort_by'],
    ['sort_by=id;drop', 'sort_by'],
    ['sort_order=up', 'sort_order'],
    ['emial=x', 'emial'],
  ])('%s is refused', async (query, param) => {
    const { status, json } = await admin.call(`GET /user/list?${query}`);
    expect([status, json.error.param]).toEqual([400, param]);
  });

  test('parts of ids and addresses', async () => {
    expect(await admin.ok<unknown[]>('GET /user/filter/ui?user_email=anna')).toEqual([
      { user_id: 'a', user_email: 'anna@example.com', user_alias: 'Zoe', user_role: 'internal_user' },
    ]);
    expect(await admin.ok<unknown[]>('GET /user/filter/ui?user_id=D')).toHaveLength(1);
    expect(await admin.ok<unknown[]>('GET /user/filter/ui?page_size=2')).toHaveLength(2);
  });
});
