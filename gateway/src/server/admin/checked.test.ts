import { describe, expect, test } from 'bun:test';
import { z } from 'zod';
import { checked } from './checked.ts';
import { budgetShape } from './fields.ts';

const said = (schema: z.ZodType, value: unknown): string => {
  try {
    checked(schema, value, 'body');
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};

describe('what is wrong with a request is said in a sentence, with the member', () => {
  const cases: readonly [z.ZodType, unknown, string][] = [
    [z.number(), 'a', "'x' must be number, not string."],
    [z.number(), undefined, "'x' is missing: it must be number."],
    [z.enum(['a', 'b']), 'c', '\'x\' must be one of "a"|"b".'],
    [z.number().max(5), 6, "'x' must be at most 5."],
    [z.number().gt(5), 5, "'x' must be above 5."],
    [z.string().max(2), 'abc', "'x' must have at most 2 characters."],
    [z.array(z.string()).min(1), [], "'x' must have at least 1 items."],
    [z.email(), 'a', "'x' must be an e-mail address."],
  ];
  test.each(cases)('%#', (schema, value, message) => {
    expect(said(z.strictObject({ x: schema }), { x: value })).toBe(message);
  });

  test('a member that there is not, with the nearest', () => {
    expect(said(z.strictObject({ max_budget: z.number().optional() }), { max_budgt: 1 })).toBe(
      "There is no member 'max_budgt' here. Did you mean 'max_budget'?",
    );
  });
});

test("a model's budget may be spelled as LiteLLM's clients do", () => {
  const schema = z.strictObject(budgetShape);
  const of = (budget: unknown) => checked(schema, { model_max_budget: { m: budget } }, 'body').model_max_budget?.['m'];
  expect(of({ budget_limit: '0.0000001', time_period: '1d' })).toEqual({ max_budget: 1e-7, budget_duration: '1d' });
  expect(of(5)).toEqual({ max_budget: 5 });
  for (const wrong of ['', '1e5', '0x10', '-1', 'NaN', ' 1'])
    expect(said(schema, { model_max_budget: { m: { budget_limit: wrong } } })).toContain('max_budget');
});
