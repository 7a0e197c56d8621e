import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { createSseParser } from '../../lib/sse.ts';
import type { ChatRequest, Message, ToWireContext } from '../../types/index.ts';
import { createCollector } from '../shared/collect.ts';
import { gigachatChat, gigachatEmbeddings } from './index.ts';

const state = '77d3fb14-457a-46ba-937e-8d856156d003';

const context = (dropped: string[] = []): ToWireContext => ({
  model: 'GigaChat-2-Pro',
  provider: 'gigachat',
  from: 'anthropic-messages',
  traits: {},
  quirks: { contentAsString: true, developerRole: 'system', noStreamOptions: true, structuredOutput: 'none' },
  dropParams: false,
  drop: (what) => void dropped.push(what),
  lacks: (what) => {
    throw new Error(`lacks ${what}`);
  },
});

const written = (request: Partial<ChatRequest>, dropped?: string[]) =>
  gigachatChat.request.toWire({ model: 'm', stream: false, unknown: {}, messages: [], ...request }, context(dropped)).body;

const text = (value: string) => ({ type: 'text' as const, text: value });
const call = (id: string, name: string, args: string) => ({
  type: 'tool-call' as const,
  kind: 'function' as const,
  id,
  name,
  arguments: args,
});
const result = (callId: string, value: string) => ({ type: 'tool-result' as const, callId, content: [text(value)] });

describe('requests', () => {
  test('calls and results one by one, by name, with the state of the answer that they were in', () => {
    const messages: Message[] = [
      { role: 'system', content: [text('Be brief.')] },
      { role: 'system', content: [text('Be kind.')] },
      { role: 'user', content: [text('Weather?')] },
      { role: 'assistant', content: [text('Let me see.'), call(state, 'weather', '{"city":"Oslo"}'), call('call_2', 'time', '')] },
      { role: 'tool', content: [result(state, '{"t":3}'), result('call_2', 'noon')] },
      { role: 'developer', content: [text('Hurry.')] },
      { role: 'user', content: [text('Well?')] },
    ];
    expect(written({ messages })['messages']).toEqual([
      { role: 'system', content: 'Be brief.\nBe kind.' },
      { role: 'user', content: 'Weather?' },
      {
        role: 'assistant',
        content: 'Let me see.',
        function_call: { name: 'weather', arguments: { city: 'Oslo' } },
        functions_state_id: state,
      },
      { role: 'function', content: '{"t":3}', name: 'weather' },
      { role: 'assistant', content: '', function_call: { name: 'time', arguments: {} } },
      { role: 'function', content: '"noon"', name: 'time' },
      { role: 'user', content: 'Hurry.\nWell?' },
    ]);
  });

  test('functions have parameters, and are chosen by name', () => {
    const tools = [
      { type: 'function' as const, name: 'f', description: 'F.' },
      { type: 'function' as const, name: 'g', parameters: { type: 'object' } },
    ];
    expect(written({ tools, toolChoice: { type: 'tool', name: 'g' } })).toMatchObject({
      functions: [
        { name: 'f', description: 'F.', parameters: { type: 'object', properties: {} } },
        { name: 'g', parameters: { type: 'object', properties: {} } },
      ],
      function_call: { name: 'g' },
    });
    expect(written({ tools: [tools[0]!], toolChoice: { type: 'required' } })['function_call']).toEqual({ name: 'f' });
    expect(() => written({ tools, toolChoice: { type: 'required' } })).toThrow('lacks tool_choice');
  });

  test('no temperature is the likeliest word', () => {
    expect(written({ temperature: 0 })).not.toHaveProperty('temperature');
    expect(written({ temperature: 0 })['top_p']).toBe(0);
    expect(written({ temperature: 0.5, topP: 0.9 })).toMatchObject({ temperature: 0.5, top_p: 0.9 });
  });

  test('names of speakers are left out with a record', () => {
    const dropped: string[] = [];
    expect(written({ messages: [{ role: 'user', name: 'Ada', content: [text('Hi')] }] }, dropped)['messages']).toEqual([
      { role: 'user', content: 'Hi' },
    ]);
    expect(dropped).toEqual(['name']);
  });
});

