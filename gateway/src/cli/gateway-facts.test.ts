import { expect, test } from 'bun:test';
import { agents } from './agents/index.ts';
import { chooseModel, chooseSmall } from './gateway-facts.ts';

const agent = (name: string) => agents.find((each) => each.name === name)!;

test.each<[string, string[], string | undefined]>([
  ['claude', ['gpt-4o', 'claude-haiku-4-5', 'claude-sonnet-4-5'], 'claude-sonnet-4-5'],
  ['claude', ['gpt-4o', 'claude-haiku-4-5'], 'claude-haiku-4-5'],
  ['claude', ['text-embedding-3-small', 'gpt-4o'], 'gpt-4o'],
  ['claude', ['anthropic/*', 'mock/*'], undefined],
  ['claude', ['anthropic/*', 'anthropic/claude-opus-4-1'], 'anthropic/claude-opus-4-1'],
  ['codex', ['gpt-4o-mini', 'gpt-5.1-codex', 'gpt-5'], 'gpt-5.1-codex'],
  ['codex', ['gpt-5-mini', 'gpt-5'], 'gpt-5'],
  ['gemini', ['gemini-2.5-flash', 'gemini-2.5-pro'], 'gemini-2.5-pro'],
])('%s of %j: %p', (name, listed, expected) => expect(chooseModel(agent(name), listed)).toBe(expected));

test('nothing to choose from', () => expect(() => chooseModel(agent('codex'), ['mock/*'])).toThrow('Which model?'));

test('small tasks get a small model of the same kind', () => {
  expect(chooseSmall('gpt-5', ['claude-haiku-4-5', 'gpt-5', 'gpt-5-mini'])).toBe('gpt-5-mini');
  expect(chooseSmall('gpt-5', ['claude-haiku-4-5', 'gpt-5'])).toBe('gpt-5');
  expect(chooseSmall(undefined, ['claude-haiku-4-5'])).toBeUndefined();
});
