import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import type { ChatResult, DecodeHints, JsonObject, Part, StreamPart, WireEvent } from '../../types/index.ts';
import { createEventStreamParser, formatEventStream } from '../../lib/aws-event-stream.ts';
import { toBase64 } from '../../lib/base64-text.ts';
import { concatBytes } from '../../lib/event-boundary.ts';
import { createCollector, explode } from '../shared/collect.ts';
import { fromContext } from './fixtures/context.ts';
import { fromWire, toWire } from './response.ts';
import { createDecoder } from './stream-decoder.ts';
import { createEncoder } from './stream-encoder.ts';
import { createTap } from './stream-tap.ts';

const event = (name: string, body: JsonObject): WireEvent => ({ event: name, data: JSON.stringify({ ...body, p: 'abc' }) });
const delta = (contentBlockIndex: number, value: JsonObject) => event('contentBlockDelta', { contentBlockIndex, delta: value });
const begin = (contentBlockIndex: number, start: JsonObject) => event('contentBlockStart', { contentBlockIndex, start });
const stop = (contentBlockIndex: number) => event('contentBlockStop', { contentBlockIndex });
const first = event('messageStart', { role: 'assistant' });
const counts = { inputTokens: 1, outputTokens: 2, totalTokens: 3 };
const last = (stopReason = 'end_turn') => [
  event('messageStop', { stopReason }),
  event('metadata', { metrics: { latencyMs: 5 }, usage: counts, trace: { guardrail: {} }, serviceTier: { type: 'flex' } }),
];

const decode = (events: readonly WireEvent[], hints?: DecodeHints): StreamPart[] => {
  const parts: StreamPart[] = [];
  const decoder = createDecoder(hints);
  for (const each of events) decoder.push(each, (part) => void parts.push(part));
  decoder.close((part) => void parts.push(part));
  return parts;
};
const collect = (events: readonly WireEvent[], hints?: DecodeHints): ChatResult => {
  const collector = createCollector();
  for (const part of decode(events, hints)) collector.push(part);
  return collector.result();
};
const contentOf = (events: readonly WireEvent[], hints?: DecodeHints) =>
  collect([first, ...events, ...last()], hints).candidates[0]!.content;

