import { expect, test } from 'bun:test';
import { describeAdmin } from '../../../../../test/kit/admin.ts';

/* An interaction in the background is paid for when it is there, once, and its budget is held until then (FP-4, FP-47). */

const usage = { total_input_tokens: 100_000, total_output_tokens: 1000, total_tokens: 101_000 };

describeAdmin('interactions', (start, kind) => {
  if (kind !== 'sqlite') return;

  test('one in the background costs what it used; one that is over at once is paid for by its call', async () => {
    let json: object = { id: 'int_1', object: 'interaction', status: 'in_progress', model: 'gemini-2.5-pro' };
    const provider = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => Response.json(json) });
    const admin = await start({
      config: `model_list: [{ model_name: gem, litellm_params: { model: gemini/gemini-2.5-pro, api_base: "${provider.url.href}", api_key: k } }]`,
    });
    const { key } = await admin.ok<{ key: string }>('POST /key/generate', { max_budget: 1 });
    const spent = async () => (await admin.ok<{ info: { spend: number } }>(`GET /key/info?key=${key}`)).info.spend;
    const ask = () => admin.call('POST /v1beta/interactions', { model: 'gem', input: 'hi', background: true }, { key });

    const { id } = (await ask()).json;
    expect(await spent()).toBe(0);
    // What it may cost is held.
    expect((await ask()).status).toBe(400);

    json = { ...json, status: 'completed', usage };
    for (let looks = 0; looks < 3; looks++)
      expect((await admin.call(`GET /v1beta/interactions/${id}`, undefined, { key })).status).toBe(200);
    for (let waited = 0; waited < 5000 && (await spent()) === 0; waited += 10) await Bun.sleep(10);
    expect(await spent()).toBeCloseTo(0.135, 9);

    json = { ...json, id: 'int_2' };
    expect((await ask()).status).toBe(200);
    expect((await admin.call(`GET /v1beta/interactions/${id}`, undefined, { key })).status).toBe(200);
    await Bun.sleep(50);
    expect(await spent()).toBeCloseTo(0.27, 9);
    await admin.stop();
    await provider.stop(true);
  });
});
