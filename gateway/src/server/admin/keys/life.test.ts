import { expect, test } from 'bun:test';
import { hashKey } from '../../../access/keys/secret.ts';
import { kinds } from '../../../access/records/kinds.ts';
import { systemActor } from '../../../access/store/actor.ts';
import { sql } from '../../../storage/sql/statement.ts';
import { describeAdmin, type TestAdmin } from '../../../../../test/kit/admin.ts';

interface Made {
  readonly key: string;
  readonly token: string;
  readonly key_name: string;
  readonly [member: string]: unknown;
}

const actor = systemActor('test');
const withAdmin = (start: () => Promise<TestAdmin>, work: (admin: TestAdmin) => Promise<void>) => async () => {
  const admin = await start();
  try {
    await work(admin);
  } finally {
    await admin.stop();
  }
};
const generate = (admin: TestAdmin, body: Record<string, unknown> = {}) => admin.ok<Made>('POST /key/generate', body);
const infoOf = async (admin: TestAdmin, key: string) => (await admin.ok<{ info: Made }>(`GET /key/info?key=${key}`)).info;
const statusOf = async (admin: TestAdmin, key: string) => (await admin.chat('gpt-4o', key)).status;

describeAdmin('the life of a key', (start) => {
  test(
    'it is seen once, and named by itself or its hash',
    withAdmin(start, async (admin) => {
      const made = await generate(admin, { key_alias: 'a', duration: '30d' });
      expect(made.key).toMatch(/^sk-[\w-]{43}$/);
      expect(made).toMatchObject({
        token: hashKey(made.key),
        token_id: hashKey(made.key),
        key_name: `sk-...${made.key.slice(-4)}`,
        spend: 0,
        created_by: 'master_key',
      });
      const days = (Date.parse(made['expires'] as string) - Date.now()) / 86_400_000;
      expect(Math.round(days)).toBe(30);
      for (const named of [made.key, made.token]) {
        const answer = await admin.call(`GET /key/info?key=${named}`);
        expect(answer.json).toMatchObject({ key: made.token, info: { key_alias: 'a' } });
        expect(JSON.stringify(answer.json)).not.toContain(made.key);
      }
      expect((await admin.call('GET /key/info', undefined, { key: made.key })).json.key).toBe(made.token);
      expect(await statusOf(admin, made.key)).toBe(200);
      expect(JSON.stringify(admin.lines)).not.toContain(made.key);
      expect(JSON.stringify(await admin.store.find(kinds.key))).not.toContain(made.key);
    }),
  );

  test(
    'aliases and chosen keys are unique',
    withAdmin(start, async (admin) => {
      const key = 'sk-chosen-by-the-caller-1';
      await generate(admin, { key_alias: 'a', key });
      expect((await admin.call('POST /key/generate', { key_alias: 'a' })).json.error.param).toBe('key_alias');
      expect((await admin.call('POST /key/generate', { key })).json.error.param).toBe('key');
      const answers = await Promise.all(Array.from({ length: 8 }, () => admin.call('POST /key/generate', { key_alias: 'race' })));
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array.from({ length: 7 }, () => 400)]);
    }),
  );

  test(
    'blocked, unblocked, deleted: at once',
    withAdmin(start, async (admin) => {
      const { key, token } = await generate(admin, { key_alias: 'b' });
      expect(await statusOf(admin, key)).toBe(200);
      expect(await admin.ok('POST /key/block', { key: token })).toMatchObject({ token, blocked: true });
      expect(await statusOf(admin, key)).toBe(401);
      expect(await admin.ok('POST /key/unblock', { key })).toMatchObject({ blocked: false });
      expect(await statusOf(admin, key)).toBe(200);
      expect(await admin.ok('POST /key/delete', { key_aliases: ['b'] })).toEqual({ deleted_keys: [token] });
      expect(await statusOf(admin, key)).toBe(401);
      const deleted = await admin.ok<{ keys: Record<string, unknown>[] }>('GET /key/list?status=deleted&return_full_object=true');
      expect(deleted.keys).toEqual([
        expect.objectContaining({ token, key_alias: 'b', created_by: 'master_key', deleted_by: 'master_key' }),
      ]);
      expect((await admin.call('POST /key/delete', { keys: [token] })).status).toBe(404);
      expect((await admin.call('POST /key/block', { key })).status).toBe(404);
    }),
  );

  test(
    'changes at the same time all hold',
    withAdmin(start, async (admin) => {
      const { token } = await generate(admin);
      const changes = {
        rpm_limit: 1,
        tpm_limit: 2,
        max_budget: 3,
        soft_budget: 4,
        max_parallel_requests: 5,
        blocked: true,
        agent_id: 'a',
        user_id: 'u',
      };
      await Promise.all(Object.entries(changes).map(([name, value]) => admin.ok('POST /key/update', { key: token, [name]: value })));
      expect(await infoOf(admin, token)).toMatchObject(changes);
      // Of several who give it another secret, one does.
      const answers = await Promise.all(Array.from({ length: 5 }, () => admin.call('POST /key/regenerate', { key: token })));
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 404, 404, 404, 404]);
      expect(await admin.store.count(kinds.key)).toBe(1);
    }),
  );

  test(
    'of several, all are deleted or none',
    withAdmin(start, async (admin) => {
      const [one, two] = [await generate(admin), await generate(admin)];
      expect((await admin.call('POST /key/delete', { keys: [one.key, 'sk-nobody-has-this-one-at-all'] })).status).toBe(404);
      expect(await statusOf(admin, one.key)).toBe(200);
      expect(await admin.ok('POST /key/delete', { keys: [one.key, two.token] })).toEqual({ deleted_keys: [one.key, two.token] });
      expect((await admin.call('POST /key/delete', {})).status).toBe(400);
    }),
  );

  test(
    'another secret: alias, limits, spend and birthday go with it',
    withAdmin(start, async (admin) => {
      const old = await generate(admin, { key_alias: 'c', max_budget: 10, spend: 4, budget_duration: '1d' });
      const born = (await infoOf(admin, old.token))['created_at'];
      await admin.store.write(actor, (writing) => writing.tx.run(spendOf(old.token, 1_700_000_000_000, 5)));
      const next = await admin.ok<Made>(`POST /key/${old.token}/regenerate`, { max_budget: 20, tags: ['new'] });
      expect(next.token).not.toBe(old.token);
      expect(next).toMatchObject({ key_alias: 'c', max_budget: 20, spend: 4, rotation_count: 1, tags: ['new'], created_at: born });
      expect(await statusOf(admin, old.key)).toBe(401);
      expect(await statusOf(admin, next.key)).toBe(200);
      expect((await admin.call(`GET /key/info?key=${old.token}`)).status).toBe(404);
      const rows = await admin.store.database.all<{ subject: string; nanodollars: number }>(periodsOf(old.token));
      // What it was given counts in its running period; what it spent in one of before is still counted as it was.
      expect(rows.map(({ nanodollars }) => nanodollars).toSorted((a, b) => a - b)).toEqual([5, 4_000_000_000]);
      expect(await admin.store.database.all<unknown>(periodsOf(next.token))).toEqual([]);
      expect((await admin.call('POST /key/regenerate', { key: next.key, new_key: 'sk-short' })).status).toBe(400);
      const chosen = 'sk-chosen-for-the-next-time';
      expect(await admin.ok('POST /key/regenerate', { key: next.key, new_key: chosen })).toMatchObject({ key: chosen, rotation_count: 2 });
      expect(await statusOf(admin, chosen)).toBe(200);
      expect((await admin.call('POST /key/regenerate', { key: admin.masterKey })).json.error.message).toContain('SLUICE_MASTER_KEY');
      expect((await admin.call(`POST /key/${chosen}/regenerate`, { new_master_key: 'sk-x' })).json.error.param).toBe('new_master_key');
      expect((await admin.call('POST /key/regenerate', {})).status).toBe(400);
    }),
  );

  test(
    'with a grace period the old one is good beside it, and follows it',
    withAdmin(start, async (admin) => {
      const first = await generate(admin, { key_alias: 'd' });
      const second = await admin.ok<Made>('POST /key/regenerate', { key: first.key, grace_period: '1h' });
      const third = await admin.ok<Made>('POST /key/regenerate', { key: second.key, grace_period: '1h' });
      for (const { key } of [first, second, third]) expect(await statusOf(admin, key)).toBe(200);
      for (const { token } of [first, second]) {
        const info = await infoOf(admin, token);
        expect(info).toMatchObject({ replaced_by: third.token, key_alias: null });
        expect(Date.parse(info['expires'] as string) - Date.now()).toBeLessThanOrEqual(3_600_000);
      }
      expect((await admin.call('POST /key/update', { key: first.token, max_budget: 1 })).json.error.message).toContain(third.token);
      await admin.ok('POST /key/block', { key: third.token });
      for (const { key } of [first, second, third]) expect(await statusOf(admin, key)).toBe(401);
      await admin.ok('POST /key/unblock', { key: third.token });
      expect(await statusOf(admin, first.key)).toBe(200);
      // One old one may go alone; with the last one all go.
      await admin.ok('POST /key/delete', { keys: [first.token] });
      expect(await statusOf(admin, second.key)).toBe(200);
      await admin.ok('POST /key/delete', { keys: [third.token] });
      for (const { key } of [first, second, third]) expect(await statusOf(admin, key)).toBe(401);
    }),
  );

  test(
    'what was spent is set, told and set back',
    withAdmin(start, async (admin) => {
      const { token } = await generate(admin, { spend: 3, max_budget: 10 });
      expect(await infoOf(admin, token)).toMatchObject({ spend: 3 });
      await admin.ok('POST /key/update', { key: token, spend: 5 });
      expect((await admin.call(`POST /key/${token}/reset_spend`, { reset_to: 6 })).status).toBe(400);
      expect(await admin.ok(`POST /key/${token}/reset_spend`, { reset_to: 0 })).toEqual({
        key_hash: token,
        spend: 0,
        previous_spend: 5,
        max_budget: 10,
        budget_reset_at: null,
      });
    }),
  );

  test(
    'bulk updates tell of each',
    withAdmin(start, async (admin) => {
      const [one, two] = [await generate(admin), await generate(admin)];
      const nobody = 'a'.repeat(64);
      const answer = await admin.ok<{ failed_updates: { failed_reason: string }[] }>('POST /key/bulk_update', {
        keys: [
          { key: one.key, max_budget: 1, tags: ['x'] },
          { key: nobody, max_budget: 1 },
          { key: two.token, team_id: 'nobody' },
        ],
      });
      expect(answer).toMatchObject({
        total_requested: 3,
        successful_updates: [{ key: one.key, key_info: { max_budget: 1, tags: ['x'] } }],
        failed_updates: [{ key: nobody }, { key: two.token, failed_reason: expect.stringContaining('nobody') }],
      });
      await admin.store.write(actor, (writing) => writing.insert(kinds.team, 't', { models: [] }));
      const [of, beside] = [await generate(admin, { team_id: 't' }), await generate(admin, { team_id: 't' })];
      const team = await admin.ok('POST /team/key/bulk_update', {
        team_id: 't',
        key_ids: [of.token, one.token],
        update_fields: { rpm_limit: 5 },
      });
      expect(team).toMatchObject({ successful_updates: [{ key: of.token }], failed_updates: [{ key: one.token }] });
      const all = await admin.ok<{ successful_updates: unknown[] }>('POST /team/key/bulk_update', {
        team_id: 't',
        all_keys_in_team: true,
        update_fields: { tpm_limit: 7 },
      });
      expect(all.successful_updates.length).toBe(2);
      expect(await infoOf(admin, beside.token)).toMatchObject({ tpm_limit: 7, rpm_limit: null });
      expect((await admin.call('POST /team/key/bulk_update', { team_id: 't', update_fields: {} })).status).toBe(400);
    }),
  );

  test(
    'service accounts belong to a team and to no person',
    withAdmin(start, async (admin) => {
      await admin.store.write(actor, (writing) => writing.insert(kinds.team, 't', { models: [] }));
      const made = await admin.ok<Made>('POST /key/service-account/generate', { team_id: 't', key_alias: 'robot' });
      expect(made).toMatchObject({ user_id: null, team_id: 't', service_account: true, metadata: { service_account_id: 'robot' } });
      expect((await admin.call('POST /key/service-account/generate', { key_alias: 'x' })).json.error.param).toBe('team_id');
      expect((await admin.call('POST /key/service-account/generate', { team_id: 't', user_id: 'u' })).json.error.param).toBe('user_id');
      expect((await admin.call('POST /key/update', { key: made.token, user_id: 'u' })).status).toBe(400);
    }),
  );

  test(
    'access groups know their keys',
    withAdmin(start, async (admin) => {
      const members = async () => (await admin.store.get(kinds.accessGroup, 'g'))?.data.assigned_key_ids;
      await admin.store.write(actor, (writing) =>
        writing.insert(kinds.accessGroup, 'g', { access_group_name: 'g', access_model_names: ['gpt-4o'] }),
      );
      const made = await generate(admin, { access_group_ids: ['g'] });
      expect(await members()).toEqual([made.token]);
      const next = await admin.ok<Made>('POST /key/regenerate', { key: made.token });
      expect(await members()).toEqual([next.token]);
      expect((await admin.ok<{ keys: string[] }>('GET /key/list?access_group_id=g')).keys).toEqual([next.token]);
      await admin.ok('POST /key/update', { key: next.token, access_group_ids: [] });
      expect(await members()).toEqual([]);
      await admin.ok('POST /key/update', { key: next.token, access_group_ids: ['g'] });
      await admin.ok('POST /key/delete', { keys: [next.token] });
      expect(await members()).toEqual([]);
    }),
  );

  test(
    'a guaranteed throughput is there',
    withAdmin(start, async (admin) => {
      await admin.store.write(actor, (writing) => writing.insert(kinds.team, 't', { models: [], rpm_limit: 100 }));
      const guaranteed = { team_id: 't', rpm_limit_type: 'guaranteed_throughput' };
      const { token } = await generate(admin, { ...guaranteed, rpm_limit: 60 });
      expect((await admin.call('POST /key/generate', { ...guaranteed, rpm_limit: 41 })).json.error.param).toBe('rpm_limit');
      await generate(admin, { ...guaranteed, rpm_limit: 40 });
      await generate(admin, { team_id: 't', rpm_limit: 90 });
      expect((await admin.call('POST /key/update', { key: token, rpm_limit: 61 })).status).toBe(400);
      await admin.ok('POST /key/update', { key: token, rpm_limit: 10 });
    }),
  );

  test(
    'health',
    withAdmin(start, async (admin) => {
      const { key } = await generate(admin);
      expect(await admin.ok('POST /key/health', undefined, { key })).toEqual({ key: 'healthy', logging_callbacks: null });
      expect((await admin.call('POST /key/health', undefined, { key: 'sk-nobody-has-this-one-at-all' })).status).toBe(401);
    }),
  );
});

const spendOf = (token: string, start: number, nanodollars: number) =>
  sql`insert into spend_totals (subject, period_start, nanodollars, updated_at) values (${`key:${token}`}, ${start}, ${nanodollars}, ${0})`;
const periodsOf = (token: string) =>
  sql`select subject, nanodollars from spend_totals where subject = ${`key:${token}`} and period_start > 0`;
