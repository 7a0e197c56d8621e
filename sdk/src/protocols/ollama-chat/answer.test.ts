import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { createNdjsonParser } from '../../lib/ndjson.ts';
import { SluiceError, type ChatResult, type FromResultContext, type JsonObject, type Part, type StreamPart } from '../../types/index.ts';
import { createCollector, explode } from '../shared/collect.ts';
import { ollamaChat } from './index.ts';

const { response, stream, errors, request } = ollamaChat;
const writing: FromResultContext = {
  model: 'asked',
  request: { model: 'm', messages: [], stream: true, unknown: {} },
  newId: (prefix) => `${prefix}made`,
  now: () => 0,
};

const line = (message: object, more: object = {}) => ({
  model: 'qwen3',
  created_at: '2026-08-07T06:08:11.017589Z',
  message: { role: 'assistant', content: '', ...message },
  done: false,
  ...more,
});
const last = { done: true, done_reason: 'stop', total_duration: 9, prompt_eval_count: 3, eval_count: 4 };
const call = (name: string, args: object, id?: string) => ({ ...(id && { id }), function: { name, arguments: args } });

const decode = (lines: readonly unknown[], hints = {}): StreamPart[] => {
  const parts: StreamPart[] = [];
  const reader = stream.decoder(hints);
  for (const each of lines) reader.push({ data: typeof each === 'string' ? each : JSON.stringify(each) }, (part) => void parts.push(part));
  reader.close((part) => void parts.push(part));
  return parts;
};
const encode = (parts: readonly StreamPart[]): JsonObject[] => {
  const encoder = stream.encoder(writing);
  return parts.flatMap((part) => encoder.push(part).map(({ data }) => JSON.parse(data) as JsonObject));
};

describe('whole answers', () => {
  test('text, thoughts, calls, usage', () => {
    const body = line({ content: 'x', thinking: 'T', tool_calls: [call('f', { a: 1 }), call('g', {}, 'call_own')] }, last);
    expect(response.fromWire(body)).toEqual({
      id: '',
      model: 'qwen3',
      createdAt: 1786082891,
      candidates: [
        {
          index: 0,
          content: [
            { type: 'thinking', text: 'T' },
            { type: 'text', text: 'x' },
            { type: 'tool-call', kind: 'function', id: 'call_20260807060811017589_0', name: 'f', arguments: '{"a":1}' },
            { type: 'tool-call', kind: 'function', id: 'call_own', name: 'g', arguments: '{}' },
          ],
          finishReason: 'tool-calls',
          rawFinishReason: 'stop',
        },
      ],
      usage: { inputTokens: 3, outputTokens: 4, raw: { prompt_eval_count: 3, eval_count: 4 } },
      extra: { 'ollama-chat': { total_duration: 9 } },
    });
    expect(response.usage(body)).toEqual({ inputTokens: 3, outputTokens: 4, raw: { prompt_eval_count: 3, eval_count: 4 } });
  });

  test('written for its clients', () => {
    const content: Part[] = [
      { type: 'thinking', text: 'T' },
      { type: 'text', text: 'x' },
      { type: 'tool-call', kind: 'function', id: 'toolu_1', name: 'f', arguments: '{"a":1}' },
      { type: 'image', source: { kind: 'base64', data: 'AA', mediaType: 'image/png' } },
    ];
    const result: ChatResult = {
      id: '',
      model: '',
      candidates: [{ index: 0, content, finishReason: 'length' }],
      usage: { inputTokens: 1, cacheReadTokens: 2, outputTokens: 3, reasoningTokens: 4 },
    };
    expect(response.toWire(result, writing)).toEqual({
      model: 'asked',
      created_at: '1970-01-01T00:00:00.000Z',
      message: {
        role: 'assistant',
        content: 'x',
        thinking: 'T',
        images: ['AA'],
        tool_calls: [{ id: 'toolu_1', function: { index: 0, name: 'f', arguments: { a: 1 } } }],
      },
      done: true,
      done_reason: 'length',
      prompt_eval_count: 3,
      eval_count: 7,
    });
  });

  test('odd answers', () => {
    expect(response.fromWire({ message: { content: 'x' } }).candidates[0]).toMatchObject({
      content: [{ text: 'x' }],
      finishReason: 'stop',
    });
    expect(() => response.fromWire({ hello: 1 })).toThrow('not an answer');
    expect(() => response.fromWire({ error: 'broken' })).toThrow('broken');
  });

  test('custom tools get their text', () => {
    expect(
      response.fromWire(line({ tool_calls: [call('c', { input: 'free' })] }, last), { customTools: ['c'] }).candidates[0]!.content,
    ).toMatchObject([{ kind: 'custom', arguments: 'free' }]);
  });
});

