import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { createSseParser, formatSse } from '../../lib/sse.ts';
import type { JsonObject, Message, Part, StreamPart, ToolCallPart, WireEvent } from '../../types/index.ts';
import { createCollector, explode } from '../shared/collect.ts';
import { fromContext, request, toContext } from './fixtures/context.ts';
import { readAsClient } from './fixtures/naive-client.ts';
import { anthropicMessages } from './index.ts';

const runs = { numRuns: 200 };

/** Text with what is hard to cut: several bytes a character, surrogate pairs, quotes, line ends. */
const words = fc.string({ unit: fc.constantFrom('a', 'ß', '語', '😀', '"', '\\', '\n', ' ', '{', '\u2028'), minLength: 1, maxLength: 12 });
const shown = words.filter((text) => text.trim() !== '');
const token = fc.stringMatching(/^[A-Za-z0-9+/]{1,20}={0,2}$/);
const id = fc.stringMatching(/^[a-zA-Z0-9_-]{1,12}$/);
// As JSON has it: no -0, no undefined.
const input = fc
  .dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 })
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);

const block: fc.Arbitrary<JsonObject> = fc.oneof(
  shown.map((text) => ({ type: 'text', text })),
  fc.tuple(shown, shown).map(([text, cited_text]) => ({
    type: 'text',
    text,
    citations: [{ type: 'web_search_result_location', url: 'https://x', title: 'X', cited_text, encrypted_index: 'E' }],
  })),
  fc.tuple(fc.oneof(words, fc.constant('')), token).map(([thinking, signature]) => ({ type: 'thinking', thinking, signature })),
  token.map((data) => ({ type: 'redacted_thinking', data })),
  fc.tuple(id, id, input).map(([callId, name, value]) => ({ type: 'tool_use', id: callId, name, input: value })),
  fc.tuple(id, input).map(([callId, value]) => ({ type: 'server_tool_use', id: `srvtoolu_${callId}`, name: 'web_search', input: value })),
  fc.tuple(id, input).map(([callId, value]) => ({ type: 'web_search_tool_result', tool_use_id: `srvtoolu_${callId}`, content: [value] })),
);
const stopReason = fc.constantFrom('end_turn', 'max_tokens', 'pause_turn', 'tool_use', 'refusal');
const answer = fc.record({ content: fc.array(block, { maxLength: 5 }), stop_reason: stopReason }).map((members): JsonObject => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude',
  stop_sequence: null,
  usage: { input_tokens: 5, cache_read_input_tokens: 2, output_tokens: 9 },
  ...members,
}));

/** The answer as Anthropic would stream it, in pieces of the given length. */
const asEvents = (message: JsonObject, piece: number): JsonObject[] => {
  const pieces = (text: string) =>
    Array.from({ length: Math.ceil(text.length / piece) }, (_, index) => text.slice(index * piece, (index + 1) * piece));
  const blocks = (message['content'] as JsonObject[]).flatMap((content_block, index): JsonObject[] => {
    const delta = (value: JsonObject) => ({ type: 'content_block_delta', index, delta: value });
    const { text, thinking, signature, input: value, citations, ...rest } = content_block;
    const begun: JsonObject = { ...rest };
    const deltas: JsonObject[] = [];
    if (typeof text === 'string') {
      begun['text'] = '';
      for (const citation of (citations as JsonObject[] | undefined) ?? []) deltas.push(delta({ type: 'citations_delta', citation }));
      deltas.push(...pieces(text).map((each) => delta({ type: 'text_delta', text: each })));
    }
    if (typeof thinking === 'string') {
      Object.assign(begun, { thinking: '', signature: '' });
      deltas.push(
        ...pieces(thinking).map((each) => delta({ type: 'thinking_delta', thinking: each })),
        delta({ type: 'signature_delta', signature }),
      );
    }
    if (value !== undefined) {
      begun['input'] = {};
      deltas.push(...pieces(JSON.stringify(value)).map((each) => delta({ type: 'input_json_delta', partial_json: each })));
    }
    return [
      { type: 'content_block_start', index, content_block: begun },
      ...deltas,
      { type: 'ping' },
      { type: 'content_block_stop', index },
    ];
  });
  const { content: _content, stop_reason, stop_sequence, usage, ...start } = message;
  return [
    {
      type: 'message_start',
      message: { ...start, content: [], stop_reason: null, stop_sequence: null, usage: { ...(usage as JsonObject), output_tokens: 1 } },
    },
    ...blocks,
    { type: 'message_delta', delta: { stop_reason, stop_sequence }, usage: { output_tokens: (usage as JsonObject)['output_tokens'] } },
    { type: 'message_stop' },
  ];
};

