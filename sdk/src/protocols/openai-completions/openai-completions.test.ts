import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { createSseParser, formatSse } from '../../lib/sse.ts';
import {
  SluiceError,
  type ChatRequest,
  type ChatResult,
  type FromResultContext,
  type JsonObject,
  type StreamPart,
  type ToWireContext,
} from '../../types/index.ts';
import { createCollector, explode } from '../shared/collect.ts';
import { openaiCompletions } from './index.ts';

const context = (given: Partial<ToWireContext> = {}): ToWireContext => ({
  model: 'up',
  provider: 'openai',
  from: 'openai-completions',
  traits: {},
  quirks: {},
  dropParams: false,
  drop: () => {},
  lacks: (parameter) => {
    throw new SluiceError('unsupported_parameter', parameter, { param: parameter });
  },
  ...given,
});
const read = (body: JsonObject): ChatRequest => openaiCompletions.request.fromWire({ model: 'm', ...body });
const written = (request: Partial<ChatRequest>, given?: Partial<ToWireContext>): JsonObject =>
  openaiCompletions.request.toWire({ model: 'm', messages: [], stream: false, unknown: {}, ...request }, context(given)).body;
const answering = (includeUsage = false): FromResultContext => ({
  model: 'asked',
  request: { model: 'm', messages: [], stream: true, unknown: {}, includeUsage },
  newId: (prefix) => `${prefix}new`,
  now: () => 1_700_000_000_500,
});
const decode = (bytes: Uint8Array, cuts: readonly number[] = []): ChatResult => {
  const collector = createCollector();
  const decoder = openaiCompletions.stream.decoder();
  const parser = createSseParser((event) => decoder.push(event, collector.push));
  let at = 0;
  for (const cut of cuts) {
    parser.push(bytes.subarray(at, at + cut));
    at = Math.min(at + cut, bytes.length);
  }
  parser.push(bytes.subarray(at));
  parser.close();
  decoder.close(collector.push);
  return collector.result();
};
const streamed = (result: ChatResult, includeUsage = false): string => {
  const encoder = openaiCompletions.stream.encoder(answering(includeUsage));
  let text = '';
  explode(result, (part) => {
    for (const event of encoder.push(part)) text += formatSse(event);
  });
  return text;
};
const encode = (text: string) => new TextEncoder().encode(text);

