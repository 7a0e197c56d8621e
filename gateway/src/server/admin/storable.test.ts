import { expect, test } from 'bun:test';
import { demandStorable } from './storable.ts';

test('what a database cannot keep is refused, wherever it stands', () => {
  for (const good of [undefined, null, 1, 'a', 'a😀', { ü: ['\n', { a: '\\u0000' }] }]) expect(() => demandStorable(good)).not.toThrow();
  for (const bad of ['\0', 'a\0', '\ud800', ['\0'], { a: { b: ['\udc00'] } }, { 'a\0': 1 }])
    expect(() => demandStorable(bad)).toThrow('cannot be stored');
});

test('a member called __proto__, which schemas leave out in silence, is refused by its name', () => {
  for (const bad of ['{"__proto__":{}}', '{"metadata":{"__proto__":{"a":1}}}', '[{"a":[{"__proto__":1}]}]'])
    expect(() => demandStorable(JSON.parse(bad))).toThrow("called '__proto__'");
  for (const good of ['{"constructor":1,"prototype":{},"a":"__proto__"}']) expect(() => demandStorable(JSON.parse(good))).not.toThrow();
});

test('nothing is nested deeper than 100', () => {
  const nested = (depth: number): unknown => Array.from({ length: depth }).reduce<unknown>((inner) => [inner], 'a');
  expect(() => demandStorable(nested(100))).not.toThrow();
  expect(() => demandStorable(nested(101))).toThrow('nested deeper');
  expect(() => demandStorable(nested(100_000))).toThrow('nested deeper');
});
