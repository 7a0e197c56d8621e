import { expect, test } from 'bun:test';
import { describeAdmin } from '../../../../test/kit/admin.ts';

const config = (url: string, more = '') => `
general_settings:
${more}  pass_through_endpoints: [{ path: /relayed, target: "${url}", cost_per_request: 0.25 }]
model_list:
  - { model_name: priced, litellm_params: { model: mock/hello, input_cost_per_token: 0.001, output_cost_per_token: 0.001 } }
`;

describeAdmin('FP-67: the tags of a key', (start) => {
  test('hold and are charged whatever tags its client sends beside them, and for what is relayed', async () => {
    const upstream = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => Response.json({}) });
    const admin = await start({ config: config(upstream.url.href) });
    await admin.ok('POST /tag/new', { name: 'spent', max_budget: 0 });
    await admin.ok('POST /tag/new', { name: 'counted', max_budget: 100 });
    const [spent, counted] = await Promise.all(
      ['spent', 'counted'].map(async (tag) => (await admin.ok<{ key: string }>('POST /key/generate', { tags: [tag] })).key),
    );
    const relay = async (key: string) =>
      (await fetch(`${admin.url}/relayed`, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body: '{}' })).status;
    const made = { metadata: { tags: Array.from({ length: 64 }, (_, at) => `made-up-${at}`) }, max_tokens: 10 };

    expect((await admin.chat('priced', spent!, made)).json.error.type).toBe('budget_exceeded');
    expect(await relay(spent!)).toBe(400);
    expect((await admin.chat('priced', counted!, made)).status).toBe(200);
    const spend = async () =>
      (await admin.ok<Record<string, { spend: number }>>('POST /tag/info', { names: ['counted'] }))['counted']!.spend;
    const before = await spend();
    expect(before).toBeGreaterThan(0);
    expect(await relay(counted!)).toBe(200);
    expect((await spend()) - before).toBeCloseTo(0.25, 9);
    await admin.stop();
    await upstream.stop(true);
  });

  test('so do those that a relayed call brings in its header', async () => {
    const upstream = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => Response.json({}) });
    const admin = await start({ config: config(upstream.url.href) });
    await admin.ok('POST /tag/new', { name: 'spent', max_budget: 0 });
    await admin.ok('POST /tag/new', { name: 'counted', max_budget: 100 });
    const { key } = await admin.ok<{ key: string }>('POST /key/generate', {});
    const relay = (tags: string) => admin.call('POST /relayed', {}, { key, headers: { 'x-litellm-tags': tags } });
    expect((await relay('other, spent')).status).toBe(400);
    expect((await relay('other, counted')).status).toBe(200);
    const { counted } = await admin.ok<{ counted: { spend: number } }>('POST /tag/info', { names: ['counted'] });
    expect(counted.spend).toBeCloseTo(0.25, 9);
    admin.reload(config(upstream.url.href, '  reject_clientside_metadata_tags: true\n'));
    expect((await relay('counted')).json.error.param).toBe('tags');
    expect((await relay('')).status).toBe(200);
    await admin.stop();
    await upstream.stop(true);
  });
});