describe('streams', () => {
  test('lines become parts', () => {
    expect(decode([line({ thinking: 'T' }), line({ content: 'a' }), line({ content: 'b' }), line({}, last)])).toEqual([
      { type: 'start', model: 'qwen3', createdAt: 1786082891 },
      { type: 'part-start', candidate: 0, index: 0, part: { type: 'thinking', text: '' } },
      { type: 'thinking-delta', candidate: 0, index: 0, text: 'T' },
      { type: 'part-end', candidate: 0, index: 0 },
      { type: 'part-start', candidate: 0, index: 1, part: { type: 'text', text: '' } },
      { type: 'text-delta', candidate: 0, index: 1, text: 'a' },
      { type: 'text-delta', candidate: 0, index: 1, text: 'b' },
      { type: 'part-end', candidate: 0, index: 1 },
      { type: 'extra', protocol: 'ollama-chat', value: { total_duration: 9 } },
      { type: 'finish', candidate: 0, reason: 'stop', rawReason: 'stop' },
      { type: 'usage', usage: { inputTokens: 3, outputTokens: 4, raw: { prompt_eval_count: 3, eval_count: 4 } } },
      { type: 'end' },
    ]);
  });

  test.each<[string, unknown[], string]>([
    ['a cut', [line({ content: 'a' })], 'stream_interrupted'],
    ['an error within a 200', [line({ content: 'a' }), { error: 'model runner has unexpectedly stopped' }], 'internal'],
    ['no JSON', ['{"model":'], 'invalid_response'],
    ['no answer', [{ status: 'pulling' }], 'invalid_response'],
  ])('%s ends in an error, once', (_what, lines, code) => {
    const parts = decode(lines);
    expect(parts.at(-1)).toMatchObject({ type: 'error', error: { code } });
    expect(parts.filter(({ type }) => type === 'error' || type === 'end')).toHaveLength(1);
  });

  test('written: calls whole, the end with its counts', () => {
    const at = { candidate: 0, index: 1 };
    const lines = encode([
      { type: 'start', model: 'claude' },
      { type: 'part-start', candidate: 0, index: 0, part: { type: 'thinking', text: '' } },
      { type: 'thinking-delta', candidate: 0, index: 0, text: 'A' },
      { type: 'thinking-delta', candidate: 0, index: 0, text: 'B', newParagraph: true },
      { type: 'part-end', candidate: 0, index: 0 },
      { type: 'part-start', ...at, part: { type: 'tool-call', kind: 'function', id: 'c', name: 'f', arguments: '' } },
      { type: 'arguments-delta', ...at, text: '{"a"' },
      { type: 'arguments-delta', ...at, text: ':1}' },
      { type: 'part-end', ...at },
      { type: 'text-delta', candidate: 1, index: 0, text: 'another answer' },
      { type: 'finish', candidate: 0, reason: 'tool-calls' },
      { type: 'usage', usage: { inputTokens: 1, outputTokens: 2 } },
      { type: 'end' },
    ]);
    const stamp = { model: 'claude', created_at: '1970-01-01T00:00:00.000Z' };
    expect(lines).toEqual([
      { ...stamp, message: { role: 'assistant', content: '', thinking: 'A' }, done: false },
      { ...stamp, message: { role: 'assistant', content: '', thinking: '\n\nB' }, done: false },
      {
        ...stamp,
        message: { role: 'assistant', content: '', tool_calls: [{ id: 'c', function: { index: 0, name: 'f', arguments: { a: 1 } } }] },
        done: false,
      },
      { ...stamp, message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop', prompt_eval_count: 1, eval_count: 2 },
    ]);
    expect(encode([{ type: 'error', error: new SluiceError('overloaded', 'busy') }])).toEqual([{ error: 'busy' }]);
  });

  test('a signature of another vendor comes back in the id of the call (FP-17)', () => {
    const signed: Part = {
      type: 'tool-call',
      kind: 'function',
      id: 'call_1',
      name: 'f',
      arguments: '{}',
      signature: { origin: 'google', value: 'sig' },
    };
    const result: ChatResult = { id: '', model: 'm', candidates: [{ index: 0, content: [signed], finishReason: 'tool-calls' }] };
    const whole = response.toWire(result, writing)['message'] as JsonObject;
    const lines: StreamPart[] = [];
    explode(result, (part) => void lines.push(part));
    const streamed = encode(lines)[0]!['message'] as JsonObject;
    for (const message of [whole, streamed]) {
      const { messages } = request.fromWire({ model: 'm', messages: [message, { role: 'tool', tool_name: 'f', content: 'r' }] });
      expect(messages[0]!.content).toEqual([signed]);
      expect(messages[1]!.content).toMatchObject([{ callId: 'call_1' }]);
    }
  });

  test('however the bytes are cut, the answer is that of the whole', () => {
    const message = fc.oneof(
      fc.record({ content: fc.string({ unit: 'binary' }) }),
      fc.record({ thinking: fc.string({ unit: 'grapheme' }) }),
      fc.record({
        tool_calls: fc.array(
          fc.record({
            id: fc.string({ minLength: 1 }),
            function: fc.record({ name: fc.constantFrom('f', 'g'), arguments: fc.dictionary(fc.string(), fc.jsonValue()) }),
          }),
          { maxLength: 2 },
        ),
      }),
    );
    fc.assert(
      fc.property(fc.array(message, { maxLength: 6 }), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (messages, cuts) => {
        const lines = [...messages.map((each) => line(each)), line({}, last)];
        const bytes = new TextEncoder().encode(lines.map((each) => `${JSON.stringify(each)}\n`).join(''));
        const collector = createCollector();
        const reader = stream.decoder();
        const seen = stream.tap();
        const parser = createNdjsonParser((data) => {
          reader.push({ data }, collector.push);
          seen.push({ data });
        });
        for (let at = 0, n = 0; at < bytes.length; n++) {
          const size = cuts[n % cuts.length]!;
          parser.push(bytes.subarray(at, at + size));
          at += size;
        }
        parser.close();
        reader.close(collector.push);
        const result = collector.result();
        const { content } = result.candidates[0]!;
        const said = (key: 'content' | 'thinking') =>
          messages.map((each) => (key in each ? (each as Record<string, string>)[key] : '')).join('');
        expect(content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('')).toBe(said('content'));
        expect(content.flatMap((part) => (part.type === 'thinking' ? [part.text] : [])).join('')).toBe(said('thinking'));
        expect(content.flatMap((part) => (part.type === 'tool-call' ? [[part.id, JSON.parse(part.arguments)]] : [])) as unknown).toEqual(
          messages.flatMap((each) => ('tool_calls' in each ? each.tool_calls.map((one) => [one.id, one.function.arguments]) : [])),
        );
        expect(seen).toMatchObject({ ended: true, model: 'qwen3', error: undefined });
        expect(seen.usage).toEqual(result.usage);
      }),
      { numRuns: 60 },
    );
  });

  test('tap: output, and errors within a 200', () => {
    const seen = stream.tap();
    seen.push({ data: JSON.stringify(line({})) });
    expect(seen).toMatchObject({ output: false, ended: false, model: 'qwen3' });
    seen.push({ data: JSON.stringify(line({ content: 'says "done": true and "error"' })) });
    expect(seen).toMatchObject({ output: true, ended: false, error: undefined });
    seen.push({ data: JSON.stringify({ error: 'gone' }) });
    expect(seen).toMatchObject({ ended: false, error: { message: 'gone' } });
  });
});

describe('errors', () => {
  test('reading', () => {
    const read = (status: number, body: string) => errors.fromWire({ status, headers: new Headers(), body });
    expect(read(404, '{"error":"model \'x\' not found"}')).toMatchObject({
      code: 'not_found',
      status: 404,
      message: "model 'x' not found",
    });
    expect(read(503, '{"error":"server busy, please try again.  maximum pending requests exceeded"}')).toMatchObject({
      code: 'unavailable',
      retry: true,
    });
    expect(read(401, '{"error":{"message":"unauthorized"}}')).toMatchObject({ code: 'authentication', message: 'unauthorized' });
    expect(read(502, '<h1>Bad Gateway</h1>').message).toBe('Bad Gateway');
    expect(read(500, '').message).toBe('The provider answered 500 without a message.');
  });

  test('writing', () => {
    const error = new SluiceError('rate_limited', 'slow');
    expect(errors.toWire(error)).toEqual({ status: 429, body: { error: 'slow' } });
    expect(errors.toEvents(error)).toEqual([{ data: '{"error":"slow"}' }]);
  });
});
