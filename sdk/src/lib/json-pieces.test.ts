import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { createJsonPiecesParser } from './json-pieces.ts';

const piecesOf = (chunks: readonly string[]): string[] => {
  const found: string[] = [];
  const parser = createJsonPiecesParser((piece) => void found.push(piece));
  for (const chunk of chunks) parser.push(chunk);
  parser.close();
  return found;
};

/** A text cut at the given places. */
const cutAt = (text: string, places: readonly number[]): string[] => {
  const ends = [...places.map((place) => place % (text.length + 1)).sort((a, b) => a - b), text.length];
  return ends.map((end, at) => text.slice(ends[at - 1] ?? 0, end));
};

const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 4 }), { maxLength: 6 });

describe('objects in pieces', () => {
  test.each([
    ['server-sent events', (text: string) => `data: ${text}\n\n`],
    ['bare server-sent events', (text: string) => `data:${text}\r\n\r\n`],
    ['lines', (text: string) => `${text}\n`],
    ['one behind the other', (text: string) => text],
    ['a list', (text: string) => `[${text},`],
  ])('%s, cut anywhere', (_, frame) => {
    fc.assert(
      fc.property(objects, fc.array(fc.nat(), { maxLength: 30 }), (values, places) => {
        const texts = values.map((value) => JSON.stringify(value));
        expect(piecesOf(cutAt(texts.map(frame).join(''), places))).toEqual(texts);
      }),
    );
  });

  test('the mark of the end, cut anywhere, and not where it is said', () => {
    const text = 'data: {"a":"[DONE]"}\n\ndata: [DONE]\n\n';
    for (let at = 0; at <= text.length; at++) expect(piecesOf([text.slice(0, at), text.slice(at)])).toEqual(['{"a":"[DONE]"}', '[DONE]']);
  });

  test('an end in the middle is told', () => {
    expect(() => piecesOf(['data: {"a":'])).toThrow('5 characters into');
  });
});
