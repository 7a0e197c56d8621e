import { expect, test } from 'bun:test';
import { asPattern } from './tag-pattern.ts';

test.each([
  ['^User-Agent: claude-code/', 'User-Agent: claude-code/1.0', true],
  ['^User-Agent: claude-code/', 'User-Agent: Claude-Code/1.0', false],
  ['(?i)claude-code', 'User-Agent: Claude-Code/1.0', true],
  [String.raw`\AUser-Agent: .*(?P<version>\d+)\Z`, 'User-Agent: cli 7', true],
  [String.raw`\AUser-Agent: .*(?P<version>\d+)\Z`, 'User-Agent: cli 7 x', false],
  [String.raw`a\\Z`, String.raw`a\Z`, true],
])('%s in %s: %p', (pattern, text, expected) => expect(asPattern(pattern)!.test(text)).toBe(expected));

test('what is none', () => {
  for (const text of ['(', '[a', '(?<=', '*']) expect(asPattern(text)).toBeUndefined();
});

test('works frozen, again and again', () => {
  const pattern = Object.freeze(asPattern('a')!);
  expect([pattern.test('a'), pattern.test('b'), pattern.test('a')]).toEqual([true, false, true]);
});
