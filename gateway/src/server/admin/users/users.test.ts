import { afterAll, beforeAll, expect, test } from 'bun:test';
import { kinds } from '../../../access/records/kinds.ts';
import { sql } from '../../../storage/sql/index.ts';
import { describeAdmin, type TestAdmin } from '../../../../../test/kit/admin.ts';

describeAdmin('users', (start) => {
  let admin: TestAdmin;
  beforeAll(async () => void (admin = await start()));
  afterAll(() => admin.stop());

  const infoOf = async (id: string) =>
    (await admin.ok<{ user_info: Record<string, unknown> }>(`GET /user/info?user_id=${encodeURIComponent(id)}`)).user_info;

  test('one is made with a key that works, and both are shown', async () => {
    const made = await admin.ok<Record<string, string>>('POST /user/new', {
      user_id: 'ada',
      user_email: ' Ada@Example.com',
      key_alias: 'ada-key',
      duration: '1d',
    });
    expect(made).toMatchObject({
      user_id: 'ada',
      user_email: 'ada@example.com',
      user_role: 'internal_user',
      key_alias: 'ada-key',
      spend: 0,
      teams: [],
    });
    expect(made['key']).toStartWith('sk-');
    expect(made['expires']).toBeString();
    expect((await admin.chat('gpt-4o', made['key']!)).status).toBe(200);
    const info = await admin.ok<{ user_id: string; keys: { token: string }[]; teams: unknown[] }>('GET /user/info?user_id=ada');
    expect(info).toMatchObject({ user_id: 'ada', keys: [{ token: made['token'], key_alias: 'ada-key' }], teams: [] });
    expect(JSON.stringify(info)).not.toContain(made['key']);
    // With their own key, they are who is asked about.
    expect(await admin.ok('GET /user/info', undefined, { key: made['key']! })).toMatchObject({ user_id: 'ada' });
    expect(await admin.ok('GET /v2/user/info', undefined, { key: made['key']! })).toMatchObject({ user_id: 'ada', teams: [] });
  });

  test('without a key where none is wanted; then nothing may be said of one', async () => {
    expect(await admin.ok('POST /user/new', { user_id: 'keyless', auto_create_key: false })).toMatchObject({
      key: '',
      token: null,
      expires: null,
    });
    expect((await admin.ok<{ keys: unknown[] }>('GET /user/info?user_id=keyless')).keys).toEqual([]);
    const { status, json } = await admin.call('POST /user/new', { auto_create_key: false, key_alias: 'x' });
    expect([status, json.error.param]).toEqual([400, 'key_alias']);
  });

  test('all or nothing: a key that cannot be made makes no user', async () => {
    expect((await admin.call('POST /user/new', { user_id: 'half', key_alias: 'ada-key' })).status).toBe(400);
    expect((await admin.call('GET /user/info?user_id=half')).status).toBe(404);
  });

  const values = {
    user_alias: 'Ada L.',
    user_role: 'proxy_admin_viewer',
    models: ['gpt-4o'],
    metadata: { team: 'core' },
    object_permission: { vector_stores: ['docs'] },
    blocked: true,
    budget_id: 'user-budget',
    max_budget: 10.5,
    soft_budget: 0,
    budget_duration: '30d',
    budget_limits: [{ budget_duration: '1d', max_budget: 2 }],
    tpm_limit: 0,
    rpm_limit: 5,
    max_parallel_requests: 1,
    model_max_budget: { 'gpt-4o': { max_budget: 1, budget_duration: '1d' } },
    model_rpm_limit: { 'gpt-4o': 1 },
    model_tpm_limit: { 'gpt-4o': 0 },
  };
  const none: Record<string, unknown> = { models: [], metadata: {}, blocked: false, model_max_budget: {} };

  test.each(Object.entries(values))('FP-69: %s is kept by a change of something else, and null clears it', async (name, value) => {
    const id = `fields-${name}`;
    if (name === 'budget_id') await admin.ok('POST /budget/new', { budget_id: 'user-budget', max_budget: 1 });
    const same = (shown: unknown) =>
      name === 'object_permission' ? expect(shown).toMatchObject(value as object) : expect(shown).toEqual(value);
    same((await admin.ok('POST /user/new', { user_id: id, auto_create_key: false, [name]: value }))[name]);
    same(
      (
        await admin.ok<{ data: Record<string, unknown> }>('POST /user/update', {
          user_id: id,
          ...(name === 'rpm_limit' ? { tpm_limit: 1 } : { rpm_limit: 1 }),
        })
      ).data[name],
    );
    same((await infoOf(id))[name]);
    const cleared = await admin.call('POST /user/update', { user_id: id, [name]: null });
    if (name === 'user_role') expect(cleared.json.error.param).toBe('user_role');
    else expect((await infoOf(id))[name]).toEqual(none[name] ?? null);
    // And given again by a change.
    same((await admin.ok<{ data: Record<string, unknown> }>('POST /user/update', { user_id: id, [name]: value })).data[name]);
  });

  test('what is not built, not stored or of keys is refused by name; empty, it is nothing', async () => {
    const refused = {
      guardrails: ['pii'],
      policies: ['p'],
      prompts: ['p'],
      mcp_rpm_limit: { github: 1 },
      allowed_cache_controls: ['no-cache'],
      send_invite_email: true,
      config: { a: 1 },
      user_role: 'customer',
      user_email: 'nobody',
      usr_alias: 'x',
      max_budget: -1,
      rpm_limit: 1.5,
    };
    for (const [name, value] of Object.entries(refused)) {
      const { status, json } = await admin.call('POST /user/new', { user_id: 'refused', [name]: value });
      expect([name, status, json.error.param]).toEqual([name, 400, name]);
    }
    for (const [name, value] of Object.entries({
      key_alias: 'x',
      duration: '1d',
      team_id: 't',
      aliases: { a: 'b' },
      tag_rpm_limit: { a: 1 },
    })) {
      const { status, json } = await admin.call('POST /user/update', { user_id: 'ada', [name]: value });
      expect([name, status, json.error.param]).toEqual([name, 400, name]);
    }
    // As LiteLLM's own client sends it.
    await admin.ok('POST /user/new', {
      user_id: 'empty',
      models: [],
      aliases: {},
      config: {},
      permissions: {},
      metadata: {},
      model_max_budget: {},
      allowed_cache_controls: [],
      spend: 0,
      max_budget: null,
      guardrails: null,
      object_permission: {},
      send_invite_email: false,
    });
    expect(await infoOf('empty')).toMatchObject({ object_permission: null });
  });

  test('ids, addresses and ids at the identity provider are one user each', async () => {
    await admin.ok('POST /user/new', { user_id: 'unique', user_email: 'one@example.com', sso_user_id: 'sso-1', auto_create_key: false });
    for (const body of [{ user_id: 'unique' }, { user_email: 'ONE@example.com' }, { sso_user_id: 'sso-1' }])
      expect((await admin.call('POST /user/new', { ...body, auto_create_key: false })).status).toBe(409);
    await admin.ok('POST /user/new', { user_id: 'other', auto_create_key: false });
    expect((await admin.call('POST /user/update', { user_id: 'other', user_email: 'One@Example.com' })).status).toBe(409);
    await admin.ok('POST /user/update', { user_id: 'unique', user_email: 'one@example.com' });
    const raced = await Promise.all(
      Array.from({ length: 5 }, () => admin.call('POST /user/new', { user_email: 'raced@example.com', auto_create_key: false })),
    );
    expect(raced.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409, 409]);
  });

  test('a user is named by address where no id is given', async () => {
    await admin.ok('POST /user/new', { user_id: 'mailed', user_email: 'mailed@example.com', auto_create_key: false });
    expect(await admin.ok('POST /user/update', { user_email: 'Mailed@example.com', max_budget: 3 })).toMatchObject({
      user_id: 'mailed',
      data: { max_budget: 3, user_email: 'mailed@example.com' },
    });
    expect((await admin.call('POST /user/update', { user_email: 'nobody@example.com', max_budget: 3 })).status).toBe(404);
    expect((await admin.call('POST /user/update', { max_budget: 3 })).status).toBe(400);
  });

  test('a password is hashed, is in no answer and no log, and follows the policy', async () => {
    await admin.ok('POST /user/new', { user_id: 'secretive', auto_create_key: false });
    const weak = await admin.call('POST /user/update', { user_id: 'secretive', password: 'hunter2' });
    expect([weak.status, weak.json.error.param]).toEqual([400, 'password']);
    expect(JSON.stringify(weak.json)).not.toContain('hunter2');
    await admin.store.write({ by: 'test' }, async (writing) => {
      for (const id of ['a'.repeat(64), 'b'.repeat(64)])
        await writing.insert(kinds.session, id, { user_id: 'secretive', expires_at: Date.now() + 60_000, source: 'password' });
    });
    const answer = await admin.ok('POST /user/update', { user_id: 'secretive', password: 'Correct-Horse-7' });
    const stored = (await admin.store.get(kinds.user, 'secretive'))!.data.password!;
    expect(await Bun.password.verify('Correct-Horse-7', stored)).toBe(true);
    const audit = await admin.store.database.all(auditOf('secretive'));
    for (const text of [
      JSON.stringify(answer),
      JSON.stringify(audit),
      JSON.stringify(admin.lines),
      JSON.stringify(await admin.ok('GET /user/list?user_ids=secretive')),
    ]) {
      expect(text).not.toContain('Correct-Horse-7');
      expect(text).not.toContain('argon2id');
    }
    // Whoever knew the old one is signed out.
    expect(await admin.store.count(kinds.session, { is: { user_id: 'secretive' } })).toBe(0);
    await admin.ok('POST /user/update', { user_id: 'secretive', password: null });
    expect((await admin.store.get(kinds.user, 'secretive'))!.data.password).toBeUndefined();
  });

  test('teams and organisations that are named must be there, and are joined', async () => {
    await admin.ok('POST /team/new', { team_id: 'joined' });
    const { organization_id: organization } = await admin.ok('POST /organization/new', { organization_alias: 'Org' });
    const made = await admin.ok('POST /user/new', {
      user_id: 'joiner',
      teams: ['joined', { team_id: 'joined', max_budget_in_team: 2, user_role: 'admin' }],
      organizations: [organization],
      auto_create_key: false,
    });
    expect(made).toMatchObject({
      teams: ['joined'],
      organization_memberships: [{ organization_id: organization, user_role: 'internal_user' }],
    });
    const info = await admin.ok<{ teams: { team_id: string }[] }>('GET /user/info?user_id=joiner');
    expect(info.teams).toMatchObject([{ team_id: 'joined', members_with_roles: [{ user_id: 'joiner', role: 'admin' }] }]);
    expect((await admin.call('POST /user/new', { teams: ['nowhere'] })).json.error.param).toBe('teams');
    expect((await admin.call('POST /user/new', { organizations: ['nowhere'] })).json.error.param).toBe('organizations');
    // A key of a team is its member's.
    expect(await admin.ok('POST /user/new', { user_id: 'by-key', team_id: 'joined' })).toMatchObject({ teams: ['joined'], team_id: null });
  });

  test('deleting one takes keys, memberships, sessions, invitations and spend along: all that are named, or none', async () => {
    const { key } = await admin.ok<{ key: string }>('POST /user/new', { user_id: 'leaver', teams: ['joined'], spend: 2.5 });
    await admin.ok('POST /invitation/new', { user_id: 'leaver' });
    await admin.store.write({ by: 'test' }, (writing) =>
      writing.insert(kinds.session, 'c'.repeat(64), { user_id: 'leaver', expires_at: Date.now() + 60_000, source: 'password' }),
    );
    expect((await admin.call('POST /user/delete', { user_ids: ['leaver', 'nobody'] })).status).toBe(404);
    expect((await admin.chat('gpt-4o', key)).status).toBe(200);
    expect(await admin.ok<number>('POST /user/delete', { user_ids: ['leaver'] })).toBe(1);
    expect((await admin.chat('gpt-4o', key)).status).toBe(401);
    for (const kind of [kinds.key, kinds.teamMember, kinds.session, kinds.invitation] as const)
      expect(await admin.store.count(kind as typeof kinds.key, { is: { user_id: 'leaver' } })).toBe(0);
    expect(await admin.store.count(kinds.deletedKey, { is: { user_id: 'leaver' } })).toBe(1);
    expect(await admin.ok('POST /user/new', { user_id: 'leaver', auto_create_key: false })).toMatchObject({ spend: 0, teams: [] });
  });

  test('many are changed at once, each by itself', async () => {
    for (const id of ['bulk-1', 'bulk-2'])
      await admin.ok('POST /user/new', { user_id: id, user_email: `${id}@example.com`, auto_create_key: false });
    const answer = await admin.ok<{ results: unknown[] }>('POST /user/bulk_update', {
      users: [
        { user_id: 'bulk-1', max_budget: 1 },
        { user_email: 'bulk-2@example.com', max_budget: 2 },
        { user_id: 'nobody', max_budget: 3 },
        { user_id: 'bulk-1', budget_id: 'nowhere' },
      ],
    });
    expect(answer).toMatchObject({ total_requested: 4, successful_updates: 2, failed_updates: 2 });
    expect(answer.results).toMatchObject([
      { user_id: 'bulk-1', success: true, error: null, updated_user: { max_budget: 1 } },
      { user_id: 'bulk-2', success: true, updated_user: { max_budget: 2 } },
      { user_id: 'nobody', success: false, error: expect.stringContaining('nobody'), updated_user: null },
      { user_id: 'bulk-1', success: false },
    ]);
    const all = await admin.ok<{ total_requested: number }>('POST /user/bulk_update', { all_users: true, user_updates: { tpm_limit: 77 } });
    expect(all).toMatchObject({ failed_updates: 0 });
    expect(all.total_requested).toBe(await admin.store.count(kinds.user));
    expect(await infoOf('bulk-2')).toMatchObject({ tpm_limit: 77, max_budget: 2 });
    for (const body of [
      {},
      { all_users: true },
      { users: [] },
      { all_users: true, users: [{ user_id: 'ada' }], user_updates: {} },
      { user_updates: { tpm_limit: 1 } },
    ])
      expect((await admin.call('POST /user/bulk_update', body)).status).toBe(400);
    expect((await admin.call('POST /user/bulk_update', { all_users: true, user_updates: { password: 'Correct-Horse-7' } })).status).toBe(
      400,
    );
  });
});

const auditOf = (id: string) => sql`select * from audit_log where object_id = ${id}`;
