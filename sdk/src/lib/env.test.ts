import { expect, test } from 'bun:test';
import { firstOf, systemEnv } from './env.ts';

test('the first variable that is set wins, without the whitespace around it', () => {
  expect(firstOf({ B: ' key\n', C: 'other' }, ['A', 'B', 'C'])).toBe('key');
  expect(firstOf({ A: '', B: '  ' }, ['A', 'B'])).toBeUndefined();
  expect(firstOf({}, [])).toBeUndefined();
});

test('a variable that may not be read is not set', () => {
  const guarded = new Proxy({} as Record<string, string>, {
    get: () => {
      throw new Error('NotCapable');
    },
  });
  expect(firstOf(guarded, ['HOME'])).toBeUndefined();
});

test('the system environment is there, or empty', () => {
  expect(typeof systemEnv()).toBe('object');
});
