import { describe, expect, test } from 'bun:test';
import type { ModelTraits, Reasoning } from '../../types/index.ts';
import { thrown, toContext } from './fixtures/context.ts';
import { readThinking, writeThinking } from './reasoning.ts';

const budget: ModelTraits = { reasoning: 'budget' };
const level: ModelTraits = { reasoning: 'level' };
const write = (reasoning: Reasoning, traits: ModelTraits, model = 'gemini-2.5-pro', from = 'openai-chat') =>
  writeThinking(reasoning, toContext({ traits, model, from }));

describe('by budget', () => {
  test.each<[Reasoning, number, string]>([
    [{ effort: 'none' }, 0, 'gemini-2.5-pro'],
    [{ effort: 'minimal' }, 128, 'gemini-2.5-pro'],
    [{ effort: 'minimal' }, 1, 'gemini-2.5-flash'],
    [{ effort: 'minimal' }, 512, 'gemini-2.5-flash-lite'],
    [{ effort: 'low' }, 1024, 'gemini-2.5-pro'],
    [{ effort: 'medium' }, 2048, 'gemini-2.5-pro'],
    [{ effort: 'high' }, 4096, 'gemini-2.5-pro'],
    [{ effort: 'xhigh' }, 16384, 'gemini-2.5-pro'],
    [{ mode: 'enabled', budgetTokens: 777 }, 777, 'gemini-2.5-pro'],
    [{ mode: 'adaptive' }, -1, 'gemini-2.5-pro'],
    [{ mode: 'enabled' }, -1, 'gemini-2.5-pro'],
    [{ mode: 'disabled' }, 0, 'gemini-2.5-pro'],
  ])('%j -> %d', (reasoning, thinkingBudget, model) => {
    const off = thinkingBudget === 0;
    expect(write(reasoning, budget, model)).toEqual({ thinkingBudget, ...(!off && { includeThoughts: true }) });
  });
});

describe('by level', () => {
  test.each<[Reasoning, string, string]>([
    [{ effort: 'minimal' }, 'MINIMAL', 'gemini-3-flash'],
    [{ effort: 'minimal' }, 'LOW', 'gemini-3.1-pro'],
    [{ effort: 'low' }, 'LOW', 'gemini-3-flash'],
    [{ effort: 'medium' }, 'MEDIUM', 'gemini-3-flash'],
    [{ effort: 'medium' }, 'MEDIUM', 'gemini-3.1-pro'],
    [{ effort: 'medium' }, 'HIGH', 'gemini-3-pro-preview'],
    [{ effort: 'max' }, 'HIGH', 'gemini-3-flash'],
    [{ mode: 'enabled', budgetTokens: 1024 }, 'LOW', 'gemini-3-flash'],
    [{ mode: 'enabled', budgetTokens: 4000 }, 'MEDIUM', 'gemini-3-flash'],
    [{ mode: 'enabled', budgetTokens: 30_000 }, 'HIGH', 'gemini-3-flash'],
  ])('%j -> %s', (reasoning, thinkingLevel, model) => {
    expect(write(reasoning, level, model)).toEqual({ thinkingLevel, includeThoughts: true });
  });

  test('cannot be switched off: as little as it can, with a record', () => {
    const context = toContext({ traits: level, model: 'gemini-3-flash' });
    expect(writeThinking({ effort: 'none' }, context)).toEqual({ thinkingLevel: 'MINIMAL' });
    expect(context.dropped).toEqual(['reasoning_effort']);
  });

  test('the name tells the generation where no trait does', () => {
    expect(write({ effort: 'low' }, {}, 'gemini-3-flash-preview')).toMatchObject({ thinkingLevel: 'LOW' });
    expect(write({ effort: 'low' }, {}, 'gemini-2.5-flash')).toMatchObject({ thinkingBudget: 1024 });
  });
});

test('a model that does not think', () => {
  expect(thrown(() => write({ effort: 'high' }, { reasoning: 'none' })).param).toBe('reasoning_effort');
  expect(write({ effort: 'none' }, { reasoning: 'none' })).toBeUndefined();
});

test('thoughts are shown where the client did not say otherwise', () => {
  expect(write({ effort: 'low', summary: 'none' }, budget)).toEqual({ thinkingBudget: 1024, includeThoughts: false });
  expect(write({ summary: 'detailed' }, budget)).toEqual({ includeThoughts: true });
});

test("a Gemini client's own way stays as it is", () => {
  for (const config of [
    { thinkingBudget: 512 },
    { thinkingBudget: 0 },
    { thinkingBudget: -1 },
    { thinkingLevel: 'MEDIUM', includeThoughts: true },
    { includeThoughts: false },
  ]) {
    expect(write(readThinking(config), level, 'gemini-3.5-flash', 'gemini')).toEqual(config);
  }
  expect(readThinking({ thinking_level: 'low', include_thoughts: true })).toEqual({ effort: 'low', summary: 'auto' });
});
