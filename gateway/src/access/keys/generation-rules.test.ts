import { expect, test } from 'bun:test';
import { demandAliasFormat, demandWithin, withDefaults } from './generation-rules.ts';

test('a budget that never resets is within any period, and a key without an end within none', () => {
  expect(() => demandWithin({ budget_duration: null }, { budget_duration: '1d' })).not.toThrow();
  expect(() => demandWithin({ duration: null }, { duration: '1d' })).toThrow('null is unlimited');
  expect(() => demandWithin({ duration: '-1' }, { duration: '1d' })).toThrow('`duration` may be at most 1d');
  expect(() => demandWithin({ max_budget: 0 }, { max_budget: 0 })).not.toThrow();
  expect(() => demandWithin({}, { max_budget: 0, duration: '1d' })).not.toThrow();
});

test('owners of the file are for keys that name nobody', () => {
  const defaults = { team_id: 't', max_budget: 1 };
  expect(withDefaults<Record<string, unknown>>({}, defaults)).toEqual({ team_id: 't', max_budget: 1 });
  expect(withDefaults<Record<string, unknown>>({ user_id: 'u', max_budget: 0 }, defaults)).toEqual({ user_id: 'u', max_budget: 0 });
});

test('a long alias is judged at once', () => {
  const started = performance.now();
  expect(() => demandAliasFormat(`${'a/'.repeat(50_000)}!`)).toThrow('key_alias');
  expect(performance.now() - started).toBeLessThan(500);
});
