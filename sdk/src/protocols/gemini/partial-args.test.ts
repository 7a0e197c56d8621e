import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import type { DecodeHints, JsonObject, StreamPart } from '../../types/index.ts';
import { createCollector } from '../shared/collect.ts';
import { joinCallPieces } from './call-stream.ts';
import { gemini } from './index.ts';
import { parseJsonPath, type Step } from './json-path.ts';
import { PartialArguments } from './partial-args.ts';

const chunk = (parts: JsonObject[], finishReason?: string) => ({
  candidates: [{ index: 0, content: { role: 'model', parts }, ...(finishReason && { finishReason }) }],
  responseId: 'r1',
  modelVersion: 'gemini-3-pro-preview',
});
const call = (functionCall: JsonObject, beside: JsonObject = {}) => ({ functionCall, ...beside });

const decode = (chunks: JsonObject[][], hints?: DecodeHints): StreamPart[] => {
  const parts: StreamPart[] = [];
  const decoder = gemini.stream.decoder(hints);
  for (const [at, each] of chunks.entries())
    decoder.push({ data: JSON.stringify(chunk(each, at === chunks.length - 1 ? 'STOP' : undefined)) }, (part) => void parts.push(part));
  decoder.close((part) => void parts.push(part));
  return parts;
};
const result = (parts: StreamPart[]) => {
  const collector = createCollector();
  for (const part of parts) collector.push(part);
  return collector.result();
};

/** The answer that Google's documents show. */
const documented: JsonObject[][] = [
  [call({ name: 'get_weather', willContinue: true }, { thoughtSignature: 'sig' })],
  [call({ partialArgs: [{ jsonPath: '$.location', stringValue: 'New ', willContinue: true }], willContinue: true })],
  [call({ partialArgs: [{ jsonPath: '$.location', stringValue: 'Delhi', willContinue: true }], willContinue: true })],
  [call({ partialArgs: [{ jsonPath: '$.location', stringValue: '' }], willContinue: true })],
  [call({ partialArgs: [{ jsonPath: '$.days', numberValue: 3 }], willContinue: true })],
  [call({})],
];

describe('arguments that come in pieces', () => {
  test('go out as they come', () => {
    const parts = decode(documented);
    expect(parts.filter(({ type }) => type === 'arguments-delta').map((part) => 'text' in part && part.text)).toEqual([
      '{"location":"New ',
      'Delhi',
      '"',
      ',"days":3',
      '}',
    ]);
    expect(parts.filter(({ type }) => type === 'part-start')).toHaveLength(1);
    const [{ content, finishReason }] = result(parts).candidates as [ReturnType<typeof result>['candidates'][0]];
    expect(content).toMatchObject([
      {
        type: 'tool-call',
        name: 'get_weather',
        arguments: '{"location":"New Delhi","days":3}',
        signature: { origin: 'google', value: 'sig' },
      },
    ]);
    expect(finishReason).toBe('tool-calls');
  });

  test('of several calls, each with its own; a call without arguments; text behind', () => {
    const parts = decode([
      [call({ name: 'a', id: 'id-a', partialArgs: [{ jsonPath: '$.x', boolValue: true }], willContinue: true })],
      [call({}), call({ name: 'b', willContinue: true })],
      [
        call({
          partialArgs: [
            { jsonPath: '$.y[0].z', nullValue: null },
            { jsonPath: "$.y[1]['a b']", stringValue: 'q"' },
          ],
        }),
      ],
      [call({ name: 'c', willContinue: true })],
      [call({}), call({ name: 'd', args: { whole: 1 } }), { text: 'done' }],
    ]);
    expect(result(parts).candidates[0]!.content).toMatchObject([
      { name: 'a', id: 'id-a', arguments: '{"x":true}' },
      { name: 'b', arguments: '{"y":[{"z":null},{"a b":"q\\""}]}' },
      { name: 'c', arguments: '' },
      { name: 'd', arguments: '{"whole":1}' },
      { type: 'text', text: 'done' },
    ]);
  });

  test('and snake_case, a name that is said again, a signature behind', () => {
    const parts = decode([
      [{ function_call: { name: 'a', id: '1', will_continue: true, args: { first: 1 } } }],
      [
        {
          function_call: { name: 'a', id: '1', partial_args: [{ json_path: '$.x', string_value: 'v', will_continue: true }] },
          thought_signature: 's',
        },
      ],
    ]);
    expect(result(parts).candidates[0]!.content).toMatchObject([
      { name: 'a', arguments: '{"first":1,"x":"v"}', signature: { value: 's' } },
    ]);
  });

  test('of a custom tool make its input', () => {
    const hints = { customTools: ['shell'], toolNames: { sh: 'shell' } };
    const parts = decode(
      [
        [call({ name: 'sh', willContinue: true })],
        [call({ partialArgs: [{ jsonPath: '$.input', stringValue: 'ls' }], willContinue: true })],
        [call({})],
      ],
      hints,
    );
    expect(result(parts).candidates[0]!.content).toMatchObject([{ name: 'shell', kind: 'custom', arguments: 'ls' }]);
  });

  test('an answer that breaks off has what came, closed', () => {
    const parts = decode(documented.slice(0, 2));
    expect(result(parts).candidates[0]!.content).toMatchObject([{ arguments: '{"location":"New "}' }]);
  });

  test('a whole answer with pieces is the same', () => {
    expect(gemini.response.fromWire(chunk(documented.flat(), 'STOP')).candidates[0]!.content).toEqual(
      result(decode(documented)).candidates[0]!.content,
    );
  });

  test.each([
    [
      'an earlier place',
      [
        { jsonPath: '$.a.x', numberValue: 1 },
        { jsonPath: '$.b', numberValue: 2 },
        { jsonPath: '$.a.y', numberValue: 3 },
      ],
    ],
    [
      'the same place',
      [
        { jsonPath: '$.a', stringValue: 'x' },
        { jsonPath: '$.b', numberValue: 1 },
        { jsonPath: '$.a', stringValue: 'y' },
      ],
    ],
    [
      'another shape',
      [
        { jsonPath: '$.a[0]', numberValue: 1 },
        { jsonPath: '$.a.b', numberValue: 2 },
      ],
    ],
    ['a hole in a list', [{ jsonPath: '$.a[1]', numberValue: 1 }]],
    ['no path', [{ stringValue: 'x' }]],
    ['a path to many values', [{ jsonPath: '$..a', numberValue: 1 }]],
    ['the whole', [{ jsonPath: '$', stringValue: 'x' }]],
  ])('a piece for %s is an error, and nothing comes behind it', (_, partialArgs) => {
    const parts = decode([[call({ name: 'a', partialArgs, willContinue: true })], [{ text: 'more' }]]);
    expect(parts.at(-1)).toMatchObject({ type: 'error', error: { code: 'invalid_response' } });
    expect(() => gemini.response.fromWire(chunk([call({ name: 'a', partialArgs })]))).toThrow('one JSON text');
  });

  test('of earlier turns are one call to other vendors', () => {
    const request = gemini.request.fromWire(
      {
        contents: [
          { role: 'user', parts: [{ text: 'hi' }] },
          ...documented.map((parts) => ({ role: 'model', parts })),
          { role: 'user', parts: [{ functionResponse: { name: 'get_weather', response: { output: 'sun' } } }] },
        ],
      },
      { model: 'm' },
    );
    expect(request.messages[1]!.content).toMatchObject([
      { type: 'tool-call', name: 'get_weather', arguments: '{"location":"New Delhi","days":3}' },
    ]);
    expect(() =>
      gemini.request.fromWire(
        { contents: [{ role: 'model', parts: [call({ name: 'a', partialArgs: [{ jsonPath: 'x' }] })] }] },
        { model: 'm' },
      ),
    ).toThrow("'contents[0].parts'");
  });

  test('parts that are no pieces stay the very same', () => {
    const parts = [{ text: 'a' }, call({ name: 'a', args: { willContinue: true, partialArgs: [] } }), call({ name: 'b' })];
    const joined = joinCallPieces(parts);
    parts.forEach((part, index) => expect(joined[index]).toBe(part));
  });
});