describe('requests', () => {
  test('are one message of a user, and are written back', () => {
    const body = {
      prompt: 'Say hi.',
      max_tokens: 5,
      temperature: 0.5,
      n: 2,
      stop: ['a'],
      logprobs: 3,
      presence_penalty: 1,
      frequency_penalty: 1,
      logit_bias: { '1': 2 },
      seed: 4,
      user: 'u',
      suffix: 'end',
      echo: true,
      best_of: 3,
      min_p: 0.1,
    };
    const request = read(body);
    expect(request).toMatchObject({
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Say hi.' }] }],
      logprobs: true,
      topLogprobs: 3,
      candidateCount: 2,
    });
    expect(written(request)).toEqual({ model: 'up', ...body });
    expect(
      written(
        read({ prompt: ['one'], stop: 'x', stream: true, stream_options: { include_usage: true }, suffix: null, echo: false, best_of: 1 }),
      ),
    ).toEqual({
      model: 'up',
      prompt: 'one',
      stop: ['x'],
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  test.each<[unknown, string]>([
    [['a', 'b'], 'several prompts'],
    [[1, 2], 'list of tokens'],
    [[[1, 2]], 'list of tokens'],
    [undefined, 'missing'],
  ])('prompt %j cannot be translated', (prompt, message) => {
    expect(() => read({ prompt })).toThrow(message);
    expect(() => read({ prompt })).toThrow(expect.objectContaining({ code: 'invalid_request', param: 'prompt' }));
  });

  test('a conversation is written down, and left open where the answer is to be', () => {
    const prompt = written({
      messages: [
        { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
        { role: 'user', content: [{ type: 'text', text: 'Hi.' }] },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', text: 'hm' },
            { type: 'text', text: 'Hello.' },
          ],
        },
        { role: 'user', content: [{ type: 'text', text: 'Bye.' }] },
      ],
    })['prompt'];
    expect(prompt).toBe('System: Be brief.\n\nUser: Hi.\n\nAssistant: Hello.\n\nUser: Bye.\n\nAssistant:');
  });

  test('what only chat has is refused in the words of the client', () => {
    const refused = (request: Partial<ChatRequest>, given?: Partial<ToWireContext>) => expect(() => written(request, given));
    refused({ tools: [{ type: 'function', name: 'f' }] }).toThrow(expect.objectContaining({ param: 'tools' }));
    refused({ responseFormat: { type: 'json' } }, { from: 'gemini' }).toThrow(
      expect.objectContaining({ param: 'generationConfig.responseMimeType' }),
    );
    refused({ messages: [{ role: 'user', content: [{ type: 'image', source: { kind: 'url', url: 'https://a.test' } }] }] }).toThrow(
      expect.objectContaining({ param: 'image' }),
    );
    expect(written({ responseFormat: { type: 'text' } })).toEqual({ model: 'up', prompt: 'Assistant:' });
  });

  test('quirks', () => {
    const quirks = { lacks: ['logit_bias'], rename: { seed: 'random_seed' }, noStreamOptions: true };
    expect(written({ seed: 1, stream: true }, { quirks })).toEqual({ model: 'up', prompt: 'Assistant:', random_seed: 1, stream: true });
    expect(() => written({ logitBias: {} }, { quirks })).toThrow(expect.objectContaining({ param: 'logit_bias' }));
  });
});

describe('answers', () => {
  const wire = {
    id: 'cmpl-1',
    object: 'text_completion',
    created: 7,
    model: 'm-1',
    choices: [
      {
        index: 0,
        text: 'a b',
        logprobs: { tokens: ['a', ' b'], token_logprobs: [-1, -2], top_logprobs: [{ a: -1 }, { ' b': -2, ' c': -3 }], text_offset: [0, 1] },
        finish_reason: 'length',
      },
      { index: 1, text: 'c', logprobs: null, finish_reason: 'stop' },
    ],
    usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
  };

  test('are read and written back', () => {
    const result = openaiCompletions.response.fromWire(wire);
    expect(result.candidates[0]).toMatchObject({
      content: [{ type: 'text', text: 'a b' }],
      finishReason: 'length',
      logprobs: { content: [{ token: 'a', logprob: -1 }, { token: ' b' }] },
    });
    expect(openaiCompletions.response.toWire(result, answering())).toEqual(wire);
    expect(openaiCompletions.response.usage(wire)).toMatchObject({ inputTokens: 1, outputTokens: 2 });
  });

  test('of models that speak: the words', () => {
    const spoken: ChatResult = {
      id: 'c',
      model: 'm',
      candidates: [{ index: 0, content: [{ type: 'audio', transcript: 'said', id: 'audio_1' }], finishReason: 'stop' }],
    };
    expect(openaiCompletions.response.toWire(spoken, answering())['choices']).toMatchObject([{ text: 'said' }]);
    expect(streamed(spoken)).toContain('"text":"said"');
    const encoder = openaiCompletions.stream.encoder(answering());
    encoder.push({ type: 'start' });
    const [event] = encoder.push({ type: 'audio-delta', candidate: 0, index: 0, data: 'AA', transcript: 'sa' });
    expect(event?.data).toContain('"text":"sa"');
    expect(encoder.push({ type: 'audio-delta', candidate: 0, index: 0, data: 'AA' })).toEqual([]);
  });

  test('of chat models: text and refusal; calls have no place', () => {
    const body = openaiCompletions.response.toWire(
      {
        id: '',
        model: '',
        candidates: [
          {
            index: 0,
            content: [
              { type: 'thinking', text: 'hm' },
              { type: 'text', text: 'a' },
              { type: 'refusal', text: 'no' },
            ],
            finishReason: 'tool-calls',
          },
        ],
      },
      answering(),
    );
    expect(body).toEqual({
      id: 'cmpl-new',
      object: 'text_completion',
      created: 1_700_000_000,
      model: 'asked',
      choices: [{ index: 0, text: 'ano', logprobs: null, finish_reason: 'stop' }],
    });
  });

  test('what is none is an error', () => {
    expect(() => openaiCompletions.response.fromWire({})).toThrow('choices');
    expect(() => openaiCompletions.response.fromWire({ error: { message: 'No.', code: 404 } })).toThrow('No.');
  });

  test('FP-71: a stream has usage only where it was asked for, in a chunk without choices, and one end mark', () => {
    const chunks = streamed(openaiCompletions.response.fromWire(wire), true)
      .trim()
      .split('\n\n')
      .map((each) => each.slice(6));
    expect(chunks.at(-1)).toBe('[DONE]');
    const parsed = chunks.slice(0, -1).map((each) => JSON.parse(each) as JsonObject);
    expect(parsed.at(-1)).toMatchObject({ choices: [], usage: wire.usage });
    expect(
      parsed.slice(0, -1).every((each) => each['usage'] === null && each['id'] === 'cmpl-1' && each['object'] === 'text_completion'),
    ).toBe(true);
    expect(streamed(openaiCompletions.response.fromWire(wire))).not.toContain('usage');
  });

  test('FP-19: any cut of a stream gives the same answer', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', '\n', 'é', '€', '😀'), minLength: 1, maxLength: 20 });
    const result = fc.array(text, { minLength: 1, maxLength: 3 }).map((texts): ChatResult => ({
      id: 'cmpl-1',
      model: 'm',
      createdAt: 7,
      candidates: texts.map((each, index) => ({
        index,
        content: [{ type: 'text', text: each }],
        finishReason: 'stop',
        rawFinishReason: 'stop',
      })),
    }));
    fc.assert(
      fc.property(result, fc.array(fc.nat(30), { maxLength: 40 }), (value, cuts) =>
        expect(decode(encode(streamed(value)), cuts)).toEqual(value),
      ),
    );
  });

  test('tokens of a stream have their place in the whole text', () => {
    const events =
      'data: {"id":"a","choices":[{"index":0,"text":"ab","logprobs":{"tokens":["ab"],"token_logprobs":[-1]}}]}\n\ndata: {"choices":[{"index":0,"text":"c","logprobs":{"tokens":["c"],"token_logprobs":[-1]},"finish_reason":"stop"}]}\n\n';
    const result = decode(encode(events));
    expect(result.candidates[0]).toMatchObject({ content: [{ text: 'abc' }], logprobs: { content: [{ token: 'ab' }, { token: 'c' }] } });
    expect(openaiCompletions.response.toWire(result, answering())['choices']).toMatchObject([{ logprobs: { text_offset: [0, 2] } }]);
  });

  test('a torn stream is interrupted, an error inside it is told', () => {
    const parts: StreamPart[] = [];
    const emit = (part: StreamPart) => void parts.push(part);
    const torn = openaiCompletions.stream.decoder();
    torn.push({ data: '{"choices":[{"index":0,"text":"a"}]}' }, emit);
    torn.close(emit);
    expect(parts.at(-1)).toMatchObject({ type: 'error', error: { code: 'stream_interrupted' } });
    const failed = openaiCompletions.stream.decoder();
    failed.push({ data: '{"error":{"message":"busy","code":503}}' }, emit);
    failed.push({ data: '[DONE]' }, emit);
    failed.close(emit);
    expect(parts.at(-1)).toMatchObject({ type: 'error', error: { message: 'busy', status: 503 } });
    const bad = openaiCompletions.stream.decoder();
    bad.push({ data: 'oops' }, emit);
    expect(parts.at(-1)).toMatchObject({ type: 'error', error: { code: 'invalid_response' } });
  });
});

test('what only another format says is told, and so are names of speakers', () => {
  const dropped: string[] = [];
  const drop = (what: string): void => void dropped.push(what);
  const messages: ChatRequest['messages'] = [{ role: 'user', name: 'ann', content: [{ type: 'text', text: 'hi' }] }];
  written({ messages, extra: { 'cohere-chat': { safety_mode: 'STRICT' } } }, { from: 'cohere-chat', drop });
  expect(dropped).toEqual(['safety_mode', 'name']);
});

test('metadata is not lost in silence', () => {
  const dropped = (from: ToWireContext['from'], metadata: JsonObject): string[] => {
    const found: string[] = [];
    written({ metadata }, { from, drop: (what) => void found.push(what) });
    return found;
  };
  expect(dropped('openai-chat', { a: 'b' })).toEqual(['metadata']);
  expect(dropped('bedrock-converse', { a: 'b' })).toEqual(['requestMetadata']);
  expect(dropped('openai-chat', {})).toEqual([]);
});

test('an answer without choices is none, and may be asked for again', () => {
  try {
    openaiCompletions.response.fromWire({ id: 'c', choices: [] });
    throw new Error('it was read');
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid_response', retry: true });
  }
});
