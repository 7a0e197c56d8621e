import { expect, test } from 'bun:test';
import { hashKey, hashOfNamed, isKeyHash, keyName, makeKey } from './secret.ts';

test('a key has 256 random bits, and its hash is the one that LiteLLM stores', () => {
  const key = makeKey();
  expect(key).toMatch(/^sk-[\w-]{43}$/);
  expect(makeKey()).not.toBe(key);
  // SHA-256 of `sk-1234`, worked out with sha256sum.
  expect(hashKey('sk-1234')).toBe('88dc28d0f030c55ed4ab77ed8faf098196cb1c05df778539800c9f1243fe6b4b');
  expect(keyName('sk-0123456789abcd')).toBe('sk-...abcd');
  expect(hashOfNamed(key)).toBe(hashKey(key));
  expect(hashOfNamed(hashKey(key))).toBe(hashKey(key));
  expect(isKeyHash(key)).toBe(false);
});
