import { expect, test } from 'bun:test';
import { describeAdmin } from '../../../../test/kit/admin.ts';
import { kinds } from '../../access/records/kinds.ts';
import { hashKey } from '../../access/keys/secret.ts';
import type { KeyRecord, TeamRecord } from '../../access/records/records.ts';

const config = `
model_list:
  - model_name: priced
    litellm_params: { model: mock/hello, input_cost_per_token: 0.001, output_cost_per_token: 0.001 }
  - { model_name: plain, litellm_params: { model: mock/hello } }
`;

describeAdmin('limits of keys and teams', (start) => {
  const made = async () => {
    const admin = await start({ config });
    let count = 0;
    const key = async (data: Partial<KeyRecord>, team?: Partial<TeamRecord>) => {
      const text = `sk-governed-key-number-${++count}`;
      await admin.store.write({ by: 'test' }, async (writing) => {
        if (team) await writing.insert(kinds.team, `t${count}`, { models: [], ...team });
        await writing.insert(kinds.key, hashKey(text), { key_name: 'sk-...', models: [], ...(team && { team_id: `t${count}` }), ...data });
      });
      return text;
    };
    return { admin, key };
  };

  test('requests a minute: exactly as many as there is room for, told with what refused', async () => {
    const { admin, key } = await made();
    const limited = await key({ rpm_limit: 3 });
    const statuses = (await Promise.all(Array.from({ length: 10 }, () => admin.chat('plain', limited)))).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(3);
    const refused = await admin.chat('plain', limited);
    expect(refused.status).toBe(429);
    expect(refused.json.error.message).toContain('key "sk-..."');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    await admin.stop();
  });

  test('a budget counts what calls cost, and is never passed', async () => {
    const { admin, key } = await made();
    const limited = await key({ max_budget: 0.2 });
    const first = await admin.chat('priced', limited, { max_tokens: 10 });
    expect(first.status).toBe(200);
    const cost = Number(first.headers.get('x-litellm-response-cost'));
    expect(cost).toBeGreaterThan(0);
    const statuses: number[] = [first.status];
    for (let at = 0; at < 60; at++) statuses.push((await admin.chat('priced', limited, { max_tokens: 10 })).status);
    expect(statuses.at(-1)).toBe(400);
    expect(statuses.filter((status) => status === 200).length * cost).toBeLessThanOrEqual(0.2);
    const refused = await admin.chat('priced', limited, { max_tokens: 10 });
    expect(refused.json.error.type).toBe('budget_exceeded');
    await admin.stop();
  }, 60_000);

  test('FP-68: 0 is none, null is unlimited; FP-67: the team counts beside the key', async () => {
    const { admin, key } = await made();
    expect((await admin.chat('plain', await key({ rpm_limit: 0 }))).status).toBe(429);
    expect((await admin.chat('plain', await key({ rpm_limit: null }))).status).toBe(200);
    const inTeam = await key({ rpm_limit: 100 }, { rpm_limit: 1 });
    expect((await admin.chat('plain', inTeam)).status).toBe(200);
    expect((await admin.chat('plain', inTeam)).status).toBe(429);
    await admin.stop();
  });

  test('limits of one model leave the others alone', async () => {
    const { admin, key } = await made();
    const limited = await key({ model_rpm_limit: { plain: 1 } });
    expect((await admin.chat('plain', limited)).status).toBe(200);
    expect((await admin.chat('plain', limited)).status).toBe(429);
    expect((await admin.chat('priced', limited)).status).toBe(200);
    await admin.stop();
  });

  test('aliases of a key, and members that its calls must have', async () => {
    const { admin, key } = await made();
    const aliased = await key({ models: ['plain'], aliases: { mine: 'plain' }, enforced_params: ['user', 'metadata.app'] });
    const missing = await admin.chat('mine', aliased);
    expect([missing.status, missing.json.error.param]).toEqual([400, 'user']);
    expect((await admin.chat('mine', aliased, { user: 'u', metadata: { app: 'a' } })).status).toBe(200);
    await admin.stop();
  });
});
