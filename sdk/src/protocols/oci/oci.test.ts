import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { createSseParser } from '../../lib/sse.ts';
import type { ChatRequest, ChatResult, JsonObject, Message, ToWireContext, UpstreamProtocol } from '../../types/index.ts';
import { createCollector } from '../shared/collect.ts';
import { ociCohere, ociEmbeddings, ociGeneric, ociRerank } from './index.ts';

const context = (dropped: string[] = []): ToWireContext => ({
  model: 'some.model',
  provider: 'oci',
  from: 'openai-chat',
  traits: {},
  quirks: { noStreamOptions: true },
  dropParams: false,
  drop: (what) => void dropped.push(what),
  lacks: (what) => {
    throw new Error(`lacks ${what}`);
  },
});

const chatRequest = (protocol: UpstreamProtocol, request: Partial<ChatRequest>, dropped?: string[]): JsonObject =>
  protocol.request.toWire({ model: 'm', stream: false, unknown: {}, messages: [], ...request }, context(dropped)).body[
    'chatRequest'
  ] as JsonObject;

const text = (value: string) => ({ type: 'text' as const, text: value });
const call = (id: string, name: string, args: string) => ({
  type: 'tool-call' as const,
  kind: 'function' as const,
  id,
  name,
  arguments: args,
});
const result = (callId: string, value: string) => ({ type: 'tool-result' as const, callId, content: [text(value)] });

const streamed = (protocol: UpstreamProtocol, events: object[], cuts: number[] = []): ChatResult => {
  const bytes = new TextEncoder().encode(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''));
  const collector = createCollector();
  const decoder = protocol.stream.decoder();
  const parser = createSseParser((event) => decoder.push(event, collector.push));
  const at = [0, ...cuts.map((cut) => cut % bytes.length).toSorted((a, b) => a - b), bytes.length];
  for (let i = 1; i < at.length; i++) parser.push(bytes.subarray(at[i - 1], at[i]));
  decoder.close(collector.push);
  return collector.result();
};
const anyCuts = fc.array(fc.nat(), { maxLength: 12 });

describe('the generic format', () => {
  test("OpenAI's members by Oracle's names", () => {
    const png = { kind: 'base64' as const, data: 'AA', mediaType: 'image/png' };
    const body = chatRequest(ociGeneric, {
      messages: [
        { role: 'system', content: [text('Be brief.')] },
        { role: 'user', content: [text('See'), { type: 'image', source: png, detail: 'low' }] },
        { role: 'assistant', content: [call('c1', 'f', '{"a":1}')] },
        { role: 'tool', content: [result('c1', 'ok')] },
      ],
      tools: [{ type: 'function', name: 'f', description: 'F', parameters: { type: 'object' } }],
      toolChoice: { type: 'tool', name: 'f' },
      responseFormat: { type: 'json-schema', name: 'n', schema: { type: 'object' }, strict: true },
      maxOutputTokens: 5,
      topP: 0.5,
      logprobs: true,
      topLogprobs: 2,
      parallelToolCalls: false,
      reasoning: { effort: 'low' },
      stream: true,
      unknown: { vendorOwn: 1 },
    });
    expect(body).toEqual({
      vendorOwn: 1,
      apiFormat: 'GENERIC',
      messages: [
        { role: 'SYSTEM', content: [{ type: 'TEXT', text: 'Be brief.' }] },
        {
          role: 'USER',
          content: [
            { type: 'TEXT', text: 'See' },
            { type: 'IMAGE', imageUrl: { url: 'data:image/png;base64,AA', detail: 'LOW' } },
          ],
        },
        { role: 'ASSISTANT', content: null, toolCalls: [{ id: 'c1', type: 'FUNCTION', name: 'f', arguments: '{"a":1}' }] },
        { role: 'TOOL', content: [{ type: 'TEXT', text: 'ok' }], toolCallId: 'c1' },
      ],
      tools: [{ type: 'FUNCTION', name: 'f', description: 'F', parameters: { type: 'object' } }],
      toolChoice: { type: 'FUNCTION', name: 'f' },
      responseFormat: { type: 'JSON_SCHEMA', jsonSchema: { name: 'n', schema: { type: 'object' }, isStrict: true } },
      maxTokens: 5,
      topP: 0.5,
      logProbs: 2,
      isParallelToolCalls: false,
      reasoningEffort: 'LOW',
      isStream: true,
      streamOptions: { isIncludeUsage: true },
    });
  });

  test('what is for records is left out and said', () => {
    const dropped: string[] = [];
    expect(chatRequest(ociGeneric, { user: 'u', store: true }, dropped)).not.toHaveProperty('user');
    expect(dropped.sort()).toEqual(['store', 'user']);
  });

  const usage = {
    promptTokens: 9,
    completionTokens: 7,
    totalTokens: 16,
    completionTokensDetails: { reasoningTokens: 3 },
    promptTokensDetails: { cachedTokens: 4 },
  };
  const wanted = {
    candidates: [
      {
        content: [
          { type: 'thinking', text: 'Hm.' },
          { type: 'text', text: 'Grüße!' },
          { type: 'tool-call', id: 'c1', name: 'f', arguments: '{"a":1}' },
          { type: 'tool-call', id: 'c2', name: 'g', arguments: '{}' },
        ],
        finishReason: 'tool-calls',
      },
    ],
    usage: { inputTokens: 5, cacheReadTokens: 4, outputTokens: 4, reasoningTokens: 3 },
  };

  test('a whole answer', () => {
    const message = {
      role: 'ASSISTANT',
      reasoningContent: 'Hm.',
      content: [
        { type: 'TEXT', text: 'Grü' },
        { type: 'TEXT', text: 'ße!' },
      ],
      toolCalls: [
        { type: 'FUNCTION', id: 'c1', name: 'f', arguments: '{"a":1}' },
        { type: 'FUNCTION', id: 'c2', name: 'g', arguments: '{}' },
      ],
    };
    const read = ociGeneric.response.fromWire({
      modelId: 'meta.llama',
      chatResponse: { timeCreated: '2026-11-22T00:00:00Z', choices: [{ index: 0, message, finishReason: 'tool_calls' }], usage },
    });
    expect(read).toMatchObject({ ...wanted, model: 'meta.llama', createdAt: 1_795_305_600 });
    expect(() => ociGeneric.response.fromWire({ chatResponse: {} })).toThrow('without choices');
  });

  test('FP-19: a stream with fragments of calls that have no numbers, cut anywhere', () => {
    const message = (value: object) => ({ index: 0, message: { role: 'ASSISTANT', ...value }, pad: 'aaa' });
    const toolCall = (value: object) => message({ toolCalls: [{ type: 'FUNCTION', ...value }] });
    const events = [
      message({ reasoningContent: 'Hm.' }),
      message({ content: [{ type: 'TEXT', text: 'Grü' }] }),
      message({ content: [{ type: 'TEXT', text: 'ße!' }] }),
      toolCall({ id: 'c1', name: 'f', arguments: '' }),
      toolCall({ arguments: '{"a"' }),
      toolCall({ id: 'c1', arguments: ':1}' }),
      toolCall({ id: 'c2', name: 'g', arguments: '{}' }),
      { index: 0, finishReason: 'tool_calls', pad: 'a' },
      { usage, pad: 'aa' },
    ];
    fc.assert(fc.property(anyCuts, (cuts) => void expect(streamed(ociGeneric, events, cuts)).toMatchObject(wanted)));
  });
});

