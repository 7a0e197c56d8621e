import { describe, expect, test } from 'bun:test';
import { Secret } from 'sluice/kit';
import { createMasterKeyCheck } from './master-key.ts';

describe('master key', () => {
  const isMaster = createMasterKeyCheck(new Secret('sk-right'));
  test('the right one', () => expect(isMaster('sk-right')).toBe(true));
  test.each([[''], ['sk-wrong'], ['sk-right-and-more'], ['sk-righ']])('%p is not it', (key) => expect(isMaster(key)).toBe(false));
});
