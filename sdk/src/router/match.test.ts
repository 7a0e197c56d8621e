import { describe, expect, test } from 'bun:test';
import type { Deployment } from './deployment.ts';
import { createRouter } from './router.ts';
import type { Alias } from './match.ts';

const createMatcher = (deployments: readonly Deployment<string>[], aliases?: Readonly<Record<string, Alias>>) =>
  createRouter({ deployments, ...(aliases && { aliases }) });

const deployment = (id: string, name: string, model = name): Deployment<string> => ({ id, name, model, payload: id });
const matcher = createMatcher(
  [
    deployment('d1', 'gpt-4o', 'openai/gpt-4o'),
    deployment('d2', 'gpt-4o', 'azure/gpt-4o'),
    deployment('d3', 'openai/*', 'openai/*'),
    deployment('d4', 'openai/gpt-*', 'azure/gpt-*'),
    deployment('d5', '*', 'openrouter/*'),
    deployment('d6', 'claude', 'anthropic/claude-opus-5'),
  ],
  { 'gpt-4': 'gpt-4o', best: { model: 'claude', hidden: true }, chain: 'best', loop: 'pool', pool: 'loop', wild: 'openai/o3' },
);
const found = (name: string) => matcher.match(name).map(({ deployment: { id }, model }) => [id, model]);

describe('match', () => {
  test.each([
    [
      'gpt-4o',
      [
        ['d1', 'openai/gpt-4o'],
        ['d2', 'azure/gpt-4o'],
      ],
    ],
    [
      'gpt-4',
      [
        ['d1', 'openai/gpt-4o'],
        ['d2', 'azure/gpt-4o'],
      ],
    ],
    ['best', [['d6', 'anthropic/claude-opus-5']]],
    ['chain', [['d6', 'anthropic/claude-opus-5']]],
    ['d2', [['d2', 'azure/gpt-4o']]],
    ['openai/o3', [['d3', 'openai/o3']]],
    ['wild', [['d3', 'openai/o3']]],
    ['openai/gpt-5', [['d4', 'azure/gpt-5']]],
    ['mistral/large', [['d5', 'openrouter/mistral/large']]],
    ['d3', [['d3', 'openai/']]],
  ])('%p', (name, expected) => {
    expect(found(name)).toEqual(expected as string[][]);
  });

  test('aliases that go in circles are names like any other', () => {
    expect(found('loop')).toEqual([['d5', 'openrouter/loop']]);
  });

  test("names of an object's own members are nobody", () => {
    const small = createMatcher([deployment('d', 'a')]);
    for (const name of ['constructor', '__proto__', 'toString', '']) expect(small.match(name)).toEqual([]);
  });

  test('ids must be unique', () => {
    expect(() => createMatcher([deployment('d', 'a'), deployment('d', 'b')])).toThrow(/'d'/);
  });
});

test('lists what can be asked for, without what is hidden', () => {
  expect(matcher.list()).toEqual([
    { name: '*', pattern: true },
    { name: 'chain', pattern: false },
    { name: 'claude', pattern: false },
    { name: 'gpt-4', pattern: false },
    { name: 'gpt-4o', pattern: false },
    { name: 'loop', pattern: false },
    { name: 'openai/*', pattern: true },
    { name: 'openai/gpt-*', pattern: true },
    { name: 'pool', pattern: false },
    { name: 'wild', pattern: false },
  ]);
  expect(matcher.nearest('gpt4o')).toEqual(['gpt-4o']);
  expect(createMatcher([deployment('d', 'a')], { a: { model: 'a2', hidden: true } }).list()).toEqual([]);
});
