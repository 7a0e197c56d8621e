import { describe, expect, test } from 'bun:test';
import type { Message } from '../../types/index.ts';
import { pairCalls } from './pair-calls.ts';

const calls = (...list: [id: string, name: string][]): Message => ({
  role: 'assistant',
  content: list.map(([id, name]) => ({ type: 'tool-call', kind: 'function', id, name, arguments: '{}' })),
});
const result = (callId: string, name?: string): Message => ({
  role: 'tool',
  content: [{ type: 'tool-result', callId, ...(name !== undefined && { name }), content: [] }],
});
const user: Message = { role: 'user', content: [{ type: 'text', text: 'x' }] };

const ids = (...messages: Message[]): string[] =>
  pairCalls(messages).flatMap(({ content }) =>
    content.flatMap((part) => (part.type === 'tool-call' ? [part.id] : part.type === 'tool-result' ? [part.callId] : [])),
  );

describe('calls without ids', () => {
  test('are answered in their order', () => {
    expect(ids(calls(['', 'f'], ['', 'g']), result(''), result(''))).toEqual([
      'call_unnamed_0',
      'call_unnamed_1',
      'call_unnamed_0',
      'call_unnamed_1',
    ]);
  });

  test('or by their name', () => {
    const [f, g, ofG, ofF] = ids(calls(['', 'f'], ['', 'g']), result('', 'g'), result('', 'f'));
    expect([ofG, ofF]).toEqual([g, f]);
  });

  test('in every turn anew, also where an earlier call was never answered', () => {
    const [, , second, answer] = ids(calls(['', 'f'], ['', 'f']), user, calls(['', 'f']), result(''));
    expect(answer).toBe(second);
    const [, , , third, last] = ids(calls(['', 'f'], ['', 'f']), result(''), calls(['', 'f']), result(''));
    expect(last).toBe(third);
  });

  test('beside others that have one', () => {
    expect(ids(calls(['a', 'f'], ['', 'f']), result('', 'f'), result('a'))).toEqual(['a', 'call_unnamed_0', 'call_unnamed_0', 'a']);
  });

  test('never get an id that the client has given', () => {
    expect(ids(calls(['call_unnamed_0', 'f'], ['', 'g']), result(''))).toEqual(['call_unnamed_0', 'call_unnamed_1', 'call_unnamed_1']);
  });
});

test('a result without an id answers the call that stands open; a stray one has an id all the same', () => {
  expect(ids(calls(['a', 'f'], ['b', 'f']), result('a'), result(''))).toEqual(['a', 'b', 'a', 'b']);
  expect(ids(calls(['a', 'f']), result('a'), result(''))).toEqual(['a', 'a', 'call_unnamed_0']);
});

test('what has ids stays as it is', () => {
  const messages = [calls(['a', 'f'], ['a', 'g']), result('a'), result('b')];
  const before = structuredClone(messages);
  expect(pairCalls(messages)).toBe(messages);
  expect(messages).toEqual(before);
});
