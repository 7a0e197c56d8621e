import { describe, expect, test } from 'bun:test';
import { createRouter, SpendWindows } from 'sluice/kit';
import type { Deployment, SpendBudget } from '../config/snapshot.ts';
import { budgetShareOf } from './budget-share.ts';

const day = 86_400_000;
const spent = (
  budgets: Record<string, SpendBudget | undefined>,
  providerBudgets: Record<string, SpendBudget>,
  usd: Record<string, number>,
) => {
  const spend = new SpendWindows();
  for (const [key, amount] of Object.entries(usd)) spend.add(key, amount * 1e9, { limitUsd: 1, periodMs: day }, 0);
  const router = createRouter<Deployment>({
    deployments: Object.entries(budgets).map(([id, budget]) => ({
      id,
      name: 'm',
      model: 'm',
      payload: { id, provider: 'openai', ...(budget && { budget }) } as Deployment,
    })),
  });
  const share = budgetShareOf('m', { settings: { providerBudgets }, spend, providerOf: ({ provider }) => provider, router }, 1);
  router.close();
  return share;
};
const budget = (limitUsd: number): SpendBudget => ({ limitUsd, periodMs: day });

describe('what a name has spent of its budgets', () => {
  test('is what the deployment has that has spent least', () => {
    expect(spent({ a: budget(10), b: budget(10) }, {}, { 'deployment:a': 9, 'deployment:b': 4 })).toBe(0.4);
  });
  test('of each the larger of its own and of its provider', () => {
    expect(spent({ a: budget(10) }, { openai: budget(100) }, { 'deployment:a': 2, 'provider:openai': 90 })).toBe(0.9);
    expect(spent({ a: undefined }, { openai: budget(100) }, { 'provider:openai': 50 })).toBe(0.5);
  });
  test('is unknown where one has no budget, and full where there is nothing to spend', () => {
    expect(spent({ a: budget(10), b: undefined }, {}, { 'deployment:a': 9 })).toBeUndefined();
    expect(spent({ a: budget(0) }, {}, {})).toBe(1);
  });
});
