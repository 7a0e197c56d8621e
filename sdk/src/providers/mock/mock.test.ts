import { describe, expect, test } from 'bun:test';
import { SluiceError, type ChatRequest, type Message } from '../../types/index.ts';
import { createCollector } from '../../protocols/shared/collect.ts';
import { answer } from './answer.ts';
import { embed } from './embed.ts';
import { partsOf } from './parts.ts';
import { sampleOf } from './sample.ts';
import { scriptOf } from './script.ts';

const said = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });
const request = (more: Partial<ChatRequest> = {}): ChatRequest => ({
  model: 'echo',
  messages: [said('Hello there')],
  stream: false,
  unknown: {},
  ...more,
});
const ask = (model: string, more: Partial<ChatRequest> = {}, options?: Record<string, unknown>) =>
  answer(request({ model, ...more }), scriptOf(model, options));
const weather = {
  type: 'function' as const,
  name: 'weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

describe('answer', () => {
  test('echoes, and is the same every time', () => {
    expect(ask('echo').candidates).toEqual([{ index: 0, content: [{ type: 'text', text: 'Hello there' }], finishReason: 'stop' }]);
    expect(ask('echo')).toEqual(ask('echo'));
    expect(ask('echo').id).not.toBe(ask('echo', { messages: [said('Other')] }).id);
    expect(ask('anything').candidates[0]!.content).toEqual([{ type: 'text', text: 'This is the mock model. You said: Hello there' }]);
  });

  test('counts what it read and wrote', () => {
    expect(ask('echo').usage).toEqual({ inputTokens: 7, outputTokens: 2 });
    expect(ask('thinking').usage!.reasoningTokens).toBeGreaterThan(0);
    expect(ask('echo', { candidateCount: 3 }).usage!.outputTokens).toBe(6);
    expect(ask('echo', { candidateCount: 3 }).candidates.map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  test('calls tools where it is asked to', () => {
    const called = ask('tools', { tools: [weather] }).candidates[0]!;
    expect(called.finishReason).toBe('tool-calls');
    expect(called.content).toMatchObject([{ type: 'tool-call', name: 'weather', arguments: '{"city":"mock"}' }]);
    expect(ask('echo', { tools: [weather], toolChoice: { type: 'required' } }).candidates[0]!.finishReason).toBe('tool-calls');
    expect(ask('echo', { tools: [weather], toolChoice: { type: 'tool', name: 'weather' } }).candidates[0]!.finishReason).toBe('tool-calls');
    expect(
      ask('echo', { tools: [weather], toolChoice: { type: 'allowed', names: ['weather'], required: true } }).candidates[0]!.finishReason,
    ).toBe('tool-calls');
    expect(ask('echo', { tools: [weather] }).candidates[0]!.finishReason).toBe('stop');
    expect(ask('tools', { tools: [weather], toolChoice: { type: 'none' } }).candidates[0]!.finishReason).toBe('stop');
    const result: Message = { role: 'tool', content: [{ type: 'tool-result', callId: 'c', content: [{ type: 'text', text: '21 C' }] }] };
    expect(ask('tools', { tools: [weather], messages: [said('?'), result] }).candidates[0]!.content).toEqual([
      { type: 'text', text: 'This is the mock model. You said: 21 C' },
    ]);
  });

  test('follows the response format', () => {
    const schema = { type: 'object', properties: { name: { type: 'string' }, age: { type: 'integer', minimum: 18 } } };
    expect(ask('echo', { responseFormat: { type: 'json-schema', schema } }).candidates[0]!.content).toEqual([
      { type: 'text', text: '{"name":"mock","age":18}' },
    ]);
    expect(ask('echo', { responseFormat: { type: 'json' } }).candidates[0]!.content).toEqual([
      { type: 'text', text: '{"answer":"Hello there"}' },
    ]);
  });

  test('stops at stop sequences and limits', () => {
    const messages = [said('one two three four')];
    expect(ask('echo', { messages, stop: ['four', ' three'] }).candidates[0]).toEqual({
      index: 0,
      content: [{ type: 'text', text: 'one two' }],
      finishReason: 'stop-sequence',
      stopSequence: ' three',
    });
    expect(ask('echo', { messages, maxOutputTokens: 2 }).candidates[0]).toEqual({
      index: 0,
      content: [{ type: 'text', text: 'one two ' }],
      finishReason: 'length',
    });
  });

  test('a stream is the whole answer in pieces', () => {
    for (const result of [ask('thinking'), ask('tools', { tools: [weather] }), ask('echo', { candidateCount: 2 })]) {
      const collector = createCollector();
      const parts = partsOf(result);
      for (const part of parts) collector.push(part);
      expect(collector.result()).toEqual(result);
      expect(parts.filter(({ type }) => type.endsWith('-delta')).length).toBeGreaterThan(1);
    }
  });
});

describe('scriptOf', () => {
  test('models that wait', () => {
    expect(scriptOf('slow')).toMatchObject({ delayMs: 1000, pieceDelayMs: 50 });
    expect(scriptOf('timeout').hangs).toBe(true);
    expect(scriptOf('echo', { mock_delay: 0.25 }).delayMs).toBe(250);
    expect(scriptOf('gpt-4o', { mock_timeout: true }).hangs).toBe(true);
  });

  test.each([
    ['error-429', 'rate_limited', 429],
    ['error-500', 'internal', 500],
    ['error-529', 'overloaded', 529],
    ['error-418', 'invalid_request', 418],
    ['error-599', 'internal', 599],
    ['error-context_window_exceeded', 'context_window_exceeded', 400],
  ] as const)('%p fails with %p and %p', (model, code, status) => {
    expect(scriptOf(model).failure).toMatchObject({ code, status });
  });

  test.each([
    ['litellm.RateLimitError', 'rate_limited'],
    ['litellm.ContextWindowExceededError', 'context_window_exceeded'],
    ['litellm.InternalServerError', 'internal'],
    ['litellm.InternalServerError: with words', 'internal'],
    ['Exception: content_filter_policy', 'content_policy_violation'],
  ] as const)('mock_response %p fails with %p', (mock_response, code) => {
    expect(scriptOf('gpt-4o', { mock_response }).failure?.code).toBe(code);
  });

  test('other mock responses', () => {
    expect(scriptOf('gpt-4o', { mock_response: 'Exception: mock_streaming_error' }).streamFailure?.status).toBe(529);
    expect(scriptOf('gpt-4o', { mock_response: 'litellm is a library' }).text).toBe('litellm is a library');
    expect(scriptOf('gpt-4o', { mock_response: { choices: [] } }).body).toEqual({ choices: [] });
    expect(scriptOf('gpt-4o', { mock_response: { a: 1 } }).text).toBe('{"a":1}');
    expect(scriptOf('gpt-4o', { mock_response: [0.1, 0.2] }).embedding).toEqual([0.1, 0.2]);
    const own = new SluiceError('conflict', 'mine');
    expect(scriptOf('gpt-4o', { mock_response: own }).failure).toBe(own);
    expect(scriptOf('gpt-4o', { mock_response: new Error('boom') }).failure).toMatchObject({ code: 'internal', message: 'boom' });
  });

  test('mock tool calls are answered with, with text or without', () => {
    const mock_tool_calls = [
      { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
      { function: { name: 'g', arguments: { b: 2 } } },
    ];
    const result = ask('gpt-4o', {}, { mock_tool_calls, mock_response: 'I call' }).candidates[0]!;
    expect(result.finishReason).toBe('tool-calls');
    expect(result.content).toEqual([
      { type: 'text', text: 'I call' },
      { type: 'tool-call', kind: 'function', id: 'c1', name: 'f', arguments: '{"a":1}' },
      { type: 'tool-call', kind: 'function', id: 'call_mock_1', name: 'g', arguments: '{"b":2}' },
    ]);
  });

  test.each([{ mock_delay: 'x' }, { mock_delay: -1 }, { mock_tool_calls: {} }, { mock_tool_calls: [{ name: 'x' }] }])(
    'refuses %p',
    (options) => {
      expect(() => scriptOf('m', options)).toThrow(SluiceError);
    },
  );

  test('an error that does not exist is no model', () => {
    expect(() => scriptOf('error-200')).toThrow(/error-429/);
  });
});

describe('sampleOf', () => {
  test.each([
    [{ type: 'string', enum: ['b', 'a'] }, 'b'],
    [{ const: 7 }, 7],
    [{ type: ['null', 'integer'], minimum: 5 }, 5],
    [{ type: 'number', maximum: 0 }, 0],
    [{ type: 'array', items: { type: 'boolean' }, minItems: 2 }, [true, true]],
    [{ anyOf: [{ type: 'string', format: 'date' }, { type: 'null' }] }, '2026-01-01'],
    [{ $ref: '#/$defs/A', $defs: { A: { type: 'object', properties: { x: { type: 'string' } } } } }, { x: 'mock' }],
    [{ allOf: [{ type: 'object' }, { properties: { y: { const: 1 } } }] }, { y: 1 }],
    [undefined, 'mock'],
  ])('%j', (schema, expected) => {
    expect(sampleOf(schema)).toEqual(expected as never);
  });

  test('a schema that refers to itself ends', () => {
    const node = { type: 'object', properties: { next: { $ref: '#' } } };
    expect(JSON.stringify(sampleOf(node)).length).toBeLessThan(500);
  });
});

describe('embed', () => {
  const vectors = (input: (string | number[])[], dimensions?: number) =>
    embed({ model: 'm', input, unknown: {}, ...(dimensions && { dimensions }) }, {}).embeddings as number[][];

  test('unit vectors that follow the text', () => {
    const [a, b, c] = vectors(['cat', 'dog', 'cat'], 64);
    expect(a).toEqual(c!);
    expect(a).not.toEqual(b!);
    expect(a).toHaveLength(64);
    expect(Math.hypot(...a!)).toBeCloseTo(1, 5);
    expect(vectors([''])[0]).toHaveLength(1536);
    expect(vectors([[1, 2, 3]], 4)[0]).toHaveLength(4);
  });

  test('or the vector that was given', () => {
    expect(embed({ model: 'm', input: ['a', 'b'], unknown: {} }, { embedding: [1, 0] }).embeddings).toEqual([
      [1, 0],
      [1, 0],
    ]);
  });
});
