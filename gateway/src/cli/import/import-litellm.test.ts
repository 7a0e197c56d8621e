import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { describeAdmin, type TestAdmin } from '../../../../test/kit/admin.ts';
import { describeDatabases } from '../../../../test/kit/describe-databases.ts';
import { postgresMissing, startPostgres, type TestPostgres } from '../../../../test/kit/postgres.ts';
import { kinds, memberId } from '../../access/records/kinds.ts';
import { Store } from '../../access/store/store.ts';
import { verifyAudit } from '../../access/store/verify-audit.ts';
import { sealedPlace } from '../../config/stored/stored-rows.ts';
import { openMembers } from '../../config/stored/open-members.ts';
import { createSealer, saltKeysOf } from '../../storage/sealed/index.ts';
import { migrate, openDatabase, pendingMigrations, sql, type Database } from '../../storage/sql/index.ts';
import { run } from '../run.ts';
import { fakeIo, fakeParts } from '../testing.ts';
import { importLitellm } from './import-litellm.ts';
import { openSource } from './source.ts';
import { encryptLitellm, fixture } from './testing.ts';

const saltKey = 'litellm-salt';
const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');
const liveKey = 'sk-a-key-of-litellm-1234';
const literal = (value: unknown): string => `'${JSON.stringify(value).replaceAll("'", "''")}'`;
const sealer = createSealer({ keys: saltKeysOf('a-salt-key-for-tests-only') });

/** Awkward rows, one of each kind at least. */
const rows = fixture('rows.sql', {
  hash_liveKey: hashOf(liveKey),
  hash_expired: hashOf('sk-expired'),
  hash_blocked: hashOf('sk-blocked'),
  hash_session: hashOf('sk-session'),
  value_1: literal({
    model: encryptLitellm('mock/hello', saltKey),
    api_key: encryptLitellm('sk-canary-provider', saltKey, 'v3'),
    rpm: 5,
    api_base: null,
  }),
  value_2: literal({ model: 'mock/hello', api_key: `sk-proj-${'A'.repeat(80)}` }),
  value_3: literal(JSON.stringify({ model: encryptLitellm('mock/hello', saltKey, 'v2') })),
  value_4: literal({ model: encryptLitellm('mock/hello', 'another-salt'), api_key: encryptLitellm('k', 'another-salt') }),
  value_5: literal({ api_key: encryptLitellm('sk-canary-credential', saltKey) }),
});

