import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeAdmin, type TestAdmin } from '../../../../../test/kit/admin.ts';

const ofFile = `
model_list: []
litellm_settings:
  default_internal_user_params: { user_role: internal_user_viewer, max_budget: 3, models: [gpt-4o] }
  default_team_params: { max_budget: 50 }
  max_internal_user_budget: 1
general_settings: { password_policy_min_length: 30 }
`;

describeAdmin('what new users and teams get', (start) => {
  let admin: TestAdmin;
  beforeAll(async () => void (admin = await start()));
  afterAll(() => admin.stop());

  const usual = { auto_create_key: false };

  test('the database says it where the file does not; what is not named is not touched', async () => {
    expect(await admin.ok('GET /get/internal_user_settings')).toMatchObject({ values: {}, owner: 'database' });
    await admin.ok('POST /team/new', { team_id: 'welcome' });
    const { settings } = await admin.ok('PATCH /update/internal_user_settings', {
      user_role: 'internal_user_viewer',
      max_budget: 0,
      teams: [{ team_id: 'welcome', max_budget_in_team: 1 }],
    });
    expect(settings).toEqual({ user_role: 'internal_user_viewer', max_budget: 0, teams: [{ team_id: 'welcome', max_budget_in_team: 1 }] });
    await admin.ok('PATCH /update/internal_user_settings', { budget_duration: '30d', user_role: null });
    const shown = await admin.ok<{ values: object; field_schema: { properties: object } }>('GET /get/internal_user_settings');
    expect(shown.values).toEqual({ max_budget: 0, budget_duration: '30d', teams: [{ team_id: 'welcome', max_budget_in_team: 1 }] });
    expect(Object.keys(shown.field_schema.properties)).toContain('max_budget');
    expect(await admin.ok('POST /user/new', usual)).toMatchObject({
      user_role: 'internal_user',
      max_budget: 0,
      budget_duration: '30d',
      teams: ['welcome'],
    });
    expect(await admin.ok('POST /user/new', { ...usual, max_budget: 5, teams: [] })).toMatchObject({ max_budget: 5, teams: [] });
    expect(await admin.ok('POST /user/new', { ...usual, user_role: 'proxy_admin' })).toMatchObject({ max_budget: null, teams: [] });
  });

  test('teams that users may join, as soon as it is known', async () => {
    await admin.ok('POST /team/new', { team_id: 'open' });
    await admin.ok('PATCH /update/internal_user_settings', { available_teams: ['open'] });
    const { key } = await admin.ok<{ key: string }>('POST /user/new', { user_role: 'internal_user' });
    const until = Date.now() + 5000;
    const listed = async () => JSON.stringify((await admin.call('GET /team/available', undefined, { key })).json).includes('"open"');
    while (!(await listed()) && Date.now() < until) await Bun.sleep(20);
    expect(await listed()).toBe(true);
  });

  test('what cannot be is refused', async () => {
    for (const [body, param] of [
      [{ teams: ['nowhere'] }, 'teams'],
      [{ available_teams: ['nowhere'] }, 'teams'],
      [{ user_role: 'boss' }, 'user_role'],
      [{ max_budget: -1 }, 'max_budget'],
      [{ max_bugdet: 1 }, 'max_bugdet'],
    ] as const) {
      const { status, json } = await admin.call('PATCH /update/internal_user_settings', body);
      expect([status, json.error.param]).toEqual([400, param]);
    }
    expect((await admin.call('PATCH /update/default_team_settings', { team_member_permissions: ['/key/steal'] })).status).toBe(400);
  });

  test('the same of teams', async () => {
    await admin.ok('PATCH /update/default_team_settings', { max_budget: 7, models: ['gpt-4o'] });
    await admin.ok('PATCH /update/default_team_settings', { models: null, tpm_limit: 5 });
    expect(await admin.ok('GET /get/default_team_settings')).toMatchObject({ values: { max_budget: 7, tpm_limit: 5 }, owner: 'database' });
    expect(await admin.ok('POST /team/new', { team_id: 'by-default' })).toMatchObject({ max_budget: 7, tpm_limit: 5, models: [] });
    expect(await admin.ok('POST /team/new', { team_id: 'told', max_budget: 0, models: ['gpt-4o'] })).toMatchObject({
      max_budget: 0,
      tpm_limit: 5,
      models: ['gpt-4o'],
    });
  });

  test('FP-39: what the file says is the file’s', async () => {
    const owned = await start({ config: ofFile });
    expect(await owned.ok('GET /get/internal_user_settings')).toMatchObject({ values: { max_budget: 3 }, owner: 'config' });
    expect(await owned.ok('GET /get/default_team_settings')).toMatchObject({ values: { max_budget: 50 }, owner: 'config' });
    for (const path of ['internal_user_settings', 'default_team_settings']) {
      const { status, json } = await owned.call(`PATCH /update/${path}`, { max_budget: 1 });
      expect([status, json.error.message]).toEqual([400, expect.stringMatching(/owned by the configuration file \(test\.yaml:\d+/)]);
    }
    expect(await owned.ok('POST /user/new', { user_id: 'u', ...usual })).toMatchObject({
      user_role: 'internal_user_viewer',
      max_budget: 3,
      models: ['gpt-4o'],
    });
    expect(await owned.ok('POST /team/new', { team_id: 't' })).toMatchObject({ max_budget: 50 });
    expect((await owned.call('POST /user/update', { user_id: 'u', password: 'Correct-Horse-7' })).json.error.message).toContain(
      '30 characters',
    );
    await owned.stop();
  });

  test('only administrators of the proxy change it', async () => {
    const { key } = await admin.ok<{ key: string }>('POST /user/new', { user_role: 'internal_user' });
    expect((await admin.call('PATCH /update/internal_user_settings', { user_role: 'proxy_admin' }, { key })).status).toBe(403);
    expect((await admin.call('GET /get/internal_user_settings', undefined, { key })).status).toBe(403);
  });
});
