import { expect, test } from 'bun:test';
import type { Part } from '../../types/index.ts';
import { answerable, withHints } from './tool-hints.ts';

test('a call that came without an id gets one, which no other has', () => {
  expect(answerable('mine')).toBe('mine');
  expect(answerable('')).toMatch(/^call_\w{24}$/);
  expect(answerable('')).not.toBe(answerable(''));
  const call: Part = { type: 'tool-call', kind: 'function', id: '', name: 'f', arguments: '{}' };
  expect(withHints(call, undefined)).toMatchObject({ name: 'f', id: expect.stringMatching(/^call_/) });
  expect(withHints({ ...call, id: 'a' }, undefined)).toMatchObject({ id: 'a' });
});
