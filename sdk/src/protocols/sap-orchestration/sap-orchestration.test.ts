import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { createSseParser } from '../../lib/sse.ts';
import type { ChatRequest, JsonObject, ToWireContext } from '../../types/index.ts';
import { createCollector } from '../shared/collect.ts';
import { sapEmbeddings, sapOrchestration } from './index.ts';

const context = (dropped: string[] = [], model = 'anthropic--claude-4-sonnet'): ToWireContext => ({
  model,
  provider: 'sap',
  from: 'anthropic-messages',
  traits: {},
  quirks: {},
  dropParams: false,
  drop: (what) => void dropped.push(what),
  lacks: (what) => {
    throw new Error(`lacks ${what}`);
  },
});

const written = (request: Partial<ChatRequest>, given = context()): JsonObject =>
  sapOrchestration.request.toWire({ model: 'm', stream: false, unknown: {}, messages: [], ...request }, given).body;
const text = (value: string) => ({ type: 'text' as const, text: value });

describe('requests', () => {
  test('the call is one module, the others stand beside it', () => {
    const filtering = { input: { filters: [] } };
    const body = written({
      messages: [{ role: 'user', content: [text('Hi')] }],
      tools: [{ type: 'function', name: 'f', parameters: { type: 'object' } }],
      toolChoice: { type: 'required' },
      maxOutputTokens: 5,
      stream: true,
      topK: 4,
      unknown: { filtering, model_version: '7' },
    });
    expect(body).toEqual({
      config: {
        modules: {
          prompt_templating: {
            prompt: {
              template: [{ role: 'user', content: 'Hi' }],
              tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }],
            },
            model: {
              name: 'anthropic--claude-4-sonnet',
              version: '7',
              params: { max_tokens: 5, tool_choice: 'required', top_k: 4, stream_options: { include_usage: true } },
            },
          },
          filtering,
        },
        stream: { enabled: true },
      },
    });
  });

  test('what a user writes is never filled in', () => {
    const body = written({
      messages: [
        { role: 'system', content: [text('Use {{?secret}}.')] },
        { role: 'user', content: [text('plain'), text('and {{?text_1}}')] },
      ],
      unknown: { placeholder_values: { own: 'x' } },
    });
    expect(body['placeholder_values']).toEqual({ own: 'x', text_1: 'Use {{?secret}}.', text_2: 'and {{?text_1}}' });
    expect(JSON.stringify(body['config'])).toContain('"content":"{{?text_1}}"');
    expect(JSON.stringify(body['config'])).toContain('"text":"{{?text_2}}"');
  });

  test('FP-16: Claude gets the thoughts back that it signed, others get none', () => {
    const signed = { type: 'thinking' as const, text: 'Hm.', signature: { origin: 'anthropic', value: 'sig' } };
    const messages = [
      { role: 'assistant' as const, content: [text('before')] },
      { role: 'user' as const, content: [text('Go')] },
      { role: 'assistant' as const, content: [signed, { type: 'thinking' as const, text: 'unsigned' }, text('after')] },
    ];
    const templateOf = (body: JsonObject) =>
      (body as { config: { modules: { prompt_templating: { prompt: { template: JsonObject[] } } } } }).config.modules.prompt_templating
        .prompt.template;
    const dropped: string[] = [];
    expect(templateOf(written({ messages }, context(dropped)))).toEqual([
      { role: 'assistant', content: 'before' },
      { role: 'user', content: 'Go' },
      { role: 'assistant', content: 'after', reasoning_content: [{ content: 'Hm.', signature: 'sig' }] },
    ]);
    expect(dropped).toEqual(['thinking']);
    expect(templateOf(written({ messages }, context([], 'gpt-4o')))[2]).toEqual({ role: 'assistant', content: 'after' });
  });

  test('what is for records is left out and said', () => {
    const dropped: string[] = [];
    written({ user: 'u', store: true, messages: [{ role: 'user', name: 'Ada', content: [text('Hi')] }] }, context(dropped));
    expect(dropped.sort()).toEqual(['name', 'store', 'user']);
  });
});