describe.skipIf(postgresMissing() !== undefined)('sluice import litellm', () => {
  let server: TestPostgres;
  let from: string;
  beforeAll(async () => {
    server = await startPostgres();
    from = await server.newDatabase();
    await server.query(fixture('tables.sql'), from);
    await server.query(rows, from);
  });
  afterAll(() => server.stop());

  const importing = async (database: Database, more: { overwrite?: boolean; dryRun?: boolean; saltKeys?: string[] } = {}) => {
    const source = await openSource(`${from}?pgbouncer=true&connection_limit=5&pool_timeout=0&schema=public`);
    try {
      const report = await importLitellm({ source, database, sealer, saltKeys: [saltKey], overwrite: false, dryRun: false, ...more });
      return report;
    } finally {
      await source.close();
    }
  };
  type Report = Awaited<ReturnType<typeof importing>>;
  const countsOf = (report: Report) =>
    Object.fromEntries([...report.kinds].map(([kind, { read, imported, skipped }]) => [kind, [read, imported, skipped]]));
  const notesOf = (report: Report, kind: string, id: string) =>
    report.objects.filter((each) => each.kind === kind && each.id === id).map(({ what, grade }) => `${grade}: ${what}`);

  describeDatabases('into', (open) => {
    test('everything arrives, and what does not is told', async () => {
      const database = await open();
      const report = await importing(database);
      expect(countsOf(report)).toEqual({
        budgets: [4, 4, 0],
        organizations: [1, 1, 0],
        users: [4, 4, 0],
        teams: [2, 2, 0],
        'team members': [6, 4, 2],
        'organization members': [2, 2, 0],
        projects: [2, 1, 1],
        'access groups': [2, 1, 1],
        keys: [5, 4, 1],
        'JWT mappings': [1, 1, 0],
        customers: [2, 2, 0],
        tags: [1, 1, 0],
        models: [4, 3, 1],
        credentials: [1, 1, 0],
        settings: [5, 1, 4],
      });
      const store = new Store(database);

      const key = (await store.get(kinds.key, hashOf(liveKey)))!;
      expect(key.data).toEqual({
        key_name: 'sk-...1234',
        key_alias: 'live',
        user_id: 'u1',
        team_id: 't1',
        models: ['gpt-4o'],
        aliases: { a: 'gpt-4o' },
        allowed_routes: ['llm_api_routes'],
        max_budget: 5,
        budget_duration: '30d',
        model_max_budget: { 'gpt-4o': { max_budget: 1, budget_duration: '1d' } },
        tags: ['x'],
        enforced_params: ['user'],
        temp_budget_increase: 1,
        temp_budget_expiry: Date.parse('2099-01-01T00:00:00Z'),
        metadata: { note: 'ü' },
      });
      expect(key.createdAt).toBe(Date.parse('2025-05-06T07:08:09.123Z'));
      expect(key.createdBy).toBe('ann');
      // A limit that no number can say is left out, not rounded.
      expect(notesOf(report, 'keys', key.id)).toEqual(['not carried: tpm_limit']);
      expect((await store.get(kinds.key, hashOf('sk-expired')))!.data).toEqual({
        key_name: 'sk-...',
        models: [],
        expires_at: Date.parse('2020-01-01T00:00:00Z'),
      });
      expect(notesOf(report, 'keys', hashOf('sk-expired'))).toEqual(['not carried: key_alias']);
      expect((await store.get(kinds.key, hashOf('sk-blocked')))!.data).toEqual({
        key_name: 'sk-...cked',
        models: [],
        blocked: true,
        max_budget: 0,
        service_account: true,
        model_max_budget: { 'gpt-4o': { max_budget: 3 } },
      });
      expect((await store.get(kinds.key, hashOf('sk-plain-text-key')))!.data).toEqual({
        key_name: 'sk-...-key',
        key_alias: 'plain',
        models: [],
        metadata: { odd: { a: [1] } },
      });
      expect(notesOf(report, 'keys', hashOf('sk-plain-text-key')).toSorted()).toEqual([
        'approximate: token',
        'not carried: brand_new',
        'not carried: budget_duration',
        'not carried: model_max_budget',
      ]);
      expect(notesOf(report, 'keys', hashOf('sk-session'))).toEqual(['not carried: all']);

      expect((await store.get(kinds.team, 't1'))!.data).toEqual({
        team_alias: 'Équipe',
        organization_id: 'o1',
        models: ['gpt-4o', 'all-team-models'],
        model_aliases: { fast: 'gpt-4o' },
        max_budget: 20,
        budget_duration: '30d',
        model_rpm_limit: { 'gpt-4o': 5 },
        tags: ['a'],
        metadata: { mine: 1 },
        object_permission: { vector_stores: ['vs'] },
        team_member_budget: 2.5,
        team_member_budget_duration: '7d',
      });
      expect(notesOf(report, 'teams', 't1').toSorted()).toEqual([
        'not carried: metadata.guardrails',
        'not carried: metadata.logging',
        'not carried: object_permission.mcp_servers',
      ]);
      const member = async (team: string, user: string) => (await store.get(kinds.teamMember, memberId(team, user)))?.data;
      expect(await member('t1', 'u1')).toEqual({
        team_id: 't1',
        user_id: 'u1',
        role: 'admin',
        budget_id: 'b-member',
        allowed_models: ['gpt-4o'],
      });
      expect(await member('t1', 'u4')).toMatchObject({ role: 'user' });
      expect(await member('t1', 'u9')).toBeUndefined();
      expect(await member('t-old', 'u2')).toMatchObject({ role: 'admin' });
      expect(await member('t-old', 'u3')).toMatchObject({ role: 'user' });

      expect((await store.get(kinds.user, 'u1'))!.data).toEqual({
        user_email: 'ann@example.com',
        user_role: 'internal_user',
        sso_user_id: 'sso-1',
        models: [],
      });
      expect((await store.get(kinds.user, 'u2'))!.data).toMatchObject({
        user_role: 'proxy_admin',
        password: expect.stringMatching(/^\$2b/),
      });
      expect((await store.get(kinds.user, 'u2'))!.data.user_email).toBeUndefined();
      expect((await store.get(kinds.user, 'u3'))!.data).toEqual({ user_role: 'internal_user_viewer', models: ['no-default-models'] });
      expect(notesOf(report, 'users', 'u4').toSorted()).toEqual(['approximate: user_role', 'not carried: password']);
      expect((await store.get(kinds.organizationMember, memberId('o1', 'u4')))!.data.role).toBe('internal_user_viewer');
      expect((await store.get(kinds.budget, 'b1'))!.data).toEqual({ max_budget: 10, budget_duration: '30d', tpm_limit: 9_000_000_000 });
      expect((await store.get(kinds.budget, 'b-odd'))!.data).toEqual({});
      expect(notesOf(report, 'budgets', 'b-odd').toSorted()).toEqual(['not carried: budget_duration', 'not carried: max_budget']);
      expect((await store.get(kinds.customer, 'kunde/Ä'))!.data).toEqual({ blocked: true });
      expect((await store.get(kinds.jwtMapping, 'j1'))!.data).toEqual({
        jwt_claim_name: 'sub',
        jwt_claim_value: 'ann',
        key_id: hashOf(liveKey),
        is_active: true,
      });

      const model = (await store.get(kinds.model, 'm1'))!.data;
      expect(model).toMatchObject({ model_name: 'db-model', team_id: 't1', model_info: { mode: 'chat' } });
      expect(openMembers(model.litellm_params, sealedPlace.model('m1'), sealer).value).toEqual({
        model: 'mock/hello',
        api_key: 'sk-canary-provider',
        rpm: 5,
      });
      const plain = (await store.get(kinds.model, 'm-plain'))!.data;
      expect(openMembers(plain.litellm_params, sealedPlace.model('m-plain'), sealer).value).toMatchObject({
        api_key: `sk-proj-${'A'.repeat(80)}`,
      });
      expect((await store.get(kinds.model, 'm-text'))!.data.litellm_params).toEqual({ model: 'mock/hello' });
      expect(await store.get(kinds.model, 'm-lost')).toBeUndefined();
      expect((await store.get(kinds.setting, 'router_settings.num_retries'))!.data).toEqual({ value: 3 });
      const stored = JSON.stringify([
        await store.find(kinds.model),
        await store.find(kinds.credential),
        await database.all(sql`select * from audit_log`),
      ]);
      expect(stored).not.toContain('canary');
      expect(JSON.stringify(report)).not.toContain('canary');

      const tables = [...report.reasons.values()].filter(({ kind }) => kind === 'tables').map(({ what }) => what);
      expect(tables).toEqual(['LiteLLM_MCPServerTable', 'LiteLLM_SpendLogs']);
      expect(await verifyAudit(database)).toMatchObject({ whole: true });
    }, 60_000);

    test('spend counts as LiteLLM counts it: in the running period where there is one', async () => {
      const database = await open();
      await importing(database);
      const spent = await database.all<{ subject: string; period_start: number; nanodollars: number }>(
        sql`select subject, period_start, nanodollars from spend_totals order by subject, period_start`,
      );
      const monthStart = Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth(), 1);
      const of = (subject: string) =>
        spent.filter((each) => each.subject === subject).map(({ period_start, nanodollars }) => [period_start, nanodollars]);
      expect(of(`key:${hashOf(liveKey)}`)).toEqual([
        [0, 125_000_000],
        [monthStart, 125_000_000],
      ]);
      expect(of('team:t1')).toEqual([
        [0, 3_500_000_000],
        [monthStart, 3_500_000_000],
      ]);
      expect(of('user:u1')).toEqual([[0, 250_000_000]]);
      expect(of('organization:o1')).toEqual([[0, 1_500_000_000]]);
      expect(of('tag:free')).toEqual([[0, 500_000_000]]);
      expect(of('project:pr1')).toEqual([[0, 2_000_000_000]]);
      expect(of('customer:c1')).toEqual([
        [0, 1_000_000_000],
        [monthStart, 1_000_000_000],
      ]);
      const member = of(`team_member:${memberId('t1', 'u1')}`);
      expect(member.map(([, amount]) => amount)).toEqual([4_000_000_000, 500_000_000]);
      expect(new Date(member[1]![0]!).getUTCDay()).toBe(1);
    }, 60_000);

    test('a second run changes nothing; --overwrite replaces what was changed here', async () => {
      const database = await open();
      const first = await importing(database);
      const everything = async () => [
        await database.all(sql`select * from keys order by id`),
        await database.all(sql`select * from models order by id`),
        await database.all(sql`select subject, period_start, nanodollars from spend_totals order by subject, period_start`),
        await database.all(sql`select count(*) as count from audit_log`),
      ];
      const before = await everything();
      const second = await importing(database);
      expect(await everything()).toEqual(before);
      for (const [kind, { read, unchanged, skipped }] of second.kinds) expect([kind, unchanged + skipped]).toEqual([kind, read]);
      expect([...second.reasons.values()]).toEqual([...first.reasons.values()]);

      const store = new Store(database);
      await store.write({ by: 'test' }, (writing) => writing.update(kinds.key, hashOf(liveKey), (data) => ({ ...data, max_budget: 99 })));
      const third = await importing(database);
      expect(third.kinds.get('keys')).toMatchObject({ kept: 1, imported: 0 });
      expect((await store.get(kinds.key, hashOf(liveKey)))!.data.max_budget).toBe(99);
      const dry = await importing(database, { overwrite: true, dryRun: true });
      expect(dry.kinds.get('keys')).toMatchObject({ replaced: 1 });
      expect((await store.get(kinds.key, hashOf(liveKey)))!.data.max_budget).toBe(99);
      const fourth = await importing(database, { overwrite: true });
      expect(fourth.kinds.get('keys')).toMatchObject({ replaced: 1, unchanged: 3 });
      expect((await store.get(kinds.key, hashOf(liveKey)))!.data.max_budget).toBe(5);

      // What was spent is as it is there, also of what is the same otherwise.
      await database.run(sql`update spend_totals set nanodollars = 1`);
      await importing(database);
      expect(await database.one(sql`select max(nanodollars) as most from spend_totals`)).toEqual({ most: 1 });
      await importing(database, { overwrite: true });
      expect((await everything())[2]).toEqual(before[2]!);
    }, 60_000);

    test('what somebody else has already under another id is left out, and nothing else is', async () => {
      const database = await open();
      const store = new Store(database);
      await store.write({ by: 'test' }, async (writing) => {
        const mine = { jwt_claim_name: 'sub', jwt_claim_value: 'ann', key_id: 'k', is_active: true };
        await writing.insert(kinds.jwtMapping, 'mine', mine);
        await writing.insert(kinds.user, 'mine', { user_email: 'bob@example.com', user_role: 'internal_user', models: [] });
      });
      const report = await importing(database);
      expect(report.kinds.get('JWT mappings')).toMatchObject({ read: 1, skipped: 1 });
      expect(notesOf(report, 'users', 'u4')).toContain('not carried: user_email');
      expect(report.kinds.get('keys')).toMatchObject({ imported: 4 });
      expect((await store.get(kinds.jwtMapping, 'mine'))!.data.key_id).toBe('k');
    }, 60_000);

    test('a dry run says the same and writes nothing', async () => {
      const [one, other] = [await open(), await open()];
      const dry = await importing(one, { dryRun: true });
      expect(await one.one(sql`select count(*) as count from audit_log`)).toEqual({ count: 0 });
      const real = await importing(other);
      // Who is named by an address alone is found among users that are there.
      const without = (report: Report) => [...report.kinds.values()].filter(({ kind }) => kind !== 'team members');
      expect(without(dry)).toEqual(without(real));
    }, 60_000);

    test('without the salt key, models are told as not carried', async () => {
      const report = await importing(await open(), { saltKeys: [] });
      expect(report.kinds.get('models')).toMatchObject({ imported: 1, skipped: 3 });
      expect(report.kinds.get('credentials')).toMatchObject({ skipped: 1 });
      expect(notesOf(report, 'models', 'm1')).toEqual(['not carried: all']);
    }, 60_000);
  });

  describeAdmin('a gateway on it', (start) => {
    let admin: TestAdmin;
    beforeAll(async () => {
      admin = await start();
      await importing(admin.store.database);
    }, 60_000);
    afterAll(() => admin.stop());

    test('LiteLLM keys work, and are what they were', async () => {
      expect((await admin.chat('gpt-4o', liveKey)).status).toBe(400);
      const answer = await admin.chat('gpt-4o', liveKey, { user: 'someone' });
      expect(answer.status).toBe(200);
      expect((await admin.chat('claude-sonnet', liveKey, { user: 'someone' })).json.error.type).toBe('key_model_access_denied');
      expect((await admin.chat('gpt-4o', 'sk-expired')).status).toBe(401);
      expect((await admin.chat('gpt-4o', 'sk-blocked')).status).toBe(401);
      expect((await admin.chat('gpt-4o', 'sk-plain-text-key')).status).toBe(200);
      expect((await admin.chat('gpt-4o', 'sk-session')).status).toBe(401);
      const { info } = await admin.ok<{ info: Record<string, unknown> }>(`GET /key/info?key=${hashOf(liveKey)}`);
      expect(info).toMatchObject({ key_alias: 'live', spend: 0.125, max_budget: 5, team_id: 't1' });
      const { team_info } = await admin.ok<{ team_info: Record<string, unknown> }>('GET /team/info?team_id=t1');
      expect(team_info).toMatchObject({ team_alias: 'Équipe', spend: 3.5 });
    });

    test('its models answer', async () => {
      const deadline = Date.now() + 5000;
      while ((await admin.chat('plain', admin.masterKey)).status !== 200) {
        if (Date.now() > deadline) throw new Error(JSON.stringify((await admin.chat('plain', admin.masterKey)).json));
        await Bun.sleep(20);
      }
    });
  });

  describe('the command', () => {
    const ran = async (argv: string[], env: Record<string, string> = {}, columns?: number) => {
      const io = fakeIo(['import', 'litellm', ...argv], { env, columns });
      return { code: await run(io, fakeParts()), ...io.printed() };
    };

    test('prints a report for people, and one for programs', async () => {
      const env = { SLUICE_SALT_KEY: 's', LITELLM_SALT_KEY: saltKey };
      const to = await server.newDatabase();
      const dry = await ran(['--database_url', from, '--to', to, '--dry-run'], env, 100);
      expect(dry.code).toBe(0);
      expect(dry.out).toContain('to import');
      const untouched = await openDatabase({ url: to });
      expect((await pendingMigrations(untouched)).length).toBeGreaterThan(0);
      await untouched.close();
      const { code, out, told } = await ran(['--database-url', from], { ...env, DATABASE_URL: to });
      expect(code).toBe(0);
      expect(out).toMatch(/^keys +5 +4 +0 +0 +0 +1 +1$/m);
      expect(out).toContain('Approximate:\n');
      expect(out).toContain('keys, token: it was stored in plain text there, and is a hash here: 1 (');
      expect(out).toContain('Not carried:\n');
      expect(out).toContain("users, password: it is LiteLLM's own kind of hash: it must be set anew: 2 (u1, u4)");
      expect(out).toContain('LiteLLM_SpendLogs: histories of single calls');
      for (const hidden of ['canary', 'hidden']) expect(out + told + dry.out + dry.told).not.toContain(hidden);
      const json = await ran(['--database-url', from, '--to', to, '--json'], env);
      expect(JSON.parse(json.out)).toMatchObject({
        dry_run: false,
        kinds: expect.any(Array),
        reasons: expect.any(Array),
        objects: expect.any(Array),
      });
    }, 60_000);

    test('what is no database of LiteLLM is refused', async () => {
      const empty = await server.newDatabase();
      expect(await ran(['--database-url', empty, '--to', 'sqlite::memory:'])).toMatchObject({
        code: 1,
        told: expect.stringContaining("no database of LiteLLM's"),
      });
      const wrong = await ran(['--database-url', 'mysql://u:hidden@h/x']);
      expect(wrong.code).toBe(2);
      const away = await ran(['--database-url', 'postgres://u:hidden@127.0.0.1:9/x']);
      expect(away.code).toBe(1);
      expect(wrong.told + away.told).not.toContain('hidden');
      expect((await ran([])).code).toBe(2);
      expect((await ran(['--database-url', from, '--timezone', 'Mars/One'])).code).toBe(2);
      expect((await ran(['--database-url', from])).code).toBe(2);
    });
  });

  test('5,000 keys', async () => {
    const many = await server.newDatabase();
    await server.query(fixture('tables.sql'), many);
    await server.query(fixture('many-keys.sql'), many);
    for (const url of ['sqlite::memory:', await server.newDatabase()]) {
      const database = await openDatabase({ url });
      const source = await openSource(many);
      try {
        await migrate(database);
        const report = await importLitellm({ source, database, sealer, saltKeys: [], overwrite: false, dryRun: false });
        expect(report.kinds.get('keys')).toMatchObject({ read: 5000, imported: 5000, exact: 5000 });
        expect(await database.one(sql`select count(*) as count from keys`)).toEqual({ count: 5000 });
        expect(await database.one(sql`select sum(nanodollars) as sum from spend_totals`)).toEqual({ sum: 12_502_500 * 1_000_000 });
        expect((await new Store(database).get(kinds.key, hashOf('sk-many-4711')))!.data.key_alias).toBe('alias 4711');
      } finally {
        await source.close();
        await database.close();
      }
    }
  }, 120_000);
});
