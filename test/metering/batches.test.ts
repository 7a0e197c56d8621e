import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import { createFetchTransport, Secret } from 'sluice/kit';
import { loadConfig } from '../../gateway/src/config/load.ts';
import { createLive } from '../../gateway/src/pipeline/live.ts';
import { createLoopGuard } from '../../gateway/src/pipeline/loops.ts';
import { Batches } from '../../gateway/src/pipeline/metering/batches/batches.ts';
import { builtInPrices } from '../../gateway/src/pipeline/prices.ts';
import { eventDays } from '../../gateway/src/spend/ledger/event-days.ts';
import { sql } from '../../gateway/src/storage/sql/statement.ts';
import { describeAdmin, masterKey, type TestAdmin } from '../kit/admin.ts';
import { freshKeeper, startBatchKeeper, type BatchKeeper } from './batch-keeper.ts';

/* Batches are paid for when they are over, once, at a batch's prices, by whoever made them (FP-4, FP-47). */

let keeper: BatchKeeper;
beforeAll(() => void (keeper = startBatchKeeper()));
afterAll(() => keeper.stop());
beforeEach(() => void Object.assign(keeper, freshKeeper));

const prices =
  'input_cost_per_token: 2e-6, output_cost_per_token: 2e-5, cache_read_input_token_cost: 1e-6, input_cost_per_token_batches: 1e-6, output_cost_per_token_batches: 1e-5, cache_read_input_token_cost_batches: 5e-7';
const config = () => `
model_list:
  - { model_name: gpt, litellm_params: { model: openai/gpt-4o, api_base: "${keeper.url}v1", api_key: k, ${prices} } }
  - { model_name: claude, litellm_params: { model: anthropic/claude-sonnet-4-5, api_base: "${keeper.url}", api_key: k, ${prices} } }
`;
/** 1300 x 1 + 200 x 0.5 + 150 x 10 microdollars. */
const batchNanodollars = 1_300_000 + 100_000 + 1_500_000;

interface EventRow {
  id: string;
  route: string;
  key_id: string;
  nanodollars: number;
  cost_known: number;
  input_tokens: number;
  output_tokens: number;
}

const rowsOf = async ({ store: { database } }: TestAdmin): Promise<EventRow[]> => {
  const days = eventDays(database);
  const list = await days.list(database);
  return list.length === 0 ? [] : (await database.all<EventRow>(days.rowsOf(list))).filter(({ route }) => route === 'batch');
};

const openRows = async ({ store: { database } }: TestAdmin): Promise<number> => {
  return (await database.one<{ open: number }>(sql`select count(*) as open from spend_batches`))!.open;
};

/** Until there is something. */
const eventually = async <T>(look: () => Promise<T | undefined>): Promise<T> => {
  for (let waited = 0; waited < 8000; waited += 25) {
    const found = await look();
    if (found !== undefined) return found;
    await Bun.sleep(25);
  }
  throw new Error('it did not come');
};

const made = {
  batches: {
    create: 'POST /v1/batches',
    body: { input_file_id: 'file-in', endpoint: '/v1/chat/completions', completion_window: '24h', model: 'gpt' },
    one: '/v1/batches',
  },
  message_batches: {
    create: 'POST /v1/messages/batches',
    body: { requests: [{ custom_id: 'a', params: { model: 'claude', max_tokens: 10, messages: [{ role: 'user', content: 'hi' }] } }] },
    one: '/v1/messages/batches',
  },
} as const;

