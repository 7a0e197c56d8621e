import { beforeAll, afterAll, expect, test } from 'bun:test';
import { describeAdmin, type TestAdmin } from '../../../../../test/kit/admin.ts';
import { hashKey } from '../../../access/keys/secret.ts';
import { dateOf, dayOf } from '../../../spend/reports/days.ts';
import { testAt, testEvent, writeTestEvents } from '../../../spend/reports/testing.ts';

/* What LiteLLM's clients and pages ask for, and read of the answers (its source, read 2026-11-22). */

const today = dayOf(Date.now());
const [first, last] = [today - 3, today - 1];
const dates = `start_date=${dateOf(first)}&end_date=${dateOf(last)}`;

const config = `
model_list:
  - { model_name: gpt-4o, litellm_params: { model: mock/hello } }
`;

describeAdmin('the spend API, as LiteLLM’s clients know it', (start) => {
  let admin: TestAdmin;
  let [ofTeam, own] = ['', ''];
  const get = <T = object[]>(path: string, key?: string): Promise<T> => admin.ok<T>(`GET ${path}`, undefined, key ? { key } : {});

  beforeAll(async () => {
    admin = await start({ config });
    await admin.ok('POST /team/new', { team_id: 'red', team_alias: 'Red' });
    ({ key: own } = await admin.ok<{ key: string }>('POST /user/new', { user_id: 'ann' }));
    ({ key: ofTeam } = await admin.ok<{ key: string }>('POST /key/generate', { team_id: 'red', user_id: 'ann', key_alias: 'red-key' }));
    const ann = { userId: 'ann', at: testAt(10, first) };
    await writeTestEvents(admin.store.database, [
      testEvent({ ...ann, keyId: hashKey(ofTeam), teamId: 'red', customerId: 'c1', tags: ['x'] }),
      testEvent({ ...ann, keyId: hashKey(own), nanodollars: 20_000_000 }),
      testEvent({ ...ann, keyId: hashKey(own), nanodollars: 0, model: '', upstreamModel: '', status: 404, errorCode: 'not_found' }),
      // It came a moment later than it was over, as two clocks have it.
      testEvent({ ...ann, at: testAt(10, first + 1), teamId: 'red', firstOutputAt: testAt(10, first + 1) + 1501 }),
    ]);
  });
  afterAll(() => admin.stop());

  test('the report of a key, or of a user, is by key, unless it is said otherwise', async () => {
    const report = `/global/spend/report?${dates}`;
    const ofOwn = { api_key: hashKey(own), total_cost: 0.02, total_input_tokens: 220, total_output_tokens: 40 };
    expect(await get(`${report}&api_key=${own}`)).toMatchObject([ofOwn]);
    const ofAnn = await get<{ api_key: string }[]>(`${report}&internal_user_id=ann`);
    expect(ofAnn[0]).toMatchObject(ofOwn);
    // Calls without a key, of somebody who signed on, are theirs as well.
    expect(ofAnn.map(({ api_key }) => api_key).toSorted()).toEqual(['', hashKey(own), hashKey(ofTeam)].toSorted());
    expect(await get(`${report}&internal_user_id=ann&group_by=team`)).toHaveLength(2);
    expect(await get(`${report}&api_key=${own}&group_by=model`)).toMatchObject([{ models: [{ model: 'gpt-4o', total_spend: 0.02 }] }]);
  });

  test('the report of one user, team or customer is of sums: a year of it is no matter, and it is what the rows say', async () => {
    const sums = (named: string, year = `${dateOf(last - 300)}`) =>
      get<object[]>(`/global/spend/report?start_date=${year}&end_date=${dateOf(last)}&${named}`);
    expect(await sums('internal_user_id=ann')).toHaveLength(3);
    expect(await sums('internal_user_id=ann&group_by=user')).toMatchObject([{ users: [{ user: 'ann', total_spend: 0.03 }] }, {}]);
    expect(await sums('team_id=red')).toMatchObject([
      { teams: [{ team_id: 'red', total_spend: 0.01 }] },
      { teams: [{ total_spend: 0.01 }] },
    ]);
    for (const group of ['model', 'provider', 'api_key']) {
      // With a second filter it is rows that are read.
      const [of1, of2] = [`team_id=red&group_by=${group}`, `team_id=red&internal_user_id=ann&group_by=${group}`];
      expect(await sums(of1, dateOf(first))).toEqual(await sums(of2, dateOf(first)));
    }
    expect(await sums('customer_id=c1&group_by=model')).toMatchObject([{ models: [{ model: 'gpt-4o', total_spend: 0.01 }] }]);
    expect(await sums('team_id=blue')).toEqual([]);
  });

  test('the report of a team and a customer names both', async () => {
    expect(await get(`/global/spend/report?${dates}&team_id=red&customer_id=c1`)).toMatchObject([
      { group_by_day: dateOf(first), teams_customers: [{ team_name: 'Red', customer: 'c1', total_spend: 0.01 }] },
    ]);
  });

  test('reports by team come to all that was spent', async () => {
    const unassigned = { team_name: 'Unassigned Team', team_id: null, total_spend: 0.02 };
    for (const key of [admin.masterKey, own]) {
      const [day] = await get<{ teams: object[] }[]>(`/global/spend/report?${dates}`, key);
      expect(day!.teams).toHaveLength(2);
      expect(day!.teams).toContainEqual(expect.objectContaining(unassigned));
    }
    expect(await get<object>('/global/spend/teams')).toMatchObject({
      daily_spend: [
        { date: dateOf(first), Red: 0.01, Unassigned: 0.02 },
        { date: dateOf(first + 1), Red: 0.01 },
      ],
      teams: ['Red', 'Unassigned'],
      total_spend_per_team: [
        { team_id: 'red', total_spend: 0.02 },
        { team_id: 'Unassigned', total_spend: 0.02 },
      ],
    });
  });

  test('the summary of the log has the keys, and the days until its end', async () => {
    const keys = { [hashKey(own)]: 0.02, [hashKey(ofTeam)]: 0.01 };
    const [day, next, ...rest] = await get(`/spend/logs?${dates}`);
    expect(day).toEqual({ ...keys, startTime: dateOf(first), spend: 0.03, users: { ann: 0.03 }, models: { '': 0, 'gpt-4o': 0.03 } });
    expect(next).toMatchObject({ startTime: dateOf(first + 1), spend: 0.01 });
    expect(rest).toEqual([{ startTime: dateOf(last), spend: 0, users: {}, models: {} }]);
    // Days that are still to come are none.
    expect(await get(`/spend/logs?start_date=${dateOf(first)}&end_date=2999-01-01`)).toHaveLength(today - first + 1);
    expect(await get(`/spend/logs?start_date=${dateOf(first - 9)}&end_date=${dateOf(first - 5)}`)).toEqual([]);
  });

  test('keys are shown by their last letters, models have tokens', async () => {
    expect(await get(`/global/spend/keys?${dates}`)).toMatchObject([
      { api_key: hashKey(own), key_name: `sk-...${own.slice(-4)}`, key_alias: null },
      { api_key: hashKey(ofTeam), key_name: `sk-...${ofTeam.slice(-4)}`, key_alias: 'red-key' },
    ]);
    expect(await get(`/global/spend/models?${dates}`)).toEqual([{ model: 'gpt-4o', total_spend: 0.04, total_tokens: 390 }]);
  });

  test('all tags, all end users, no tag', async () => {
    expect(await get<object>(`/global/spend/tags?${dates}&tags=all-tags`)).toMatchObject({ spend_per_tag: [{ name: 'x' }] });
    expect(await get<object>('/global/all_end_users')).toEqual({ end_users: ['c1'] });
    expect(await get<object>(`/tag/summary?${dates}&tag_filters=`)).toMatchObject({ results: [{ tag: 'x' }] });
  });

  test('an answer does not end before it begins', async () => {
    const { data } = await get<{ data: { endTime: string; completionStartTime: string }[] }>('/spend/logs/v2?page_size=1');
    expect(data[0]!.completionStartTime).toBe(data[0]!.endTime);
  });

  test('moments in every spelling; a day that no month has is none', async () => {
    const total = async (moment: string) =>
      (await get<{ total: number }>(`/spend/logs/v2?start_date=${encodeURIComponent(`${dateOf(first + 1)}${moment}`)}`)).total;
    expect(await Promise.all(['T09:00:00Z', ' 09:00:00', 'T09:00:00+0000', 'T14:30:00+05:30', 'T09:00z'].map(total))).toEqual([
      1, 1, 1, 1, 1,
    ]);
    expect(await total('T08:00:00-0300')).toBe(0);
    for (const wrong of ['2026-02-31', '2026-02-31T10:00:00Z', '2026-02-30 10:00'])
      expect((await admin.call(`GET /spend/logs/v2?start_date=${encodeURIComponent(wrong)}`)).status).toBe(400);
  });

  test('an answer’s own name of its model is enough to say what it cost', async () => {
    const completion_response = { model: 'gpt-4o-2024-11-20', choices: [], usage: { prompt_tokens: 1000, completion_tokens: 100 } };
    expect((await admin.ok<{ cost: number }>('POST /spend/calculate', { completion_response })).cost).toBeGreaterThan(0);
    expect(
      (await admin.call('POST /spend/calculate', { completion_response: { ...completion_response, model: 'of-nobody' } })).status,
    ).toBe(404);
  });

  test('a parameter that a report does not have is named', async () => {
    const { status, json } = await admin.call('GET /user/daily/activity/aggregated?page=1');
    expect([status, json.error.message]).toEqual([400, "There is no parameter 'page' here."]);
  });
});
