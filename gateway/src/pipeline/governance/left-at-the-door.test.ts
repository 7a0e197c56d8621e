import { expect, test } from 'bun:test';
import type { SpendTotals } from '../../spend/totals.ts';
import { Governor } from './governor.ts';
import { governing, liveOf, principalOf } from './testing.ts';

const live = await liveOf(
  'model_list: [{ model_name: m, litellm_params: { model: mock/hello, input_cost_per_token: 0.001, output_cost_per_token: 0.001 } }]',
);

test('FP-6: who leaves while it is looked up what was spent holds nothing', async () => {
  const now = { at: 1000 };
  const { stateOf, asked } = governing(live, now);
  const { promise, resolve } = Promise.withResolvers<ReadonlyMap<string, number>>();
  const totals = { of: () => promise, isStored: () => true } as unknown as SpendTotals;
  const governor = new Governor({ now: () => now.at, totals, overSoftBudget: () => {} });
  const principal = principalOf({ max_budget: 1, max_parallel_requests: 1 });
  const [left, next] = [stateOf(principal), stateOf(principal)];
  const waiting = governor.admit(left, asked('m', { max_tokens: 1 }));
  governor.settle(left, { inputTokens: 0, outputTokens: 0, nanodollars: 0, made: false });
  resolve(new Map());
  await expect(waiting).rejects.toMatchObject({ code: 'client_closed_request' });
  expect(left.held).toBeUndefined();
  await governor.admit(next, asked('m', { max_tokens: 1 }));
  expect(next.held?.reservation).toBeDefined();
});
