import { expect, test } from 'bun:test';
import { demandRotation } from './rotation-wanted.ts';

const writeKey = () => Promise.resolve();

test('a key is rotated only where somebody learns of it', () => {
  expect(() => demandRotation({ auto_rotate: true, key_alias: 'a' }, { writeKey })).not.toThrow();
  expect(() => demandRotation({ auto_rotate: true, key_alias: 'a' }, {})).toThrow('needs a secret manager');
  expect(() => demandRotation({ auto_rotate: true }, { writeKey })).toThrow('needs a `key_alias`');
  expect(() => demandRotation({ auto_rotate: false }, {})).not.toThrow();
});