test.each([
  ['$', []],
  ['$.foo.bar[0].data', ['foo', 'bar', 0, 'data']],
  [`$['a b']["c\\"d"].é`, ['a b', 'c"d', 'é']],
  [`$['\\u0041\\n']`, ['A\n']],
  ['foo', undefined],
  ['$.', undefined],
  ['$.*[*]', ['*', undefined]],
  ['$[?@.a]', undefined],
] as const)('path %p', (path, steps) => {
  const expected = steps?.some((each) => each === undefined) ? undefined : steps;
  expect(parseJsonPath(path)).toEqual(expected as Step[] | undefined);
});

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** The pieces of a value in the order of its text, strings cut at random places. */
const piecesOf = (value: Json, path: string, cut: (text: string) => string[]): JsonObject[] => {
  if (Array.isArray(value)) return value.flatMap((each, at) => piecesOf(each, `${path}[${at}]`, cut));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, each]) => piecesOf(each, `${path}[${JSON.stringify(name)}]`, cut));
  if (value === null) return [{ jsonPath: path, nullValue: null }];
  if (typeof value === 'number') return [{ jsonPath: path, numberValue: value }];
  if (typeof value === 'boolean') return [{ jsonPath: path, boolValue: value }];
  const texts = cut(value);
  return texts.map((stringValue, at) => ({ jsonPath: path, stringValue, ...(at < texts.length - 1 && { willContinue: true }) }));
};

const { value: values } = fc.letrec<{ value: Json; leaf: Json; list: Json; object: Json }>((tie) => ({
  leaf: fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.boolean(), fc.constant(null)),
  list: fc.array(tie('value'), { minLength: 1, maxLength: 3 }),
  object: fc.dictionary(fc.string({ minLength: 1 }), tie('value'), { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
  value: fc.oneof({ maxDepth: 3 }, tie('leaf'), tie('list'), tie('object')),
}));

test('any value comes back out of its pieces, wherever its texts are cut', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ minLength: 1 }), values, { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
      fc.nat(),
      (value, seed) => {
        let state = seed;
        const cut = (text: string): string[] => {
          state = (state * 1103515245 + 12345) % 2147483648;
          const at = text.length === 0 ? 0 : state % (text.length + 1);
          return state % 3 === 0 ? [text] : [text.slice(0, at), text.slice(at)];
        };
        const writer = new PartialArguments();
        const text =
          piecesOf(value, '$', cut)
            .map((piece) => writer.push(piece))
            .join('') + writer.end();
        expect(JSON.parse(text)).toEqual(value);
      },
    ),
    { numRuns: 300 },
  );
});
