import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { createSseParser, formatSse } from '../../lib/sse.ts';
import { SluiceError, type ChatResult, type FromResultContext, type JsonObject, type Part, type StreamPart } from '../../types/index.ts';
import { createCollector, explode } from '../shared/collect.ts';
import { cohereChat } from './index.ts';

const { response, stream, errors, request } = cohereChat;
const writing: FromResultContext = {
  model: 'asked',
  request: { model: 'm', messages: [], stream: true, unknown: {} },
  newId: (prefix) => `${prefix}made`,
  now: () => 0,
};
const usage = {
  billed_units: { input_tokens: 9, output_tokens: 5 },
  tokens: { input_tokens: 100, output_tokens: 12, reasoning_tokens: 4 },
  cached_tokens: 64,
};
const source = { type: 'tool', id: 'c:0', tool_output: { content: 'y' } };
const citation = { start: 4, end: 5, text: '🎉', sources: [source], type: 'TEXT_CONTENT', content_index: 1 };
const whole: JsonObject = {
  id: 'a1',
  finish_reason: 'TOOL_CALL',
  message: {
    role: 'assistant',
    tool_plan: 'I will call.',
    tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }],
    content: [
      { type: 'thinking', thinking: 'T' },
      { type: 'text', text: '🎉x: 🎉' },
    ],
    citations: [citation, { start: 0, end: 1, text: 'I', sources: [source], type: 'PLAN' }],
  },
  usage,
  logprobs: [{ text: '🎉x', token_ids: [1, 2], logprobs: [-1, -0.5] }],
};

const decode = (events: readonly (JsonObject | string)[], hints = {}): StreamPart[] => {
  const parts: StreamPart[] = [];
  const reader = stream.decoder(hints);
  for (const each of events) reader.push({ data: typeof each === 'string' ? each : JSON.stringify(each) }, (part) => void parts.push(part));
  reader.close((part) => void parts.push(part));
  return parts;
};
const encode = (parts: readonly StreamPart[]) => {
  const encoder = stream.encoder(writing);
  return parts.flatMap((part) => [...encoder.push(part)]);
};
const collect = (parts: readonly StreamPart[]): ChatResult => {
  const collector = createCollector();
  parts.forEach(collector.push);
  return collector.result();
};
const delta = (type: string, message: JsonObject, index = 0) => ({ type, index, delta: { message } });
const start = { type: 'message-start', id: 'a1', delta: { message: { role: 'assistant' } } };
const end = (reason: string, more: JsonObject = {}) => ({ type: 'message-end', delta: { finish_reason: reason, ...more } });

