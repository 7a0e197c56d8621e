import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { createEventStreamParser, formatEventStreamChunk } from '../../lib/aws-event-stream.ts';
import { SluiceError, type ChatResult, type FinishReason, type JsonObject, type UpstreamProtocol } from '../../types/index.ts';
import { createCollector } from '../shared/collect.ts';
import {
  bedrockClaudeText,
  bedrockCohere,
  bedrockCommandR,
  bedrockDeepSeek,
  bedrockImportedQwen,
  bedrockImportedR1,
  bedrockInvoke,
  bedrockJurassic,
  bedrockLlama,
  bedrockMistral,
  bedrockNova,
  bedrockOpenai,
  bedrockTitan,
} from './index.ts';

/** What must come of an answer. */
const essence = ({ candidates, usage }: ChatResult) => ({
  texts: candidates.map(({ content }) => content.map((part) => (part.type === 'text' ? part.text : '')).join('')),
  thoughts: candidates.map(({ content }) => content.map((part) => (part.type === 'thinking' ? part.text : '')).join('')),
  calls: candidates.flatMap(({ content }) => content.flatMap((part) => (part.type === 'tool-call' ? [[part.name, part.arguments]] : []))),
  finish: candidates.map(({ finishReason }) => finishReason),
  usage: usage && [usage.inputTokens, usage.outputTokens],
});

const one = (text: string, finish: FinishReason, usage?: [number, number], thought = '') => ({
  texts: [text],
  thoughts: [thought],
  calls: [] as string[][],
  finish: [finish],
  usage,
});

const metrics = {
  'amazon-bedrock-invocationMetrics': { inputTokenCount: 5, outputTokenCount: 3, invocationLatency: 9, firstByteLatency: 4 },
};

/** The bytes of a stream in pieces, read as the client does. */
const streamed = (protocol: UpstreamProtocol, events: readonly JsonObject[], places: readonly number[] = []): ChatResult => {
  const bytes = Buffer.concat(events.map((event) => formatEventStreamChunk(JSON.stringify(event))));
  const collector = createCollector();
  const decoder = protocol.stream.decoder();
  const parser = createEventStreamParser((event) => decoder.push(event, collector.push));
  const ends = [...places.map((place) => place % bytes.length).sort((a, b) => a - b), bytes.length];
  ends.forEach((end, at) => parser.push(bytes.subarray(ends[at - 1] ?? 0, end)));
  parser.close();
  decoder.close(collector.push);
  return collector.result();
};

interface Sample {
  name: string;
  protocol: UpstreamProtocol;
  whole?: JsonObject;
  events?: JsonObject[];
  says: ReturnType<typeof essence>;
}