describe("Cohere's format", () => {
  const tools = [
    {
      type: 'function' as const,
      name: 'f',
      description: 'F',
      parameters: {
        type: 'object',
        properties: { city: { type: 'string', description: 'Where.' }, days: { type: 'array', items: { type: 'integer' } } },
        required: ['city'],
      },
    },
  ];

  test('what is said last stands apart from the history', () => {
    const body = chatRequest(ociCohere, {
      messages: [
        { role: 'system', content: [text('Be brief.')] },
        { role: 'user', content: [text('One')] },
        { role: 'assistant', content: [text('Two')] },
        { role: 'user', content: [text('Three')] },
      ],
      tools,
      maxOutputTokens: 5,
      stop: ['x'],
      responseFormat: { type: 'json-schema', schema: { type: 'object' } },
    });
    expect(body).toEqual({
      apiFormat: 'COHERE',
      preambleOverride: 'Be brief.',
      message: 'Three',
      chatHistory: [
        { role: 'USER', message: 'One' },
        { role: 'CHATBOT', message: 'Two' },
      ],
      tools: [
        {
          name: 'f',
          description: 'F',
          parameterDefinitions: {
            city: { description: 'Where.', type: 'str', isRequired: true },
            days: { description: 'JSON Schema: {"type":"array","items":{"type":"integer"}}', type: 'list', isRequired: false },
          },
        },
      ],
      maxTokens: 5,
      stopSequences: ['x'],
      responseFormat: { type: 'JSON_OBJECT', schema: { type: 'object' } },
    });
  });

  test('results come with their calls; those of this turn stand apart', () => {
    const messages: Message[] = [
      { role: 'user', content: [text('Go')] },
      { role: 'assistant', content: [call('c1', 'f', '{"a":1}')] },
      { role: 'tool', content: [result('c1', 'first')] },
      { role: 'assistant', content: [text('And'), call('c2', 'g', '')] },
      { role: 'tool', content: [result('c2', '{"n":2}')] },
    ];
    expect(chatRequest(ociCohere, { messages })).toMatchObject({
      message: '',
      chatHistory: [
        { role: 'USER', message: 'Go' },
        { role: 'CHATBOT', message: '', toolCalls: [{ name: 'f', parameters: { a: 1 } }] },
        { role: 'TOOL', toolResults: [{ call: { name: 'f', parameters: { a: 1 } }, outputs: [{ output: 'first' }] }] },
        { role: 'CHATBOT', message: 'And', toolCalls: [{ name: 'g', parameters: {} }] },
      ],
      toolResults: [{ call: { name: 'g', parameters: {} }, outputs: [{ n: 2 }] }],
    });
  });

  test('a choice of tools that it cannot say is refused; none at all offers none', () => {
    expect(() => chatRequest(ociCohere, { tools, toolChoice: { type: 'required' } })).toThrow('lacks tool_choice');
    expect(chatRequest(ociCohere, { tools, toolChoice: { type: 'none' } })).not.toHaveProperty('tools');
  });

  const usage = { promptTokens: 9, completionTokens: 7, totalTokens: 16 };

  test.each([
    ['COMPLETE', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['ERROR_LIMIT', 'length'],
    ['ERROR_TOXIC', 'content-filter'],
    ['USER_CANCEL', 'error'],
  ])('a whole answer that ends with %s', (finishReason, reason) => {
    const read = ociCohere.response.fromWire({ modelId: 'cohere.command', chatResponse: { text: 'Hi', finishReason, usage } });
    expect(read).toMatchObject({
      candidates: [{ content: [{ type: 'text', text: 'Hi' }], finishReason: reason }],
      usage: { inputTokens: 9, outputTokens: 7 },
    });
  });

  test('FP-19: a stream whose last event says all again, cut anywhere', () => {
    const toolCalls = [{ name: 'f', parameters: { a: 1 } }];
    const events = [
      { apiFormat: 'COHERE', text: 'Grü', pad: 'a' },
      { apiFormat: 'COHERE', text: 'ße!' },
      { apiFormat: 'COHERE', toolCalls },
      { apiFormat: 'COHERE', text: 'Grüße!', chatHistory: [], toolCalls, finishReason: 'COMPLETE', usage },
    ];
    fc.assert(
      fc.property(anyCuts, (cuts) => {
        const read = streamed(ociCohere, events, cuts);
        expect(read.candidates[0]).toMatchObject({
          content: [
            { type: 'text', text: 'Grüße!' },
            { type: 'tool-call', name: 'f', arguments: '{"a":1}' },
          ],
          finishReason: 'tool-calls',
        });
        expect(read.usage).toMatchObject({ inputTokens: 9, outputTokens: 7 });
      }),
    );
  });

  test('one event that is all of it', () => {
    expect(streamed(ociCohere, [{ text: 'Hi', chatHistory: [], finishReason: 'COMPLETE' }]).candidates[0]!.content).toMatchObject([
      { text: 'Hi' },
    ]);
  });
});

test.each([ociGeneric, ociCohere])('failures of $id: whole, and inside a stream', (protocol) => {
  const body = { code: 'NotAuthenticated', message: 'The required information to complete authentication was not provided.' };
  expect(protocol.errors.fromWire({ status: 401, headers: new Headers(), body: JSON.stringify(body) })).toMatchObject({
    code: 'authentication',
    message: body.message,
    upstream: { code: 'NotAuthenticated' },
  });
  expect(() => streamed(protocol, [body])).toThrow(body.message);
});

test('embeddings and reranking', () => {
  expect(
    ociEmbeddings.request.toWire(
      { model: 'm', input: ['a'], dimensions: 3, unknown: { input_type: 'search_query', truncate: 'end' } },
      context(),
    ),
  ).toEqual({
    servingMode: { servingType: 'ON_DEMAND', modelId: 'some.model' },
    inputs: ['a'],
    inputType: 'SEARCH_QUERY',
    truncate: 'END',
    outputDimensions: 3,
  });
  expect(ociEmbeddings.response.fromWire({ modelId: 'm', embeddings: [[1], [2]], inputTextTokenCounts: [3, 4] })).toEqual({
    model: 'm',
    embeddings: [[1], [2]],
    usage: { inputTokens: 7, outputTokens: 0 },
  });
  expect(ociRerank.request.toWire({ model: 'm', query: 'q', documents: ['a', { text: 'b' }], topN: 1, unknown: {} }, context())).toEqual({
    servingMode: { servingType: 'ON_DEMAND', modelId: 'some.model' },
    input: 'q',
    documents: ['a', 'b'],
    topN: 1,
  });
  expect(
    ociRerank.response.fromWire({ id: 'r', modelId: 'm', documentRanks: [{ index: 1, relevanceScore: 0.5, document: { text: 'b' } }] }),
  ).toEqual({
    id: 'r',
    model: 'm',
    results: [{ index: 1, relevanceScore: 0.5, document: { text: 'b' } }],
  });
});
