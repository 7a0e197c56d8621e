import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import type { OpaquePart, Part, ThinkingPart } from '../../types/index.ts';
import { interleave } from './placed.ts';
import { sealOpaque, sealThinking } from './seal.ts';
import { placesOf, readBlock, readBlocks, writeBlock, writePlaced } from './thinking-blocks.ts';

const block = (name: string): OpaquePart => ({ type: 'opaque', origin: 'anthropic', value: { type: 'server_tool_use', name } });
const shown = (part: Part): string => (part.type === 'text' ? part.text : '');

describe('thoughts', () => {
  const cases: [string, ThinkingPart, object][] = [
    ['plain', { type: 'thinking', text: 'T' }, { type: 'thinking', thinking: 'T' }],
    [
      "Anthropic's",
      { type: 'thinking', text: 'T', signature: { origin: 'anthropic', value: 's' } },
      { type: 'thinking', thinking: 'T', signature: 's' },
    ],
    [
      "Anthropic's hidden",
      { type: 'thinking', text: '', redacted: { origin: 'anthropic', value: 'r' } },
      { type: 'redacted_thinking', data: 'r' },
    ],
  ];
  const openai: ThinkingPart = {
    type: 'thinking',
    text: 'a\n\nb',
    summary: ['a', 'b'],
    id: 'rs_1',
    signature: { origin: 'openai', value: 'e' },
  };
  cases.push(["others', sealed", openai, { type: 'thinking', thinking: 'a\n\nb', signature: sealThinking(openai) }]);
  const hidden: ThinkingPart = { type: 'thinking', text: '', redacted: { origin: 'openai', value: 'e' } };
  cases.push(["others' hidden", hidden, { type: 'redacted_thinking', data: sealThinking(hidden) }]);

  test.each(cases)('%s, there and back', (_name, part, wire) => {
    expect(writeBlock(part)).toEqual(wire as never);
    expect(readBlock(writeBlock(part))).toEqual(part);
  });
});

describe('a turn whose text is in one piece', () => {
  const blocksOf = (content: readonly Part[]) => placesOf(content, shown).map(writePlaced);
  const back = (content: readonly Part[], plain?: ThinkingPart): Part[] => {
    const text = content.map(shown).join('');
    return interleave(readBlocks(blocksOf(content), plain), text === '' ? [] : [{ type: 'text', text }]);
  };

  test('says where things stood, once there is text before them', () => {
    const thought: Part = { type: 'thinking', text: 'T', signature: { origin: 'anthropic', value: 's' } };
    const signed: Part = { type: 'text', text: 'Two', signature: { origin: 'google', value: 'g' } };
    const content: Part[] = [thought, { type: 'text', text: 'One.' }, block('a'), thought, signed];
    expect(blocksOf(content)).toEqual([
      { type: 'thinking', thinking: 'T', signature: 's' },
      { type: 'redacted_thinking', data: sealOpaque(block('a'), 4) },
      { type: 'thinking', thinking: 'T', signature: 's', text_before: 4 },
      {
        type: 'redacted_thinking',
        data: sealThinking({ type: 'thinking', text: '', signature: { origin: 'google', value: 'g' } })!,
        text_before: 7,
      },
    ]);
    expect(back(content)).toEqual(content);
  });

  test('what does not say it stands behind what is before it', () => {
    const own = { type: 'thinking', thinking: 'T', signature: 's' };
    const carried = { type: 'redacted_thinking', data: sealOpaque(block('a'), 4) };
    const parts = interleave(readBlocks([own, carried, own], undefined), [{ type: 'text', text: 'One.Two' }]);
    expect(parts.map((part) => (part.type === 'text' ? part.text : part.type))).toEqual(['thinking', 'One.', 'opaque', 'thinking', 'Two']);
  });

  test('plain thoughts stand first where no block has thoughts, and are those of the blocks elsewhere', () => {
    const plain: ThinkingPart = { type: 'thinking', text: 'plain' };
    expect(back([block('a')], plain)).toEqual([plain, block('a')]);
    expect(back([{ type: 'thinking', text: 'T' }, block('a')], plain)).toEqual([{ type: 'thinking', text: 'T' }, block('a')]);
  });

  test('any order is kept', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 });
    const signature = fc.record({
      origin: fc.constantFrom('anthropic', 'google', 'openai'),
      value: fc.string({ minLength: 1, maxLength: 4 }),
    });
    const piece: fc.Arbitrary<Part> = fc.oneof(
      text.map((each): Part => ({ type: 'text', text: each })),
      fc.tuple(text, signature).map(([each, value]): Part => ({ type: 'text', text: each, signature: value })),
      fc.tuple(text, signature).map(([each, value]): Part => ({ type: 'thinking', text: each, signature: value })),
      signature.map((value): Part => ({ type: 'thinking', text: '', redacted: value })),
      text.map(block),
    );
    // Texts without anything between them are one.
    const apart = (parts: Part[]) => parts.every((part, at) => part.type !== 'text' || part.signature || parts[at + 1]?.type !== 'text');
    fc.assert(fc.property(fc.array(piece, { maxLength: 8 }).filter(apart), (parts) => expect(back(parts)).toEqual(parts)));
  });
});
