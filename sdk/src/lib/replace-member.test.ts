import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { replaceMember } from './replace-member.ts';

test.each([
  ['{"model":"a","n":1.0}', '{"model":"b","n":1.0}'],
  ['{ "n": 1.0, "model" : "a" }', '{ "n": 1.0, "model" : "b" }'],
  ['{"messages":[{"content":"a \\"model\\" here"}],"model":"a"}', '{"messages":[{"content":"a \\"model\\" here"}],"model":"b"}'],
])('%s', (text, expected) => expect(replaceMember(text, 'model', 'a', '"b"')).toBe(expected));

test.each([
  ['a member twice', '{"model":"a","model":"a"}'],
  ['a nested one', '{"tools":{"model":1},"model":"a"}'],
  ['an escaped one may hide', '{"model":"a","mod\\u0065l":"a"}'],
  ['a value and not a name', '{"x":"model"}'],
  ['none', '{"x":1}'],
])('%s is not that easy', (_, text) => expect(replaceMember(text, 'model', 'a', '"b"')).toBeUndefined());

test('a number that is spelled longer than it is', () => {
  for (const text of ['{"model":0.1e-400}', '{"model":1.0,"a":1}', '{"model":10e0}'])
    expect(replaceMember(text, 'model', (JSON.parse(text) as { model: unknown }).model, '"new"')).toBeUndefined();
  expect(replaceMember('{"model":7 ,"a":1}', 'model', 7, '"new"')).toBe('{"model":"new" ,"a":1}');
});

test('whatever it returns is the object with the member replaced', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('model', 'a', 'b', '"model"'), fc.jsonValue()),
      fc.integer({ min: 0, max: 2 }),
      (object, indent) => {
        const text = JSON.stringify(object, null, indent);
        const replaced = replaceMember(text, 'model', object['model'], '"new"');
        if (replaced !== undefined) expect(JSON.parse(replaced)).toEqual({ ...JSON.parse(text), model: 'new' });
      },
    ),
  );
});
