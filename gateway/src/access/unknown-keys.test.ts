import { expect, test } from 'bun:test';
import { UnknownKeys } from './unknown-keys.ts';

const at = (options: { rememberMs?: number; perMinute?: number } = {}) => {
  let now = 1_000_000;
  return { unknown: new UnknownKeys({ now: () => now, ...options }), later: (ms: number) => void (now += ms) };
};

test('a key that there is none of is remembered for a while', () => {
  const { unknown, later } = at({ rememberMs: 1000 });
  unknown.add('a', '1.1.1.1');
  expect([unknown.has('a'), unknown.has('b')]).toEqual([true, false]);
  later(999);
  expect(unknown.has('a')).toBe(true);
  later(1);
  expect(unknown.has('a')).toBe(false);
});

test('a key that is made is no longer unknown, also where it was being looked for', () => {
  const { unknown } = at();
  unknown.add('a', '1.1.1.1');
  unknown.forget('a');
  expect(unknown.has('a')).toBe(false);
  // Looked for, then made, then not found by who began before.
  const { made } = unknown;
  unknown.forget('b');
  unknown.add('b', '1.1.1.1', made);
  expect(unknown.has('b')).toBe(false);
  unknown.add('c', '1.1.1.1');
  unknown.forgetAll();
  expect(unknown.has('c')).toBe(false);
});

test('an address has so many tries a minute', () => {
  const { unknown, later } = at({ perMinute: 3 });
  for (const key of ['a', 'b', 'c']) {
    expect(unknown.waitOf('1.1.1.1')).toBeUndefined();
    unknown.add(key, '1.1.1.1');
    later(1000);
  }
  expect(unknown.waitOf('1.1.1.1')).toBe(57_000);
  expect(unknown.waitOf('2.2.2.2')).toBeUndefined();
  later(57_000);
  expect(unknown.waitOf('1.1.1.1')).toBeUndefined();
  unknown.add('d', '1.1.1.1');
  expect(unknown.waitOf('1.1.1.1')).toBeUndefined();
});

test('keys made while others are tried do not hide who tries them', () => {
  const { unknown } = at({ perMinute: 2 });
  for (const key of ['a', 'b']) {
    const { made } = unknown;
    unknown.forget('another');
    unknown.add(key, '1.1.1.1', made);
  }
  expect(unknown.waitOf('1.1.1.1')).toBe(60_000);
});

test('both memories have an end', () => {
  const { unknown } = at();
  for (let each = 0; each < 30_000; each++) unknown.add(`key ${each}`, `address ${each}`);
  expect([unknown.has('key 0'), unknown.has('key 9999'), unknown.has('key 10000'), unknown.has('key 29999')]).toEqual([
    false,
    false,
    true,
    true,
  ]);
});
