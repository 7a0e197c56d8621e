import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { ThoughtSplitter } from './thought-splitter.ts';

const split = (pieces: readonly string[], opened: boolean) => {
  const found = { thought: '', text: '' };
  const splitter = new ThoughtSplitter(
    { open: '<think>', close: '</think>', opened },
    { thought: (text) => void (found.thought += text), text: (text) => void (found.text += text) },
  );
  for (const piece of pieces) splitter.push(piece);
  splitter.end();
  return found;
};

describe('thoughts in a text', () => {
  test.each<[string, boolean, string, string]>([
    ['<think>\nHm\n</think>\n\nYes.', false, 'Hm\n', 'Yes.'],
    ['\n<think>Hm</think>Yes.', false, 'Hm', 'Yes.'],
    ['Hm</think>Yes.', true, 'Hm', 'Yes.'],
    ['<think>Hm</think>Yes.', true, 'Hm', 'Yes.'],
    ['Yes. <think>no</think>', false, '', 'Yes. <think>no</think>'],
    ['<thin air', false, '', '<thin air'],
    ['<thi', false, '', '<thi'],
    ['Hm </thi', true, 'Hm </thi', ''],
    ['', true, '', ''],
    ['<think></think>Yes. </think> again', false, '', 'Yes. </think> again'],
  ])('%j (opened: %j), cut anywhere', (text, opened, thought, rest) => {
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 8 }), (places) => {
        const ends = [...places.sort((a, b) => a - b), text.length];
        const pieces = ends.map((end, at) => text.slice(ends[at - 1] ?? 0, end));
        expect(split(pieces, opened)).toEqual({ thought, text: rest });
      }),
      { numRuns: 60 },
    );
  });
});
