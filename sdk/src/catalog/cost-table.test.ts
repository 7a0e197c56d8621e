import { describe, expect, test } from 'bun:test';
import { costOf } from './cost.ts';
import { nanoDollars } from './fixtures/arithmetic.ts';
import { claudeCases } from './fixtures/claude-cases.ts';
import { openaiCases } from './fixtures/openai-cases.ts';
import { otherCases } from './fixtures/other-cases.ts';
import { loadCatalog } from './load.ts';

const cases = [...openaiCases, ...claudeCases, ...otherCases];
const book = await loadCatalog();

test('the arithmetic of the table', () => {
  expect(nanoDollars('1000 x 2.5/M')).toBe(2_500_000);
  expect(nanoDollars('1000 x 2.5/M + 3 x 0.04')).toBe(122_500_000);
  expect(nanoDollars('0.5 x (1 x 0.001/M)')).toBe(1);
  expect(nanoDollars('1 x 0.0004/M')).toBe(0);
  expect(() => nanoDollars('1000 tokens')).toThrow('not arithmetic');
});

test('there are 200 cases and more, each with its source', () => {
  expect(cases.length).toBeGreaterThanOrEqual(200);
});

describe('what a call costs', () => {
  test.each(cases.map((each) => [`${each.model} ${JSON.stringify(each.usage)} ${JSON.stringify(each.facts ?? {})}`, each] as const))(
    '%s',
    (_name, { model, usage, facts = {}, cost: expected }) => {
      const slash = model.indexOf('/');
      const price = book.price(model.slice(0, slash), model.slice(slash + 1), facts.region);
      const cost = costOf(usage, price, { at: Date.parse('2026-11-22T12:00:00Z'), ...facts });
      if (typeof expected !== 'string') {
        expect(cost.known ? cost : cost.why).toMatch(expected.unknown);
        return;
      }
      if (!cost.known) throw new Error(cost.why);
      expect(cost.nanoDollars).toBe(nanoDollars(expected));
      // The lines say how it came to be.
      const sum = cost.lines.reduce((all, { picodollars }) => all + picodollars, 0);
      expect(Math.floor((sum + 500) / 1000)).toBe(cost.nanoDollars);
    },
  );
});
