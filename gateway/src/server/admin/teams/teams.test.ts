import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { kinds } from '../../../access/records/kinds.ts';
import { describeAdmin, type TestAdmin } from '../../../../../test/kit/admin.ts';

describeAdmin('teams', (start) => {
  let admin: TestAdmin;
  beforeAll(async () => {
    admin = await start();
  });
  afterAll(() => admin.stop());

  describe('every field', () => {
    /** What is asked for, and what is shown of it where that differs. */
    const fields: readonly (readonly [name: string, value: unknown, other: unknown])[] = [
      ['team_alias', 'one', 'two'],
      ['models', ['gpt-4o'], ['gpt-4o', 'embedding-*']],
      ['metadata', { cost_center: 1, deep: { a: [1] } }, { cost_center: 2 }],
      ['max_budget', 10, 6],
      ['soft_budget', 5, 0],
      ['budget_duration', '30d', '1mo'],
      ['budget_limits', [{ budget_duration: '1d', max_budget: 1 }], [{ budget_duration: '7d', max_budget: 3 }]],
      ['tpm_limit', 1000, 0],
      ['rpm_limit', 10, 0],
      ['max_parallel_requests', 3, 0],
      ['model_max_budget', { 'gpt-4o': { max_budget: 1, budget_duration: '1d' } }, { 'gpt-4o': { max_budget: 0 } }],
      ['model_rpm_limit', { 'gpt-4o': 5 }, { 'gpt-4o': 0 }],
      ['model_tpm_limit', { 'gpt-4o': 50 }, {}],
      ['model_aliases', { fast: 'gpt-4o' }, { slow: 'gpt-4o' }],
      ['tags', ['a'], ['b', 'c']],
      ['router_settings', { num_retries: 1 }, { timeout: 3 }],
      ['object_permission', { vector_stores: ['v'] }, { search_tools: [] }],
      ['allowed_passthrough_routes', ['/mistral/*'], []],
      ['team_member_permissions', ['/key/generate'], []],
      ['default_team_member_models', ['gpt-4o'], []],
      ['team_member_budget', 4, 0],
      ['team_member_budget_duration', '1d', '7d'],
      ['team_member_rpm_limit', 7, 0],
      ['team_member_tpm_limit', 70, 0],
      ['team_member_key_duration', '30d', '60d'],
      ['rpm_limit_type', 'dynamic', 'guaranteed_throughput'],
      ['tpm_limit_type', 'best_effort_throughput', 'guaranteed_throughput'],
    ];
    const all = Object.fromEntries(fields.map(([name, value]) => [name, value]));
    const infoOf = async (id: string) => (await admin.ok<{ team_info: Record<string, unknown> }>(`GET /team/info?team_id=${id}`)).team_info;
    const expected = (name: string, value: unknown) => {
      if (name === 'budget_limits') return (value as object[]).map((each) => ({ ...each, reset_at: expect.any(String) }));
      if (name === 'object_permission') return expect.objectContaining(value as object);
      if (name === 'metadata') return expect.objectContaining(value as object);
      return value;
    };

    test('is kept and shown', async () => {
      const { team_id: id } = await admin.ok<{ team_id: string }>('POST /team/new', all);
      const info = await infoOf(id);
      for (const [name, value] of fields) expect([name, info[name]]).toEqual([name, expected(name, value)]);
      expect(info).toMatchObject({ spend: 0, blocked: false, config_owned: false, members_with_roles: [], keys_count: 0 });
    });

    for (const [name, value, other] of fields) {
      test(`FP-69: ${name} alone changes, and goes by null`, async () => {
        const { team_id: id } = await admin.ok<{ team_id: string }>('POST /team/new', all);
        const before = await infoOf(id);
        const { data: after } = await admin.ok<{ data: Record<string, unknown> }>('POST /team/update', { team_id: id, [name]: other });
        expect(after[name]).toEqual(expected(name, other));
        const beside = new Set([
          name,
          'updated_at',
          'keys_count',
          'metadata',
          'budget_reset_at',
          'litellm_model_table',
          'object_permission_id',
        ]);
        for (const each of Object.keys(after)) if (!beside.has(each)) expect([each, after[each]]).toEqual([each, before[each]]);
        // Some of what is kept apart is shown in metadata as well; a list of models there always is.
        const { data: gone } = await admin.ok<{ data: Record<string, unknown> }>('POST /team/update', { team_id: id, [name]: null });
        expect(gone[name]).toEqual(
          name === 'models'
            ? []
            : name === 'metadata'
              ? { tags: ['a'], model_rpm_limit: { 'gpt-4o': 5 }, model_tpm_limit: { 'gpt-4o': 50 } }
              : null,
        );
        const { data: still } = await admin.ok<{ data: Record<string, unknown> }>('POST /team/update', {
          team_id: id,
          [name]: value,
          team_alias: 'x',
        });
        expect(still[name]).toEqual(expected(name, name === 'team_alias' ? 'x' : value));
      });
    }

    test('LiteLLM’s clients give some in metadata, and find them there', async () => {
      const { team_id: id } = await admin.ok<{ team_id: string }>('POST /team/new', {
        metadata: { tags: ['a'], model_rpm_limit: { m: 1 }, x: 1 },
      });
      expect(await infoOf(id)).toMatchObject({
        tags: ['a'],
        model_rpm_limit: { m: 1 },
        metadata: { x: 1, tags: ['a'], model_rpm_limit: { m: 1 } },
      });
      expect((await admin.call('POST /team/new', { metadata: { model_rpm_limit: { m: -1 } } })).status).toBe(400);
    });

    const refused: readonly (readonly [string, unknown])[] = [
      ['guardrails', ['g']],
      ['policies', ['p']],
      ['prompts', ['p']],
      ['disable_global_guardrails', true],
      ['mcp_rpm_limit', { m: 1 }],
      ['secret_manager_settings', { a: 1 }],
      ['allowed_vector_store_indexes', [{ index_name: 'i', index_permissions: ['read'] }]],
      ['enforced_file_expires_after', { anchor: 'created_at', days: 1 }],
      ['enforced_batch_output_expires_after', { anchor: 'created_at', days: 1 }],
      ['object_permission', { mcp_servers: ['m'] }],
      ['object_permission', { agents: ['a'] }],
      ['metadata', { logging: [{}] }],
      ['max_budget', -1],
      ['max_budget', '10'],
      ['tpm_limit', 1.5],
      ['budget_duration', 'soon'],
      ['rpm_limit_type', 'sometimes'],
      ['team_member_permissions', ['/key/everything']],
      ['team_id', ''],
      ['team_id', 'a\nb'],
      ['team_id', 'x'.repeat(257)],
      ['budget_id', 'no-such'],
      ['organization_id', 'no-such'],
      ['access_group_ids', ['no-such']],
      ['members_with_roles', [{ role: 'admin' }]],
      ['members_with_roles', [{ user_id: 'u', role: 'owner' }]],
      ['spend', 3],
      ['budgett', 3],
    ];
    for (const [name, value] of refused)
      test(`refuses ${name}: ${JSON.stringify(value).slice(0, 60)}`, async () => {
        const { status, json } = await admin.call('POST /team/new', { [name]: value });
        expect(status).toBe(400);
        expect(JSON.stringify(json.error)).toContain(name === 'budgett' ? 'budget' : name.split('_')[0]!);
      });

    test('empty and null members of things that are not built are nothing', async () => {
      await admin.ok('POST /team/new', {
        guardrails: [],
        policies: null,
        disable_global_guardrails: false,
        secret_manager_settings: {},
        max_budget: null,
      });
    });
  });

  test('FP-68: a budget of 0 is none, and shown as 0', async () => {
    const team = await admin.ok('POST /team/new', { max_budget: 0, rpm_limit: 0 });
    expect(team).toMatchObject({ max_budget: 0, rpm_limit: 0, tpm_limit: null });
  });

  test('a soft budget is below the budget', async () => {
    expect((await admin.call('POST /team/new', { max_budget: 5, soft_budget: 5 })).status).toBe(400);
    await admin.ok('POST /team/new', { team_id: 'soft', max_budget: 5, soft_budget: 4 });
    expect((await admin.call('POST /team/update', { team_id: 'soft', max_budget: 3 })).json.error.message).toContain(
      'soft_budget (4) must be below max_budget (3)',
    );
  });

  test('an id that is taken, and one that is not there', async () => {
    await admin.ok('POST /team/new', { team_id: 'taken/with slash' });
    expect((await admin.call('POST /team/new', { team_id: 'taken/with slash' })).status).toBe(400);
    expect((await admin.call('POST /team/update', { team_id: 'nowhere', max_budget: 1 })).status).toBe(404);
    expect((await admin.call('GET /team/info?team_id=nowhere')).status).toBe(404);
    expect((await admin.call('GET /team/info')).status).toBe(400);
    const patched = await admin.ok<{ team_alias: string }>('PATCH /team/taken%2Fwith%20slash', { team_alias: 'y' });
    expect(patched.team_alias).toBe('y');
  });

  test('PATCH merges metadata (RFC 7386) and takes only the team of the path', async () => {
    await admin.ok('POST /team/new', { team_id: 'patched', metadata: { a: 1, b: { c: 2, d: 3 } }, max_budget: 5 });
    const team = await admin.ok('PATCH /team/patched', { metadata: { a: null, b: { c: 4 } } });
    expect(team).toMatchObject({ metadata: { b: { c: 4, d: 3 } }, max_budget: 5 });
    expect((await admin.call('PATCH /team/patched', { team_id: 'other', max_budget: 1 })).status).toBe(400);
  });

  test('blocking, for the audit log as such', async () => {
    await admin.ok('POST /team/new', { team_id: 'blockable' });
    expect(await admin.ok('POST /team/block', { team_id: 'blockable' })).toMatchObject({ blocked: true });
    expect(await admin.ok('POST /team/unblock', { team_id: 'blockable' })).toMatchObject({ blocked: false });
    expect((await admin.call('POST /team/block', { team_id: 'nowhere' })).status).toBe(404);
  });

  test('taking the last model away leaves none, not all', async () => {
    await admin.ok('POST /team/new', { team_id: 'modelled', models: ['gpt-4o'] });
    expect(await admin.ok('POST /team/model/add', { team_id: 'modelled', models: ['claude-sonnet', 'gpt-4o'] })).toMatchObject({
      models: ['gpt-4o', 'claude-sonnet'],
    });
    expect(await admin.ok('POST /team/model/delete', { team_id: 'modelled', models: ['gpt-4o', 'claude-sonnet'] })).toMatchObject({
      models: ['no-default-models'],
    });
    expect(await admin.ok('POST /team/model/add', { team_id: 'modelled', models: ['gpt-4o'] })).toMatchObject({ models: ['gpt-4o'] });
  });

  test('permissions of members', async () => {
    await admin.ok('POST /team/new', { team_id: 'permitted' });
    const list = () =>
      admin.ok<{ team_member_permissions: string[]; all_available_permissions: string[] }>('GET /team/permissions_list?team_id=permitted');
    expect((await list()).team_member_permissions).toEqual(['/key/info', '/key/health']);
    expect((await list()).all_available_permissions).toContain('/key/generate');
    await admin.ok('POST /team/permissions_update', { team_id: 'permitted', team_member_permissions: ['/key/{key_id}/regenerate'] });
    expect((await list()).team_member_permissions).toEqual(['/key/{key_id:path}/regenerate']);
    const bulk = await admin.ok('POST /team/permissions_bulk_update', { team_ids: ['permitted'], permissions: ['/key/list'] });
    expect(bulk).toMatchObject({ teams_updated: 1, permissions_appended: ['/key/list'] });
    expect((await list()).team_member_permissions).toEqual(['/key/{key_id:path}/regenerate', '/key/list']);
    expect((await admin.call('POST /team/permissions_bulk_update', { permissions: ['/key/list'] })).status).toBe(400);
    const everywhere = await admin.ok<{ teams_updated: number }>('POST /team/permissions_bulk_update', {
      apply_to_all_teams: true,
      permissions: ['/key/info'],
    });
    expect(everywhere.teams_updated).toBeGreaterThan(1);
  });

  test('deleting a team takes its keys, places, projects along (FP-15), and is remembered', async () => {
    await admin.ok('POST /team/new', {
      team_id: 'doomed',
      team_alias: 'The doomed',
      members_with_roles: [{ user_id: 'dora', role: 'user' }],
    });
    const { key } = await admin.ok<{ key: string }>('POST /key/generate', { team_id: 'doomed' });
    await admin.ok('POST /project/new', { team_id: 'doomed', project_id: 'doomed-project' });
    expect((await admin.chat('gpt-4o', key)).status).toBe(200);
    expect(await admin.ok('POST /team/delete', { team_ids: ['doomed'] })).toEqual({ deleted_teams: ['doomed'] });
    expect((await admin.chat('gpt-4o', key)).status).toBe(401);
    expect(await admin.store.count(kinds.teamMember, { is: { team_id: 'doomed' } })).toBe(0);
    expect(await admin.store.count(kinds.key, { is: { team_id: 'doomed' } })).toBe(0);
    expect(await admin.store.count(kinds.deletedKey, { is: { team_id: 'doomed' } })).toBe(1);
    expect((await admin.call('GET /project/info?project_id=doomed-project')).status).toBe(404);
    const deleted = await admin.ok<{ teams: Record<string, unknown>[] }>('GET /v2/team/list?status=deleted&team_alias=doomed');
    expect(deleted.teams).toMatchObject([
      {
        team_id: 'doomed',
        team_alias: 'The doomed',
        deleted_by: 'master_key',
        deleted_by_api_key: null,
        created_at: expect.any(String),
        deleted_at: expect.any(String),
      },
    ]);
    expect((await admin.call('POST /team/delete', { team_ids: ['doomed'] })).status).toBe(404);
    // All or nothing.
    await admin.ok('POST /team/new', { team_id: 'spared' });
    expect((await admin.call('POST /team/delete', { team_ids: ['spared', 'nowhere'] })).status).toBe(404);
    expect((await admin.call('GET /team/info?team_id=spared')).status).toBe(200);
  });

  test('access groups and teams name each other', async () => {
    await admin.store.write({ by: 'test' }, (writing) =>
      writing.insert(kinds.accessGroup, 'bundle', { access_group_name: 'Bundle', access_model_names: ['gpt-4o'] }),
    );
    const assigned = async () => (await admin.store.get(kinds.accessGroup, 'bundle'))?.data.assigned_team_ids;
    await admin.ok('POST /team/new', { team_id: 'bundled', access_group_ids: ['bundle'] });
    expect(await assigned()).toEqual(['bundled']);
    await admin.ok('POST /team/update', { team_id: 'bundled', access_group_ids: [] });
    expect(await assigned()).toEqual([]);
    await admin.ok('POST /team/update', { team_id: 'bundled', access_group_ids: ['bundle'] });
    await admin.ok('POST /team/delete', { team_ids: ['bundled'] });
    expect(await assigned()).toEqual([]);
  });

  test('guaranteed throughput is there for all it is promised to', async () => {
    await admin.ok('POST /organization/new', { organization_id: 'promised', organization_alias: 'P', rpm_limit: 100 });
    const guaranteed = { organization_id: 'promised', rpm_limit_type: 'guaranteed_throughput' };
    await admin.ok('POST /team/new', { ...guaranteed, team_id: 'p1', rpm_limit: 60 });
    expect((await admin.call('POST /team/new', { ...guaranteed, rpm_limit: 41 })).json.error.message).toContain(
      'of which 60 are guaranteed',
    );
    await admin.ok('POST /team/new', { ...guaranteed, team_id: 'p2', rpm_limit: 40 });
    expect((await admin.call('POST /team/update', { team_id: 'p1', rpm_limit: 61 })).status).toBe(400);
    await admin.ok('POST /team/update', { team_id: 'p1', rpm_limit: 59 });
    await admin.ok('POST /team/new', { organization_id: 'promised', rpm_limit: 100 });
  });
});
