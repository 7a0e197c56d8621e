import { expect, test } from 'bun:test';
import { nearest } from './nearest.ts';
import { cpuMs } from '../../../test/kit/cpu.ts';

const models = ['gpt-4o', 'gpt-4o-mini', 'gpt-4.1', 'claude-sonnet-4-6', 'claude-opus-4-6', 'gemini-2.5-flash', 'llama3.2'];

test.each([
  ['gpt4o', 'gpt-4o'],
  ['GPT-4o', 'gpt-4o'],
  ['gpt-o4', 'gpt-4o'],
  ['claude-sonet-4.6', 'claude-sonnet-4-6'],
  ['gemini-2.5-flash-preview-05-20', 'gemini-2.5-flash'],
  ['llama3', 'llama3.2'],
])('%p probably means %p', (name, meant) => {
  expect(nearest(name, models)[0]).toBe(meant);
});

test('what is far away is not offered', () => {
  expect(nearest('mistral-large', models)).toEqual([]);
  expect(nearest('', models)).toEqual([]);
  expect(nearest('x', ['y', 'abcdef'])).toEqual(['y']);
});

test('at most so many, each once', () => {
  expect(nearest('abc1', ['abc2', 'abc3', 'abc4', 'abc2'], 2)).toEqual(['abc2', 'abc3']);
});

test('a huge name costs nothing', () => {
  const start = cpuMs();
  expect(nearest('x'.repeat(1_000_000), models)).toEqual([]);
  expect(cpuMs() - start).toBeLessThan(50);
});