describe('answers', () => {
  const usage = { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 };
  const wanted = [
    { type: 'thinking', text: 'Hm.', signature: { origin: 'anthropic', value: 'sig' } },
    { type: 'text', text: 'Grüße!' },
  ];

  test.each(['final_result', 'orchestration_result'])('whole, as %s', (name) => {
    const result = sapOrchestration.response.fromWire({
      request_id: 'r',
      [name]: {
        id: 'x',
        object: 'chat.completion',
        model: 'claude',
        choices: [
          {
            index: 0,
            message: { role: 'assistant', content: 'Grüße!', reasoning_content: [{ content: 'Hm.', signature: 'sig' }] },
            finish_reason: 'stop',
          },
        ],
        usage,
      },
    });
    expect(result).toMatchObject({ candidates: [{ content: wanted, finishReason: 'stop' }], usage: { inputTokens: 9, outputTokens: 4 } });
  });

  test('none at all is no answer', () => {
    expect(() => sapOrchestration.response.fromWire({ request_id: 'r' })).toThrow('without a result');
  });

  test('FP-19: a stream without an end mark, cut anywhere', () => {
    const chunk = (delta: object, finish = '', more = {}) => ({
      request_id: 'r',
      final_result: {
        id: 'x',
        object: 'chat.completion.chunk',
        created: 1,
        model: 'claude',
        choices: [{ index: 0, delta, finish_reason: finish }],
        ...more,
      },
    });
    const events = [
      { request_id: 'r', intermediate_results: { templating: [{ role: 'user', content: 'Hi' }] } },
      chunk({ role: 'assistant', content: '', reasoning_content: [{ content: 'Hm.' }] }),
      chunk({ content: '', reasoning_content: [{ content: '', signature: 'sig' }] }),
      chunk({ content: 'Grü' }),
      chunk({ content: 'ße!' }, 'stop', { usage }),
    ];
    const bytes = new TextEncoder().encode(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''));
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
        const collector = createCollector();
        const decoder = sapOrchestration.stream.decoder();
        const parser = createSseParser((event) => decoder.push(event, collector.push));
        const at = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        for (let i = 1; i < at.length; i++) parser.push(bytes.subarray(at[i - 1], at[i]));
        decoder.close(collector.push);
        expect(collector.result()).toMatchObject({
          candidates: [{ content: wanted, finishReason: 'stop' }],
          usage: { inputTokens: 9, outputTokens: 4 },
        });
      }),
    );
  });

  test('failures: one, a list of them, and one inside a stream', () => {
    const failure = { request_id: 'r', code: 429, message: 'Too much.', location: 'LLM Module' };
    const read = (body: object, status = 429) =>
      sapOrchestration.errors.fromWire({ status, headers: new Headers(), body: JSON.stringify(body) });
    expect(read({ error: failure })).toMatchObject({ code: 'rate_limited', message: 'Too much.' });
    expect(read({ error: [{ ...failure, message: 'First.' }, failure] })).toMatchObject({ code: 'rate_limited', message: 'Too much.' });
    const collector = createCollector();
    const decoder = sapOrchestration.stream.decoder();
    decoder.push({ data: JSON.stringify({ error: failure }) }, collector.push);
    expect(() => collector.result()).toThrow('Too much.');
  });
});

test('embeddings', () => {
  const request = { model: 'm', input: ['a'], dimensions: 3, unknown: { input_type: 'query', masking: { providers: [] } } };
  expect(sapEmbeddings.request.toWire(request, context([], 'text-embedding-3-small'))).toEqual({
    config: {
      modules: { embeddings: { model: { name: 'text-embedding-3-small', params: { dimensions: 3 } } }, masking: { providers: [] } },
    },
    input: { text: ['a'], type: 'query' },
  });
  const data = [
    { index: 1, embedding: { float: [2], base64: 'AA==' } },
    { index: 0, embedding: [1] },
    { index: 2, embedding: 'AAAA' },
  ];
  expect(sapEmbeddings.response.fromWire({ final_result: { data, model: 'm', usage: { prompt_tokens: 5, total_tokens: 5 } } })).toEqual({
    model: 'm',
    embeddings: [[1], [2], 'AAAA'],
    usage: { inputTokens: 5, outputTokens: 0 },
  });
});