describe('whole answers', () => {
  test('all there is, read', () => {
    const result = response.fromWire(whole);
    expect(result).toMatchObject({
      id: 'a1',
      usage: { inputTokens: 36, cacheReadTokens: 64, outputTokens: 8, reasoningTokens: 4, raw: usage },
      extra: { 'cohere-chat': { citations: [{ type: 'PLAN' }] } },
    });
    expect(result.candidates[0]!.content).toMatchObject([
      { type: 'thinking', text: 'I will call.', signature: { origin: 'cohere', value: 'tool_plan' } },
      { type: 'thinking', text: 'T' },
      // The emoji are two units each: the words tell that Cohere counted characters.
      { type: 'text', text: '🎉x: 🎉', citations: [{ kind: 'document', citedText: 'y', startIndex: 5, endIndex: 7 }] },
      { type: 'tool-call', id: 'c', name: 'f', arguments: '{"a":1}' },
    ]);
    expect(result.candidates[0]).toMatchObject({ finishReason: 'tool-calls', rawFinishReason: 'TOOL_CALL' });
    expect(result.candidates[0]!.logprobs).toMatchObject({ content: [{ token: '🎉x', logprob: -1.5 }] });
    expect(response.usage(whole)).toEqual(result.usage);
  });

  test('and written back', () => {
    const { logprobs, ...rest } = response.toWire(response.fromWire(whole), writing);
    expect(rest).toEqual({ ...whole, logprobs: undefined });
    expect(logprobs).toEqual([{ text: '🎉x', token_ids: [], logprobs: [-1.5] }]);
  });

  test('of other vendors: texts are one block, their sources citations, seals in their place', () => {
    const content: Part[] = [
      { type: 'thinking', text: 'T', signature: { origin: 'anthropic', value: 'sig' } },
      { type: 'text', text: 'One. ' },
      { type: 'text', text: 'Two.', citations: [{ kind: 'url', url: 'https://e.com', title: 'E', citedText: 'two' }] },
      { type: 'tool-call', kind: 'function', id: 'c', name: 'f', arguments: '', signature: { origin: 'google', value: 'g' } },
    ];
    const result: ChatResult = {
      id: '',
      model: 'claude',
      candidates: [{ index: 0, content, finishReason: 'tool-calls' }],
      usage: { inputTokens: 1, cacheReadTokens: 2, outputTokens: 3, reasoningTokens: 4 },
    };
    const wire = response.toWire(result, writing);
    expect(wire).toMatchObject({
      id: 'made',
      finish_reason: 'TOOL_CALL',
      message: {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'T' },
          { type: 'text', text: 'One. Two.' },
        ],
        citations: [{ start: 5, end: 9, text: 'Two.', content_index: 1, sources: [{ type: 'document', id: 'https://e.com' }] }],
      },
      usage: {
        billed_units: { input_tokens: 3, output_tokens: 7 },
        tokens: { input_tokens: 3, output_tokens: 7, reasoning_tokens: 4 },
        cached_tokens: 2,
      },
    });
    const back = request.fromWire({ model: 'm', messages: [wire['message']] }).messages[0]!.content;
    expect(back[0]).toEqual(content[0]!);
    expect(back.at(-1)).toEqual({ ...content[3], arguments: '{}' } as Part);
  });

  test('what only another family understands comes back in its place', () => {
    const content: Part[] = [
      { type: 'text', text: 'a', signature: { origin: 'google', value: 'g1' } },
      { type: 'text', text: 'b' },
      { type: 'opaque', origin: 'anthropic', value: { type: 'server_tool_use', id: 's' } },
      { type: 'thinking', text: '', redacted: { origin: 'anthropic', value: 'r' } },
      { type: 'text', text: 'c' },
      { type: 'text', text: '', signature: { origin: 'google', value: 'g2' } },
    ];
    const result: ChatResult = { id: 'x', model: '', candidates: [{ index: 0, content, finishReason: 'stop' }] };
    const again = (message: unknown) => request.fromWire({ model: 'm', messages: [message] }).messages[0]!.content;
    expect(again(response.toWire(result, writing)['message'])).toEqual(content);
  });

  test('odd ones', () => {
    expect(() => response.fromWire({ hello: 1 })).toThrow('not an answer');
    expect(() => response.fromWire({ id: 'x', message: 'broken' })).toThrow('broken');
    const bare = response.fromWire({ message: { tool_calls: [{ function: { name: 'f' } }], content: 'x' } });
    expect(bare.candidates[0]).toMatchObject({
      content: [{ text: 'x' }, { id: 'f_0', name: 'f', arguments: '' }],
      finishReason: 'tool-calls',
    });
  });

  test('a call that came without an id gets one', () => {
    const content: Part[] = [{ type: 'tool-call', kind: 'function', id: '', name: 'f', arguments: '{}' }];
    const written = response.toWire({ id: 'a', model: 'm', candidates: [{ index: 0, content, finishReason: 'tool-calls' }] }, writing);
    expect(written['message']).toMatchObject({ tool_calls: [{ id: 'call_made' }] });
  });

  test.each([
    ['COMPLETE', 'stop'],
    ['STOP_SEQUENCE', 'stop-sequence'],
    ['MAX_TOKENS', 'length'],
    ['ERROR', 'error'],
    ['TIMEOUT', 'error'],
    ['ERROR_TOXIC', 'content-filter'],
    ['NEW_ONE', 'other'],
  ] as const)('%s is %s', (word, reason) => {
    const result = response.fromWire({ message: { content: [{ type: 'text', text: 'x' }] }, finish_reason: word });
    expect(result.candidates[0]).toMatchObject({ finishReason: reason, rawFinishReason: word });
  });
});

