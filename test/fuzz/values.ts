import type { Choice } from './random.ts';

/*
 * Values that programs are not ready for. JSON cannot hold all of them as values (`1e999`, a member twice), so texts that
 * begin with this mark stand for the JSON behind it, and are replaced when the whole is written.
 */
const rawMark = '@@raw:';
const raw = (text: string): string => `${rawMark}${text}@@`;

const deep = (depth: number, open: string, close: string): string => raw(open.repeat(depth) + close.repeat(depth));

const texts: readonly string[] = [
  '',
  ' ',
  '\0',
  '\u{FEFF}',
  '\uD800',
  '\uDC00x',
  'a\u202Eb',
  '\r\n\r\ndata: [DONE]\n\n',
  'data: {"x":1}\n\n',
  '\u2028',
  '😀'.repeat(50),
  '__proto__',
  'constructor',
  'toString',
  '[DONE]',
  'null',
  '{"a":',
  '{}',
  'data:image/png;base64,AAAA',
  'data:,',
  'data:;base64,%%%',
  'http://',
  'http://[::1',
  'file:///etc/passwd',
  'user',
  'assistant',
  'system',
  'tool',
  'function',
  'model',
  'text',
  'image',
  'thinking',
  'tool_use',
  'tool_result',
  'function_call',
  'function_call_output',
  'message',
  'auto',
  'none',
  'x'.repeat(20_000),
];

const numbers: readonly unknown[] = [
  0,
  -1,
  1,
  0.5,
  -0.0001,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  1e21,
  1.7e308,
  5e-324,
  raw('-0'),
  raw('1e999'),
  raw('-1e999'),
  raw('123456789012345678901234567890'),
  raw('0.1e-400'),
];

const nested: readonly unknown[] = [
  null,
  true,
  false,
  [],
  {},
  [[]],
  [null],
  [{}],
  [[[[[]]]]],
  [1, 'a', null, { b: [] }],
  { type: null },
  { role: 'user' },
  { a: { b: { c: {} } } },
  raw('{"__proto__":{"polluted":true}}'),
  raw('{"constructor":{"prototype":{"polluted":true}}}'),
  raw('[{"__proto__":{"polluted":true,"type":"text"}}]'),
  deep(200, '[', ']'),
  deep(6000, '[', ']'),
  deep(200, '{"a":', '}').replace('{"a":}', '{"a":1}'),
  deep(6000, '{"properties":', '}').replace('{"properties":}', '{"properties":{}}'),
];

export const oddText = (choice: Choice): string => choice.pick(texts);

export const oddValue = (choice: Choice): unknown => {
  const kind = choice.int(3);
  if (kind === 0) return choice.pick(texts);
  // A copy: what was put in may be changed further.
  return structuredClone(choice.pick(kind === 1 ? numbers : nested));
};

/** Names of members that mean something to a program, if not to a format. */
export const oddNames: readonly string[] = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'then',
  'toJSON',
  'length',
  '',
  '0',
  '\0',
  'ﬁ',
];

/** JSON with the raw texts put in. */
export const write = (value: unknown): string =>
  (JSON.stringify(value) ?? 'null').replaceAll(/"@@raw:((?:[^"\\]|\\.)*)@@"/g, (_, text: string) => JSON.parse(`"${text}"`) as string);
