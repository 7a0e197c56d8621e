import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { formatEventStream } from '../lib/aws-event-stream.ts';
import type { JsonObject } from '../types/index.ts';
import { createAnswerTap } from './answer-tap.ts';

const encoder = new TextEncoder();
const framed = (events: { event: string; data: string }[]) => Buffer.concat(events.map(formatEventStream));

const tapped = (contentType: string | null, bytes: Uint8Array | string, cuts: readonly number[] = [], maxBytes?: number) => {
  const all = typeof bytes === 'string' ? encoder.encode(bytes) : bytes;
  const tap = createAnswerTap({ contentType, ...(maxBytes !== undefined && { maxBytes }) });
  const points = [...new Set(cuts.map((cut) => cut % (all.length + 1)))].sort((a, b) => a - b);
  let at = 0;
  for (const point of [...points, all.length]) {
    tap.push(all.slice(at, point));
    at = point;
  }
  tap.end();
  return tap;
};

const counts = (contentType: string | null, bytes: Uint8Array | string, cuts?: readonly number[]) => {
  const { usage, model } = tapped(contentType, bytes, cuts);
  return [model, usage?.inputTokens, usage?.outputTokens];
};

const sse = (...events: JsonObject[]): string => events.map((data) => `data: ${JSON.stringify(data)}\n\n`).join('');
const named = (...events: JsonObject[]): string =>
  events.map((data) => `event: ${String(data['type'])}\ndata: ${JSON.stringify(data)}\n\n`).join('');

const whole: readonly (readonly [string, unknown, readonly unknown[]])[] = [
  ['chat', { object: 'chat.completion', model: 'gpt', choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } }, ['gpt', 3, 2]],
  ['embeddings', { object: 'list', model: 'e', data: [], usage: { prompt_tokens: 3, total_tokens: 3 } }, ['e', 3, 0]],
  ['responses', { object: 'response', model: 'r', usage: { input_tokens: 5, output_tokens: 6 } }, ['r', 5, 6]],
  ['images', { created: 1, data: [], usage: { input_tokens: 5, output_tokens: 6, total_tokens: 11 } }, [undefined, 5, 6]],
  ['messages', { type: 'message', model: 'c', content: [], usage: { input_tokens: 7, output_tokens: 8 } }, ['c', 7, 8]],
  ['gemini', { modelVersion: 'g', candidates: [], usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 5 } }, ['g', 4, 5]],
  [
    'gemini list',
    [{ modelVersion: 'g', usageMetadata: { promptTokenCount: 4 } }, { usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 5 } }],
    ['g', 4, 5],
  ],
  [
    'converse',
    { output: { message: { role: 'assistant' } }, usage: { inputTokens: 4, outputTokens: 5, totalTokens: 9 } },
    [undefined, 4, 5],
  ],
  [
    'cohere v2',
    { id: 'x', usage: { billed_units: { input_tokens: 1 }, tokens: { input_tokens: 9, output_tokens: 4 } } },
    [undefined, 9, 4],
  ],
  ['cohere v1', { text: 'x', meta: { tokens: { input_tokens: 9, output_tokens: 4 } } }, [undefined, 9, 4]],
  ['ollama', { model: 'l', done: true, message: {}, prompt_eval_count: 2, eval_count: 3 }, ['l', 2, 3]],
  ['a file', { id: 'file-1', object: 'file' }, [undefined, undefined, undefined]],
  ['an error', { error: { message: 'no' } }, [undefined, undefined, undefined]],
  ['usage that is none', { usage: 'much' }, [undefined, undefined, undefined]],
  ['a number', 7, [undefined, undefined, undefined]],
];

const streams: readonly (readonly [string, string, readonly unknown[]])[] = [
  [
    'chat',
    `${sse({ object: 'chat.completion.chunk', model: 'gpt', choices: [{ delta: { content: 'a' } }] }, { object: 'chat.completion.chunk', choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } })}data: [DONE]\n\n`,
    ['gpt', 3, 2],
  ],
  [
    'messages',
    named(
      { type: 'ping' },
      { type: 'message_start', message: { model: 'c', usage: { input_tokens: 7, output_tokens: 1 } } },
      { type: 'message_delta', delta: {}, usage: { output_tokens: 8 } },
      { type: 'message_stop' },
    ),
    ['c', 7, 8],
  ],
  [
    'responses',
    named(
      { type: 'response.created', response: { model: 'r' } },
      { type: 'response.completed', response: { model: 'r', usage: { input_tokens: 5, output_tokens: 6 } } },
    ),
    ['r', 5, 6],
  ],
  [
    'gemini',
    sse(
      { modelVersion: 'g', candidates: [] },
      { modelVersion: 'g', candidates: [], usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 5 } },
    ),
    ['g', 4, 5],
  ],
  [
    'cohere',
    named(
      { type: 'message-start', id: 'x' },
      { type: 'message-end', delta: { finish_reason: 'COMPLETE', usage: { tokens: { input_tokens: 9, output_tokens: 4 } } } },
    ),
    [undefined, 9, 4],
  ],
  [
    'a transcription',
    sse(
      { type: 'transcript.text.delta', delta: 'a' },
      { type: 'transcript.text.done', usage: { type: 'tokens', input_tokens: 9, output_tokens: 4 } },
    ),
    [undefined, 9, 4],
  ],
];

