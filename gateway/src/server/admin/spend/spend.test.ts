import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { describeAdmin, type TestAdmin } from '../../../../../test/kit/admin.ts';
import { hashKey } from '../../../access/keys/secret.ts';
import { dateOf, dayOf } from '../../../spend/reports/days.ts';
import { testAt, testEvent, writeTestEvents } from '../../../spend/reports/testing.ts';
import { sql } from '../../../storage/sql/statement.ts';
import { spendRoutes } from './index.ts';

const today = dayOf(Date.now());
const [first, last] = [today - 3, today - 1];
const dates = `start_date=${dateOf(first)}&end_date=${dateOf(last)}`;

const config = `
model_list:
  - { model_name: gpt-4o, litellm_params: { model: openai/gpt-4o, api_key: sk-upstream } }
  - { model_name: priced, litellm_params: { model: openai/none-such, api_key: sk-upstream, input_cost_per_token: 0.000001, output_cost_per_token: 0.000002 } }
  - { model_name: unpriced, litellm_params: { model: openai/none-such-either, api_key: sk-upstream } }
litellm_settings: { max_budget: 1000, cost_margin_config: { openai: 0.1 } }
router_settings: { provider_budget_config: { openai: { budget_limit: 100, time_period: 30d } } }
`;

describeAdmin('the spend API', (start) => {
  let admin: TestAdmin;
  /** By who has them. */
  const keys = new Map<string, string>();
  let service: string;

  beforeAll(async () => {
    admin = await start({ config });
    await admin.ok('POST /organization/new', { organization_id: 'org', organization_alias: 'Org' });
    await admin.ok('POST /team/new', { team_id: 'red', team_alias: 'Red', organization_id: 'org' });
    await admin.ok('POST /team/new', { team_id: 'blue', team_alias: 'Blue' });
    for (const user of ['ann', 'bob', 'lead', 'chief', 'viewer']) {
      const { key } = await admin.ok<{ key: string }>('POST /user/new', {
        user_id: user,
        user_email: `${user}@example.com`,
        user_role: user === 'viewer' ? 'proxy_admin_viewer' : 'internal_user',
      });
      keys.set(user, key);
    }
    for (const [user, role] of [
      ['ann', 'user'],
      ['lead', 'admin'],
    ])
      await admin.ok('POST /team/member_add', { team_id: 'red', member: { user_id: user, role } });
    await admin.ok('POST /organization/member_add', { organization_id: 'org', member: { user_id: 'chief', role: 'org_admin' } });
    ({ key: service } = await admin.ok<{ key: string }>('POST /key/generate', { team_id: 'blue', key_alias: 'service' }));
    const events = [first, first + 1, last].flatMap((day, at) => [
      testEvent({
        ...ofUser('ann', 'red', 'org'),
        id: `ann-${at}`,
        at: testAt(10, day),
        sessionId: 's1',
        tags: ['x'],
        customerId: 'c1',
        userAgent: 'cli',
      }),
      testEvent({
        ...ofUser('bob'),
        id: `bob-${at}`,
        at: testAt(11, day),
        model: 'claude',
        provider: 'anthropic',
        nanodollars: 20_000_000,
      }),
      testEvent({
        keyId: hashKey(service),
        teamId: 'blue',
        id: `service-${at}`,
        at: testAt(12, day),
        tags: ['x', 'y'],
        keyAlias: 'service',
      }),
      testEvent({
        ...ofUser('bob', 'red', 'org'),
        id: `failed-${at}`,
        at: testAt(13, day),
        status: 429,
        errorCode: 'rate_limited',
        errorMessage: 'Too many.',
        nanodollars: 0,
        attempts: 3,
      }),
    ]);
    await writeTestEvents(admin.store.database, events);
  });
  afterAll(() => admin.stop());

  const ofUser = (userId: string, teamId?: string, organizationId?: string) => ({
    userId,
    keyId: hashKey(keys.get(userId)!),
    ...(teamId !== undefined && { teamId }),
    ...(organizationId !== undefined && { organizationId }),
  });
  const as = (user: string) => ({ key: user === 'service' ? service : keys.get(user)! });
  interface Logs {
    data: Record<string, unknown>[];
    total: number;
    total_pages: number;
  }
  const logs = (query: string, user?: string) =>
    admin.ok<Logs>(`GET /spend/logs/v2?${query}`, undefined, user === undefined ? {} : as(user));
  const idsOf = ({ data }: Logs) => data.map((row) => (row['metadata'] as { event_id: string }).event_id);
  interface Report {
    results: {
      date: string;
      metrics: { spend: number; api_requests: number };
      breakdown: Record<string, Record<string, { metrics: { spend: number }; metadata: Record<string, unknown> }>>;
    }[];
    metadata: Record<string, number>;
  }
  const activity = (path: string, query = dates, user?: string) =>
    admin.ok<Report>(`GET ${path}?${query}`, undefined, user === undefined ? {} : as(user));

  describe('the log', () => {
    test('a row has what LiteLLM’s has', async () => {
      const { data, total, total_pages } = await logs(`${dates}&user_id=ann&page_size=2`);
      expect([data.length, total, total_pages]).toEqual([2, 3, 2]);
      expect(data[0]).toMatchObject({
        request_id: 'call-of-ann-2',
        call_type: 'acompletion',
        api_key: hashKey(keys.get('ann')!),
        spend: 0.01,
        total_tokens: 130,
        prompt_tokens: 110,
        completion_tokens: 20,
        startTime: `${dateOf(last)}T10:00:00.000Z`,
        endTime: `${dateOf(last)}T10:00:01.500Z`,
        completionStartTime: null,
        model: 'gpt-4o-2024-11-20',
        model_group: 'gpt-4o',
        custom_llm_provider: 'openai',
        user: 'ann',
        team_id: 'red',
        end_user: 'c1',
        cache_hit: 'False',
        request_tags: ['x'],
        session_id: 's1',
        status: 'success',
        messages: {},
        metadata: { usage_object: { prompt_tokens: 110, cache_read_input_tokens: 10 }, error_information: null },
      });
      const failed = await logs('request_id=failed-1');
      expect(failed.data).toMatchObject([
        {
          status: 'failure',
          metadata: {
            attempted_retries: 2,
            error_information: { error_code: '429', error_class: 'rate_limited', error_message: 'Too many.' },
          },
        },
      ]);
    });

    test('everybody sees what is theirs', async () => {
      expect((await logs(dates)).total).toBe(12);
      expect((await logs(dates, 'viewer')).total).toBe(12);
      expect(idsOf(await logs(dates, 'ann'))).toEqual(['ann-2', 'ann-1', 'ann-0']);
      expect((await logs(dates, 'bob')).total).toBe(6);
      // Of the team, and of the organisation.
      for (const user of ['lead', 'chief']) expect((await logs(dates, user)).total).toBe(6);
      expect(idsOf(await logs(dates, 'service'))).toEqual(['service-2', 'service-1', 'service-0']);
      // What is another's is not there, by whatever it is asked for.
      for (const query of ['user_id=bob', 'request_id=bob-1', `api_key=${hashKey(keys.get('bob')!)}`, 'team_id=blue', 'model=claude'])
        expect([query, (await logs(`${dates}&${query}`, 'ann')).total]).toEqual([query, 0]);
      expect((await admin.call('GET /spend/logs/ui/call-of-bob-1', undefined, as('ann'))).status).toBe(404);
      expect(await admin.ok('GET /spend/logs?request_id=bob-1', undefined, as('ann'))).toEqual([] as never);
    });

    test('a key is named by itself or by its hash', async () => {
      for (const key of [keys.get('ann')!, hashKey(keys.get('ann')!)]) expect((await logs(`${dates}&api_key=${key}`)).total).toBe(3);
      expect((await logs(`${dates}&key_alias=service`)).total).toBe(3);
      expect((await logs(`${dates}&key_alias=none`)).total).toBe(0);
    });

    test('one call, and a session', async () => {
      expect(await admin.ok('GET /spend/logs/ui/call-of-ann-1')).toMatchObject({ request_id: 'call-of-ann-1' });
      expect((await admin.ok<Logs>('GET /spend/logs/session/ui?session_id=s1')).data.map((row) => row['request_id'])).toEqual([
        'call-of-ann-0',
        'call-of-ann-1',
        'call-of-ann-2',
      ]);
      expect((await admin.ok<Logs>('GET /spend/logs/session/ui?session_id=s1', undefined, as('bob'))).total).toBe(0);
    });

    test('the old route: rows, and sums of days', async () => {
      expect(await admin.ok<unknown[]>('GET /spend/logs?summarize=false')).toHaveLength(12);
      expect(await admin.ok<unknown[]>(`GET /spend/logs?${dates}`)).toMatchObject([
        { startTime: dateOf(first), spend: 0.04, users: { ann: 0.01, bob: 0.02 }, models: { 'gpt-4o': 0.02, claude: 0.02 } },
        {},
        {},
      ]);
      expect(await admin.ok<unknown[]>(`GET /spend/logs?${dates}`, undefined, as('ann'))).toMatchObject([
        { spend: 0.01, users: { ann: 0.01 } },
        {},
        {},
      ]);
      expect(await admin.ok(`GET /spend/logs?${dates}&user_id=bob`, undefined, as('ann'))).toEqual([] as never);
    });

    test('what is wrong is named', async () => {
      for (const [query, param] of [
        ['page=0', 'page'],
        ['page_size=1001', 'page_size'],
        ['sort_by=password', 'sort_by'],
        ['min_spend=cheap', 'min_spend'],
        ['status_filter=odd', 'status_filter'],
        ['start_date=yesterday', 'start_date'],
        ['end_date=2026-02-31', 'end_date'],
        ['users=ann', 'users'],
      ])
        expect(await admin.call(`GET /spend/logs/v2?${query}`)).toMatchObject({ status: 400, json: { error: { param } } });
    });

    test('facets', async () => {
      const window = `filter[startTime][gte]=${dateOf(first)}T00:00:00Z&filter[startTime][lte]=${dateOf(last)}T23:59:59Z`;
      const path = `GET /management/v1/spend_logs/users?${window}`;
      expect(await admin.ok(`${path}&page_size=1`)).toMatchObject({ data: ['ann'], meta: { has_more: true }, links: { prev: null } });
      expect(await admin.ok(`${path}&page_size=1&page=2`)).toMatchObject({
        data: ['bob'],
        meta: { has_more: false },
        links: { next: null },
      });
      expect(await admin.ok(path, undefined, as('ann'))).toMatchObject({ data: ['ann'] });
      expect(await admin.ok(`GET /management/v1/spend_logs/end_users?${window}`)).toMatchObject({ data: ['c1'] });
      expect((await admin.call('GET /management/v1/spend_logs/end_users')).status).toBe(400);
    });
  });

  describe('exports', () => {
    const text = async (path: string, user?: string) => {
      const response = await fetch(admin.url + path, {
        headers: { authorization: `Bearer ${user === undefined ? admin.masterKey : as(user).key}` },
      });
      return { type: response.headers.get('content-type'), status: response.status, text: await response.text() };
    };

    test('JSON Lines and CSV, with filters, of what may be seen', async () => {
      const lines = await text(`/spend/logs/export?${dates}&team_id=red`);
      expect([lines.type, lines.text.trim().split('\n').length]).toEqual(['application/x-ndjson', 6]);
      expect(JSON.parse(lines.text.split('\n')[0]!)).toMatchObject({ request_id: 'call-of-ann-0' });
      const csv = await text(`/spend/logs/export?${dates}&format=csv`, 'ann');
      const rows = csv.text.trim().split('\r\n');
      expect(rows).toHaveLength(4);
      expect(rows[0]).toStartWith('request_id,startTime,');
      expect(rows[1]).toStartWith(`call-of-ann-0,${dateOf(first)}T10:00:00.000Z,`);
      expect((await text('/spend/logs/export?format=xlsx')).status).toBe(400);
    });

    test('days', async () => {
      const { text: csv } = await text(`/spend/days/export?${dates}&format=csv&by=user`);
      expect(csv.split('\r\n').slice(0, 2)).toEqual([
        'date,kind,entity,spend,api_requests,failed_requests,prompt_tokens,completion_tokens,cache_read_input_tokens,cache_creation_input_tokens,cache_hits',
        `${dateOf(first)},user,ann,0.01,1,0,110,20,10,0,0`,
      ]);
      expect((await text(`/spend/days/export?${dates}`, 'ann')).status).toBe(403);
    });
  });

  describe('daily activity', () => {
    test('of the gateway, of a user, of oneself', async () => {
      const all = await activity('/user/daily/activity');
      expect(all.results.map(({ date, metrics }) => [date, metrics.spend, metrics.api_requests])).toEqual(
        [last, last - 1, first].map((day) => [dateOf(day), 0.04, 4]),
      );
      expect(all.metadata).toMatchObject({
        total_spend: 0.12,
        total_api_requests: 12,
        total_successful_requests: 9,
        total_failed_requests: 3,
        total_tokens: 12 * 130,
        page: 1,
        total_pages: 1,
        has_more: false,
      });
      const { breakdown } = all.results[0]!;
      expect(breakdown['models']).toMatchObject({ 'gpt-4o-2024-11-20': { metrics: { api_requests: 4 } } } as object);
      expect(breakdown['model_groups']!['claude']!.metrics.spend).toBe(0.02);
      expect(breakdown['providers']!['anthropic']!.metrics.spend).toBe(0.02);
      expect(breakdown['endpoints']!['/chat/completions']!.metrics.spend).toBe(0.04);
      expect(breakdown['api_keys']![hashKey(service)]!.metadata).toEqual({ key_alias: 'service', team_id: 'blue' });
      expect(breakdown['mcp_servers']).toEqual({});
      const paged = await activity('/user/daily/activity', `${dates}&page_size=2&page=2`);
      expect([paged.results.map(({ date }) => date), paged.metadata['has_more']]).toEqual([[dateOf(first)], false as never]);

      expect((await activity('/user/daily/activity', `${dates}&user_id=bob`)).metadata).toMatchObject({
        total_spend: 0.06,
        total_api_requests: 6,
      });
      expect((await activity('/user/daily/activity/aggregated', dates, 'ann')).metadata).toMatchObject({ total_spend: 0.03 });
      expect((await activity('/user/daily/activity', dates, 'service')).metadata).toMatchObject({ total_spend: 0.03 });
      expect((await admin.call(`GET /user/daily/activity?${dates}&user_id=bob`, undefined, as('ann'))).status).toBe(403);
      const filtered = await activity('/user/daily/activity', `${dates}&model=claude&api_key=${hashKey(keys.get('bob')!)}`);
      expect(filtered.metadata).toMatchObject({ total_spend: 0.06, total_api_requests: 3 });
    });

    test('of teams: all for who administers them, their own part for members', async () => {
      const all = await activity('/team/daily/activity');
      expect(Object.keys(all.results[0]!.breakdown['entities']!).toSorted()).toEqual(['blue', 'red']);
      expect(all.results[0]!.breakdown['entities']!['red']!.metadata).toMatchObject({ alias: 'Red' });
      for (const user of ['lead', 'chief'])
        expect((await activity('/team/daily/activity', dates, user)).metadata).toMatchObject({ total_api_requests: 6, total_spend: 0.03 });
      expect((await activity('/team/daily/activity', dates, 'ann')).metadata).toMatchObject({ total_api_requests: 3 });
      expect((await activity('/team/daily/activity', `${dates}&team_ids=red`, 'ann')).metadata).toMatchObject({ total_api_requests: 3 });
      expect((await activity('/team/daily/activity', dates, 'bob')).results).toEqual([]);
      expect((await activity('/team/daily/activity', `${dates}&exclude_team_ids=red`)).metadata).toMatchObject({ total_api_requests: 3 });
      for (const team of ['red', 'blue', 'nowhere'])
        expect((await admin.call(`GET /team/daily/activity?team_ids=${team}`, undefined, as('bob'))).status).toBe(403);
      expect((await admin.call('GET /team/daily/activity?team_ids=red,blue', undefined, as('lead'))).status).toBe(403);
    });

    test('of organisations, customers, tags, agents, user agents', async () => {
      expect((await activity('/organization/daily/activity', dates, 'chief')).metadata).toMatchObject({ total_api_requests: 6 });
      expect((await activity('/organization/daily/activity', dates, 'ann')).results).toEqual([]);
      expect((await admin.call('GET /organization/daily/activity?organization_ids=org', undefined, as('ann'))).status).toBe(403);
      for (const path of ['/customer/daily/activity', '/end_user/daily/activity'])
        expect((await activity(path, `${dates}&end_user_ids=c1`)).metadata).toMatchObject({ total_api_requests: 3 });
      expect((await activity('/tag/daily/activity', `${dates}&tags=y`)).metadata).toMatchObject({ total_api_requests: 3 });
      expect((await activity('/user_agent/daily/activity')).results[0]!.breakdown['entities']).toHaveProperty('cli');
      expect((await activity('/agent/daily/activity')).results).toEqual([]);
      expect((await admin.call('GET /tag/daily/activity', undefined, as('ann'))).status).toBe(403);
    });

    test('a zone takes all days that its days touch; a report has an end', async () => {
      const one = `start_date=${dateOf(first)}&end_date=${dateOf(first)}`;
      expect((await activity('/user/daily/activity', one)).results).toHaveLength(1);
      expect((await activity('/user/daily/activity', `${one}&timezone=480`)).results).toHaveLength(2);
      expect(
        (await activity('/user/daily/activity', `start_date=${dateOf(first + 1)}&end_date=${dateOf(first + 1)}&timezone=-330`)).results,
      ).toHaveLength(2);
      expect(await admin.call('GET /user/daily/activity?start_date=2020-01-01&end_date=2026-01-01')).toMatchObject({ status: 400 });
    });
  });

  describe('figures of the gateway', () => {
    const get = async (path: string, user?: string) => await admin.ok<never>(`GET ${path}`, undefined, user === undefined ? {} : as(user));

    test('spend', async () => {
      expect(await get('/global/spend')).toEqual({ spend: 0.12, max_budget: 1000 } as never);
      expect(await get('/global/spend', 'ann')).toEqual({ spend: 0.03, max_budget: null } as never);
      expect(await get(`/global/spend/logs?${dates}`, 'bob')).toEqual(
        [first, first + 1, last].map((day) => ({ date: dateOf(day), spend: 0.02 })) as never,
      );
      expect(await get(`/global/spend/keys?${dates}&limit=1`)).toMatchObject([
        { api_key: hashKey(keys.get('bob')!), total_spend: 0.06 },
      ] as never);
      expect(await get(`/global/spend/keys?${dates}`, 'ann')).toMatchObject([{ total_spend: 0.03 }] as never);
      expect((await get(`/global/spend/models?${dates}`)) as unknown as object[]).toEqual(
        expect.arrayContaining([
          { model: 'claude', total_spend: 0.06, total_tokens: 390 },
          { model: 'gpt-4o', total_spend: 0.06, total_tokens: 1170 },
        ]),
      );
      expect(await get(`/global/spend/provider?${dates}`, 'ann')).toEqual([{ provider: 'openai', spend: 0.03 }] as never);
      expect(await get('/global/spend/teams')).toMatchObject({
        daily_spend: [{ date: dateOf(first), Red: 0.01, Blue: 0.01, Unassigned: 0.02 }, {}, {}],
        teams: ['Red', 'Blue', 'Unassigned'],
        total_spend_per_team: [{ team_id: 'Unassigned', total_spend: 0.06 }, { team_id: 'red' }, { team_id: 'blue' }],
      } as never);
      expect(await get('/global/spend/tags?tags=x')).toEqual({ spend_per_tag: [{ name: 'x', spend: 0.06, log_count: 6 }] } as never);
      expect(await get('/spend/tags')).toMatchObject([{ individual_request_tag: 'x', log_count: 6, total_spend: 0.06 }, {}] as never);
      expect(await get('/global/spend/all_tag_names')).toEqual({ tag_names: expect.arrayContaining(['x', 'y']) } as never);
      expect(await get('/global/all_end_users')).toEqual({ end_users: ['c1'] } as never);
      expect(await admin.ok<never>('POST /global/spend/end_users', {})).toEqual([
        { end_user: 'c1', total_count: 3, total_spend: 0.03 },
      ] as never);
      for (const path of ['/global/spend/teams', '/global/spend/tags', '/global/all_end_users', '/model/metrics', '/tag/dau'])
        expect([path, (await admin.call(`GET ${path}`, undefined, as('lead'))).status]).toEqual([path, 403]);
    });

    test('activity and exceptions', async () => {
      expect(await get(`/global/activity?${dates}`)).toMatchObject({
        sum_api_requests: 12,
        sum_total_tokens: 1560,
        daily_data: [{ api_requests: 4 }, {}, {}],
      } as never);
      expect(await get(`/global/activity?${dates}`, 'ann')).toMatchObject({ sum_api_requests: 3 } as never);
      expect(await get(`/global/activity/model?${dates}`)).toMatchObject([
        { model: 'gpt-4o', sum_api_requests: 9 },
        { model: 'claude', sum_api_requests: 3 },
      ] as never);
      expect(await get(`/global/activity/cache_hits?${dates}`)).toHaveLength(4);
      expect(await get(`/global/activity/exceptions?${dates}&model_group=gpt-4o`)).toMatchObject({
        sum_num_rate_limit_exceptions: 3,
        daily_data: [{ date: dateOf(first), num_rate_limit_exceptions: 1 }, {}, {}],
      } as never);
      expect(await get(`/global/activity/exceptions/deployment?${dates}`)).toMatchObject([
        { api_base: 'd1', sum_num_rate_limit_exceptions: 3 },
      ] as never);
      const window = `startTime=${dateOf(first)}&endTime=${dateOf(last)}`;
      expect(await get(`/model/metrics?${window}`)).toMatchObject({
        all_api_bases: ['d1'],
        data: [{ date: dateOf(first), d1: 0.075 }, {}, {}],
      } as never);
      expect(await get(`/model/streaming_metrics?${window}`)).toEqual({ data: [], all_api_bases: [] } as never);
      expect(await get(`/model/metrics/slow_responses?${window}&slow_seconds=1`)).toEqual([
        { api_base: 'd1', total_count: 9, slow_count: 9 },
      ] as never);
      expect(await get(`/model/metrics/exceptions?${window}`)).toEqual({
        data: [{ model: 'd1', rate_limited: 3, sum_num_exceptions: 3 }],
        exception_types: ['rate_limited'],
      } as never);
    });

    test('the report, by everything that it can be grouped by', async () => {
      const report = (query: string, user?: string) =>
        get(`/global/spend/report?${dates}&${query}`, user) as unknown as Promise<Record<string, never>[]>;
      expect(await report('')).toMatchObject([
        { group_by_day: dateOf(first), teams: expect.arrayContaining([expect.objectContaining({ team_name: 'Red', total_spend: 0.01 })]) },
        {},
        {},
      ]);
      const byKey = await report('group_by=api_key');
      expect(byKey).toHaveLength(3);
      expect(byKey[0]).toMatchObject({ api_key: hashKey(keys.get('bob')!), total_cost: 0.06 });
      for (const [group, name] of [
        ['customer', 'c1'],
        ['user', 'ann'],
        ['organization', 'org'],
        ['tag', 'x'],
        ['user_agent', 'cli'],
        ['model', 'claude'],
        ['provider', 'anthropic'],
      ]) {
        const [day] = await report(`group_by=${group}`);
        expect((day![`${group}s`] as unknown as Record<string, string>[]).map((each) => each[group!])).toContain(name!);
      }
      // Both at once, and what one may see: from rows.
      const both = await report('group_by=customer&customer_id=c1&team_id=red');
      expect(both).toMatchObject([{ customers: [{ customer: 'c1', total_spend: 0.01 }] }, {}, {}]);
      expect(await report('group_by=user', 'lead')).toMatchObject([{ users: [{ user: 'ann' }, { user: 'bob' }] }, {}, {}]);
      expect(await report('group_by=user&team_id=blue', 'lead')).toEqual([]);
      expect((await admin.call('GET /global/spend/report?group_by=tag', undefined, as('lead'))).status).toBe(400);
      expect((await admin.call('GET /global/spend/report?group_by=weather')).json.error.param).toBe('group_by');
    });

    test('users of tags and user agents', async () => {
      const query = `start_date=${dateOf(first)}&end_date=${dateOf(last)}`;
      expect(await get(`/tag/summary?${query}`)).toMatchObject({
        results: [
          { tag: 'x', unique_users: 2, total_requests: 6, total_spend: 0.06 },
          { tag: 'User-Agent: cli', unique_users: 1 },
          { tag: 'y' },
        ],
      } as never);
      const daily = (await get('/tag/dau?tag_filter=x')) as unknown as { results: object[] };
      expect(daily.results).toEqual(
        [first, first + 1, last].map((day) => ({
          tag: 'x',
          active_users: 2,
          date: dateOf(day),
          period_start: dateOf(day),
          period_end: dateOf(day),
        })),
      );
      const { results: weeks } = (await get('/tag/wau?tag_filters=User-Agent:%20cli&tag_filters=y')) as unknown as { results: object[] };
      expect(weeks).toMatchObject([
        { tag: 'User-Agent: cli', active_users: 1 },
        { tag: 'y', active_users: 1 },
      ]);
      expect(await get('/tag/mau')).toMatchObject({ results: [{ tag: 'x', active_users: 2 }, {}, {}] } as never);
      expect(await get('/tag/user-agent/per-user-analytics')).toEqual({
        results: [
          {
            user_id: 'ann',
            user_email: 'ann@example.com',
            user_agent: 'User-Agent: cli',
            successful_requests: 3,
            failed_requests: 0,
            total_requests: 3,
            total_tokens: 390,
            spend: 0.03,
          },
        ],
        total_count: 1,
        page: 1,
        page_size: 50,
        total_pages: 1,
      } as never);
    });

    test('keys and users by what they spent', async () => {
      expect((await get('/spend/keys')) as unknown as object[]).toHaveLength(6);
      expect((await get('/spend/keys', 'ann')) as unknown as object[]).toHaveLength(1);
      expect((await get('/spend/users')) as unknown as object[]).toHaveLength(5);
      expect(await get('/spend/users', 'ann')).toMatchObject([{ user_id: 'ann' }] as never);
      expect(await get('/spend/users?user_id=bob')).toMatchObject([{ user_id: 'bob' }] as never);
      expect((await admin.call('GET /spend/users?user_id=bob', undefined, as('ann'))).status).toBe(403);
    });

    test('what would it cost', async () => {
      const { cost } = await admin.ok<{ cost: number }>('POST /spend/calculate', {
        completion_response: { model: 'priced', choices: [], usage: { prompt_tokens: 1000, completion_tokens: 500, total_tokens: 1500 } },
      });
      // 1000 x 0.000001 + 500 x 0.000002, and ten percent.
      expect(cost).toBeCloseTo(0.0022, 12);
      expect(
        (await admin.ok<{ cost: number }>('POST /spend/calculate', { model: 'priced', messages: [{ role: 'user', content: 'Hi' }] })).cost,
      ).toBeGreaterThan(0);
      expect(await admin.call('POST /spend/calculate', { model: 'unpriced', messages: [] })).toMatchObject({
        status: 400,
        json: { error: { param: 'model' } },
      });
      expect((await admin.call('POST /spend/calculate', { model: 'none-such', messages: [] })).status).toBe(404);
      expect((await admin.call('POST /spend/calculate', {})).status).toBe(400);
      const body = { model: 'priced', input_tokens: 1000, output_tokens: 500, num_requests_per_day: 100 };
      expect(await admin.ok<object>('POST /cost/estimate', body)).toMatchObject({
        cost_per_request: 0.0022,
        input_cost_per_request: 0.001,
        output_cost_per_request: 0.001,
        margin_cost_per_request: 0.0002,
        daily_cost: 0.22,
        monthly_cost: null,
        input_cost_per_token: 0.000001,
        provider: 'openai',
      });
      expect((await admin.call('POST /cost/estimate', { ...body, input_tokens: -1 })).json.error.param).toBe('input_tokens');
    });

    test('budgets of providers', async () => {
      const { providers } = (await get('/provider/budgets')) as unknown as { providers: Record<string, { budget_reset_at: string }> };
      expect(providers).toMatchObject({ openai: { budget_limit: 100, time_period: '30d', spend: 0 } });
      expect(Date.parse(providers['openai']!.budget_reset_at)).toBeGreaterThan(Date.now());
    });

    test('only the master key sets all spend back', async () => {
      await admin.ok('POST /key/update', { key: service, spend: 5 });
      await admin.store.database.run(
        sql`insert into spend_totals (subject, period_start, nanodollars, updated_at) values (${'team:blue'}, 0, 7000000000, 1)`,
      );
      expect((await admin.ok<{ team_info: { spend: number } }>('GET /team/info?team_id=blue')).team_info.spend).toBe(7);
      const { key: other } = await admin.ok<{ key: string }>('POST /user/new', { user_role: 'proxy_admin' });
      expect((await admin.call('POST /global/spend/reset', {}, { key: other })).status).toBe(403);
      expect((await admin.ok<{ info: { spend: number } }>(`GET /key/info?key=${service}`)).info.spend).toBe(5);
      await admin.ok('POST /global/spend/reset', {});
      expect((await admin.ok<{ info: { spend: number } }>(`GET /key/info?key=${service}`)).info.spend).toBe(0);
      expect((await admin.ok<{ team_info: { spend: number } }>('GET /team/info?team_id=blue')).team_info.spend).toBe(0);
      expect((await logs(dates)).total).toBe(12);
      expect(await admin.ok<object>('POST /global/spend/refresh', {})).toMatchObject({ status: 'success' });
    });
  });

  test('every route says what it does, and needs a key', async () => {
    for (const { method, paths, summary } of spendRoutes) {
      expect(summary).toMatch(/^[A-Z].*\.$/s);
      const { status } = await admin.call(`${method} ${paths[0].replaceAll(/[{}]/g, '')}`, method === 'POST' ? {} : undefined, { key: '' });
      expect([paths[0], status]).toEqual([paths[0], 401]);
    }
  });
});
