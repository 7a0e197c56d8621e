import { expect, test } from 'bun:test';
import { customerOf } from './customers.ts';

const none = { customerHeaders: [] };

test('a configured header wins, then the usual ones, then the body', () => {
  const settings = { customerHeaders: ['x-openwebui-user-id', 'x-other'] };
  const all = new Headers({ 'x-other': 'other', 'x-litellm-customer-id': 'usual' });
  expect(customerOf(all, { user: 'body' }, settings)).toBe('other');
  expect(customerOf(all, { user: 'body' }, none)).toBe('usual');
  expect(customerOf(new Headers({ 'x-litellm-end-user-id': 'e' }), {}, none)).toBe('e');
  expect(customerOf(new Headers(), { user: 'body', metadata: { user_id: 'm' } }, settings)).toBe('body');
  expect(customerOf(new Headers(), { metadata: { user_id: 'm' } }, none)).toBe('m');
});

test('what is empty or of another kind says nobody', () => {
  expect(customerOf(new Headers({ 'x-litellm-customer-id': '' }), { user: '', metadata: { user_id: 3 } }, none)).toBeUndefined();
  expect(customerOf(new Headers(), { user: { id: 1 }, metadata: null }, none)).toBeUndefined();
});
