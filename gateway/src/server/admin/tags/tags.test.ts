import { afterAll, beforeAll, expect, test } from 'bun:test';
import { sql } from '../../../storage/sql/index.ts';
import { describeAdmin, type TestAdmin } from '../../../../../test/kit/admin.ts';

const config = `
model_list:
  - { model_name: gpt-4o, litellm_params: { model: mock/hello, tags: [of-deployment] }, model_info: { id: dep-1 } }
litellm_settings:
  tag_budget_config: { of-config: { max_budget: 1, budget_duration: 1d } }
`;

describeAdmin('tags', (start) => {
  let admin: TestAdmin;
  beforeAll(async () => void (admin = await start({ config })));
  afterAll(() => admin.stop());

  const shownOf = async (name: string) =>
    (await admin.ok<Record<string, Record<string, unknown>>>('POST /tag/info', { names: [name] }))[name]!;

  test('one is made, shown, changed and deleted', async () => {
    const { message, tag } = await admin.ok('POST /tag/new', {
      name: 'free',
      description: 'd',
      models: ['dep-1', 'gpt-4o'],
      max_budget: 2,
    });
    expect(message).toBe('Tag free created successfully');
    expect(tag).toMatchObject({ name: 'free', models: ['dep-1', 'gpt-4o'], model_info: { 'dep-1': 'gpt-4o' }, max_budget: 2, spend: 0 });
    expect((await admin.call('POST /tag/new', { name: 'free' })).status).toBe(400);
    await admin.ok('POST /tag/delete', { name: 'free' });
    expect((await admin.call('POST /tag/info', { names: ['free'] })).status).toBe(404);
    expect((await admin.call('POST /tag/update', { name: 'free', models: [] })).status).toBe(404);
    expect((await admin.call('POST /tag/delete', { name: 'free' })).status).toBe(404);
  });

  const values = {
    description: 'words',
    models: ['gpt-4o'],
    budget_id: 'tag-budget',
    max_budget: 0,
    soft_budget: 1,
    budget_duration: '1w',
    tpm_limit: 1,
    rpm_limit: 2,
    max_parallel_requests: 0,
    model_max_budget: { 'gpt-4o': { rpm_limit: 1 } },
  };
  test.each(Object.entries(values))('FP-69: %s is kept by a change of something else, and null clears it', async (name, value) => {
    if (name === 'budget_id') await admin.ok('POST /budget/new', { budget_id: 'tag-budget', max_budget: 1 });
    const tag = `fields-${name}`;
    await admin.ok('POST /tag/new', { name: tag, [name]: value });
    await admin.ok('POST /tag/update', { name: tag, ...(name === 'description' ? { models: [] } : { description: 'x' }) });
    expect((await shownOf(tag))[name]).toEqual(value);
    await admin.ok('POST /tag/update', { name: tag, [name]: null });
    expect((await shownOf(tag))[name]).toEqual(name === 'models' ? [] : null);
  });

  test('lists have tags that came with requests, within the days that are asked for', async () => {
    const at = Date.parse('2026-03-05T12:00:00Z');
    await admin.store.database.run(
      sql`insert into spend_totals (subject, period_start, nanodollars, updated_at) values (${'tag:came'}, ${0}, ${5_000_000}, ${at})`,
    );
    type Tag = { name: string; models: unknown; created_at: string };
    const namesOf = async (query: string) => (await admin.ok<Tag[]>(`GET /tag/list${query}`)).map(({ name }) => name);
    await admin.ok('POST /tag/new', { name: 'made' });
    expect(await namesOf('')).toEqual(expect.arrayContaining(['made', 'came']));
    expect(await namesOf('?start_date=2026-03-05&end_date=2026-03-05')).toContain('came');
    const outside = await namesOf('?start_date=2026-03-06&end_date=2026-03-07');
    expect(outside).toContain('made');
    expect(outside).not.toContain('came');
    expect((await admin.call('GET /tag/list?start_date=2026-03-06')).status).toBe(400);
    expect((await admin.call('GET /tag/list?start_date=yesterday&end_date=2026-03-06')).json.error.param).toBe('start_date');
    // Made by hand, it is listed once.
    await admin.ok('POST /tag/new', { name: 'came' });
    expect((await namesOf('')).filter((name) => name === 'came')).toHaveLength(1);
    const { results } = await admin.ok<{ results: { tag: string }[] }>('GET /tag/distinct');
    expect(results.map(({ tag }) => tag)).toEqual(expect.arrayContaining(['made', 'came', 'of-deployment', 'of-config']));
  });

  test('what is not stored is refused', async () => {
    expect((await admin.call('POST /tag/new', { name: 'x', model_info: { a: 'b' } })).json.error.param).toBe('model_info');
    expect((await admin.call('POST /tag/new', { name: '' })).json.error.param).toBe('name');
    expect((await admin.call('POST /tag/info', { names: [] })).json.error.param).toBe('names');
    await admin.ok('POST /tag/new', { name: '__proto__', max_budget: 1 });
    expect(JSON.stringify(await admin.ok('POST /tag/info', { names: ['__proto__'] }))).toContain('__proto__');
  });
});