describe('streams', () => {
  test('custom tools get their text, aliases their names', () => {
    const hints = { customTools: ['c.x'], toolNames: { c_x_1: 'c.x' } };
    const call = { id: 'i', type: 'function', function: { name: 'c_x_1', arguments: '{"inp' } };
    const result = collect(
      decode(
        [
          start,
          delta('tool-call-start', { tool_calls: call }),
          delta('tool-call-delta', { tool_calls: { function: { arguments: 'ut":"free"}' } } }),
          end('TOOL_CALL'),
        ],
        hints,
      ),
    );
    expect(result.candidates[0]!.content).toEqual([{ type: 'tool-call', kind: 'custom', id: 'i', name: 'c.x', arguments: 'free' }]);
  });

  test('a citation may come behind the end of its block', () => {
    const cited = { ...citation, start: 0, end: 1, text: 'a', content_index: 0 };
    const events = [
      start,
      delta('content-start', { content: { type: 'text', text: '' } }),
      delta('content-delta', { content: { text: 'ab' } }),
    ];
    const result = collect(
      decode([...events, { type: 'content-end', index: 0 }, delta('citation-start', { citations: cited }), end('COMPLETE'), '[DONE]']),
    );
    expect(result.candidates[0]!.content).toMatchObject([{ text: 'ab', citations: [{ startIndex: 0, endIndex: 1 }] }]);
  });

  test.each<[string, (JsonObject | string)[], string, string]>([
    ['a cut', [start, delta('content-delta', { content: { text: 'a' } })], 'stream_interrupted', 'closed the stream'],
    ['a cut before the end, marked done', [start, '[DONE]'], 'stream_interrupted', 'closed the stream'],
    ['an end that is an error', [start, end('ERROR', { error: 'ran out' })], 'internal', 'ran out'],
    ['an error within a 200', [start, { id: 'x', message: 'too many tokens: the limit is 3' }], 'internal', 'too many tokens'],
    ['no JSON', ['{"type":'], 'invalid_response', 'not JSON'],
  ])('%s ends in an error, once', (_what, events, code, message) => {
    const parts = decode(events);
    expect(parts.at(-1)).toMatchObject({ type: 'error', error: { code } });
    expect((parts.at(-1) as { error: SluiceError }).error.message).toContain(message);
    expect(parts.filter(({ type }) => type === 'error' || type === 'end')).toHaveLength(1);
  });

  test('events that are not known are passed over', () => {
    const parts = decode([start, { type: 'new-event' }, { event_type: 'debug', prompt: 'x' }, end('COMPLETE')]);
    expect(parts.map(({ type }) => type)).toEqual(['start', 'finish', 'end']);
  });

  test('as Cohere sends them', () => {
    const parts: StreamPart[] = [];
    explode(response.fromWire(whole), (part) => void parts.push(part));
    const events = encode(parts);
    expect(events.map(({ event, data }) => event ?? data)).toEqual([
      'message-start',
      'tool-plan-delta',
      'content-start',
      'content-delta',
      'content-end',
      'content-start',
      'content-delta',
      'citation-start',
      'citation-end',
      'content-end',
      'tool-call-start',
      'tool-call-delta',
      'tool-call-end',
      'citation-start',
      'citation-end',
      'message-end',
      '[DONE]',
    ]);
    const end = JSON.parse(events.at(-2)!.data) as JsonObject;
    expect(end).toMatchObject({ type: 'message-end', delta: { finish_reason: 'TOOL_CALL', usage } });
    expect(encode([{ type: 'error', error: new SluiceError('overloaded', 'busy') }])).toEqual(
      errors.toEvents(new SluiceError('overloaded', 'busy')) as never,
    );
  });

  test('wherever they are cut, they say the same', () => {
    const texts = fc.string({ unit: 'grapheme', maxLength: 12 });
    const part = fc.oneof(
      texts.map((text): Part => ({ type: 'text', text: `t${text}` })),
      texts.map((text): Part => ({ type: 'thinking', text: `t${text}` })),
      texts.map((text): Part => ({ type: 'tool-call', kind: 'function', id: `i${text}`, name: 'f', arguments: JSON.stringify({ text }) })),
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 }),
        (content, cuts) => {
          const events = encode(partsOf({ id: 'a', model: '', candidates: [{ index: 0, content, finishReason: 'stop' }] }));
          const bytes = new TextEncoder().encode(events.map(formatSse).join(''));
          const parts: StreamPart[] = [];
          const reader = stream.decoder();
          const tap = stream.tap();
          const parser = createSseParser((event) => {
            tap.push(event);
            reader.push(event, (each) => void parts.push(each));
          });
          for (let at = 0, n = 0; at < bytes.length; n++) {
            const next = at + cuts[n % cuts.length]!;
            parser.push(bytes.subarray(at, next));
            at = next;
          }
          parser.close();
          reader.close((each) => void parts.push(each));
          expect(tap.ended && tap.final).toBe(true);
          expect(tap.output).toBe(content.length > 0);
          const read = collect(parts).candidates[0]?.content ?? [];
          // Adjacent texts are one block of content.
          expect(joined(read)).toEqual(joined(content));
        },
      ),
      { numRuns: 200 },
    );
  });
});

const partsOf = (result: ChatResult): StreamPart[] => {
  const parts: StreamPart[] = [];
  explode(result, (part) => void parts.push(part));
  return parts;
};

const joined = (content: readonly Part[]): Part[] => {
  const out: Part[] = [];
  for (const part of content) {
    const last = out.at(-1);
    if (part.type === 'text' && last?.type === 'text') out[out.length - 1] = { type: 'text', text: last.text + part.text };
    else out.push(part);
  }
  return out;
};

describe('a stream that is passed through', () => {
  test('is read along', () => {
    const tap = stream.tap();
    tap.push({ event: 'message-start', data: JSON.stringify(start) });
    expect([tap.output, tap.ended]).toEqual([false, false]);
    tap.push({ event: 'content-delta', data: JSON.stringify(delta('content-delta', { content: { text: 'a "message-end"' } })) });
    expect([tap.output, tap.ended]).toEqual([true, false]);
    tap.push({ event: 'message-end', data: JSON.stringify(end('COMPLETE', { usage })) });
    expect(tap).toMatchObject({ ended: true, final: false, usage: { inputTokens: 36 }, error: undefined, model: undefined });
    tap.push({ data: '[DONE]' });
    expect(tap.final).toBe(true);
  });

  test('and its errors seen', () => {
    const ended = stream.tap();
    ended.push({ data: JSON.stringify(end('ERROR', { error: 'ran out' })) });
    expect(ended.error?.message).toBe('ran out');
    const bare = stream.tap();
    bare.push({ data: '{"message":"gone"}' });
    expect(bare).toMatchObject({ ended: false, error: { message: 'gone' } });
  });
});
