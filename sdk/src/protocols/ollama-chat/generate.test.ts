import { describe, expect, test } from 'bun:test';
import type { FromResultContext, JsonObject, StreamPart, ToWireContext } from '../../types/index.ts';
import { ollamaGenerate } from './generate.ts';

const { request, response, stream } = ollamaGenerate;
const lacking: string[] = [];
const context: ToWireContext = {
  model: 'up',
  provider: 'ollama',
  from: 'openai-chat',
  traits: {},
  quirks: {},
  dropParams: true,
  drop: () => {},
  lacks: (parameter) => void lacking.push(parameter),
};
const writing: FromResultContext = {
  model: 'asked',
  request: { model: 'm', messages: [], stream: true, unknown: {} },
  newId: (prefix) => `${prefix}made`,
  now: () => 0,
};
const stamp = { model: 'qwen3', created_at: '2026-08-07T06:08:11.017589Z' };
const last = { done: true, done_reason: 'stop', total_duration: 9, prompt_eval_count: 3, eval_count: 4 };

const decode = (lines: readonly object[]): StreamPart[] => {
  const parts: StreamPart[] = [];
  const decoder = stream.decoder();
  for (const each of lines) decoder.push({ data: JSON.stringify(each) }, (part) => void parts.push(part));
  decoder.close((part) => void parts.push(part));
  return parts;
};

describe('requests', () => {
  test('a prompt is a user’s message, with system text and images', () => {
    expect(
      request.fromWire({
        model: 'm',
        prompt: 'p',
        system: 's',
        images: ['iVBORw0KGgo='],
        options: { num_predict: 5 },
        keep_alive: '5m',
        think: true,
      }),
    ).toEqual({
      model: 'm',
      messages: [
        { role: 'system', content: [{ type: 'text', text: 's' }] },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'p' },
            { type: 'image', source: { kind: 'base64', data: 'iVBORw0KGgo=', mediaType: 'image/png' } },
          ],
        },
      ],
      maxOutputTokens: 5,
      reasoning: { mode: 'adaptive' },
      stream: true,
      includeUsage: true,
      unknown: {},
      extra: { 'ollama-chat': { keep_alive: '5m' } },
    });
  });

  test('what only a server with templates can do goes on, unless it says nothing', () => {
    const asked = { suffix: 'end', template: '{{ .Prompt }}', raw: true, context: [1, 2] };
    expect(request.fromWire({ model: 'm', prompt: 'p', stream: false, ...asked })).toMatchObject({ unknown: asked, stream: false });
    expect(request.fromWire({ model: 'm', prompt: 'p', suffix: '', template: '', raw: false, context: [] }).unknown).toEqual({});
  });

  test.each([
    [{ prompt: 1 }, "'prompt'"],
    [{ prompt: 'p', system: 1 }, "'system'"],
    [{ prompt: 'p', images: [1] }, "'images[0]'"],
    [{ prompt: 'p', format: 'xml' }, "'format'"],
  ])('%j is refused by name', (body, name) => expect(() => request.fromWire({ model: 'm', ...body })).toThrow(name));

  test('written: one message as it is, a conversation as a transcript', () => {
    const read = request.fromWire({ model: 'm', prompt: 'p', system: 's', images: ['AA'], raw: true, stream: false, options: { seed: 1 } });
    expect(request.toWire(read, context).body).toEqual({
      model: 'up',
      prompt: 'p',
      system: 's',
      images: ['AA'],
      stream: false,
      raw: true,
      options: { seed: 1 },
    });
    const text = (role: 'user' | 'assistant', words: string) => ({ role, content: [{ type: 'text' as const, text: words }] });
    const messages = [text('user', 'a'), text('assistant', 'b'), text('user', 'c')];
    const tools = [{ type: 'function' as const, name: 'f' }];
    expect(request.toWire({ model: 'm', messages, tools, stream: false, unknown: {} }, context).body).toEqual({
      model: 'up',
      prompt: 'User: a\n\nAssistant: b\n\nUser: c\n\nAssistant:',
      stream: false,
    });
    expect(lacking).toEqual(['tools']);
  });
});

test('whole answers, there and back', () => {
  const body = { ...stamp, response: 'x', thinking: 'T', ...last };
  const result = response.fromWire(body);
  expect(result.candidates[0]).toMatchObject({
    content: [
      { type: 'thinking', text: 'T' },
      { type: 'text', text: 'x' },
    ],
    finishReason: 'stop',
  });
  expect(response.usage(body)).toMatchObject({ inputTokens: 3, outputTokens: 4 });
  expect(response.toWire(result, writing)).toEqual({ ...body, created_at: '2026-08-07T06:08:11.000Z' });
  expect(() => response.fromWire({ error: 'broken' })).toThrow('broken');
});

test('streams, there and back', () => {
  const lines = [
    { ...stamp, response: '', thinking: 'T', done: false },
    { ...stamp, response: 'a', done: false },
    { ...stamp, response: 'b', done: false },
    { ...stamp, response: '', ...last },
  ];
  const encoder = stream.encoder(writing);
  const written = decode(lines).flatMap((part) => encoder.push(part).map(({ data }) => JSON.parse(data) as JsonObject));
  expect(written).toEqual(lines.map((line) => ({ ...line, created_at: '1970-01-01T00:00:00.000Z' })));
  expect(decode([lines[0]!]).at(-1)).toMatchObject({ type: 'error', error: { code: 'stream_interrupted' } });
});

test('the tap sees output, the end and the counts', () => {
  const tap = stream.tap();
  tap.push({ data: JSON.stringify({ ...stamp, response: '', done: false }) });
  expect(tap.output).toBe(false);
  tap.push({ data: JSON.stringify({ ...stamp, response: 'a', done: false }) });
  expect([tap.output, tap.ended, tap.model]).toEqual([true, false, 'qwen3']);
  tap.push({ data: JSON.stringify({ ...stamp, response: '', ...last }) });
  expect([tap.ended, tap.usage?.outputTokens]).toEqual([true, 4]);
});
