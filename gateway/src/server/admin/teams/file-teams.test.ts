import { afterAll, beforeAll, expect, test } from 'bun:test';
import { kinds } from '../../../access/records/kinds.ts';
import { loadConfig } from '../../../config/load.ts';
import { userWithKey } from '../../../../../test/kit/people.ts';
import { describeAdmin, type TestAdmin } from '../../../../../test/kit/admin.ts';
import { teamDrift } from './drift.ts';

const models = `
model_list:
  - { model_name: gpt-4o, litellm_params: { model: mock/hello } }
  - { model_name: embedding-small, litellm_params: { model: mock/hello } }
  - { model_name: claude-sonnet, litellm_params: { model: mock/hello } }
`;
const config = `${models}
team_settings:
  - { team_id: engineering, max_budget: 500, models: ["gpt-4o", "claude-sonnet"] }
  - { team_id: data-science, max_budget: 1000, models: ["gpt-4o", "embedding-*"], team_alias: Data }
`;

describeAdmin('teams of the configuration file', (start) => {
  let admin: TestAdmin;
  beforeAll(async () => {
    admin = await start({ config });
  });
  afterAll(() => admin.stop());

  test('are there, with their models and budget, for keys', async () => {
    const { key } = await admin.ok<{ key: string }>('POST /key/generate', {
      team_id: 'data-science',
      key_alias: 'ds',
      max_budget: 5,
      duration: '30d',
    });
    expect((await admin.chat('gpt-4o', key)).status).toBe(200);
    expect((await admin.chat('embedding-small', key)).status).toBe(200);
    expect((await admin.chat('claude-sonnet', key)).status).toBe(401);
    const info = await admin.ok<{ team_info: object; keys: object[] }>('GET /team/info?team_id=data-science');
    expect(info.team_info).toMatchObject({
      team_id: 'data-science',
      team_alias: 'Data',
      max_budget: 1000,
      models: ['gpt-4o', 'embedding-*'],
      config_owned: true,
      config_place: 'test.yaml:9',
      created_at: null,
    });
    expect(info.keys).toMatchObject([{ key_alias: 'ds' }]);
    expect(JSON.stringify(info)).not.toContain(key);
  });

  test('belong to the file: nothing of them changes here, but who is in them', async () => {
    const refused: readonly (readonly [string, Record<string, unknown>])[] = [
      ['POST /team/new', { team_id: 'engineering' }],
      ['POST /team/update', { team_id: 'engineering', max_budget: 1 }],
      ['PATCH /team/engineering', { max_budget: 1 }],
      ['POST /team/delete', { team_ids: ['engineering'] }],
      ['POST /team/block', { team_id: 'engineering' }],
      ['POST /team/model/add', { team_id: 'engineering', models: ['m'] }],
      ['POST /team/permissions_update', { team_id: 'engineering', team_member_permissions: [] }],
    ];
    for (const [route, body] of refused) {
      const { status, json } = await admin.call(route, body);
      expect([route, status, json.error.message]).toEqual([
        route,
        400,
        expect.stringContaining('owned by the configuration file (test.yaml:8, team_settings[0])'),
      ]);
    }
    const key = await userWithKey(admin, 'erin');
    const added = await admin.ok('POST /team/member_add', { team_id: 'engineering', member: { user_id: 'erin', role: 'admin' } });
    expect(added).toMatchObject({ admins: ['erin'], config_owned: true });
    expect(await admin.ok('GET /team/engineering/members/me', undefined, { key })).toMatchObject({ role: 'admin' });
    expect((await admin.ok<{ team_id: string }[]>('GET /team/list', undefined, { key })).map(({ team_id: id }) => id)).toEqual([
      'engineering',
    ]);
    const made = await admin.call('POST /team/permissions_bulk_update', { apply_to_all_teams: true, permissions: ['/key/list'] });
    expect(made.json).toMatchObject({ teams_updated: 0 });
  });

  test('come first in lists, and pages go on with those of the database', async () => {
    for (const id of ['t1', 't2', 't3']) await admin.ok('POST /team/new', { team_id: id });
    const page = async (query: string) =>
      (await admin.ok<{ teams: { team_id: string }[]; total: number }>(`GET /v2/team/list?sort_by=team_id&${query}`)).teams.map(
        ({ team_id: id }) => id,
      );
    expect(await page('page_size=3')).toEqual(['engineering', 'data-science', 't1']);
    expect(await page('page_size=3&page=2')).toEqual(['t2', 't3']);
    expect(await page('page_size=2&page=2')).toEqual(['t1', 't2']);
    expect(await page('page_size=4&page=1')).toEqual(['engineering', 'data-science', 't1', 't2']);
    expect(await page('page_size=4&page=2')).toEqual(['t3']);
    expect(await page('team_alias=dat')).toEqual(['data-science']);
    expect((await admin.ok<{ total: number }>('GET /v2/team/list')).total).toBe(5);
  });

  test('win over one of the database with the same id, and say in what the two differ', async () => {
    const record = { models: ['claude-sonnet'], max_budget: 500, rpm_limit: 3 };
    await admin.store.write({ by: 'test' }, (writing) => writing.insert(kinds.team, 'engineering', record));
    const { team_info: info } = await admin.ok<{ team_info: object }>('GET /team/info?team_id=engineering');
    expect(info).toMatchObject({
      models: ['gpt-4o', 'claude-sonnet'],
      rpm_limit: null,
      config_owned: true,
      config_drift: ['models', 'rpm_limit'],
    });
    const loaded = loadConfig(config, { file: 'test.yaml', env: {} });
    if (!loaded.ok) throw new Error('does not load');
    expect(await teamDrift(admin.store, loaded.snapshot)).toEqual([
      "The team 'engineering' is in the database too, with another models, rpm_limit; the configuration file (test.yaml:8) wins.",
    ]);
    const { teams, total } = await admin.ok<{ teams: { team_id: string; max_budget: number }[]; total: number }>(
      'GET /v2/team/list?team_id=engineering',
    );
    expect([teams.length, total, teams[0]!.max_budget]).toEqual([1, 1, 500]);
  });

  test('a reload takes them away, and its keys with it', async () => {
    const { key } = await admin.ok<{ key: string }>('POST /key/generate', { team_id: 'data-science' });
    expect((await admin.chat('claude-sonnet', key)).status).toBe(401);
    expect((await admin.chat('gpt-4o', key)).status).toBe(200);
    admin.reload(models);
    expect((await admin.call('GET /team/info?team_id=data-science')).status).toBe(404);
    // What a key of a team that is gone may do nobody knows.
    expect((await admin.chat('gpt-4o', key)).status).toBe(401);
    expect((await admin.chat('claude-sonnet', key)).status).toBe(401);
    admin.reload(config);
    expect((await admin.call('GET /team/info?team_id=data-science')).status).toBe(200);
    expect((await admin.chat('gpt-4o', key)).status).toBe(200);
  });
});