describe('from Bedrock', () => {
  test('what comes behind the end is no part of the answer', () => {
    const parts = decode([
      first,
      delta(0, { text: 'a' }),
      last()[0]!,
      delta(0, { text: 'b' }),
      begin(1, { toolUse: { toolUseId: 't', name: 'f' } }),
      stop(1),
    ]);
    expect(parts.map(({ type }) => type)).toEqual(['start', 'part-start', 'text-delta', 'part-end', 'finish', 'end']);
  });

  test('texts have no start; calls do; what is known at the end comes last', () => {
    expect(
      collect([
        first,
        delta(0, { text: 'a' }),
        delta(0, { text: 'b' }),
        stop(0),
        begin(1, { toolUse: { toolUseId: 't', name: 'f' } }),
        delta(1, { toolUse: { input: '{"a"' } }),
        delta(1, { toolUse: { input: ':1}' } }),
        stop(1),
        begin(2, { toolUse: { toolUseId: 'u', name: 'g' } }),
        stop(2),
        ...last('tool_use'),
      ]),
    ).toEqual({
      id: '',
      model: '',
      candidates: [
        {
          index: 0,
          content: [
            { type: 'text', text: 'ab' },
            { type: 'tool-call', kind: 'function', id: 't', name: 'f', arguments: '{"a":1}' },
            { type: 'tool-call', kind: 'function', id: 'u', name: 'g', arguments: '{}' },
          ],
          finishReason: 'tool-calls',
          rawFinishReason: 'tool_use',
        },
      ],
      usage: { inputTokens: 1, outputTokens: 2, raw: counts },
      serviceTier: 'flex',
      extra: { 'bedrock-converse': { metrics: { latencyMs: 5 }, trace: { guardrail: {} } } },
    });
  });

  test('a block with an empty text only is none', () => {
    expect(contentOf([delta(0, { text: '' }), stop(0), delta(1, { text: 'a' }), stop(1)])).toEqual([{ type: 'text', text: 'a' }]);
  });

  test('thoughts with their signature, and hidden ones', () => {
    expect(
      contentOf(
        [
          delta(0, { reasoningContent: { text: 'h' } }),
          delta(0, { reasoningContent: { text: 'm' } }),
          delta(0, { reasoningContent: { signature: 's' } }),
          stop(0),
          delta(1, { reasoningContent: { redactedContent: toBase64('Etc') } }),
          delta(1, { reasoningContent: { redactedContent: toBase64('etera') } }),
          stop(1),
        ],
        { origin: 'amazon' },
      ),
    ).toEqual([
      { type: 'thinking', text: 'hm', signature: { origin: 'amazon', value: 's' } },
      { type: 'thinking', text: '', redacted: { origin: 'amazon', value: 'Etcetera' } },
    ]);
  });

  test('citations may come before their text', () => {
    const citation = { title: 'facts', sourceContent: [{ text: 'x' }], location: { documentChar: { documentIndex: 0, start: 0, end: 7 } } };
    expect(contentOf([delta(0, { text: 'ab' }), stop(0), delta(1, { citation }), delta(1, { text: 'cde' }), stop(1)])[1]).toMatchObject({
      text: 'cde',
      citations: [{ kind: 'document', title: 'facts', startIndex: 2, endIndex: 5 }],
    });
  });

  test('Bedrock’s own tools and their results, and images, come whole', () => {
    expect(
      contentOf([
        begin(0, { toolUse: { toolUseId: 't', name: 'nova_code_interpreter', type: 'server_tool_use' } }),
        delta(0, { toolUse: { input: '{"snippet":"1"}' } }),
        stop(0),
        begin(1, { toolResult: { toolUseId: 't', type: 'nova_code_interpreter_result', status: 'success' } }),
        delta(1, { toolResult: [{ text: 'a' }] }),
        delta(1, { toolResult: [{ text: 'b' }, { json: { exitCode: 0 } }] }),
        stop(1),
        begin(2, { image: { format: 'png' } }),
        delta(2, { image: { source: { bytes: 'AA==' } } }),
        stop(2),
      ]),
    ).toEqual([
      {
        type: 'opaque',
        origin: 'bedrock',
        value: { toolUse: { toolUseId: 't', name: 'nova_code_interpreter', type: 'server_tool_use', input: { snippet: '1' } } },
      },
      {
        type: 'opaque',
        origin: 'bedrock',
        value: {
          toolResult: {
            toolUseId: 't',
            type: 'nova_code_interpreter_result',
            status: 'success',
            content: [{ text: 'ab' }, { json: { exitCode: 0 } }],
          },
        },
      },
      { type: 'image', source: { kind: 'base64', data: 'AA==', mediaType: 'image/png' } },
    ]);
  });

  test('JSON that was forced is text; free text for input is itself', () => {
    const events = [
      begin(0, { toolUse: { toolUseId: 't', name: 'json_tool_call' } }),
      delta(0, { toolUse: { input: '{"a":1}' } }),
      stop(0),
    ];
    const read = collect([first, ...events, ...last('tool_use')], { jsonToolName: 'json_tool_call' });
    expect(read.candidates[0]).toMatchObject({ content: [{ type: 'text', text: '{"a":1}' }], finishReason: 'stop' });
    const run = [begin(0, { toolUse: { toolUseId: 't', name: 'run' } }), delta(0, { toolUse: { input: '{"input":"ls"}' } }), stop(0)];
    expect(contentOf(run, { customTools: ['run'] })).toMatchObject([{ kind: 'custom', arguments: 'ls' }]);
  });

  test('an exception ends it; nothing comes behind', () => {
    const parts = decode([first, delta(0, { text: 'a' }), { event: 'throttlingException', data: '{"message":"slow"}' }, ...last()]);
    const end = parts.at(-1)!;
    expect(end.type === 'error' && [end.error.code, end.error.message]).toEqual(['rate_limited', 'slow']);
  });

  test('a stream that is cut off is told so; one without its counts is whole', () => {
    const cut = decode([first, delta(0, { text: 'a' })]).at(-1)!;
    expect(cut.type === 'error' && cut.error.code).toBe('stream_interrupted');
    expect(decode([first, delta(0, { text: 'a' }), last()[0]!]).at(-1)).toEqual({ type: 'end' });
  });

  test('what is not JSON is told; what is new is passed over', () => {
    const bad = decode([first, { event: 'contentBlockDelta', data: '{' }]).at(-1)!;
    expect(bad.type === 'error' && bad.error.code).toBe('invalid_response');
    const odd = [event('initial-response', {}), delta(0, { somethingNew: {} }), begin(3, { somethingNew: {} }), delta(1, { text: 'a' })];
    expect(contentOf(odd)).toEqual([{ type: 'text', text: 'a' }]);
  });
});

test('a tap reads the counts, the end and failures', () => {
  const tap = createTap();
  tap.push(first);
  expect([tap.ended, tap.output]).toEqual([false, false]);
  tap.push(delta(0, { text: 'a' }));
  expect(tap.output).toBe(true);
  for (const each of last()) tap.push(each);
  expect([tap.ended, tap.usage?.outputTokens, tap.error]).toEqual([true, 2, undefined]);
  tap.push({ event: 'internalServerException', data: '{"message":"x"}' });
  expect(tap.error?.code).toBe('internal');
});

const encode = (parts: readonly StreamPart[]): WireEvent[] => {
  const encoder = createEncoder(fromContext());
  return parts.flatMap((part) => [...encoder.push(part)]);
};

