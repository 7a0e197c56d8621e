import { expect, test } from 'bun:test';
import { governing, liveOf, principalOf } from './testing.ts';

test('parts of a token, as some providers tell them, count as whole ones, and fail no call (FP-14)', async () => {
  const live = await liveOf(
    'model_list: [{ model_name: plain, litellm_params: { model: mock/hello, input_cost_per_token: 0.001, output_cost_per_token: 0.001 } }]',
  );
  const { governor, stateOf, asked } = governing(live, { at: Date.UTC(2026, 10, 22, 12) });
  const state = stateOf(principalOf({ tpm_limit: 100, max_budget: 1 }));
  await governor.admit(state, asked('plain', { max_tokens: 5, messages: [{ role: 'user', content: 'hi' }] }));
  expect(governor.chargePart(state, { inputTokens: 0.25, outputTokens: 0.5, nanodollars: 7 })).toBeUndefined();
  governor.settle(state, { inputTokens: 1.5, outputTokens: 2.5, nanodollars: 4_000_000, made: true });
  const next = stateOf(principalOf({ tpm_limit: 100, max_budget: 1 }));
  await governor.admit(next, asked('plain', { max_tokens: 5, messages: [{ role: 'user', content: 'hi' }] }));
  const used = (metric: string) => {
    const { remaining, worst } = next.held!;
    const found = remaining!.find(({ limit }) => limit.metric === metric)!.used;
    return found - (metric === 'cost' ? worst!.costNanodollars : worst!.inputTokens + worst!.outputTokens);
  };
  expect([used('tokens'), used('cost')]).toEqual([2 + 3 + 1 + 1, 4_000_007]);
});
