import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import type { JsonObject, OpaquePart, Part, StreamPart, ToWireContext } from '../../types/index.ts';
import { explode } from '../shared/collect.ts';
import { sealOpaque } from '../shared/seal.ts';
import { readRequest } from './request-read.ts';
import { writeRequest } from './request-write.ts';
import { writeResponse } from './response.ts';
import { createEncoder } from './stream-encoder.ts';

const block = (name: string): OpaquePart => ({ type: 'opaque', origin: 'anthropic', value: { type: 'server_tool_use', name } });
const context = {
  model: 'm',
  request: { model: 'm', messages: [], stream: true, unknown: {} },
  newId: (prefix: string) => `${prefix}1`,
  now: () => 0,
};
const resultOf = (content: Part[]) => ({ id: 'a', model: 'm', candidates: [{ index: 0, content, finishReason: 'stop' as const }] });

const whole = (content: Part[]): JsonObject => {
  const { choices } = writeResponse(resultOf(content), context) as { choices: { message: JsonObject }[] };
  return choices[0]!.message;
};

/** As OpenAI's helper for Python puts deltas together: lists by index, texts joined. */
const streamed = (content: Part[]): JsonObject => {
  const message: JsonObject = { role: 'assistant', content: '' };
  const blocks: JsonObject[] = [];
  const encoder = createEncoder(context);
  const take = (part: StreamPart) => {
    for (const { data } of encoder.push(part)) {
      if (data === '[DONE]') continue;
      const delta = (JSON.parse(data) as { choices: { delta: JsonObject }[] }).choices[0]?.delta ?? {};
      for (const name of ['content', 'reasoning_content']) {
        if (typeof delta[name] === 'string') message[name] = String(message[name] ?? '') + delta[name];
      }
      for (const each of (delta['thinking_blocks'] ?? []) as JsonObject[]) blocks[each['index'] as number] = each;
    }
  };
  explode(resultOf(content), take);
  return blocks.length > 0 ? { ...message, thinking_blocks: blocks } : message;
};

const read = (message: JsonObject): Part[] => {
  const { messages } = readRequest({ model: 'm', messages: [{ role: 'user', content: 'q' }, message] });
  return messages[1]!.content.map(({ extra: _extra, ...part }) => part as Part);
};

describe('blocks of another family in a message that has its text in one piece', () => {
  const turn: Part[] = [
    { type: 'thinking', text: 'hm', signature: { origin: 'anthropic', value: 's' } },
    { type: 'text', text: 'I look. ' },
    block('a'),
    block('b'),
    { type: 'text', text: 'Found.' },
    block('c'),
  ];

  test('come back in their place, whole and streamed', () => {
    expect(read(whole(turn))).toEqual(turn);
    expect(read(streamed(turn))).toEqual(turn);
  });

  test('are not shown', () => {
    expect(whole(turn)).toMatchObject({ content: 'I look. Found.', reasoning_content: 'hm' });
    expect(whole(turn)['thinking_blocks']).toEqual([
      { type: 'thinking', thinking: 'hm', signature: 's' },
      { type: 'redacted_thinking', data: sealOpaque(block('a'), 8) },
      { type: 'redacted_thinking', data: sealOpaque(block('b'), 8) },
      { type: 'redacted_thinking', data: sealOpaque(block('c'), 14) },
    ]);
  });

  test('a text that the client cut or a list of parts loses none of them', () => {
    const cut = { ...whole(turn), content: 'I' };
    expect(read(cut).filter(({ type }) => type === 'opaque')).toEqual([block('a'), block('b'), block('c')]);
    const list = {
      ...whole(turn),
      content: [
        { type: 'text', text: 'I lo' },
        { type: 'text', text: 'ok. Found.' },
      ],
    };
    expect(read(list).map((part) => (part.type === 'text' ? part.text : part.type))).toEqual([
      'thinking',
      'I lo',
      'ok. ',
      'opaque',
      'opaque',
      'Found.',
      'opaque',
    ]);
  });

  test('plain thoughts stay beside blocks', () => {
    const plain: Part[] = [{ type: 'thinking', text: 'plain' }, block('a'), { type: 'text', text: 'x' }];
    expect(read(whole(plain))).toEqual(plain);
    expect(read(streamed(plain))).toEqual(plain);
  });

  test('any order of texts, blocks and signed thoughts is kept', () => {
    const piece = fc.oneof(
      fc
        .constantFrom('anthropic', 'google', 'openai')
        .map((origin): Part => ({ type: 'thinking', text: 'hm', signature: { origin, value: 's' } })),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }).map((text): Part => ({ type: 'text', text })),
      fc.string({ maxLength: 3 }).map(block),
    );
    // Neighbouring texts are one to this format.
    const apart = (parts: Part[]) => parts.every((part, at) => part.type !== 'text' || parts[at + 1]?.type !== 'text');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }).filter(apart), (parts) => {
        expect(read(whole(parts))).toEqual(parts);
        expect(read(streamed(parts))).toEqual(parts);
      }),
    );
  });

  test('where a thought stood is told of those behind a text alone, and never to a vendor', () => {
    const thought: Part = { type: 'thinking', text: 'hm', signature: { origin: 'anthropic', value: 's' } };
    const message = whole([thought, { type: 'text', text: 'One.' }, thought]);
    const own = { type: 'thinking', thinking: 'hm', signature: 's' };
    expect(message['thinking_blocks']).toEqual([own, { ...own, text_before: 4 }]);
    const context: ToWireContext = {
      model: 'm',
      provider: 'p',
      from: 'openai-chat',
      traits: {},
      quirks: {},
      dropParams: false,
      drop: () => undefined,
      lacks: () => undefined,
    };
    const { messages } = writeRequest(readRequest({ model: 'm', messages: [message] }), context).body as { messages: JsonObject[] };
    expect(messages[0]!['thinking_blocks']).toEqual([own, own]);
  });
});