describe('to a client', () => {
  test('parts that are open side by side come one after another', () => {
    const call = (index: number): StreamPart => ({
      type: 'part-start',
      candidate: 0,
      index,
      part: { type: 'tool-call', kind: 'function', id: `t${index}`, name: 'f', arguments: '' },
    });
    const input = (index: number, text: string): StreamPart => ({ type: 'arguments-delta', candidate: 0, index, text });
    const end = (index: number): StreamPart => ({ type: 'part-end', candidate: 0, index });
    const events = encode([{ type: 'start' }, call(0), call(1), input(1, '{"b":2}'), input(0, '{"a":1}'), end(1), end(0), { type: 'end' }]);
    expect(events.map(({ event: name }) => name)).toEqual([
      'messageStart',
      'contentBlockStart',
      'contentBlockDelta',
      'contentBlockStop',
      'contentBlockStart',
      'contentBlockDelta',
      'contentBlockStop',
      'messageStop',
      'metadata',
    ]);
    expect(collect(events).candidates[0]).toMatchObject({
      content: [
        { id: 't0', arguments: '{"a":1}' },
        { id: 't1', arguments: '{"b":2}' },
      ],
      finishReason: 'tool-calls',
    });
  });

  test('what the format demands of the end is there', () => {
    const events = encode([{ type: 'start' }, { type: 'end' }]);
    expect(events.map(({ data }) => JSON.parse(data) as JsonObject)).toEqual([
      { role: 'assistant' },
      { stopReason: 'end_turn' },
      { usage: { inputTokens: 0, outputTokens: 0, totalTokens: 0 }, metrics: { latencyMs: 0 } },
    ]);
  });
});

const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const part: fc.Arbitrary<Part> = fc.oneof(
  fc.record({ type: fc.constant('text' as const), text: word }),
  fc.record({
    type: fc.constant('thinking' as const),
    text: word,
    signature: fc.record({ origin: fc.constantFrom('anthropic', 'openai', 'google'), value: word }),
  }),
  fc.record({
    type: fc.constant('thinking' as const),
    text: fc.constant(''),
    redacted: fc.record({ origin: fc.constantFrom('anthropic', 'openai'), value: word }),
  }),
  fc.record({
    type: fc.constant('tool-call' as const),
    kind: fc.constant('function' as const),
    id: fc.stringMatching(/^[a-z]{1,9}$/),
    name: fc.stringMatching(/^[a-z]{1,9}$/),
    arguments: fc.dictionary(word, fc.jsonValue()).map((value) => JSON.stringify(value)),
  }),
);
const answers = fc.array(part, { maxLength: 5 }).map((content): ChatResult => ({
  id: '',
  model: '',
  candidates: [
    {
      index: 0,
      content,
      finishReason: content.some(({ type }) => type === 'tool-call') ? 'tool-calls' : 'stop',
      rawFinishReason: content.some(({ type }) => type === 'tool-call') ? 'tool_use' : 'end_turn',
    },
  ],
  usage: { inputTokens: 1, outputTokens: 2, raw: counts },
}));

/** What a client of this format sends back of it: opaque values that are foreign here are sealed, and opened again. */
const replayed = (result: ChatResult): Part[] =>
  fromWire({ output: { message: { content: toWireContent(result) } }, stopReason: 'end_turn' }).candidates[0]!.content;
const toWireContent = (result: ChatResult): unknown =>
  ((toWire(result, fromContext())['output'] as JsonObject)['message'] as JsonObject)['content'];

describe('whatever is in an answer', () => {
  test('it comes back from the whole form', () => {
    fc.assert(
      fc.property(answers, (result) => {
        expect(replayed(result)).toEqual(result.candidates[0]!.content);
      }),
    );
  });

  test('its stream is the whole, however the bytes are cut', () => {
    fc.assert(
      fc.property(answers, fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 5 }), (result, sizes) => {
        const encoder = createEncoder(fromContext());
        const messages: Uint8Array[] = [];
        explode(result, (each) => void messages.push(...encoder.push(each).map(formatEventStream)));
        const bytes = concatBytes(messages);

        const collector = createCollector();
        const decoder = createDecoder();
        const parser = createEventStreamParser((each) => decoder.push(each, collector.push));
        for (let at = 0, next = 0; at < bytes.length; at += sizes[next++ % sizes.length]!)
          parser.push(bytes.subarray(at, at + sizes[next % sizes.length]!));
        parser.close();
        decoder.close(collector.push);

        const read = collector.result().candidates[0]!;
        // A signature of another family is sealed in its place; a client's next request opens it.
        const opened = fromWire({ output: { message: { content: toWireContent({ ...result, candidates: [read] }) } } }).candidates[0]!;
        expect(opened.content).toEqual(result.candidates[0]!.content);
        expect([read.finishReason, read.rawFinishReason]).toEqual([
          result.candidates[0]!.finishReason,
          result.candidates[0]!.rawFinishReason,
        ]);
        expect(collector.result().usage).toEqual(result.usage!);
      }),
    );
  });
});
