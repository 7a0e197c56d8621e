import { expect, test } from 'bun:test';
import { hashKey } from '../../access/keys/secret.ts';
import { createLedger } from '../../spend/ledger/create-ledger.ts';
import { describeAdmin } from '../../../../test/kit/admin.ts';

const config = `
model_list:
  - model_name: priced
    litellm_params: { model: mock/hello, mock_delay: 0.8, input_cost_per_token: 0.001, output_cost_per_token: 0.001 }
`;

describeAdmin('a key that has another secret while its calls are under way', (start) => {
  test('sheds neither what they hold nor what they cost, here and at another gateway', async () => {
    const admin = await start({ config });
    const other = await start({ config, beside: admin });
    const old = await admin.ok<{ key: string; token: string }>('POST /key/generate', { max_parallel_requests: 1, max_budget: 100 });
    const calls = [admin.chat('priced', old.key, { max_tokens: 10 }), other.chat('priced', old.key, { max_tokens: 10 })];
    await Bun.sleep(300);
    const next = await admin.ok<{ key: string; token: string }>(`POST /key/${old.token}/regenerate`, {});
    // The old one's call still has the only place.
    expect((await admin.chat('priced', next.key, { max_tokens: 10 })).status).toBe(429);
    const answers = await Promise.all(calls);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const cost = answers.reduce((sum, { headers }) => sum + Number(headers.get('x-litellm-response-cost')), 0);
    expect(cost).toBeGreaterThan(0);
    const third = await admin.chat('priced', next.key, { max_tokens: 10 });
    expect(third.status).toBe(200);
    const all = cost + Number(third.headers.get('x-litellm-response-cost'));
    let shown = 0;
    for (let waited = 0; waited < 6000 && Math.abs(shown - all) > 1e-9; waited += 100) {
      await Bun.sleep(100);
      shown = (await admin.ok<{ info: { spend: number } }>(`GET /key/info?key=${next.token}`)).info.spend;
    }
    expect(shown).toBeCloseTo(all, 9);
    const ofList = await admin.ok<{ keys: { token: string; spend: number }[] }>('GET /key/list?return_full_object=true&sort_by=spend');
    expect(ofList.keys.map(({ token, spend }) => [token, spend.toFixed(6)])).toEqual([[next.token, all.toFixed(6)]]);
    await other.stop();

    const ledger = createLedger({ database: admin.store.database, now: Date.now });
    // Rows say which secret a call came with.
    const keysOf = async () => {
      const rows = await ledger.all<{ key_id: string; status: number }>(ledger.eventsOf(await ledger.days()));
      return rows.filter(({ status }) => status === 200).map(({ key_id: id }) => id);
    };
    for (let waited = 0; waited < 6000 && (await keysOf()).length < 3; waited += 100) await Bun.sleep(100);
    expect((await keysOf()).toSorted()).toEqual([old.token, old.token, hashKey(next.key)].toSorted());
    expect((await ledger.verify()).differences).toEqual([]);
    await ledger.close();
    await admin.stop();
  }, 30_000);

  test('a new key with the first secret has nothing of what its line has spent, and takes nothing of it away', async () => {
    const admin = await start({ config: config.replace('mock_delay: 0.8, ', '') });
    const secret = 'sk-chosen-and-chosen-once-more';
    await admin.ok('POST /key/generate', { key: secret, max_budget: 100 });
    expect((await admin.chat('priced', secret)).status).toBe(200);
    const next = await admin.ok<{ token: string; spend: number }>('POST /key/regenerate', { key: secret });
    expect(next.spend).toBeGreaterThan(0);
    const again = await admin.ok<{ token: string; spend: number }>('POST /key/generate', { key: secret, max_budget: 100 });
    expect(again.spend).toBe(0);
    const spendOf = async (token: string) => (await admin.ok<{ info: { spend: number } }>(`GET /key/info?key=${token}`)).info.spend;
    expect(await spendOf(next.token)).toBe(next.spend);
    expect((await admin.chat('priced', secret)).status).toBe(200);
    expect(await spendOf(again.token)).toBeGreaterThan(0);
    expect(await spendOf(next.token)).toBe(next.spend);
    await admin.stop();
  }, 30_000);
});