describe('what an answer that goes by says of itself', () => {
  test.each([...whole])('whole: %s', (_, body, expected) =>
    expect<unknown>(counts('application/json; charset=utf-8', JSON.stringify(body))).toEqual(expected),
  );
  test.each([...streams])('streamed: %s', (_, text, expected) =>
    expect<readonly unknown[]>(counts('text/event-stream', text)).toEqual(expected),
  );

  test('wherever the bytes are cut', () => {
    fc.assert(
      fc.property(fc.constantFrom(...streams), fc.array(fc.nat(2000), { maxLength: 12 }), (each, cuts) => {
        expect<readonly unknown[]>(counts('text/event-stream', each[1], cuts)).toEqual(each[2]);
      }),
    );
  });

  test("Bedrock's streams: its own events, and those of Claude in them", () => {
    const converse = framed([
      { event: 'messageStart', data: '{"role":"assistant"}' },
      { event: 'metadata', data: '{"usage":{"inputTokens":4,"outputTokens":5,"totalTokens":9}}' },
    ]);
    expect(counts('application/vnd.amazon.eventstream', converse)).toEqual([undefined, 4, 5]);
    const chunk = (data: JsonObject) => ({ event: 'chunk', data: JSON.stringify({ bytes: btoa(JSON.stringify(data)) }) });
    const claude = framed([
      chunk({ type: 'message_start', message: { model: 'c', usage: { input_tokens: 7, output_tokens: 1 } } }),
      chunk({ type: 'message_delta', delta: {}, usage: { output_tokens: 8 } }),
    ]);
    expect(counts('application/vnd.amazon.eventstream', claude)).toEqual(['c', 7, 8]);
  });

  test('reranking is counted in searches', () =>
    expect(tapped('application/json', '{"results":[],"meta":{"billed_units":{"search_units":2}}}').usage).toEqual({
      inputTokens: 0,
      outputTokens: 0,
      raw: { billed_units: { search_units: 2 } },
      units: { queries: 2 },
    }));

  test('of a long answer the end is read, where it says what it used (FP-14)', () => {
    const vectors = { object: 'list', data: [{ embedding: 'x'.repeat(50_000) }], model: 'm', usage: { prompt_tokens: 7, total_tokens: 7 } };
    const pieces = Array.from({ length: 100 }, (_, at) => (at + 1) * 500);
    expect(tapped('application/json', JSON.stringify(vectors), pieces, 600).usage).toMatchObject({ inputTokens: 7 });
    const gemini = { said: 'x'.repeat(50_000), usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 3 } };
    expect(tapped('application/json', JSON.stringify(gemini), pieces, 600).usage).toMatchObject({ inputTokens: 5, outputTokens: 3 });
    // In front of the end it is not seen, and a text that looks like it is none.
    const before = JSON.stringify({ usage: { prompt_tokens: 1 }, more: `${'x'.repeat(50_000)}"usage":{"prompt_tokens":9}` });
    expect(tapped('application/json', before, pieces, 600).usage).toBeUndefined();
  });

  test('what cannot be read is not known, and nothing is kept of it', () => {
    const usage = JSON.stringify({ usage: { prompt_tokens: 1 }, more: 'x'.repeat(1000) });
    expect(tapped('application/json', '{"usage":', []).usage).toBeUndefined();
    expect(tapped('audio/mpeg', usage).usage).toBeUndefined();
    expect(tapped(null, usage).usage).toBeUndefined();
    expect(tapped('application/vnd.amazon.eventstream', 'rubbish that is none of it at all').usage).toBeUndefined();
    expect(tapped('text/event-stream', 'data: {\n\n'.repeat(2000)).usage).toBeUndefined();
  });
});
