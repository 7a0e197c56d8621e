import { expect, test } from 'bun:test';
import { createCallIds } from './call-ids.ts';

const ids = () => createCallIds(40, /[a-z0-9_]/);

test('an id that breaks the rules is cleaned, and its result has the same', () => {
  const made = ids();
  const cleaned = made.call('a|b c');
  expect(cleaned).toMatch(/^[a-z0-9_]{1,40}$/);
  expect(made.result('a|b c')).toBe(cleaned);
  expect(made.result('never')).toBe('never');
});

test('calls of one turn that share an id: each result has the next, a result too many the last', () => {
  const made = ids();
  expect([made.call('x'), made.call('x')]).toEqual(['x', 'x_2']);
  expect([made.result('x'), made.result('x'), made.result('x')]).toEqual(['x', 'x_2', 'x_2']);
});

test('an id that comes again in a later turn belongs to the later call, also where the earlier had no result', () => {
  const made = ids();
  expect(made.call('x')).toBe('x');
  expect(made.result('x')).toBe('x');
  expect(made.call('x')).toBe('x_2');
  made.userSpoke();
  expect(made.call('x')).toBe('x_3');
  expect(made.result('x')).toBe('x_3');
});
