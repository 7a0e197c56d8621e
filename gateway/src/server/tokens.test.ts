import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeAdmin, type TestAdmin } from '../../../test/kit/admin.ts';
import { kinds, memberId } from '../access/records/kinds.ts';
import { startIssuer, type TestIssuer } from '../access/tokens/testing.ts';

const models = `
model_list:
  - { model_name: gpt-4o, litellm_params: { model: mock/hello } }
  - { model_name: claude-sonnet, litellm_params: { model: mock/hello } }
  - { model_name: embedding-small, litellm_params: { model: mock/hello } }
`;

/** Who made the calls that succeeded, as the log says it. A line is written when its answer is out. */
const callers = async (admin: TestAdmin, member: 'userId' | 'teamId', count = 1): Promise<readonly unknown[]> => {
  for (let turn = 0; ; turn++) {
    const found = admin.lines.flatMap(({ caller, status }) =>
      status === 200 && caller ? [(caller as Record<string, unknown>)[member]] : [],
    );
    const named = found.filter((each) => each !== undefined);
    if (named.length >= count || turn === 100) return named;
    await Bun.sleep(10);
  }
};

describeAdmin('tokens in place of keys', (start) => {
  let issuer: TestIssuer;
  const stops: (() => Promise<void>)[] = [];
  beforeAll(async () => void (issuer = await startIssuer()));
  afterAll(async () => {
    await Promise.all(stops.map((stop) => stop()));
    await issuer.stop();
  });
  const env = () => ({ JWT_PUBLIC_KEY_URL: issuer.jwksUrl, JWT_AUDIENCE: 'sluice', JWT_ISSUER: issuer.issuer });
  const open = async (jwtauth: string, more = ''): Promise<TestAdmin> => {
    const admin = await start({
      config: `${models}general_settings:\n  enable_jwt_auth: true\n  litellm_jwtauth: { ${jwtauth} }\n${more}`,
      env: env(),
    });
    stops.push(() => admin.stop());
    return admin;
  };

  test('a user who is stored calls; one who is not is told so, with 403; keys go on as ever', async () => {
    const admin = await open('user_id_jwt_field: sub');
    await admin.ok('POST /user/new', { user_id: 'ada', auto_create_key: false });
    expect((await admin.chat('gpt-4o', await issuer.sign({ sub: 'ada' }))).status).toBe(200);
    const unknown = await admin.chat('gpt-4o', await issuer.sign({ sub: 'eve' }));
    expect([unknown.status, unknown.json.error.message.includes('/user/new')]).toEqual([403, true]);
    const { key } = await admin.ok<{ key: string }>('POST /key/generate', {});
    expect((await admin.chat('gpt-4o', key)).status).toBe(200);
    expect((await admin.chat('gpt-4o', 'eyJhbGciOiJub25lIn0.e30.AAAA')).status).toBe(401);
    expect(await callers(admin, 'userId')).toEqual(['ada']);
    // No token in any line.
    expect(JSON.stringify(admin.lines)).not.toContain('eyJ');
  });

  test('what is stored of the user holds at once: models, budgets, blocking', async () => {
    const admin = await open('user_id_jwt_field: sub');
    await admin.ok('POST /user/new', { user_id: 'ada', models: ['gpt-4o'], auto_create_key: false });
    const token = await issuer.sign({ sub: 'ada' });
    expect((await admin.chat('gpt-4o', token)).status).toBe(200);
    expect((await admin.chat('claude-sonnet', token)).status).toBe(401);
    await admin.ok('POST /user/update', { user_id: 'ada', models: ['claude-sonnet'] });
    expect((await admin.chat('claude-sonnet', token)).status).toBe(200);
    expect((await admin.chat('gpt-4o', token)).status).toBe(401);
    await admin.ok('POST /user/update', { user_id: 'ada', max_budget: 0 });
    expect((await admin.chat('claude-sonnet', token)).json.error.type).toBe('budget_exceeded');
    await admin.ok('POST /user/delete', { user_ids: ['ada'] });
    expect((await admin.chat('claude-sonnet', token)).status).toBe(403);
  });

  test('fifty first calls at once make one user and one team', async () => {
    const admin = await open(
      'user_id_jwt_field: sub, user_email_jwt_field: email, user_id_upsert: true, team_id_jwt_field: team, team_id_upsert: true, upsert_sso_user_to_team: true',
    );
    const tokens = await Promise.all(
      Array.from({ length: 50 }, (_, at) => issuer.sign({ sub: 'new-one', email: 'New@acme.test', team: 'new-team', jti: String(at) })),
    );
    const answers = await Promise.all(tokens.map((token) => admin.chat('gpt-4o', token)));
    expect(answers.map(({ status }) => status).filter((status) => status !== 200)).toEqual([]);
    const [user, ...others] = await admin.store.find(kinds.user, { is: { email: 'new@acme.test' } });
    expect([user?.id, others.length, user?.data.user_role]).toEqual(['new-one', 0, 'internal_user']);
    expect(await admin.store.get(kinds.team, 'new-team')).toBeDefined();
    expect(await admin.store.get(kinds.teamMember, memberId('new-team', 'new-one'))).toMatchObject({ data: { role: 'user' } });
  });

  test('a user is also found by e-mail address, but not by one that nobody has checked or that is another’s', async () => {
    const admin = await open('user_id_jwt_field: sub, user_email_jwt_field: email');
    await admin.ok('POST /user/new', { user_id: 'u-1', user_email: 'ada@acme.test', auto_create_key: false });
    expect((await admin.chat('gpt-4o', await issuer.sign({ sub: 'idp|1', email: 'ADA@acme.test' }))).status).toBe(200);
    expect((await admin.chat('gpt-4o', await issuer.sign({ sub: 'idp|2', email: 'ada@acme.test', email_verified: false }))).status).toBe(
      403,
    );
    await admin.store.write({ by: 'test' }, (writing) => writing.update(kinds.user, 'u-1', (data) => ({ ...data, sso_user_id: 'idp|1' })));
    await Bun.sleep(20);
    expect((await admin.chat('gpt-4o', await issuer.sign({ sub: 'idp|2', email: 'ada@acme.test' }))).status).toBe(403);
    expect((await admin.chat('gpt-4o', await issuer.sign({ sub: 'idp|1', jti: '2' }))).status).toBe(200);
  });

  test('a token counts as the key that its claim is mapped to, until that is switched off, changed or deleted', async () => {
    const admin = await open('virtual_key_claim_field: azp');
    const first = await admin.ok<{ key: string }>('POST /key/generate', { models: ['gpt-4o'] });
    const second = await admin.ok<{ key: string }>('POST /key/generate', { models: ['claude-sonnet'] });
    const { id } = await admin.ok('POST /jwt/key/mapping/new', { jwt_claim_name: 'azp', jwt_claim_value: 'ci', key: first.key });
    const token = await issuer.sign({ azp: 'ci' });
    expect((await admin.chat('gpt-4o', token)).status).toBe(200);
    expect((await admin.chat('gpt-4o', token)).status).toBe(200);
    expect((await admin.chat('claude-sonnet', token)).status).toBe(401);
    await admin.ok('POST /jwt/key/mapping/update', { id, key: second.key });
    expect((await admin.chat('claude-sonnet', token)).status).toBe(200);
    await admin.ok('POST /jwt/key/mapping/update', { id, is_active: false });
    expect((await admin.chat('claude-sonnet', token)).status).toBe(401);
    await admin.ok('POST /jwt/key/mapping/update', { id, is_active: true });
    await Bun.sleep(0);
    expect((await admin.chat('claude-sonnet', token)).status).toBe(200);
    await admin.ok('POST /key/block', { key: second.key });
    expect((await admin.chat('claude-sonnet', token)).status).toBe(401);
    await admin.ok('POST /key/unblock', { key: second.key });
    await admin.ok('POST /jwt/key/mapping/delete', { id });
    // Then it is a token like others, which is nobody's here: it may call public routes alone.
    expect((await admin.chat('claude-sonnet', token)).status).toBe(403);
  });

  test('of several teams the one makes the call that may use the model; a header may name it', async () => {
    const admin = await open(
      'user_id_jwt_field: sub, user_id_upsert: true, team_ids_jwt_field: groups, enforce_team_based_model_access: true',
    );
    await admin.ok('POST /team/new', { team_id: 'chat', models: ['gpt-4o'] });
    await admin.ok('POST /team/new', { team_id: 'code', models: ['claude-sonnet'] });
    const token = await issuer.sign({ sub: 'ada', groups: ['everybody', 'chat', 'code'] });
    expect((await admin.chat('gpt-4o', token)).status).toBe(200);
    expect((await admin.chat('claude-sonnet', token)).status).toBe(200);
    expect(await callers(admin, 'teamId', 2)).toEqual(['chat', 'code']);
    expect((await admin.chat('embedding-small', token)).status).toBe(401);
    const inTeam = (team: string, model: string) =>
      admin.call(
        'POST /v1/chat/completions',
        { model, messages: [{ role: 'user', content: 'hi' }] },
        { key: token, headers: { 'x-litellm-team-id': team } },
      );
    expect((await inTeam('code', 'claude-sonnet')).status).toBe(200);
    expect((await inTeam('code', 'gpt-4o')).status).toBe(401);
    expect((await inTeam('others', 'gpt-4o')).status).toBe(403);
    const listed = await admin.call('GET /v1/models', undefined, { key: token });
    expect(listed.json.data.map(({ id }: { id: string }) => id).toSorted()).toEqual(['claude-sonnet', 'gpt-4o']);
    await admin.ok('POST /team/block', { team_id: 'chat' });
    expect((await admin.chat('gpt-4o', token)).status).toBe(401);
    expect((await admin.chat('claude-sonnet', token)).status).toBe(200);
    expect((await admin.chat('gpt-4o', await issuer.sign({ sub: 'bob' }))).status).toBe(403);
    expect((await admin.chat('gpt-4o', await issuer.sign({ sub: 'bob', groups: ['everybody'] }))).status).toBe(403);
  });

  test('teams and organisations by name; a team of another organisation is none of it', async () => {
    const admin = await open('team_alias_jwt_field: team, org_alias_jwt_field: org');
    const { organization_id: org } = await admin.ok<{ organization_id: string }>('POST /organization/new', {
      organization_alias: 'Acme',
      models: [],
    });
    await admin.ok('POST /organization/new', { organization_alias: 'Other', models: [] });
    await admin.ok('POST /team/new', { team_id: 't', team_alias: 'Ops', organization_id: org });
    expect((await admin.chat('gpt-4o', await issuer.sign({ team: 'Ops', org: 'Acme' }))).status).toBe(200);
    expect((await admin.chat('gpt-4o', await issuer.sign({ team: 'Ops', org: 'Other' }))).status).toBe(403);
    expect((await admin.chat('gpt-4o', await issuer.sign({ team: 'Nope', org: 'Acme' }))).status).toBe(403);
    const renamed = await issuer.sign({ team: 'Platform' });
    expect((await admin.chat('gpt-4o', renamed)).status).toBe(403);
    await admin.ok('POST /team/update', { team_id: 't', team_alias: 'Platform' });
    expect((await admin.chat('gpt-4o', renamed)).status).toBe(200);
  });

  test('an admin’s token administers and calls no models; a team’s calls and does not administer', async () => {
    const admin = await open('user_id_jwt_field: sub, team_ids_jwt_field: groups, user_id_upsert: true');
    const boss = await issuer.sign({ sub: 'boss', scope: 'litellm_proxy_admin' });
    expect((await admin.call('POST /team/new', { team_id: 't1' }, { key: boss })).status).toBe(200);
    expect((await admin.chat('gpt-4o', boss)).status).toBe(403);
    const member = await issuer.sign({ sub: 'ada', groups: ['t1'] });
    expect((await admin.chat('gpt-4o', member)).status).toBe(200);
    expect((await admin.call('POST /team/new', { team_id: 't2' }, { key: member })).status).toBe(403);
    const alone = await issuer.sign({ sub: 'ada', jti: '2' });
    expect((await admin.call('POST /team/new', { team_id: 't2' }, { key: alone })).status).toBe(403);
    expect((await admin.call('GET /user/info', undefined, { key: alone })).json.user_id).toBe('ada');
  });

  test('roles and teams of the token are stored, where that is wanted', async () => {
    const admin = await open(
      'user_id_jwt_field: sub, user_id_upsert: true, team_ids_jwt_field: groups, roles_jwt_field: roles, jwt_litellm_role_map: [{ jwt_role: viewer, litellm_role: internal_user_viewer }], sync_user_role_and_teams: true',
    );
    for (const team_id of ['a', 'b', 'own']) await admin.ok('POST /team/new', { team_id });
    const teams = async () =>
      (await admin.store.find(kinds.teamMember, { is: { user_id: 'ada' } })).map(({ data }) => data.team_id).toSorted();
    expect((await admin.chat('gpt-4o', await issuer.sign({ sub: 'ada', groups: ['a', 'nowhere'], roles: ['viewer'] }))).status).toBe(200);
    expect(await teams()).toEqual(['a']);
    expect((await admin.store.get(kinds.user, 'ada'))?.data.user_role).toBe('internal_user_viewer');
    await admin.ok('POST /team/member_add', { team_id: 'own', member: { role: 'user', user_id: 'ada' } });
    expect((await admin.chat('gpt-4o', await issuer.sign({ sub: 'ada', groups: ['b'] }))).status).toBe(200);
    // What an administrator did stays.
    expect(await teams()).toEqual(['b', 'own']);
  });

  test('roles that need nothing stored', async () => {
    const admin = await open(
      'object_id_jwt_field: oid, roles_jwt_field: roles, role_mappings: [{ role: consumer, internal_role: team }], enforce_rbac: true',
      '  role_permissions: [{ role: team, models: [gpt-4o], routes: [/v1/chat/completions] }]\n',
    );
    const token = await issuer.sign({ oid: 'nobody-made-me', roles: ['consumer'] });
    expect((await admin.chat('gpt-4o', token)).status).toBe(200);
    expect((await admin.chat('claude-sonnet', token)).status).toBe(401);
    expect((await admin.call('POST /v1/messages', { model: 'gpt-4o', max_tokens: 5, messages: [] }, { key: token })).status).toBe(403);
    expect((await admin.chat('gpt-4o', await issuer.sign({ oid: 'x', roles: ['other'] }))).status).toBe(403);
  });

  test('headers of a proxy are believed of the connection alone', async () => {
    const config = (range: string) => `${models}general_settings:
  trusted_proxy_ranges: [${range}]
  use_x_forwarded_for: true
  enable_oauth2_proxy_auth: true
  oauth2_config_mappings: { user_id: x-user }
`;
    const admin = await start({ config: config('127.0.0.0/8') });
    stops.push(() => admin.stop());
    await admin.ok('POST /user/new', { user_id: 'ada', models: ['gpt-4o'], auto_create_key: false });
    const ask = (path: string, model = 'gpt-4o') =>
      admin.call(path, path.startsWith('GET') ? undefined : { model, messages: [{ role: 'user', content: 'hi' }] }, {
        key: '',
        headers: { 'x-user': 'ada', 'x-forwarded-for': '127.0.0.1' },
      });
    expect((await ask('POST /v1/chat/completions')).status).toBe(200);
    expect((await ask('POST /v1/chat/completions', 'claude-sonnet')).status).toBe(401);
    expect((await ask('GET /user/info')).json.user_id).toBe('ada');
    admin.reload(config('10.0.0.0/8'));
    expect((await ask('POST /v1/chat/completions')).status).toBe(401);
    expect((await ask('GET /user/info')).status).toBe(401);
  });

  test('a configured header says which end user a call is for; a token’s own word wins', async () => {
    const admin = await open(
      'user_id_jwt_field: sub, user_id_upsert: true, end_user_id_jwt_field: customer',
      '  user_header_name: X-Open-User\n',
    );
    await admin.ok('POST /customer/new', { user_id: 'bad', blocked: true });
    const chat = async (claims: Record<string, string>) =>
      (
        await admin.call(
          'POST /v1/chat/completions',
          { model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }] },
          { key: await issuer.sign({ sub: 'ada', ...claims }), headers: { 'x-open-user': 'bad' } },
        )
      ).status;
    expect(await chat({})).toBe(403);
    expect(await chat({ customer: 'good' })).toBe(200);
  });

  test('where nothing may be taken from memory, every call looks', async () => {
    const admin = await open(
      'user_id_jwt_field: sub, team_ids_jwt_field: groups, virtual_key_claim_field: azp',
      '  user_api_key_cache_ttl: 0\n',
    );
    await admin.ok('POST /user/new', { user_id: 'ada', auto_create_key: false });
    await admin.ok('POST /team/new', { team_id: 't', models: ['gpt-4o'], max_budget: 5 });
    const { key } = await admin.ok<{ key: string }>('POST /key/generate', {});
    await admin.ok('POST /jwt/key/mapping/new', { jwt_claim_name: 'azp', jwt_claim_value: 'ci', key });
    for (const claims of [{ sub: 'ada', groups: ['t', 'u'] }, { azp: 'ci' }]) {
      const token = await issuer.sign(claims);
      for (let at = 0; at < 3; at++) expect((await admin.chat('gpt-4o', token)).status).toBe(200);
    }
  });

  test('while the database is away, who is known goes on, and who is not gets 503', async () => {
    const admin = await open('user_id_jwt_field: sub');
    await admin.ok('POST /user/new', { user_id: 'ada', auto_create_key: false });
    const token = await issuer.sign({ sub: 'ada' });
    expect((await admin.chat('gpt-4o', token)).status).toBe(200);
    await admin.store.database.close();
    expect((await admin.chat('gpt-4o', token)).status).toBe(200);
    expect((await admin.chat('gpt-4o', await issuer.sign({ sub: 'bob' }))).status).toBe(503);
  });
});
