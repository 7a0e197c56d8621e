import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import { eventDays } from '../../gateway/src/spend/ledger/event-days.ts';
import { sql } from '../../gateway/src/storage/sql/statement.ts';
import { describeAdmin, type TestAdmin } from '../kit/admin.ts';

/* Among calls about kept things, those that cost something say so in their rows, or say that nobody knows (FP-4). */

let provider: Bun.Server<undefined>;
let job: Record<string, unknown>;
beforeAll(() => {
  provider = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname.endsWith('/containers')) return Response.json({ id: 'cntr_1', object: 'container', status: 'running' });
      if (pathname.endsWith('/search')) return Response.json({ object: 'vector_store.search_results.page', data: [], has_more: false });
      if (pathname.includes('/fine_tuning/jobs')) return Response.json(job);
      return Response.json({ id: 'vs_1', object: 'vector_store' });
    },
  });
});
afterAll(() => provider.stop(true));
beforeEach(
  () => void (job = { id: 'ftjob-1', object: 'fine_tuning.job', model: 'gpt-4o', status: 'validating_files', trained_tokens: null }),
);

const config = (more = '') => `
model_list:
  - { model_name: gpt, litellm_params: { model: openai/gpt-4o, api_base: "http://127.0.0.1:${provider.port}/v1", api_key: k${more} } }
`;

interface EventRow {
  route: string;
  nanodollars: number;
  cost_known: number;
  input_tokens: number;
}

const rows = async ({ store: { database } }: TestAdmin, count: number): Promise<EventRow[]> => {
  for (let waited = 0; waited < 8000; waited += 25) {
    const days = eventDays(database);
    const list = await days.list(database);
    const found = list.length === 0 ? [] : await database.all<EventRow>(days.rowsOf(list));
    if (found.length >= count) return found;
    await Bun.sleep(25);
  }
  throw new Error(`there are not ${count} rows`);
};

describeAdmin('what providers keep', (start) => {
  test('a container is a session; a search of a vector store has its own price, or none that is known', async () => {
    const admin = await start({ config: config() });
    await admin.ok('POST /v1/containers', { name: 'c' });
    expect((await rows(admin, 1))[0]).toMatchObject({ nanodollars: 30_000_000, cost_known: 1 });
    await admin.ok('POST /v1/vector_stores/vs_1/search', { query: 'x' });
    expect((await rows(admin, 2)).map(({ nanodollars, cost_known }) => [nanodollars, cost_known])).toContainEqual([0, 0]);
    await admin.ok('POST /v1/vector_stores', { name: 'v' });
    expect((await rows(admin, 3)).map(({ nanodollars, cost_known }) => [nanodollars, cost_known])).toContainEqual([0, 1]);
    await admin.stop();
    const priced = await start({ config: config(', input_cost_per_query: 0.0025') });
    await priced.ok('POST /v1/vector_stores/vs_1/search', { query: 'x' });
    expect((await rows(priced, 1))[0]).toMatchObject({ nanodollars: 2_500_000, cost_known: 1 });
    await priced.stop();
  }, 30_000);

  test('training has a row when it is over, with its tokens; what failed before it began cost nothing', async () => {
    const admin = await start({ config: config() });
    const trained = async () => (await rows(admin, 0)).filter(({ route }) => route === 'fine_tuning');
    await admin.ok('POST /v1/fine_tuning/jobs', { model: 'gpt-4o', training_file: 'file-1' });
    await admin.ok('GET /v1/fine_tuning/jobs/ftjob-1');
    expect(await trained()).toEqual([]);
    job = { ...job, status: 'succeeded', trained_tokens: 5000 };
    await admin.ok('GET /v1/fine_tuning/jobs/ftjob-1');
    for (let waited = 0; waited < 5000 && (await trained()).length === 0; waited += 50) await Bun.sleep(50);
    expect(await trained()).toMatchObject([{ nanodollars: 0, cost_known: 0, input_tokens: 5000 }]);
    job = { ...job, id: 'ftjob-2', status: 'validating_files', trained_tokens: null };
    await admin.ok('POST /v1/fine_tuning/jobs', { model: 'gpt-4o', training_file: 'file-1' });
    job = { ...job, status: 'failed' };
    await admin.ok('GET /v1/fine_tuning/jobs/ftjob-2');
    for (let waited = 0; waited < 5000 && (await trained()).length === 1; waited += 50) await Bun.sleep(50);
    expect((await trained()).map(({ cost_known }) => cost_known).toSorted()).toEqual([0, 1]);
    expect((await admin.store.database.one<{ open: number }>(sql`select count(*) as open from spend_batches`))!.open).toBe(0);
    await admin.stop();
  }, 30_000);
});
