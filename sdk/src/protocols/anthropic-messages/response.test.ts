import { describe, expect, test } from 'bun:test';
import type { ChatResult, FinishReason, JsonObject, Part } from '../../types/index.ts';
import { sealOpaque, unsealCallId, unsealThinking } from '../shared/seal.ts';
import { fromContext, text, thrown } from './fixtures/context.ts';
import { fromWire as readRequest } from './request-from-wire.ts';
import { fromWire, toWire, usage } from './response.ts';

const message = (members: JsonObject = {}): JsonObject => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-5',
  content: [text('Hi')],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 3, output_tokens: 2 },
  ...members,
});

const result = (content: Part[], finishReason: FinishReason = 'stop', members: Partial<ChatResult> = {}): ChatResult => ({
  id: 'chatcmpl-1',
  model: 'gpt-x',
  candidates: [{ index: 0, content, finishReason }],
  ...members,
});

describe('from Anthropic', () => {
  test('a whole answer', () => {
    expect(fromWire(message({ stop_reason: 'stop_sequence', stop_sequence: 'END', container: { id: 'c' }, stop_details: null }))).toEqual({
      id: 'msg_1',
      model: 'claude-sonnet-5',
      candidates: [
        {
          index: 0,
          content: [{ type: 'text', text: 'Hi' }],
          finishReason: 'stop-sequence',
          rawFinishReason: 'stop_sequence',
          stopSequence: 'END',
        },
      ],
      usage: { inputTokens: 3, outputTokens: 2, raw: { input_tokens: 3, output_tokens: 2 } },
      extra: { 'anthropic-messages': { container: { id: 'c' } } },
    });
  });

  test.each<[string, FinishReason]>([
    ['end_turn', 'stop'],
    ['max_tokens', 'length'],
    ['tool_use', 'tool-calls'],
    ['pause_turn', 'pause'],
    ['compaction', 'pause'],
    ['refusal', 'refusal'],
    ['model_context_window_exceeded', 'context-window'],
    ['of_tomorrow', 'other'],
  ])('stop_reason %s', (stop_reason, reason) => {
    const read = fromWire(message({ stop_reason }));
    expect(read.candidates[0]).toMatchObject({ finishReason: reason, rawFinishReason: stop_reason });
    // and back, as Anthropic said it
    if (reason !== 'other') expect(toWire(read, fromContext())['stop_reason']).toBe(stop_reason);
  });

  test('the tool that the JSON was forced through is the answer (FP-32)', () => {
    const content = [{ type: 'tool_use', id: 't', name: 'json_tool_call', input: { a: [1] } }];
    const read = fromWire(message({ content, stop_reason: 'tool_use' }), { jsonToolName: 'json_tool_call' });
    expect(read.candidates[0]).toMatchObject({ content: [{ type: 'text', text: '{"a":[1]}' }], finishReason: 'stop' });
    const value = [{ type: 'tool_use', id: 't', name: 'json_tool_call_value', input: { value: [1, 2] } }];
    expect(fromWire(message({ content: value }), { jsonToolName: 'json_tool_call_value' }).candidates[0]!.content).toEqual([
      { type: 'text', text: '[1,2]' },
    ]);
  });

  test('another tool called instead of it stays a call', () => {
    const content = [{ type: 'tool_use', id: 't', name: 'f', input: {} }];
    expect(fromWire(message({ content, stop_reason: 'tool_use' }), { jsonToolName: 'json_tool_call' }).candidates[0]).toMatchObject({
      content: [{ type: 'tool-call', name: 'f' }],
      finishReason: 'tool-calls',
    });
  });

  test('short names and custom tools are the client’s again', () => {
    const content = [
      { type: 'tool_use', id: 'a', name: 'short_1', input: { x: 1 } },
      { type: 'tool_use', id: 'b', name: 'patch', input: { input: '*** Begin' } },
    ];
    expect(
      fromWire(message({ content }), { toolNames: { short_1: 'a.long.name' }, customTools: ['patch'] }).candidates[0]!.content,
    ).toEqual([
      { type: 'tool-call', kind: 'function', id: 'a', name: 'a.long.name', arguments: '{"x":1}' },
      { type: 'tool-call', kind: 'custom', id: 'b', name: 'patch', arguments: '*** Begin' },
    ]);
  });

  test('citations know where in the answer they are', () => {
    const citation = {
      type: 'char_location',
      cited_text: 'c',
      document_index: 0,
      document_title: 'D',
      start_char_index: 0,
      end_char_index: 1,
    };
    const content = [text('abc'), { type: 'text', text: 'defg', citations: [citation] }];
    expect(fromWire(message({ content })).candidates[0]!.content[1]).toMatchObject({
      citations: [
        { kind: 'document', title: 'D', citedText: 'c', startIndex: 3, endIndex: 7, raw: { origin: 'anthropic', value: citation } },
      ],
    });
  });

  test('something else is no answer', () => expect(thrown(() => fromWire({ id: 'x', choices: [] })).code).toBe('invalid_response'));
});