const samples: readonly Sample[] = [
  {
    name: 'Titan',
    protocol: bedrockTitan,
    whole: { inputTextTokenCount: 5, results: [{ tokenCount: 3, outputText: 'Hé.', completionReason: 'FINISH' }] },
    events: [
      { outputText: 'H', index: 0, totalOutputTextTokenCount: null, completionReason: null, inputTextTokenCount: 5 },
      { outputText: 'é.', index: 0, totalOutputTextTokenCount: 3, completionReason: 'FINISH', inputTextTokenCount: null, ...metrics },
    ],
    says: one('Hé.', 'stop', [5, 3]),
  },
  {
    name: 'Titan, filtered',
    protocol: bedrockTitan,
    whole: { inputTextTokenCount: 5, results: [{ tokenCount: 0, outputText: '', completionReason: 'CONTENT_FILTERED' }] },
    says: one('', 'content-filter', [5, 0]),
  },
  {
    name: 'Llama',
    protocol: bedrockLlama,
    whole: { generation: '\n\nHé.', prompt_token_count: 5, generation_token_count: 3, stop_reason: 'length' },
    events: [
      { generation: '\n\nH', prompt_token_count: 5, generation_token_count: 1, stop_reason: null },
      { generation: 'é.', prompt_token_count: null, generation_token_count: 3, stop_reason: 'length', ...metrics },
    ],
    says: one('\n\nHé.', 'length', [5, 3]),
  },
  {
    name: 'Mistral',
    protocol: bedrockMistral,
    whole: { outputs: [{ text: 'Hé.', stop_reason: 'stop' }] },
    says: one('Hé.', 'stop'),
  },
  {
    name: 'Mistral, streamed',
    protocol: bedrockMistral,
    events: [{ outputs: [{ text: 'H', stop_reason: null }] }, { outputs: [{ text: 'é.', stop_reason: 'stop' }], ...metrics }],
    says: one('Hé.', 'stop', [5, 3]),
  },
  {
    name: 'Command, several',
    protocol: bedrockCohere,
    whole: {
      id: 'x',
      generations: [
        { id: 'y', text: 'A', finish_reason: 'COMPLETE' },
        { id: 'z', text: 'B', finish_reason: 'MAX_TOKENS' },
      ],
    },
    says: { texts: ['A', 'B'], thoughts: ['', ''], calls: [], finish: ['stop', 'length'], usage: undefined },
  },
  {
    name: 'Command, several, streamed',
    protocol: bedrockCohere,
    events: [
      { index: 0, is_finished: false, text: 'A' },
      { index: 1, is_finished: false, text: 'B' },
      { finish_reason: 'MAX_TOKENS', is_finished: true, ...metrics },
    ],
    says: { texts: ['A', 'B'], thoughts: ['', ''], calls: [], finish: ['length', 'length'], usage: [5, 3] },
  },
  {
    name: 'Jurassic-2',
    protocol: bedrockJurassic,
    whole: {
      id: 1234,
      prompt: { text: 'Hi', tokens: [{}, {}] },
      completions: [{ data: { text: 'Hé.', tokens: [{}, {}, {}] }, finishReason: { reason: 'endoftext' } }],
    },
    says: one('Hé.', 'stop', [2, 3]),
  },
  {
    name: 'Claude 2',
    protocol: bedrockClaudeText,
    whole: { completion: ' Hé.', stop_reason: 'stop_sequence', stop: '\n\nHuman:' },
    says: one(' Hé.', 'stop'),
  },
  {
    name: 'DeepSeek R1 thinks first',
    protocol: bedrockDeepSeek,
    whole: { choices: [{ text: 'Hm <b>.\n</think>\n\nHé.', stop_reason: 'stop' }] },
    says: one('Hé.', 'stop', undefined, 'Hm <b>.\n'),
  },
  {
    name: 'DeepSeek R1, streamed',
    protocol: bedrockDeepSeek,
    events: [
      { choices: [{ index: 0, text: 'Hm <', stop_reason: null }] },
      { choices: [{ index: 0, text: 'b>.\n</thi', stop_reason: null }] },
      { choices: [{ index: 0, text: 'nk>\n', stop_reason: null }] },
      { choices: [{ index: 0, text: '\nHé.', stop_reason: null }] },
      { choices: [{ index: 0, text: '', stop_reason: 'stop' }], ...metrics },
    ],
    says: one('Hé.', 'stop', [5, 3], 'Hm <b>.\n'),
  },
  {
    name: 'an imported R1 that was cut off while it thought',
    protocol: bedrockImportedR1,
    whole: { generation: 'Hm </th', prompt_token_count: 5, generation_token_count: 3, stop_reason: 'length' },
    says: one('', 'length', [5, 3], 'Hm </th'),
  },
  {
    name: 'an imported Qwen',
    protocol: bedrockImportedQwen,
    whole: {
      text: '<|im_start|>assistant\n<think>\nHm\n</think>\n\nHé.<|im_end|>',
      usage: { prompt_tokens: 5, completion_tokens: 3 },
      stop_reason: 'stop',
    },
    says: one('Hé.', 'stop', [5, 3], 'Hm\n'),
  },
  {
    name: 'Command R',
    protocol: bedrockCommandR,
    whole: { response_id: 'r', generation_id: 'g', text: 'Hé.', finish_reason: 'COMPLETE', chat_history: [] },
    events: [
      { event_type: 'text-generation', text: 'H', is_finished: false },
      { event_type: 'text-generation', text: 'é.', is_finished: false },
      { event_type: 'stream-end', finish_reason: 'COMPLETE', is_finished: true, response: { text: 'Hé.' } },
    ],
    says: one('Hé.', 'stop'),
  },
  {
    name: 'Command R calls',
    protocol: bedrockCommandR,
    whole: { response_id: 'r', text: '', finish_reason: 'COMPLETE', tool_calls: [{ name: 'add', parameters: { a: 1 } }] },
    events: [
      { event_type: 'tool-calls-generation', tool_calls: [{ name: 'add', parameters: { a: 1 } }], is_finished: false },
      {
        event_type: 'stream-end',
        finish_reason: 'COMPLETE',
        is_finished: true,
        response: { tool_calls: [{ name: 'add', parameters: { a: 1 } }] },
      },
    ],
    says: { texts: [''], thoughts: [''], calls: [['add', '{"a":1}']], finish: ['tool-calls'], usage: undefined },
  },
  {
    name: 'Command R tells its plan, in pieces and again',
    protocol: bedrockCommandR,
    events: [
      { event_type: 'stream-start', generation_id: 'g', is_finished: false },
      { event_type: 'tool-calls-chunk', text: 'I will ', is_finished: false },
      { event_type: 'tool-calls-chunk', text: 'add.', is_finished: false },
      { event_type: 'tool-calls-chunk', tool_call_delta: { index: 0, name: 'add' }, is_finished: false },
      { event_type: 'tool-calls-generation', text: 'I will add.', tool_calls: [{ name: 'add', parameters: {} }], is_finished: false },
      { event_type: 'stream-end', finish_reason: 'COMPLETE', is_finished: true, response: { text: 'I will add.' } },
    ],
    says: { texts: ['I will add.'], thoughts: [''], calls: [['add', '{}']], finish: ['tool-calls'], usage: undefined },
  },
  {
    name: 'Nova',
    protocol: bedrockNova,
    whole: {
      output: { message: { role: 'assistant', content: [{ text: 'Hé.' }] } },
      stopReason: 'max_tokens',
      usage: { inputTokens: 5, outputTokens: 3 },
    },
    events: [
      { messageStart: { role: 'assistant' } },
      { contentBlockDelta: { delta: { text: 'H' }, contentBlockIndex: 0 } },
      { contentBlockStop: { contentBlockIndex: 0 } },
      { contentBlockDelta: { delta: { text: 'é.' }, contentBlockIndex: 1 } },
      { contentBlockStop: { contentBlockIndex: 1 } },
      { messageStop: { stopReason: 'max_tokens' } },
      { metadata: { usage: { inputTokens: 5, outputTokens: 3, cacheReadInputTokenCount: 0, cacheWriteInputTokenCount: 0 } }, ...metrics },
    ],
    says: one('Hé.', 'length', [5, 3]),
  },
  {
    name: 'gpt-oss thinks in tags',
    protocol: bedrockOpenai,
    whole: {
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: '<reasoning>Hm</reasoning>Hé.' } }],
      usage: { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 },
    },
    events: [
      { choices: [{ index: 0, delta: { role: 'assistant', content: '<reas' }, finish_reason: null }] },
      { choices: [{ index: 0, delta: { content: 'oning>H' }, finish_reason: null }] },
      { choices: [{ index: 0, delta: { content: 'm</reasoning>' }, finish_reason: null }] },
      { choices: [{ index: 0, delta: { content: 'Hé.' }, finish_reason: null }] },
      { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], ...metrics },
    ],
    says: one('Hé.', 'stop', [5, 3], 'Hm'),
  },
  {
    name: "Mistral's first chat models",
    protocol: bedrockOpenai,
    whole: { choices: [{ index: 0, stop_reason: 'length', message: { role: 'assistant', content: 'Hé.' } }] },
    events: [
      { choices: [{ index: 0, message: { role: 'assistant', content: 'H' }, stop_reason: null }] },
      { choices: [{ index: 0, message: { role: 'assistant', content: 'é.' }, stop_reason: 'length' }] },
    ],
    says: one('Hé.', 'length'),
  },
  {
    name: 'an imported model that completes',
    protocol: bedrockOpenai,
    whole: {
      object: 'text_completion',
      choices: [{ index: 0, text: 'Hé.', finish_reason: 'length' }],
      usage: { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 },
    },
    says: one('Hé.', 'length', [5, 3]),
  },
];

