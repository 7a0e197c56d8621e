import { expect, test } from 'bun:test';
import { wholeToolCallsFraming } from './whole-tool-calls.ts';

const framed = (...chunks: object[]): { [member: string]: unknown }[] => {
  const framing = wholeToolCallsFraming();
  const decoder = new TextDecoder();
  return chunks
    .map((chunk) => framing.frame([{ data: JSON.stringify(chunk) }]))
    .map((bytes) => (typeof bytes === 'string' ? bytes : decoder.decode(bytes)))
    .flatMap((text) => text.split('\n').filter((line) => line.startsWith('data: ')))
    .map((line) => JSON.parse(line.slice(6)) as { [member: string]: unknown });
};
const piece = (index: number, id: string | undefined, name: string | undefined, args: string) => ({
  choices: [
    {
      index: 0,
      delta: { tool_calls: [{ index, ...(id && { id }), function: { ...(name && { name }), arguments: args } }] },
      finish_reason: null,
    },
  ],
});
const end = { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] };
const callsIn = (chunks: { [member: string]: unknown }[]) =>
  (chunks as { choices: { delta: { tool_calls?: { index: number; function: { name: string; arguments: string } }[] } }[] }[]).flatMap(
    ({ choices }) => choices.flatMap(({ delta }) => (delta.tool_calls ?? []).map(({ index, function: fn }) => ({ index, ...fn }))),
  );

test('pieces of calls that take turns are whole at the end', () => {
  const chunks = framed(
    piece(0, 'a', 'f', '{"x":'),
    piece(1, 'b', 'g', '{'),
    piece(0, undefined, undefined, '1}'),
    piece(1, undefined, undefined, '}'),
    end,
  );
  expect(chunks).toHaveLength(1);
  expect(callsIn(chunks)).toEqual([
    { index: 0, name: 'f', arguments: '{"x":1}' },
    { index: 1, name: 'g', arguments: '{}' },
  ]);
});

test('FP-19: a name that is repeated is one name, another id at the same number is another call', () => {
  expect(callsIn(framed(piece(0, 'a', 'f', '{"x":'), piece(0, 'a', 'f', '1}'), end))).toEqual([
    { index: 0, name: 'f', arguments: '{"x":1}' },
  ]);
  expect(
    callsIn(
      framed(
        piece(0, 'a', 'f', '{'),
        piece(0, undefined, undefined, '}'),
        piece(0, 'b', 'f', '{'),
        piece(0, undefined, undefined, '"y":2}'),
        end,
      ),
    ),
  ).toEqual([
    { index: 0, name: 'f', arguments: '{}' },
    { index: 1, name: 'f', arguments: '{"y":2}' },
  ]);
});

test('a usage that is null is left out, one that is said stays', () => {
  const said = { choices: [{ index: 0, delta: { content: 'b' }, finish_reason: 'stop' }], usage: { prompt_tokens: 1 } };
  expect(framed({ choices: [{ index: 0, delta: { content: 'a' }, finish_reason: null }], usage: null }, said)).toEqual([
    { choices: [{ index: 0, delta: { content: 'a' }, finish_reason: null }] },
    said,
  ]);
});

test('a call of a tool with free text is one of a function', () => {
  const custom = (more: object) => ({ choices: [{ index: 0, delta: { tool_calls: [{ index: 0, ...more }] }, finish_reason: null }] });
  const chunks = framed(
    custom({ id: 'a', type: 'custom', custom: { name: 'sh', input: '' } }),
    custom({ custom: { input: 'ls ' } }),
    custom({ custom: { input: '"x"' } }),
    end,
  );
  expect(chunks).toMatchObject([
    {
      choices: [
        { delta: { tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'sh', arguments: '{"input":"ls \\"x\\""}' } }] } },
      ],
    },
  ]);
  expect(JSON.stringify(chunks)).not.toContain('custom');
});
