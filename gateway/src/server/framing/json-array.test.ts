import { expect, test } from 'bun:test';
import { jsonArrayFraming } from './json-array.ts';

test('an event that is no JSON does not make the array unreadable', () => {
  const framing = jsonArrayFraming();
  const bytes = new TextEncoder().encode('data: {"a":1}\n\ndata: {"b": \n\ndata: [DONE]\n\ndata: {"c":3}\n\n');
  expect(JSON.parse(String(framing.frame(bytes)) + framing.close())).toEqual([{ a: 1 }, { c: 3 }]);
});

test('nothing at all is an empty array', () => expect(jsonArrayFraming().close()).toBe('[]'));
