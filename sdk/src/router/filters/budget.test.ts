import { describe, expect, test } from 'bun:test';
import { createBudgets } from './budget.ts';
import { SpendWindows } from './spend-windows.ts';
import { candidate, ids } from './testing.ts';

const hour = 3_600_000;
const usd = 1e9;
const openai = candidate('gpt', { provider: 'openai' });
const anthropic = candidate('claude', { provider: 'anthropic' });
const own = candidate('own');
const all = [openai, anthropic, own];

const make = (spend?: SpendWindows) =>
  createBudgets<string>({
    providers: { openai: { limitUsd: 2, periodMs: 24 * hour } },
    tags: { team: { limitUsd: 1, periodMs: hour } },
    ofDeployment: ({ id }) => (id === 'own' ? { limitUsd: 3, periodMs: hour } : undefined),
    ...(spend && { spend }),
  });

describe('createBudgets', () => {
  test('while there is money the array stays', () => {
    const { filter, charge } = make();
    charge(openai.deployment, undefined, 1.9 * usd, 0);
    charge(anthropic.deployment, undefined, 1e6 * usd, 0);
    expect(filter.keep(all, {}, 1)).toBe(all);
  });

  test('a provider, or a deployment, whose budget is spent is left out until its window ends', () => {
    const { filter, charge } = make();
    charge(openai.deployment, undefined, 2 * usd, 0);
    const left = filter.keep(all, {}, 1);
    expect(ids(left)).toBe('claude own');
    expect(filter.keep(all, {}, 2)).toBe(left);
    charge(own.deployment, undefined, 3 * usd, 0);
    expect(ids(filter.keep(all, {}, 2))).toBe('claude');
    expect(ids(filter.keep(all, {}, hour))).toBe('claude own');
    expect(filter.keep(all, {}, 24 * hour)).toBe(all);
  });

  test('nobody is left: 429, and when to come again', () => {
    const { filter, charge } = make();
    charge(openai.deployment, undefined, 2 * usd, 1000);
    charge(own.deployment, undefined, 3 * usd, 2000);
    expect(filter.keep([openai, own], {}, 3000)).toEqual([]);
    const { code, retry, retryAfterMs } = filter.refusal('m', {});
    expect({ code, retry, retryAfterMs }).toEqual({ code: 'rate_limited', retry: false, retryAfterMs: hour - 1000 });
  });

  test('a tag without money is refused everywhere', () => {
    const { filter, charge } = make();
    charge(anthropic.deployment, ['team', 'unbudgeted'], usd, 0);
    expect(filter.keep(all, { tags: ['team'] }, 1)).toEqual([]);
    expect(filter.refusal('m', { tags: ['team'] }).retryAfterMs).toBe(hour - 1);
    expect(filter.keep(all, { tags: ['unbudgeted'] }, 1)).toBe(all);
    expect(filter.keep(all, {}, 1)).toBe(all);
  });

  test('what was spent outlives a configuration', () => {
    const spend = new SpendWindows();
    make(spend).charge(openai.deployment, undefined, 2 * usd, 0);
    expect(ids(make(spend).filter.keep(all, {}, 1))).toBe('claude own');
  });

  test('names that every object has are nobody', () => {
    const { filter, charge } = make();
    const odd = [candidate('odd', { provider: 'constructor' })];
    charge(odd[0]!.deployment, ['toString'], 1e9 * usd, 0);
    expect(filter.keep(odd, { tags: ['toString'] }, 1)).toBe(odd);
  });
});