/** Bytes in chunks of the given lengths, over and over; characters are cut in two where it happens. */
const parseInChunks = (text: string, lengths: number[], onEvent: (event: WireEvent) => void) => {
  const bytes = new TextEncoder().encode(text);
  const parser = createSseParser(onEvent);
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const length = lengths[turn % lengths.length]!;
    parser.push(bytes.subarray(at, at + length));
    at += length;
  }
  parser.close();
};

const chunkLengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

describe('streams', () => {
  test('however it is cut, a stream is the whole answer, and goes on to a client as it came', () => {
    fc.assert(
      fc.property(answer, fc.integer({ min: 1, max: 7 }), chunkLengths, (message, piece, lengths) => {
        const sse = asEvents(message, piece)
          .map((body) => formatSse({ event: body['type'] as string, data: JSON.stringify(body) }))
          .join('');
        const collector = createCollector();
        const decoder = anthropicMessages.stream.decoder();
        const encoder = anthropicMessages.stream.encoder(fromContext({ model: 'claude' }));
        const tap = anthropicMessages.stream.tap();
        const written: WireEvent[] = [];
        const emit = (part: StreamPart) => {
          collector.push(part);
          written.push(...encoder.push(part));
        };
        parseInChunks(sse, lengths, (event) => {
          tap.push(event);
          decoder.push(event, emit);
        });
        decoder.close(emit);

        const whole = anthropicMessages.response.fromWire(message);
        expect(collector.result()).toEqual(whole);
        expect(tap).toMatchObject({ ended: true, usage: whole.usage!, output: (message['content'] as unknown[]).length > 0 });
        expect(readAsClient(written)).toEqual(message);
      }),
      runs,
    );
  });

  test('whole answers reach a client block for block, also as a stream', () => {
    fc.assert(
      fc.property(answer, (message) => {
        const result = anthropicMessages.response.fromWire(message);
        const context = fromContext({ model: 'claude' });
        expect(anthropicMessages.response.toWire(result, context)).toEqual(message);
        const encoder = anthropicMessages.stream.encoder(context);
        const written: WireEvent[] = [];
        explode(result, (part) => void written.push(...encoder.push(part)));
        // Its start had to estimate usage, with members that this answer's own does not have.
        const { usage, ...read } = readAsClient(written);
        const { usage: own, ...rest } = message;
        expect(read).toEqual(rest);
        expect(usage).toMatchObject(own as JsonObject);
      }),
      runs,
    );
  });

  test('calls that stream side by side arrive one by one, in order, with all of their arguments (FP-19)', () => {
    const calls = fc.array(fc.record({ args: input, text: fc.boolean() }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(calls, fc.array(fc.nat(), { minLength: 1, maxLength: 30 }), (list, picks) => {
        const left = list.map(({ args }) => JSON.stringify(args));
        const parts: StreamPart[] = [
          { type: 'start', id: 'x' },
          ...list.map((_, index): StreamPart => ({
            type: 'part-start',
            candidate: 0,
            index,
            part: { type: 'tool-call', kind: 'function', id: `c${index}`, name: 'f', arguments: '' },
          })),
        ];
        for (let turn = 0; left.some((text) => text !== ''); turn++) {
          const waiting = left.flatMap((text, index) => (text === '' ? [] : [index]));
          const index = waiting[picks[turn % picks.length]! % waiting.length]!;
          const length = 1 + (picks[(turn + 1) % picks.length]! % 5);
          parts.push({ type: 'arguments-delta', candidate: 0, index, text: left[index]!.slice(0, length) });
          left[index] = left[index]!.slice(length);
          if (left[index] === '') parts.push({ type: 'part-end', candidate: 0, index });
        }
        parts.push({ type: 'finish', candidate: 0, reason: 'tool-calls' }, { type: 'end' });
        const encoder = anthropicMessages.stream.encoder(fromContext());
        const message = readAsClient(parts.flatMap((part): WireEvent[] => [...encoder.push(part)]));
        expect(message['content']).toEqual(list.map(({ args }, index) => ({ type: 'tool_use', id: `c${index}`, name: 'f', input: args })));
        expect(message['stop_reason']).toBe('tool_use');
      }),
      runs,
    );
  });
});

describe('requests', () => {
  const resultBlock = fc
    .tuple(
      id,
      fc.array(
        shown.map((text) => ({ type: 'text', text })),
        { minLength: 1, maxLength: 2 },
      ),
    )
    .map(([tool_use_id, content]) => ({ type: 'tool_result', tool_use_id, content }));
  const userBlock = fc.oneof(
    shown.map((text) => ({ type: 'text', text, cache_control: { type: 'ephemeral' } })),
    token.map((data) => ({ type: 'image', source: { type: 'base64', media_type: 'image/png', data } })),
    shown.map((data) => ({ type: 'document', source: { type: 'text', media_type: 'text/plain', data }, title: 'T' })),
    input.map((value) => ({ type: 'container_upload', ...value, file_id: 'f' })),
  );
  const turn: fc.Arbitrary<JsonObject> = fc.oneof(
    fc
      .tuple(fc.array(resultBlock, { maxLength: 2 }), fc.array(userBlock, { minLength: 1, maxLength: 2 }))
      .map(([results, others]) => ({ role: 'user', content: [...results, ...others] })),
    fc.array(block, { minLength: 1, maxLength: 4 }).map((content) => ({ role: 'assistant', content })),
  );

  test('this format’s own requests keep every block byte for byte and in order (FP-16)', () => {
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 5 }), (turns) => {
        // A call's id is unique in a conversation; an answer to go on with does not end in white space.
        let count = 0;
        for (const { content } of turns)
          for (const each of content as JsonObject[]) if (each['type'] === 'tool_use') each['id'] = `${each['id'] as string}-${count++}`;
        const body = {
          model: 'claude-test',
          max_tokens: 5,
          messages: [...turns, { role: 'user', content: [{ type: 'text', text: 'end' }] }],
        };
        const before = structuredClone(body);
        const context = toContext({ from: 'anthropic-messages' });
        expect(anthropicMessages.request.toWire(anthropicMessages.request.fromWire(body), context).body).toEqual(before);
        expect(body).toEqual(before);
        expect(context.dropped).toEqual([]);
      }),
      runs,
    );
  });

  test('other formats’ conversations keep their tool calls: count, ids, arguments, order, and results (FP-18)', () => {
    const call = fc.record({ id: fc.oneof(id, words), args: input });
    const round = fc.tuple(fc.array(call, { minLength: 1, maxLength: 4 }), shown, fc.boolean());
    fc.assert(
      fc.property(fc.array(round, { minLength: 1, maxLength: 4 }), (rounds) => {
        const messages: Message[] = [{ role: 'user', content: [{ type: 'text', text: 'q' }] }];
        const calls: ToolCallPart[] = [];
        const answers: string[] = [];
        for (const [list, answerText, together] of rounds) {
          const unique = [...new Map(list.map((each) => [each.id, each])).values()];
          const parts = unique.map(({ id: callId, args }): ToolCallPart => ({
            type: 'tool-call',
            kind: 'function',
            id: callId,
            name: 'f',
            arguments: JSON.stringify(args),
          }));
          const results = parts.map((part): Part => ({
            type: 'tool-result',
            callId: part.id,
            content: [{ type: 'text', text: answerText }],
          }));
          calls.push(...parts);
          answers.push(...parts.map(() => answerText));
          messages.push({ role: 'assistant', content: parts });
          if (together) messages.push({ role: 'tool', content: results });
          else for (const each of results) messages.push({ role: 'tool', content: [each] });
        }
        const { body } = anthropicMessages.request.toWire(request({ messages, tools: [{ type: 'function', name: 'f' }] }), toContext());
        const turns = body['messages'] as { role: string; content: JsonObject[] }[];
        const blocks = turns.flatMap(({ content }) => content);
        const used = blocks.filter(({ type }) => type === 'tool_use');
        const results = blocks.filter(({ type }) => type === 'tool_result');
        expect(used.map(({ input: value }) => value)).toEqual(calls.map((each) => JSON.parse(each.arguments) as JsonObject));
        expect(results.map(({ tool_use_id }) => tool_use_id)).toEqual(used.map(({ id: callId }) => callId));
        expect(results.map(({ content }) => (content as JsonObject[])[0]!['text'])).toEqual(answers);
        const ids = used.map(({ id: callId }) => callId as string);
        expect(new Set(ids).size).toBe(ids.length);
        for (const each of ids) expect(each).toMatch(/^[a-zA-Z0-9_-]+$/);
        // Roles take turns, and each turn with calls is followed at once by one with their results.
        turns.forEach(({ role, content }, index) => {
          expect(role).toBe(index % 2 === 0 ? 'user' : 'assistant');
          if (role === 'assistant')
            expect(turns[index + 1]!.content.map(({ tool_use_id }) => tool_use_id)).toEqual(content.map(({ id: callId }) => callId));
        });
      }),
      runs,
    );
  });
});