describe('answers', () => {
  const called = {
    role: 'assistant',
    content: '',
    function_call: { name: 'weather', arguments: { city: 'Oslo' } },
    functions_state_id: state,
  };
  const usage = { prompt_tokens: 10, completion_tokens: 4, total_tokens: 14, precached_prompt_tokens: 37 };

  test('a call has the state as its id; cached tokens are apart from the others', () => {
    const { candidates, usage: counted } = gigachatChat.response.fromWire({
      object: 'chat.completion',
      model: 'GigaChat:1',
      created: 1,
      choices: [{ index: 0, message: called, finish_reason: 'function_call' }],
      usage,
    });
    expect(candidates[0]).toMatchObject({
      content: [{ type: 'tool-call', id: state, name: 'weather', arguments: '{"city":"Oslo"}' }],
      finishReason: 'tool-calls',
    });
    expect(counted).toMatchObject({ inputTokens: 10, cacheReadTokens: 37, outputTokens: 4 });
  });

  test('its filter is a filter', () => {
    const { candidates } = gigachatChat.response.fromWire({
      choices: [{ index: 0, message: { content: 'Нет.' }, finish_reason: 'blacklist' }],
    });
    expect(candidates[0]!.finishReason).toBe('content-filter');
  });

  test('FP-19: a stream, cut anywhere, inside characters too', () => {
    const chunk = (delta: object, finish?: string, more = {}) =>
      `data: ${JSON.stringify({ choices: [{ index: 0, delta, ...(finish && { finish_reason: finish }) }], created: 1, model: 'GigaChat:1', object: 'chat.completion', ...more })}\n\n`;
    const bytes = new TextEncoder().encode(
      [
        chunk({ role: 'assistant', content: 'Сейчас ' }),
        chunk({ content: 'узнаю.' }),
        chunk(called, 'function_call', { usage }),
        'data: [DONE]\n\n',
      ].join(''),
    );
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
        const collector = createCollector();
        const decoder = gigachatChat.stream.decoder();
        const parser = createSseParser((event) => decoder.push(event, collector.push));
        const at = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        for (let i = 1; i < at.length; i++) parser.push(bytes.subarray(at[i - 1], at[i]));
        decoder.close(collector.push);
        expect(collector.result()).toMatchObject({
          candidates: [
            {
              content: [
                { type: 'text', text: 'Сейчас узнаю.' },
                { type: 'tool-call', id: state, arguments: '{"city":"Oslo"}' },
              ],
              finishReason: 'tool-calls',
            },
          ],
          usage: { inputTokens: 10, cacheReadTokens: 37, outputTokens: 4 },
        });
      }),
    );
  });

  test('its failures are read', () => {
    const body = '{"status":422,"message":"Invalid params: repetition_penalty must be in range (0, +inf)"}';
    expect(gigachatChat.errors.fromWire({ status: 422, headers: new Headers(), body })).toMatchObject({
      code: 'unprocessable',
      message: 'Invalid params: repetition_penalty must be in range (0, +inf)',
    });
  });
});

test('embeddings: counted text by text, in their order', () => {
  expect(gigachatEmbeddings.request.toWire({ model: 'm', input: ['a', 'b'], unknown: {} }, context())).toEqual({
    model: 'GigaChat-2-Pro',
    input: ['a', 'b'],
  });
  expect(
    gigachatEmbeddings.response.fromWire({
      object: 'list',
      model: 'Embeddings',
      data: [
        { index: 1, embedding: [2], usage: { prompt_tokens: 3 } },
        { index: 0, embedding: [1], usage: { prompt_tokens: 4 } },
      ],
    }),
  ).toEqual({ model: 'Embeddings', embeddings: [[1], [2]], usage: { inputTokens: 7, outputTokens: 0 } });
  expect(() => gigachatEmbeddings.response.fromWire({})).toThrow('without embeddings');
});
