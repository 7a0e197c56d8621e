import { expect, test } from 'bun:test';
import { describeAdmin, type TestAdmin } from '../../../test/kit/admin.ts';
import { sql } from '../storage/sql/statement.ts';

const priced = 'model: mock/hello, input_cost_per_token: 0.001, output_cost_per_token: 0.001';
const config = `
model_list:
  - { model_name: by-provider, litellm_params: { ${priced} } }
  - { model_name: own, litellm_params: { ${priced}, max_budget: 0.01, budget_duration: 1d }, model_info: { id: own-1 } }
router_settings: { provider_budget_config: { mock: { budget_limit: 0.1, time_period: 30d } } }
litellm_settings: { tag_budget_config: { costly: { budget_limit: 0.02, time_period: 1d } } }
`;

const within = async (milliseconds: number, holds: () => Promise<boolean>): Promise<boolean> => {
  const end = performance.now() + milliseconds;
  while (performance.now() < end) {
    if (await holds()) return true;
    await Bun.sleep(50);
  }
  return holds();
};

describeAdmin('budgets that deployments are chosen by', (start) => {
  const call = (admin: TestAdmin, model: string, more: Record<string, unknown> = {}) =>
    admin.chat(model, admin.masterKey, { max_tokens: 5, ...more });
  const spend = async (admin: TestAdmin, model: string, more: Record<string, unknown> = {}): Promise<number> => {
    for (let calls = 1; calls <= 50; calls++) {
      const { status } = await call(admin, model, more);
      if (status !== 200) {
        expect(status).toBe(429);
        return calls;
      }
    }
    throw new Error('nothing was refused');
  };

  test('hold after a restart, and at gateways beside it', async () => {
    const admin = await start({ config });
    const other = await start({ config, beside: admin });
    expect((await call(other, 'own')).status).toBe(200);
    await spend(admin, 'own');
    expect(await within(8000, async () => (await call(other, 'own')).status === 429)).toBe(true);
    expect((await call(other, 'by-provider')).status).toBe(200);
    await spend(other, 'by-provider', { tags: ['costly'] });
    await spend(admin, 'by-provider');
    await admin.stop();
    const again = await start({ config, beside: other });
    expect((await call(again, 'own')).status).toBe(429);
    expect((await call(again, 'by-provider')).status).toBe(429);
    await other.stop();
    const rows = await again.store.database.all<{ subject: string }>(sql`select distinct subject from spend_totals`);
    const subjects = rows.map(({ subject }) => subject).filter((subject) => subject !== 'gateway');
    expect(subjects.toSorted()).toEqual(['deployment:own-1', 'provider:mock', 'routing_tag:costly']);
    await again.stop();
  }, 60_000);
});