describe('answers by family', () => {
  for (const { name, protocol, whole, events, says } of samples) {
    if (whole) test(name, () => expect(essence(protocol.response.fromWire(whole))).toEqual(says));
    if (events)
      test(`${name}: events, cut anywhere`, () => {
        fc.assert(
          fc.property(fc.array(fc.nat(), { maxLength: 12 }), (places) => {
            expect(essence(streamed(protocol, events, places))).toMatchObject({ ...says, usage: says.usage });
          }),
          { numRuns: 40 },
        );
      });
    if (events && events.some((event) => 'amazon-bedrock-invocationMetrics' in event))
      test(`${name}: a stream that breaks off is no answer`, () => {
        expect(() => streamed(protocol, events.slice(0, 1))).toThrow(/complete/);
      });
  }

  test('what the body does not count the headers do', () => {
    const headers = new Headers({ 'x-amzn-bedrock-input-token-count': '5', 'x-amzn-bedrock-output-token-count': '3' });
    const counted = (protocol: UpstreamProtocol, body: JsonObject) => essence(protocol.response.fromWire(body, undefined, headers)).usage;
    expect(counted(bedrockMistral, { outputs: [{ text: 'A', stop_reason: 'stop' }] })).toEqual([5, 3]);
    expect(counted(bedrockCommandR, { text: 'A', finish_reason: 'COMPLETE' })).toEqual([5, 3]);
    expect(counted(bedrockOpenai, { choices: [{ finish_reason: 'stop', message: { content: 'A' } }] })).toEqual([5, 3]);
    // What the model counted itself stands.
    expect(counted(bedrockLlama, { generation: 'A', prompt_token_count: 7, generation_token_count: 1, stop_reason: 'stop' })).toEqual([
      7, 1,
    ]);
    expect(bedrockInvoke.response.usage({ outputs: [] }, headers)).toEqual({ inputTokens: 5, outputTokens: 3 });
    expect(bedrockInvoke.response.usage({ outputs: [] })).toBeUndefined();
  });

  test.each([
    bedrockTitan,
    bedrockLlama,
    bedrockMistral,
    bedrockDeepSeek,
    bedrockCohere,
    bedrockJurassic,
    bedrockClaudeText,
    bedrockCommandR,
    bedrockNova,
  ])('something else is no answer: %#', (protocol) => expect(() => protocol.response.fromWire({ hello: 'world' })).toThrow(SluiceError));
});

describe('bodies that go on as they came', () => {
  test('no other vendor can be asked', () => {
    expect(() => bedrockInvoke.request.fromWire({ prompt: 'Hi' })).toThrow('Amazon Bedrock alone');
  });

  test('the last event counts, and ends it', () => {
    const tap = bedrockInvoke.stream.tap();
    tap.push({ data: '{"outputs":[{"text":"A","stop_reason":null}]}' });
    expect([tap.ended, tap.output, tap.usage]).toEqual([false, true, undefined]);
    tap.push({ data: JSON.stringify({ outputs: [{ text: '', stop_reason: null }], ...metrics }) });
    expect([tap.ended, tap.usage]).toEqual([true, { inputTokens: 5, outputTokens: 3 }]);
  });
});
