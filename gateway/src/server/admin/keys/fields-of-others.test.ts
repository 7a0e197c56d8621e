import { expect, test } from 'bun:test';
import { kinds } from '../../../access/records/kinds.ts';
import { systemActor } from '../../../access/store/actor.ts';
import { sql } from '../../../storage/sql/statement.ts';
import { describeAdmin, type TestAdmin } from '../../../../../test/kit/admin.ts';

type Info = Readonly<Record<string, unknown>>;
const make = async (admin: TestAdmin, body: object): Promise<string> =>
  (await admin.ok<{ token: string }>('POST /key/generate', body)).token;
const infoOf = async (admin: TestAdmin, token: string) => (await admin.ok<{ info: Info }>(`GET /key/info?key=${token}`)).info;
const change = (admin: TestAdmin, token: string, fields: object) => admin.ok<Info>('POST /key/update', { key: token, ...fields });
const refusal = async (admin: TestAdmin, route: string, body: object) => {
  const { status, json } = await admin.call(route, body);
  return { status, param: json.error?.param };
};

describeAdmin('fields of a key that name other things', (start) => {
  test('teams, organizations, projects, budgets and groups are there, and belong together', async () => {
    const admin = await start();
    try {
      await admin.store.write(systemActor('test'), async (writing) => {
        for (const id of ['o1', 'o2']) await writing.insert(kinds.organization, id, { organization_alias: id, models: [] });
        for (const id of ['t1', 't2']) await writing.insert(kinds.team, id, { models: [], organization_id: id.replace('t', 'o') });
        await writing.insert(kinds.project, 'p1', { team_id: 't1', models: [] });
        await writing.insert(kinds.budget, 'b/1', { max_budget: 7, rpm_limit: 3 });
        await writing.insert(kinds.accessGroup, 'g', { access_group_name: 'g', access_model_names: [] });
      });
      const names = { team_id: 't1', organization_id: 'o1', project_id: 'p1', budget_id: 'b/1', access_group_ids: ['g'] };
      const token = await make(admin, names);
      expect(await infoOf(admin, token)).toMatchObject({
        ...names,
        org_id: 'o1',
        litellm_budget_table: { budget_id: 'b/1', max_budget: 7, rpm_limit: 3 },
      });
      expect(await change(admin, token, { tags: ['x'] })).toMatchObject(names);
      const generate = 'POST /key/generate';
      expect(await refusal(admin, generate, { team_id: 't1', organization_id: 'o2' })).toEqual({ status: 400, param: 'organization_id' });
      expect(await refusal(admin, generate, { team_id: 't2', project_id: 'p1' })).toEqual({ status: 400, param: 'project_id' });
      expect(await refusal(admin, generate, { project_id: 'p1' })).toEqual({ status: 400, param: 'project_id' });
      expect(await refusal(admin, 'POST /key/update', { key: token, team_id: 't2' })).toEqual({ status: 400, param: 'organization_id' });
      for (const name of ['project_id', 'organization_id', 'budget_id', 'access_group_ids', 'team_id'])
        expect(await change(admin, token, { [name]: null })).toMatchObject({ [name]: null });
    } finally {
      await admin.stop();
    }
  });

  test('an end, kinds, permissions and a budget for a time', async () => {
    const admin = await start();
    try {
      const token = await make(admin, { duration: '1h', key_type: 'llm_api' });
      const made = await infoOf(admin, token);
      expect(made).toMatchObject({ duration: '1h', key_type: 'llm_api', allowed_routes: ['llm_api_routes'] });
      expect(Date.parse(made['expires'] as string) - Date.parse(made['created_at'] as string)).toBe(3_600_000);
      expect(await change(admin, token, { tags: ['x'] })).toMatchObject({ expires: made['expires'], duration: '1h' });
      expect(await change(admin, token, { duration: '-1' })).toMatchObject({ expires: null, duration: null });
      expect(await change(admin, token, { duration: '1d' })).toMatchObject({ duration: '1d' });
      expect(await change(admin, token, { duration: null })).toMatchObject({ expires: null });
      expect(await change(admin, token, { key_type: 'default' })).toMatchObject({ key_type: 'default', allowed_routes: [] });
      expect(await change(admin, token, { key_type: 'llm_api', allowed_routes: ['/v1/embeddings'] })).toMatchObject({
        allowed_routes: ['/v1/embeddings'],
      });

      const permission = { models: ['a'], vector_stores: ['v'], search_tools: [] };
      expect(await change(admin, token, { object_permission: permission })).toMatchObject({
        object_permission: permission,
        object_permission_id: token,
      });
      expect(await change(admin, token, { object_permission: null })).toMatchObject({ object_permission: null });

      const update = 'POST /key/update';
      expect(await refusal(admin, update, { key: token, temp_budget_increase: 5 })).toEqual({ status: 400, param: 'temp_budget_expiry' });
      expect(
        await refusal(admin, update, { key: token, temp_budget_increase: 5, temp_budget_expiry: '2020-01-01T00:00:00Z' }),
      ).toMatchObject({ status: 400 });
      const until = '2099-01-01T00:00:00';
      expect(await change(admin, token, { temp_budget_increase: 5, temp_budget_expiry: until })).toMatchObject({
        temp_budget_increase: 5,
        temp_budget_expiry: `${until}.000Z`,
      });
      expect(await change(admin, token, { temp_budget_increase: null, temp_budget_expiry: null })).toMatchObject({
        temp_budget_increase: null,
      });
      expect(await refusal(admin, update, { key: token, auto_rotate: true, rotation_interval: '30d' })).toEqual({
        status: 400,
        param: 'auto_rotate',
      });
    } finally {
      await admin.stop();
    }
  });

  test('an alias names the key that is changed', async () => {
    const admin = await start();
    try {
      const token = await make(admin, { key_alias: 'a' });
      expect(await admin.ok('POST /key/update', { key_alias: 'a', rpm_limit: 1 })).toMatchObject({ token, rpm_limit: 1, key_alias: 'a' });
      expect((await admin.call('POST /key/update', { key_alias: 'b', rpm_limit: 1 })).status).toBe(404);
      expect((await admin.call('POST /key/update', { rpm_limit: 1 })).status).toBe(400);
      await make(admin, { key_alias: 'b' });
      expect(await refusal(admin, 'POST /key/update', { key: token, key_alias: 'b' })).toEqual({ status: 400, param: 'key_alias' });
    } finally {
      await admin.stop();
    }
  });

  test('a change is in the audit log, with who made it and no key', async () => {
    const admin = await start();
    try {
      const made = await admin.ok<{ key: string; token: string }>('POST /key/generate', {}, { headers: { 'litellm-changed-by': 'ann' } });
      await change(admin, made.token, { blocked: true });
      const next = await admin.ok<{ key: string }>(`POST /key/${made.key}/regenerate`, {});
      const rows = await admin.store.database.all<{ action: string; changed_by: string }>(sql`select * from audit_log order by seq`);
      const said = JSON.stringify(rows);
      expect(rows.slice(0, 2)).toMatchObject([
        { action: 'created', changed_by: 'ann' },
        { action: 'blocked', changed_by: 'master_key' },
      ]);
      expect(rows.map(({ action }) => action)).toContain('regenerated');
      for (const { key } of [made, next]) expect(said).not.toContain(key);
    } finally {
      await admin.stop();
    }
  });
});