describeAdmin('jobs that are over later', (start) => {
  for (const kind of ['batches', 'message_batches'] as const) {
    const { create, body, one } = made[kind];

    test(`${kind}: paid for when a client sees that it is over, once, whoever looks`, async () => {
      const admin = await start({ config: config() });
      const other = await start({ config: config(), beside: admin });
      const { key } = await admin.ok<{ key: string }>('POST /key/generate', { max_budget: 10 });
      const { id } = await admin.ok<{ id: string }>(create, body, { key });
      await admin.ok(`GET ${one}/${id}`, undefined, { key });
      expect(await openRows(admin)).toBe(1);
      expect(await rowsOf(admin)).toEqual([]);
      keeper.status = 'completed';
      await Promise.all(Array.from({ length: 10 }, (_, at) => (at % 2 === 0 ? admin : other).ok(`GET ${one}/${id}`, undefined, { key })));
      const row = await eventually(async () => (await rowsOf(admin))[0]);
      expect(row).toMatchObject({ nanodollars: batchNanodollars, cost_known: 1, input_tokens: 1500, output_tokens: 150 });
      await admin.ok(`GET ${one}/${id}`, undefined, { key });
      await Bun.sleep(1500);
      expect(await rowsOf(admin)).toHaveLength(1);
      expect(await openRows(admin)).toBe(0);
      expect(keeper.outputReads).toBe(1);
      expect((await admin.ok<{ info: { spend: number } }>(`GET /key/info?key=${key}`)).info.spend).toBeCloseTo(batchNanodollars / 1e9, 12);
      await other.stop();
      await admin.stop();
    }, 30_000);
  }

  test('a sum without lengths is taken where the answers cannot be had; cancelled ones pay for what was done', async () => {
    const admin = await start({ config: config() });
    const { key } = await admin.ok<{ key: string }>('POST /key/generate', {});
    const { id } = await admin.ok<{ id: string }>(made.batches.create, made.batches.body, { key });
    keeper.status = 'cancelled';
    await admin.ok(`POST /v1/batches/${id}/cancel`, {}, { key });
    const row = await eventually(async () => (await rowsOf(admin))[0]);
    expect(row.nanodollars).toBe(batchNanodollars);
    Object.assign(keeper, { status: 'validating', lost: true, sums: true });
    const next = await admin.ok<{ id: string }>(made.batches.create, made.batches.body, { key });
    keeper.status = 'completed';
    await admin.ok('GET /v1/batches', undefined, { key });
    const second = await eventually(async () => (await rowsOf(admin)).find(({ id }) => id !== row.id));
    expect(second).toMatchObject({ nanodollars: batchNanodollars, cost_known: 1 });
    expect(second.id).toContain(next.id);
    await admin.stop();
  }, 30_000);

  test('where the answers are gone and nothing is summed up, that its cost is unknown is in the books', async () => {
    const admin = await start({ config: config() });
    const { id } = await admin.ok<{ id: string }>(made.batches.create, made.batches.body);
    Object.assign(keeper, { status: 'completed', lost: true });
    await admin.ok(`GET /v1/batches/${id}`);
    expect(await eventually(async () => (await rowsOf(admin))[0])).toMatchObject({ nanodollars: 0, cost_known: 0 });
    expect(await eventually(async () => ((await openRows(admin)) === 0 ? true : undefined))).toBe(true);
    await admin.stop();
  }, 30_000);

  test('one answer of unknown cost makes the others no cheaper (FP-25)', async () => {
    const rules = 'sluice_settings: { budgets: { unpriced: charge, unpriced_usd_per_call: 0.5, unpriced_usd_per_million_tokens: 0 } }';
    const admin = await start({ config: `${config()}\n${rules}\n` });
    const { key } = await admin.ok<{ key: string }>('POST /key/generate', {});
    const { id } = await admin.ok<{ id: string }>(made.batches.create, made.batches.body, { key });
    Object.assign(keeper, { status: 'completed', silent: true });
    await admin.ok(`GET /v1/batches/${id}`, undefined, { key });
    const row = await eventually(async () => (await rowsOf(admin))[0]);
    expect(row).toMatchObject({ nanodollars: batchNanodollars + 500_000_000, cost_known: 0, input_tokens: 1500, output_tokens: 150 });
    await admin.stop();
  }, 30_000);

  const deletes = { batches: () => '/v1/files/file-out', message_batches: (id: string) => `/v1/messages/batches/${id}` } as const;
  for (const kind of ['batches', 'message_batches'] as const) {
    const { create, body } = made[kind];

    test(`${kind}: who deletes the answers before anybody looked has paid for them`, async () => {
      const admin = await start({ config: config() });
      const { key } = await admin.ok<{ key: string }>('POST /key/generate', {});
      const { id } = await admin.ok<{ id: string }>(create, body, { key });
      keeper.status = 'completed';
      await admin.ok(`DELETE ${deletes[kind](id)}`, undefined, { key });
      expect(keeper.deleted).toHaveLength(1);
      expect(await openRows(admin)).toBe(0);
      const row = await eventually(async () => (await rowsOf(admin))[0]);
      expect(row).toMatchObject({ nanodollars: batchNanodollars, cost_known: 1 });
      await admin.stop();
    }, 30_000);

    test(`${kind}: what cannot be read when it is deleted, or is gone, costs the worst case that was held for it`, async () => {
      const admin = await start({ config: config() });
      const { key } = await admin.ok<{ key: string }>('POST /key/generate', { max_budget: 10 });
      const asked = { method: 'POST', url: '/v1/chat/completions', body: { model: 'gpt-4o', max_tokens: 1000, messages: [] } };
      keeper.input = `${JSON.stringify({ custom_id: 'c0', ...asked })}\n`;
      const { id } = await admin.ok<{ id: string }>(create, body, { key });
      Object.assign(keeper, { status: 'completed', lost: true });
      await admin.ok(`DELETE ${deletes[kind](id)}`, undefined, { key });
      const row = await eventually(async () => (await rowsOf(admin))[0]);
      // Its answer may have been as long as it was let be: 10 (Anthropic's) or 1,000 tokens of 10 microdollars.
      expect(row.nanodollars).toBeGreaterThanOrEqual(kind === 'batches' ? 10_000_000 : 100_000);
      expect(row.cost_known).toBe(0);
      expect(await openRows(admin)).toBe(0);
      await admin.stop();
    }, 30_000);
  }

  test('a file that is no output is deleted without a look at any batch', async () => {
    const admin = await start({ config: config() });
    const { key } = await admin.ok<{ key: string }>('POST /key/generate', {});
    await admin.ok(made.batches.create, made.batches.body, { key });
    await admin.ok('DELETE /v1/files/file-in', undefined, { key });
    expect([keeper.deleted, await openRows(admin), await rowsOf(admin)]).toEqual([['file-in'], 1, []]);
    await admin.stop();
  }, 30_000);

  test('a response in the background is paid for when it is there, and not again when it is read', async () => {
    const admin = await start({ config: config() });
    const { key } = await admin.ok<{ key: string }>('POST /key/generate', {});
    const { id } = await admin.ok<{ id: string }>('POST /v1/responses', { model: 'gpt', input: 'hi', background: true }, { key });
    expect(await openRows(admin)).toBe(1);
    keeper.status = 'completed';
    for (let looks = 0; looks < 3; looks++) await admin.ok(`GET /v1/responses/${id}`, undefined, { key });
    const row = await eventually(async () => (await rowsOf(admin))[0]);
    // Not at a batch's prices.
    expect(row).toMatchObject({ nanodollars: 1000 * 2000 + 100 * 20_000, cost_known: 1 });
    await Bun.sleep(1500);
    expect(await rowsOf(admin)).toHaveLength(1);
    expect((await admin.ok<{ info: { spend: number } }>(`GET /key/info?key=${key}`)).info.spend).toBeCloseTo(0.004, 12);
    await admin.stop();
  }, 30_000);

  test('looks of our own find what nobody asks for', async () => {
    const admin = await start({ config: config() });
    const { key } = await admin.ok<{ key: string }>('POST /key/generate', {});
    await admin.ok(made.batches.create, made.batches.body, { key });
    keeper.status = 'expired';
    const loaded = loadConfig(config(), { file: 'test.yaml', env: {} });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    const source = builtInPrices();
    await source.ready;
    const live = createLive(loaded.snapshot, new Secret(masterKey), {}, createLoopGuard('batches'), source);
    const events: { id: string; nanodollars: number }[] = [];
    const failures: string[] = [];
    const batches = new Batches({
      database: admin.store.database,
      live: () => live,
      transport: createFetchTransport(),
      now: () => Date.now() + 6 * 60_000,
      record: (event) => void events.push(event),
      hold: async () => undefined,
      isShared: () => false,
      onFailure: (sentence) => void failures.push(sentence),
    });
    await Promise.all([batches.work(), batches.work()]);
    expect(failures).toEqual([]);
    expect(events.map(({ nanodollars }) => nanodollars)).toEqual([batchNanodollars]);
    await batches.work();
    expect(events).toHaveLength(1);
    await admin.stop();
  }, 30_000);
});
