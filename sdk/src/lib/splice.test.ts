import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { spliceTopLevel } from './splice.ts';

const space = fc.constantFrom('', ' ', '\n', '\r\n\t', '  ');
const escapedKey = (key: string) => fc.constantFrom(JSON.stringify(key), `"${[...key].map(escapeUnit).join('')}"`);
const escapeUnit = (character: string) =>
  character.length > 1 ? JSON.stringify(character).slice(1, -1) : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

const names = fc.constantFrom('model', 'metadata', 'stream', 'a"b', '\\', '__proto__', 'ä😀', '', 'constructor');
const value: fc.Arbitrary<string> = fc.oneof(
  fc.json(),
  fc.constantFrom(
    '"\\\\"',
    '"\\""',
    '"}{][,:\\"\\\\\\""',
    '1e400',
    '12345678901234567890',
    '-0.0',
    '{"model":{"model":"x"}}',
    '[["]"],"\\\\"]',
  ),
);
const member = fc
  .tuple(names, value)
  .chain(([key, text]) => fc.tuple(fc.constant(key), escapedKey(key), fc.constant(text), space, space, space, space));
const objectText = fc
  .tuple(fc.array(member, { maxLength: 6 }), space, space)
  .map(
    ([members, before, after]) =>
      `${before}{${members.map(([, key, text, a, b, c, d]) => a + key + b + ':' + c + text + d).join(',') || before}}${after}`,
  );
const changes = fc.dictionary(names, fc.option(value, { nil: undefined }), { noNullPrototype: false });

/** What the text should mean afterwards, by JSON.parse's own reading. Entries, so that `__proto__` counts as well. */
const expected = (text: string, change: Record<string, string | undefined>): [string, unknown][] => {
  const map = new Map(Object.entries(JSON.parse(text) as Record<string, unknown>));
  for (const [key, json] of Object.entries(change)) {
    if (json === undefined) map.delete(key);
    else map.set(key, JSON.parse(json));
  }
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
};
const entriesOf = (text: string) => Object.entries(JSON.parse(text) as object).sort(([a], [b]) => (a < b ? -1 : 1));

describe('spliceTopLevel', () => {
  test('sets, removes and adds, and leaves the other bytes alone', () => {
    const text = '{ "big": 12345678901234567890, "model" : "a\\"b",\n "metadata":{"model":"no"} , "é":"\\u00e9" }';
    expect(spliceTopLevel(text, { model: '"gpt-4o"', metadata: undefined, extra: 'true' })).toBe(
      '{ "big": 12345678901234567890, "model" : "gpt-4o",\n "é":"\\u00e9","extra":true }',
    );
  });

  test('changes nothing without changes', () => {
    const text = ' {"a" : 1 }\n';
    expect(spliceTopLevel(text, {})).toBe(text);
    expect(spliceTopLevel(text, { b: undefined })).toBe(text);
  });

  test('removes first, middle, last and only members', () => {
    const text = '{"a":1, "b":2 ,"c":3}';
    expect(spliceTopLevel(text, { a: undefined })).toBe('{"b":2 ,"c":3}');
    expect(spliceTopLevel(text, { b: undefined })).toBe('{"a":1, "c":3}');
    expect(spliceTopLevel(text, { c: undefined })).toBe('{"a":1, "b":2}');
    expect(spliceTopLevel(text, { a: undefined, b: undefined, c: undefined })).toBe('{}');
    expect(spliceTopLevel('{}', { a: '[]' })).toBe('{"a":[]}');
    expect(spliceTopLevel('{"a":1}', { a: undefined, b: '2' })).toBe('{"b":2}');
  });

  test('a duplicate is changed wherever it stands, so that no parser sees the old one', () => {
    expect(spliceTopLevel('{"model":1,"m\\u006fdel":2}', { model: '3' })).toBe('{"model":3,"m\\u006fdel":3}');
    expect(spliceTopLevel('{"model":1,"x":0,"model":2}', { model: undefined })).toBe('{"x":0}');
  });

  test.each(['', '[]', '"a"', '{', '{"a"', '{"a":', '{"a":1', '{"a":"x', '{"a":[1}', '{"a" 1}', '{a:1}', '{"a":1 "b":2}'])(
    'refuses %p',
    (text) => {
      expect(() => spliceTopLevel(text, { x: '1' })).toThrow(SyntaxError);
    },
  );

  test('means what JSON.parse says it should, whatever the text looks like', () => {
    fc.assert(
      fc.property(objectText, changes, (text, change) => {
        expect(entriesOf(spliceTopLevel(text, change))).toEqual(expected(text, change));
      }),
      { numRuns: 400 },
    );
  });

  test('keeps every byte of what it was not told to change', () => {
    fc.assert(
      fc.property(objectText, value, (text, json) => {
        // Set a member of its own and take it out again: the text is the same.
        expect(spliceTopLevel(spliceTopLevel(text, { zz: json }), { zz: undefined })).toBe(text);
      }),
      { numRuns: 200 },
    );
  });

  test('a 1 MB body costs far less than parsing it', () => {
    const messages = Array.from({ length: 500 }, (_, at) => ({ role: 'user', content: `${at} "quoted" \\ ${'x'.repeat(2000)}` }));
    const text = JSON.stringify({ model: 'a', messages, stream: true });
    const timed = (work: () => void) => {
      const times = Array.from({ length: 15 }, () => {
        const start = performance.now();
        work();
        return performance.now() - start;
      });
      return times.sort((a, b) => a - b)[0]!;
    };
    const splice = timed(() => spliceTopLevel(text, { model: '"b"' }));
    const parse = timed(() => JSON.stringify(JSON.parse(text)));
    expect(splice).toBeLessThan(parse);
  });
});
