import { readFileSync } from 'node:fs';
import { expect, test } from 'bun:test';
import { governing, liveOf, principalOf } from './testing.ts';

const page = readFileSync(new URL('../../../../docs/spend/budgets.md', import.meta.url), 'utf8');
/** The last cell of a row that begins so. */
const shown = (row: string): string => {
  const line = page.split('\n').find((each) => each.startsWith(`| ${row}`));
  if (!line) throw new Error(`no row ${row}`);
  return line.split('|').at(-2)!.trim();
};
const usd = (nanodollars: number): string => `$${nanodollars / 1e9}`;

test('the example of docs/spend/budgets.md is what is done', async () => {
  const yaml = /```yaml\n(model_list:[\s\S]*?)```/.exec(page)![1]!;
  const { governor, stateOf, asked } = governing(await liveOf(yaml), { at: Date.UTC(2026, 10, 22, 12) });
  const principal = principalOf({ max_budget: 1, budget_duration: '1d' });
  const body = { messages: [{ role: 'user', content: 'a'.repeat(3984) }], max_tokens: 1000 };
  expect(asked('writer', body).needs!().inputTokens).toBe(1000);
  const fill = () => {
    const calls = [];
    for (;;) {
      const state = stateOf(principal);
      try {
        void governor.admit(state, asked('writer', body));
      } catch (error) {
        return { calls, error: error as Error };
      }
      calls.push(state);
    }
  };
  const { calls, error } = fill();
  const each = calls[0]!.held!.worst!.costNanodollars;
  expect([shown('set aside for each call'), shown('calls at once that 1 dollar'), shown('what they set aside')]).toEqual([
    usd(each),
    String(calls.length),
    usd(each * calls.length),
  ]);
  expect(shown('set aside for what goes in')).toBe(usd(2000 * 3000));
  expect(shown('set aside for what comes out')).toBe(usd(1000 * 15_000));
  expect(error.message).toContain('a call with a lower `max_tokens` may fit');
  const cost = 950 * 3000 + 400 * 15_000;
  for (const state of calls) governor.settle(state, { inputTokens: 950, outputTokens: 400, nanodollars: cost, made: true });
  expect(shown('what each costs')).toBe(usd(cost));
  expect(shown('charged when they are over')).toBe(usd(cost * calls.length));
  expect(shown('left for more')).toBe(usd(1e9 - cost * calls.length));
  expect(shown('calls at once that this has room for')).toBe(String(fill().calls.length));
});