describe('to a client', () => {
  test('the frame', () => {
    expect(
      toWire(
        result([{ type: 'text', text: 'Hi' }], 'stop', { usage: { inputTokens: 1, outputTokens: 2, reasoningTokens: 3 } }),
        fromContext(),
      ),
    ).toEqual({
      id: 'msg_chatcmpl-1',
      type: 'message',
      role: 'assistant',
      model: 'asked-for',
      content: [text('Hi')],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: {
        input_tokens: 1,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
        output_tokens: 5,
        output_tokens_details: { thinking_tokens: 3 },
      },
    });
    expect(toWire({ id: '', model: 'm', candidates: [] }, fromContext({ model: '' }))).toMatchObject({
      id: 'msg_new',
      model: 'm',
      content: [],
      stop_reason: 'end_turn',
    });
  });

  test.each<[FinishReason, string]>([
    ['stop', 'end_turn'],
    ['length', 'max_tokens'],
    ['stop-sequence', 'stop_sequence'],
    ['tool-calls', 'tool_use'],
    ['content-filter', 'refusal'],
    ['refusal', 'refusal'],
    ['pause', 'pause_turn'],
    ['context-window', 'model_context_window_exceeded'],
    ['malformed-tool-call', 'end_turn'],
    ['error', 'max_tokens'],
    ['other', 'end_turn'],
  ])('%s is %s', (reason, word) => expect(toWire(result([], reason), fromContext())['stop_reason']).toBe(word));

  test('a call or a refusal shows in the reason, whatever the provider said', () => {
    const call: Part = { type: 'tool-call', kind: 'function', id: 'a', name: 'f', arguments: '{}' };
    expect(toWire(result([call], 'stop'), fromContext())['stop_reason']).toBe('tool_use');
    expect(toWire(result([call], 'length'), fromContext())['stop_reason']).toBe('max_tokens');
    expect(toWire(result([{ type: 'refusal', text: 'no' }], 'stop'), fromContext())).toMatchObject({
      stop_reason: 'refusal',
      content: [text('no')],
    });
  });

  const content = (...parts: Part[]) => toWire(result(parts), fromContext())['content'] as JsonObject[];

  test('calls: arguments are an object, and signatures ride in the id (FP-17)', () => {
    const signature = { origin: 'google', value: 'sig' };
    const [call] = content({ type: 'tool-call', kind: 'function', id: 'a', name: 'f', arguments: '', signature });
    expect(call).toMatchObject({ type: 'tool_use', name: 'f', input: {} });
    expect(unsealCallId(call!['id'] as string)).toEqual({ id: 'a', signature });
    expect(content({ type: 'tool-call', kind: 'custom', id: 'a', name: 'f', arguments: 'x y' })[0]!['input']).toEqual({ input: 'x y' });
    expect(content({ type: 'tool-call', kind: 'function', id: 'a', name: 'f', arguments: '{"a"' })[0]!['input']).toEqual({
      raw_arguments: '{"a"',
    });
  });

  test('thinking of others is sealed, and opens to what it was (FP-16)', () => {
    const thought = {
      type: 'thinking',
      text: 'a\n\nb',
      summary: ['a', 'b'],
      id: 'rs_1',
      signature: { origin: 'openai', value: 'enc' },
    } as const;
    const [block] = content(structuredClone(thought) as unknown as Part);
    expect(block).toMatchObject({ type: 'thinking', thinking: 'a\n\nb' });
    expect(unsealThinking(block!['signature'] as string, block!['thinking'] as string)).toEqual(thought as never);
    const [redacted] = content({ type: 'thinking', text: '', redacted: { origin: 'openai', value: 'r' } });
    expect(unsealThinking(redacted!['data'] as string, '')).toEqual({
      type: 'thinking',
      text: '',
      redacted: { origin: 'openai', value: 'r' },
    });
    expect(content({ type: 'thinking', text: 'open' })).toEqual([{ type: 'thinking', thinking: 'open', signature: '' }]);
    expect(content({ type: 'thinking', text: '' })).toEqual([]);
  });

  test('a signature of a text rides behind it, and is back on it with the history (FP-17)', () => {
    const parts: Part[] = [
      { type: 'text', text: 'a', signature: { origin: 'google', value: 'S1' } },
      { type: 'text', text: '', signature: { origin: 'google', value: 'S2' } },
      { type: 'text', text: 'b' },
    ];
    const blocks = content(...parts);
    expect(blocks.map(({ type }) => type)).toEqual(['text', 'redacted_thinking', 'redacted_thinking', 'text']);
    expect(readRequest({ model: 'm', messages: [{ role: 'assistant', content: blocks }] }).messages[0]!.content).toEqual(parts);
  });

  test('citations of the web in Anthropic’s shape; what cannot be is left out', () => {
    expect(
      content({
        type: 'text',
        text: 't',
        citations: [
          { kind: 'url', url: 'https://a', title: 'A', startIndex: 0, endIndex: 1 },
          { kind: 'document', title: 'D' },
        ],
      }),
    ).toEqual([
      {
        type: 'text',
        text: 't',
        citations: [{ type: 'web_search_result_location', url: 'https://a', title: 'A', cited_text: '', encrypted_index: '' }],
      },
    ]);
  });

  test('no empty text; media are at least told of; own blocks as they came, foreign ones sealed', () => {
    const foreign = { type: 'opaque', origin: 'openai', value: { type: 'web_search_call' } } as const;
    const own = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} };
    expect(
      content(
        { type: 'text', text: '' },
        { type: 'image', source: { kind: 'url', url: 'https://i' } },
        { type: 'image', source: { kind: 'base64', data: 'AA', mediaType: 'image/png' } },
        { type: 'audio', transcript: 'said', source: { kind: 'base64', data: 'AA', mediaType: 'audio/wav' } },
        { type: 'opaque', origin: 'anthropic', value: own },
        foreign,
      ),
    ).toEqual([
      text('![image](https://i)'),
      text('[image (image/png): cannot be carried in this format]'),
      text('said'),
      own,
      { type: 'redacted_thinking', data: sealOpaque(foreign) },
    ]);
  });
});

test('usage of an answer that is passed through', () => expect(usage(message())).toMatchObject({ inputTokens: 3, outputTokens: 2 }));

test('FP-72: an error that came with a 200 keeps its words', () =>
  expect(thrown(() => fromWire({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }))).toMatchObject({
    code: 'overloaded',
    message: 'Overloaded',
  }));
