import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { userWithKey } from '../../../../../test/kit/people.ts';
import { describeAdmin, type TestAdmin } from '../../../../../test/kit/admin.ts';

describeAdmin('projects', (start) => {
  let admin: TestAdmin;
  beforeAll(async () => {
    admin = await start();
    await admin.ok('POST /team/new', { team_id: 't', models: ['gpt-4o', 'embedding-*'], max_budget: 100, rpm_limit: 50 });
    await admin.ok('POST /team/new', { team_id: 'u' });
  });
  afterAll(() => admin.stop());

  describe('every field', () => {
    const fields: readonly (readonly [name: string, value: unknown, other: unknown])[] = [
      ['project_alias', 'one', 'two'],
      ['description', 'long', 'longer'],
      ['models', ['gpt-4o'], ['embedding-small']],
      ['metadata', { a: 1 }, { b: 2 }],
      ['tags', ['a'], []],
      ['max_budget', 10, 0],
      ['soft_budget', 5, 0],
      ['budget_duration', '30d', 'monthly'],
      ['tpm_limit', 1000, 0],
      ['rpm_limit', 10, 0],
      ['max_parallel_requests', 3, 0],
      ['model_max_budget', { 'gpt-4o': { max_budget: 1 } }, { 'gpt-4o': { max_budget: 0 } }],
      ['model_rpm_limit', { 'gpt-4o': 5 }, {}],
      ['model_tpm_limit', { 'gpt-4o': 50 }, {}],
      ['object_permission', { vector_stores: ['v'] }, { search_tools: [] }],
    ];
    const all = { team_id: 't', ...Object.fromEntries(fields.map(([name, value]) => [name, value])) };
    const expected = (name: string, value: unknown) => (name === 'object_permission' ? expect.objectContaining(value as object) : value);

    for (const [name, value, other] of fields)
      test(`FP-69: ${name} alone changes, and goes by null`, async () => {
        const before = await admin.ok<Record<string, unknown>>('POST /project/new', all);
        const id = before['project_id'] as string;
        expect((await admin.ok<Record<string, unknown>>(`GET /project/info?project_id=${id}`))[name]).toEqual(expected(name, value));
        const after = await admin.ok<Record<string, unknown>>('POST /project/update', { project_id: id, [name]: other });
        expect(after[name]).toEqual(expected(name, other));
        const beside = new Set([name, 'updated_at', 'litellm_budget_table', 'budget_reset_at', 'object_permission_id']);
        for (const each of Object.keys(after)) if (!beside.has(each)) expect([each, after[each]]).toEqual([each, before[each]]);
        const gone = await admin.ok<Record<string, unknown>>('POST /project/update', { project_id: id, [name]: null });
        expect(gone[name]).toEqual(name === 'models' ? [] : null);
      });

    test('a bare number is a budget of a model', async () => {
      expect(await admin.ok('POST /project/new', { team_id: 't', model_max_budget: { 'gpt-4o': 2.5 } })).toMatchObject({
        model_max_budget: { 'gpt-4o': { max_budget: 2.5 } },
      });
    });

    for (const body of [
      { project_alias: 'x' },
      { team_id: 'nowhere' },
      { team_id: 't', guardrails: ['g'] },
      { team_id: 't', policies: ['p'] },
      { team_id: 't', allowed_models: ['m'] },
      { team_id: 't', budget_id: 'no-such' },
      { team_id: 't', models: ['claude-sonnet'] },
      { team_id: 't', max_budget: 101 },
      { team_id: 't', rpm_limit: 51 },
      { team_id: 't', tpm_limit: '1' },
    ])
      test(`refuses ${JSON.stringify(body)}`, async () => expect((await admin.call('POST /project/new', body)).status).toBe(400));
  });

  test('blocked, its keys are refused; with keys it is neither deleted nor moved', async () => {
    await admin.ok('POST /project/new', { team_id: 't', project_id: 'p/1', blocked: true });
    const { key, token } = await admin.ok<{ key: string; token: string }>('POST /key/generate', { team_id: 't', project_id: 'p/1' });
    expect((await admin.chat('gpt-4o', key)).status).toBe(401);
    await admin.ok('POST /project/update', { project_id: 'p/1', blocked: false });
    expect((await admin.chat('gpt-4o', key)).status).toBe(200);
    expect((await admin.call('DELETE /project/delete', { project_ids: ['p/1'] })).json.error.message).toContain(
      "The project 'p/1' has 1 key.",
    );
    expect((await admin.call('POST /project/update', { project_id: 'p/1', team_id: 'u' })).status).toBe(400);
    await admin.ok('POST /key/delete', { keys: [token] });
    expect(await admin.ok('POST /project/update', { project_id: 'p/1', team_id: 'u' })).toMatchObject({ team_id: 'u' });
    expect(await admin.ok<object[]>('DELETE /project/delete', { project_ids: ['p/1'] })).toMatchObject([{ project_id: 'p/1' }]);
    expect((await admin.call('GET /project/info?project_id=p%2F1')).status).toBe(404);
    expect((await admin.call('DELETE /project/delete', { project_ids: ['p/1'] })).status).toBe(404);
  });

  test('who sees and changes which', async () => {
    const [lead, one, stranger] = [await userWithKey(admin, 'lead'), await userWithKey(admin, 'one'), await userWithKey(admin, 'stranger')];
    await admin.ok('POST /team/new', {
      team_id: 'v',
      members_with_roles: [
        { user_id: 'lead', role: 'admin' },
        { user_id: 'one', role: 'user' },
      ],
    });
    expect((await admin.call('POST /project/new', { team_id: 'v', project_id: 'v1' }, { key: one })).status).toBe(403);
    await admin.ok('POST /project/new', { team_id: 'v', project_id: 'v1' }, { key: lead });
    expect((await admin.call('POST /project/new', { team_id: 'u' }, { key: lead })).status).toBe(403);
    const list = async (key: string) =>
      (await admin.ok<{ project_id: string }[]>('GET /project/list', undefined, { key })).map(({ project_id: id }) => id);
    expect(await list(one)).toEqual(['v1']);
    expect(await list(stranger)).toEqual([]);
    expect((await list(admin.masterKey)).length).toBeGreaterThan(1);
    expect((await admin.call('GET /project/info?project_id=v1', undefined, { key: one })).status).toBe(200);
    for (const id of ['v1', 'nowhere'])
      expect((await admin.call(`GET /project/info?project_id=${id}`, undefined, { key: stranger })).status).toBe(403);
    expect((await admin.call('POST /project/update', { project_id: 'v1', team_id: 'u' }, { key: lead })).status).toBe(403);
    expect((await admin.call('POST /project/update', { project_id: 'v1', description: 'x' }, { key: one })).status).toBe(403);
    await admin.ok('POST /project/update', { project_id: 'v1', description: 'x' }, { key: lead });
    expect((await admin.call('DELETE /project/delete', { project_ids: ['v1'] }, { key: one })).status).toBe(403);
    await admin.ok('DELETE /project/delete', { project_ids: ['v1'] }, { key: lead });
  });
});
