import { describe, expect, test } from 'bun:test';
import type { ChatRequest, JsonObject, StreamPart, ToWireContext } from '../../types/index.ts';
import { SluiceError } from '../../types/index.ts';
import { createCollector } from '../shared/collect.ts';
import { openaiChat } from '../openai-chat/index.ts';
import { replicate } from './index.ts';

const written = (model: string, body: JsonObject, dropParams = false) => {
  const dropped: string[] = [];
  const context: ToWireContext = {
    model,
    provider: 'replicate',
    from: 'openai-chat',
    traits: {},
    quirks: {},
    dropParams,
    drop: (what) => void dropped.push(what),
    lacks(parameter) {
      if (!dropParams) throw new SluiceError('unsupported_parameter', parameter, { param: parameter });
      dropped.push(parameter);
    },
  };
  const request: ChatRequest = openaiChat.request.fromWire({ model: 'm', ...body });
  return { body: replicate.request.toWire(request, context).body, dropped };
};
const system = { role: 'system', content: 'Be brief.' };
const user = { role: 'user', content: 'Hi' };
const talk = [user, { role: 'assistant', content: 'Hello' }, { role: 'user', content: 'Bye' }];

describe('requests', () => {
  test.each<[string, JsonObject, JsonObject]>([
    [
      'meta/meta-llama-3-70b-instruct',
      { messages: [system, user], max_tokens: 9, stop: ['a', 'b'], temperature: 0.5, presence_penalty: 1, min_tokens: 2 },
      {
        prompt: 'Hi',
        system_prompt: 'Be brief.',
        max_tokens: 9,
        stop_sequences: 'a,b',
        temperature: 0.5,
        presence_penalty: 1,
        min_tokens: 2,
      },
    ],
    ['meta/llama-2-70b-chat', { messages: [system, user], max_tokens: 9 }, { prompt: 'Hi', system_prompt: 'Be brief.', max_new_tokens: 9 }],
    [
      'meta/llama-2-70b-chat',
      { messages: [system, ...talk] },
      { prompt: '<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nHi [/INST] Hello </s><s>[INST] Bye [/INST]', prompt_template: '{prompt}' },
    ],
    ['mistralai/mixtral-8x7b-instruct-v0.1', { messages: [user], max_tokens: 9 }, { prompt: 'Hi', max_new_tokens: 9 }],
    ['deepseek-ai/deepseek-r1', { messages: talk }, { prompt: 'User: Hi\n\nAssistant: Hello\n\nUser: Bye\n\nAssistant:' }],
    [
      'anthropic/claude-4-sonnet',
      {
        messages: [
          system,
          {
            role: 'user',
            content: [
              { type: 'text', text: 'Hi' },
              { type: 'image_url', image_url: { url: 'https://a.test/b.png' } },
            ],
          },
        ],
      },
      { prompt: 'Hi', system_prompt: 'Be brief.', image: 'https://a.test/b.png' },
    ],
    [
      'openai/gpt-5',
      { messages: [system, user], max_completion_tokens: 9, reasoning_effort: 'low' },
      { prompt: 'Hi', system_prompt: 'Be brief.', max_completion_tokens: 9, reasoning_effort: 'low' },
    ],
    [
      'google/gemini-2.5-flash',
      {
        messages: [
          system,
          {
            role: 'user',
            content: [
              { type: 'text', text: 'Hi' },
              { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
            ],
          },
        ],
        max_tokens: 9,
      },
      { prompt: 'Hi', system_instruction: 'Be brief.', images: ['data:image/png;base64,AA=='], max_output_tokens: 9 },
    ],
  ])('%s: %j', (model, body, input) => {
    expect(written(model, body)).toEqual({ body: { input }, dropped: [] });
  });

  test('streams, and what is the prediction’s own', () => {
    expect(written('a/b', { messages: [user], stream: true, webhook: 'https://me.test', input: { prompt: 'mine' } }).body).toEqual({
      webhook: 'https://me.test',
      input: { prompt: 'mine' },
      stream: true,
    });
  });

  test.each<[JsonObject, string]>([
    [{ tools: [{ type: 'function', function: { name: 'f', parameters: {} } }] }, 'tools'],
    [{ response_format: { type: 'json_object' } }, 'response_format'],
    [{ n: 2 }, 'n'],
    [{ messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://a.test/b.png' } }] }] }, 'image'],
  ])('%j is refused by name, or left out', (body, name) => {
    const given = { messages: [user], ...body };
    expect(() => written('meta/llama-2-70b-chat', given)).toThrow(expect.objectContaining({ code: 'unsupported_parameter', param: name }));
    expect(written('meta/llama-2-70b-chat', given, true).dropped).toContain(name);
  });
});

describe('answers', () => {
  test.each<[unknown, string]>([
    ['text', 'text'],
    [['a', 'b', ' c'], 'ab c'],
    [{ text: 'inside' }, 'inside'],
    [[['a'], ['b']], 'ab'],
    [[], ''],
  ])('output %j', (output, text) => {
    const metrics = { input_token_count: 3, output_token_count: 2, predict_time: 1 };
    const result = replicate.response.fromWire({ id: 'p', status: 'succeeded', error: null, input: { prompt: 'x' }, output, metrics });
    expect(result).toMatchObject({ id: 'p', usage: { inputTokens: 3, outputTokens: 2, raw: metrics } });
    expect(result.candidates[0]).toMatchObject({ finishReason: 'stop', content: text === '' ? [] : [{ type: 'text', text }] });
  });

  test.each<[JsonObject, object]>([
    [
      { status: 'failed', error: 'CUDA out of memory' },
      { code: 'internal', status: 500, message: 'CUDA out of memory', retry: true },
    ],
    [
      { status: 'failed', error: 'Prompt is too long: it exceeds the maximum context length' },
      { code: 'context_window_exceeded', status: 400 },
    ],
    [{ status: 'failed' }, { code: 'internal', message: 'The prediction failed without a message.' }],
    [{ status: 'canceled' }, { code: 'internal', retry: false }],
    [{ id: 'x' }, { code: 'invalid_response' }],
  ])('%j is none', (body, error) => {
    const given = { ...body, input: { prompt: 'secret words' } };
    const thrown = (() => {
      try {
        replicate.response.fromWire(given);
      } catch (cause) {
        return cause as SluiceError;
      }
      return undefined;
    })();
    expect(thrown).toMatchObject(error);
    // What was asked is told to nobody who reads errors of predictions.
    if (body['status']) expect(JSON.stringify(thrown!.upstream)).not.toContain('secret');
  });

  const streamed = (events: JsonObject[]): { parts: StreamPart[]; collect: () => unknown } => {
    const parts: StreamPart[] = [];
    const decoder = replicate.stream.decoder();
    for (const event of events) decoder.push({ data: JSON.stringify(event) }, (part) => parts.push(part));
    decoder.close((part) => parts.push(part));
    return {
      parts,
      collect: () => {
        const collector = createCollector();
        for (const part of parts) collector.push(part);
        return collector.result();
      },
    };
  };

  test('a stream is the same answer', () => {
    const metrics = { input_token_count: 3, output_token_count: 2 };
    const { collect } = streamed([{ output: '' }, { output: 'a' }, { output: 'b' }, { status: 'succeeded', metrics }]);
    expect(collect()).toMatchObject({
      candidates: [{ content: [{ type: 'text', text: 'ab' }], finishReason: 'stop' }],
      usage: { inputTokens: 3, outputTokens: 2 },
    });
  });

  test.each<[JsonObject[], string]>([
    [[{ output: 'a' }], 'stream_interrupted'],
    [[{ output: 'a' }, { error: 'broke' }, { status: 'failed' }], 'internal'],
    [[], 'stream_interrupted'],
  ])('%j ends in an error', (events, code) => {
    const { parts } = streamed(events);
    expect(parts.filter(({ type }) => type === 'error' || type === 'end')).toEqual([
      { type: 'error', error: expect.objectContaining({ code }) },
    ]);
  });
});
