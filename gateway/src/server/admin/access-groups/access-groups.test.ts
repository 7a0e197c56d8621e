import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeAdmin, type TestAdmin } from '../../../../../test/kit/admin.ts';

interface Group {
  access_group_id: string;
  assigned_key_ids: string[];
  assigned_team_ids: string[];
  access_model_names: string[];
}

describeAdmin('access groups', (start) => {
  let admin: TestAdmin;
  beforeAll(async () => void (admin = await start()));
  afterAll(() => admin.stop());

  const keyOf = async (alias: string, more: object = {}) => {
    const { key, token } = await admin.ok<{ key: string; token: string }>('POST /key/generate', { key_alias: alias, ...more });
    const info = async () => (await admin.ok<{ info: Record<string, unknown> }>(`GET /key/info?key=${token}`)).info;
    return { key, token, info };
  };
  const groupOf = (id: string) => admin.ok<Group>(`GET /v1/access_group/${id}`);

  test('a group is given to keys and teams, and both know of it', async () => {
    const key = await keyOf('groups-both');
    await admin.ok('POST /team/new', { team_id: 'groups-team' });
    const made = await admin.call('POST /v1/access_group', {
      access_group_name: 'fast',
      access_model_names: ['gpt-4o'],
      assigned_key_ids: [key.key],
      assigned_team_ids: ['groups-team'],
    });
    expect(made.status).toBe(201);
    const { access_group_id: id } = made.json as Group;
    // The key itself is nowhere to be seen.
    expect(JSON.stringify(made.json)).not.toContain(key.key);
    expect((await key.info())['access_group_ids']).toEqual([id]);
    expect((await admin.ok<{ team_info: object }>('GET /team/info?team_id=groups-team')).team_info).toMatchObject({
      access_group_ids: [id],
    });
    const put = await admin.ok<Group>(`PUT /v1/unified_access_group/${id}`, { assigned_key_ids: null, description: 'for tests' });
    expect(put).toMatchObject({
      description: 'for tests',
      access_model_names: ['gpt-4o'],
      assigned_key_ids: [],
      assigned_team_ids: ['groups-team'],
    });
    expect((await key.info())['access_group_ids']).toEqual([]);
    expect((await admin.call(`DELETE /v1/access_group/${id}`)).status).toBe(204);
    expect((await admin.ok<{ team_info: object }>('GET /team/info?team_id=groups-team')).team_info).toMatchObject({ access_group_ids: [] });
    expect((await admin.call(`DELETE /v1/access_group/${id}`)).status).toBe(404);
  });

  test('the other way round: a key that is made with a group is in its list, until it goes', async () => {
    const { access_group_id: id } = await admin.ok<Group>('POST /v1/access_group', { access_group_name: 'other way' });
    const key = await keyOf('groups-other', { access_group_ids: [id] });
    expect((await groupOf(id)).assigned_key_ids).toEqual([key.token]);
    await admin.ok('POST /key/delete', { keys: [key.key] });
    expect((await groupOf(id)).assigned_key_ids).toEqual([]);
  });

  test('FP-34: a key that had nothing but its group does not get everything when the group goes', async () => {
    const { access_group_id: id } = await admin.ok<Group>('POST /v1/access_group', {
      access_group_name: 'only',
      access_model_names: ['gpt-4o'],
    });
    const only = await keyOf('groups-only', { access_group_ids: [id] });
    const more = await keyOf('groups-more', { access_group_ids: [id], models: ['claude-sonnet'] });
    expect((await admin.chat('gpt-4o', only.key)).status).toBe(200);
    expect((await admin.chat('claude-sonnet', only.key)).status).toBeGreaterThanOrEqual(400);
    await admin.call(`DELETE /v1/access_group/${id}`);
    expect((await only.info())['models']).toEqual(['no-default-models']);
    expect((await more.info())['models']).toEqual(['claude-sonnet']);
    expect((await admin.chat('gpt-4o', only.key)).status).toBeGreaterThanOrEqual(400);
  });

  test('names are unique, and what is named must be there', async () => {
    await admin.ok('POST /v1/access_group', { access_group_name: 'one' });
    expect((await admin.call('POST /v1/access_group', { access_group_name: 'one' })).status).toBe(409);
    const other = await admin.ok<Group>('POST /v1/access_group', { access_group_name: 'two' });
    expect((await admin.call(`PUT /v1/access_group/${other.access_group_id}`, { access_group_name: 'one' })).status).toBe(409);
    await admin.ok(`PUT /v1/access_group/${other.access_group_id}`, { access_group_name: 'two' });
    const bad = [
      [{ assigned_key_ids: ['sk-nobody'] }, 'assigned_key_ids'],
      [{ assigned_team_ids: ['nobody'] }, 'assigned_team_ids'],
      [{ access_mcp_server_ids: ['x'] }, 'access_mcp_server_ids'],
      [{ access_agent_ids: ['x'] }, 'access_agent_ids'],
      [{ acess_model_names: ['x'] }, 'acess_model_names'],
    ] as const;
    for (const [body, param] of bad) {
      const { status, json } = await admin.call('POST /v1/access_group', { access_group_name: `bad ${param}`, ...body });
      expect([status, json.error.param]).toEqual([400, param]);
      if (param === 'assigned_key_ids') expect(json.error.message).not.toContain('sk-nobody');
    }
    // Nothing of a refused request was written.
    expect(
      (await admin.ok<{ access_group_name: string }[]>('GET /v1/access_group')).filter((each) => each.access_group_name.startsWith('bad')),
    ).toEqual([]);
  });

  test('others see the groups of their key alone, and none of whom else they are given to', async () => {
    const [mine, stranger] = [await keyOf('groups-mine'), await keyOf('groups-stranger')];
    const { access_group_id: id } = await admin.ok<Group>('POST /v1/access_group', {
      access_group_name: 'seen',
      assigned_key_ids: [mine.token, stranger.token],
    });
    const { access_group_id: hidden } = await admin.ok<Group>('POST /v1/access_group', { access_group_name: 'hidden' });
    const as = { key: mine.key };
    const list = await admin.ok<Group[]>('GET /v1/access_group', undefined, as);
    expect(list).toMatchObject([{ access_group_id: id, assigned_key_ids: [mine.token] }]);
    // A group that is there and one that is not look the same.
    const [there, not] = [
      await admin.call(`GET /v1/access_group/${hidden}`, undefined, as),
      await admin.call('GET /v1/access_group/nowhere', undefined, as),
    ];
    expect([there.status, there.json]).toEqual([403, not.json]);
    expect((await admin.call('POST /v1/access_group', { access_group_name: 'mine' }, as)).status).toBe(403);
    expect((await admin.call(`DELETE /v1/access_group/${id}`, undefined, as)).status).toBe(403);
  });

  test('many changes at once leave both sides agreeing', async () => {
    const { access_group_id: id } = await admin.ok<Group>('POST /v1/access_group', { access_group_name: 'raced' });
    const keys = await Promise.all(Array.from({ length: 6 }, (_, at) => keyOf(`groups-race-${at}`)));
    await Promise.all(keys.map(({ token }) => admin.call('POST /key/update', { key: token, access_group_ids: [id] })));
    const listed = (await groupOf(id)).assigned_key_ids;
    const given = (
      await Promise.all(keys.map(async ({ token, info }) => ((await info())['access_group_ids'] as string[] | null)?.includes(id) && token))
    ).filter(Boolean);
    expect(listed.toSorted()).toEqual((given as string[]).toSorted());
    expect(given).toHaveLength(6);
  });
});
