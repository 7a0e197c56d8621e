import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { createSseParser } from '../../lib/sse.ts';
import type { ChatRequest, ChatResult, ToWireContext, UpstreamProtocol } from '../../types/index.ts';
import { createCollector } from '../shared/collect.ts';
import { watsonxChat, watsonxEmbeddings, watsonxRerank, watsonxText } from './index.ts';

const made = (given: Partial<ToWireContext> = {}) => {
  const dropped: string[] = [];
  const context: ToWireContext = {
    model: 'ibm/granite-4-h-small',
    provider: 'watsonx',
    from: 'openai-chat',
    traits: {},
    quirks: { noStreamOptions: true },
    dropParams: false,
    drop: (what) => void dropped.push(what),
    lacks: (what) => {
      throw new Error(`lacks ${what}`);
    },
    ...given,
  };
  return { context, dropped };
};

const asking = (request: Partial<ChatRequest>): ChatRequest => ({
  model: 'm',
  stream: false,
  unknown: {},
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
  ...request,
});

/** The stream cut at random places. */
const streamed = (protocol: UpstreamProtocol, text: string, cuts: number[]): ChatResult => {
  const bytes = new TextEncoder().encode(text);
  const collector = createCollector();
  const decoder = protocol.stream.decoder();
  const parser = createSseParser((event) => decoder.push(event, collector.push));
  const at = [0, ...cuts.map((cut) => cut % bytes.length).toSorted((a, b) => a - b), bytes.length];
  for (let i = 1; i < at.length; i++) parser.push(bytes.subarray(at[i - 1], at[i]));
  decoder.close(collector.push);
  return collector.result();
};
const anyCuts = fc.array(fc.nat(), { maxLength: 12 });
const frame = (value: unknown, id: number) => `id: ${id}\nevent: message\ndata: ${JSON.stringify(value)}\n\n`;

describe('chat', () => {
  const tool = {
    type: 'function',
    name: 'f',
    strict: true,
    parameters: {
      type: 'object',
      additionalProperties: false,
      properties: { strict: { type: 'object', additionalProperties: false, properties: { additionalProperties: { type: 'string' } } } },
    },
  } as const;

  test('the model is named otherwise, tools lose what is not known there, and are chosen in two ways', () => {
    const { context, dropped } = made();
    const write = (request: Partial<ChatRequest>) => watsonxChat.request.toWire(asking({ tools: [tool], ...request }), context).body;
    const body = write({ toolChoice: { type: 'required' } });
    expect(body).toMatchObject({ model_id: 'ibm/granite-4-h-small', tool_choice_option: 'required' });
    expect(body).not.toHaveProperty('model');
    expect(body).not.toHaveProperty('tool_choice');
    expect((body['tools'] as { function: object }[])[0]!.function).toEqual({
      name: 'f',
      parameters: {
        type: 'object',
        properties: { strict: { type: 'object', properties: { additionalProperties: { type: 'string' } } } },
      },
    });
    expect(dropped).toEqual(['tools.strict']);
    expect(write({ toolChoice: { type: 'tool', name: 'f' } })).toMatchObject({
      tool_choice: { type: 'function', function: { name: 'f' } },
    });
  });

  test('a deployment is not named in the body', () => {
    const { body } = watsonxChat.request.toWire(asking({}), made({ model: 'deployment/d-1' }).context);
    expect(Object.keys(body).sort()).toEqual(['messages']);
  });

  test('FP-19: an answer, whole and as a stream without an end mark, cut anywhere', () => {
    const facts = { id: 'chat-1', model_id: 'ibm/granite', created: 1_700_000_000, created_at: '2026-01-01T00:00:00Z' };
    const usage = { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 };
    const whole = watsonxChat.response.fromWire({
      ...facts,
      choices: [{ index: 0, message: { role: 'assistant', content: 'Grüße!', reasoning_content: 'Hm.' }, finish_reason: 'stop' }],
      usage,
    });
    expect(whole).toMatchObject({
      model: 'ibm/granite',
      candidates: [{ finishReason: 'stop' }],
      usage: { inputTokens: 9, outputTokens: 4 },
    });
    const text = [
      { ...facts, choices: [{ index: 0, delta: { role: 'assistant', reasoning_content: 'Hm.' }, finish_reason: null }] },
      { ...facts, choices: [{ index: 0, delta: { content: 'Grü' }, finish_reason: null }] },
      { ...facts, choices: [{ index: 0, delta: { content: 'ße!' }, finish_reason: 'stop' }] },
      { ...facts, choices: [], usage },
    ].map(frame);
    fc.assert(
      fc.property(anyCuts, (cuts) => {
        const result = streamed(watsonxChat, text.join(''), cuts);
        expect(result.candidates[0]!.content.map((part) => ('text' in part ? part.text : ''))).toEqual(['Hm.', 'Grüße!']);
        expect(result.usage).toMatchObject({ inputTokens: 9, outputTokens: 4 });
      }),
    );
  });
});

describe('prompts', () => {
  const answer = (result: object) => ({ model_id: 'm', created_at: 'x', results: [result] });

  test('a conversation in the words of the model, with parameters under their names', () => {
    const { context } = made({ model: 'meta-llama/llama-3-3-70b-instruct' });
    const { body } = watsonxText.request.toWire(
      asking({
        maxOutputTokens: 5,
        temperature: 0.5,
        stop: ['x'],
        seed: 3,
        unknown: { repetition_penalty: 1.1, moderations: { hap: {} } },
      }),
      context,
    );
    expect(body).toEqual({
      model_id: 'meta-llama/llama-3-3-70b-instruct',
      input: '<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n',
      parameters: {
        decoding_method: 'sample',
        max_new_tokens: 5,
        temperature: 0.5,
        stop_sequences: ['x'],
        random_seed: 3,
        repetition_penalty: 1.1,
      },
      moderations: { hap: {} },
    });
  });

  test.each([
    [
      'openai-chat',
      'ibm/granite-3-8b-instruct',
      '<|start_of_role|>user<|end_of_role|>Hi<|end_of_text|>\n<|start_of_role|>assistant<|end_of_role|>',
    ],
    ['openai-completions', 'ibm/granite-3-8b-instruct', 'Hi'],
    ['openai-chat', 'google/flan-ul2', 'Hi'],
  ])('a client of %s asks %s', (from, model, input) => {
    expect(watsonxText.request.toWire(asking({}), made({ from, model }).context).body).toMatchObject({ input });
  });

  test('what a prompt cannot say is refused by name', () => {
    const tools = [{ type: 'function' as const, name: 'f' }];
    expect(() => watsonxText.request.toWire(asking({ tools }), made().context)).toThrow('lacks tools');
    expect(() => watsonxText.request.toWire(asking({ frequencyPenalty: 1 }), made().context)).toThrow('lacks frequency_penalty');
  });

  test.each([
    ['eos_token', 'stop'],
    ['max_tokens', 'length'],
    ['stop_sequence', 'stop-sequence'],
    ['TIME_LIMIT', 'length'],
    ['cancelled', 'error'],
  ])('%s is %s', (word, reason) => {
    const { candidates } = watsonxText.response.fromWire(answer({ generated_text: 'a', stop_reason: word }));
    expect(candidates[0]!.finishReason).toBe(reason as never);
  });

  test('FP-19: a stream whose counts grow, cut anywhere', () => {
    const text = [
      answer({ generated_text: 'Grü', generated_token_count: 1, input_token_count: 9, stop_reason: 'not_finished' }),
      answer({ generated_text: 'ße', generated_token_count: 2, input_token_count: 0, stop_reason: 'not_finished' }),
      answer({ generated_text: '!', generated_token_count: 3, input_token_count: 0, stop_reason: 'eos_token' }),
    ].map(frame);
    fc.assert(
      fc.property(anyCuts, (cuts) => {
        expect(streamed(watsonxText, text.join(''), cuts)).toMatchObject({
          candidates: [{ content: [{ type: 'text', text: 'Grüße!' }], finishReason: 'stop' }],
          usage: { inputTokens: 9, outputTokens: 3 },
        });
      }),
    );
  });

  test('one that breaks off is no answer', () => {
    const text = frame(answer({ generated_text: 'a', stop_reason: 'not_finished' }), 1);
    expect(() => streamed(watsonxText, text, [])).toThrow('before the answer was complete');
  });
});

describe('failures', () => {
  const body = { errors: [{ code: 'model_not_supported', message: "Model 'x' is not supported" }], trace: 't-7', status_code: 404 };

  test.each([watsonxChat, watsonxText])('of $id: the vendor’s words', ({ errors }) => {
    expect(errors.fromWire({ status: 404, headers: new Headers(), body: JSON.stringify(body) })).toMatchObject({
      code: 'not_found',
      message: "Model 'x' is not supported",
      upstream: { code: 'model_not_supported', body },
    });
    expect(errors.fromWire({ status: 502, headers: new Headers(), body: '<html>' }).status).toBe(502);
  });

  test.each([watsonxChat, watsonxText])('of $id: inside a stream', (protocol) => {
    const failed = { errors: [{ code: 'downstream_request_failed', message: 'It broke' }], status_code: 500 };
    expect(() => streamed(protocol, `id: 2\nevent: error\ndata: ${JSON.stringify(failed)}\n\n`, [])).toThrow('It broke');
  });
});

describe('embeddings and reranking', () => {
  test('texts in, numbers out', () => {
    const { context } = made({ model: 'ibm/slate-125m' });
    expect(watsonxEmbeddings.request.toWire({ model: 'm', input: ['a', 'b'], unknown: { truncate_input_tokens: 9 } }, context)).toEqual({
      model_id: 'ibm/slate-125m',
      inputs: ['a', 'b'],
      parameters: { truncate_input_tokens: 9 },
    });
    expect(watsonxEmbeddings.response.fromWire({ model_id: 'm', results: [{ embedding: [1, 2] }], input_token_count: 3 })).toEqual({
      model: 'm',
      embeddings: [[1, 2]],
      usage: { inputTokens: 3, outputTokens: 0 },
    });
    expect(() => watsonxEmbeddings.request.toWire({ model: 'm', input: [[1]], unknown: {} }, context)).toThrow('texts alone');
    expect(() => watsonxEmbeddings.request.toWire({ model: 'm', input: ['a'], dimensions: 3, unknown: {} }, context)).toThrow(
      'lacks dimensions',
    );
  });

  test('documents in, an order out', () => {
    const { context } = made({ model: 'ms-marco' });
    const request = {
      model: 'm',
      query: 'q',
      documents: ['a', { text: 'b' }],
      topN: 1,
      returnDocuments: true,
      maxTokensPerDocument: 5,
      unknown: {},
    };
    expect(watsonxRerank.request.toWire(request, context)).toEqual({
      model_id: 'ms-marco',
      query: 'q',
      inputs: [{ text: 'a' }, { text: 'b' }],
      parameters: { truncate_input_tokens: 5, return_options: { top_n: 1, inputs: true } },
    });
    expect(
      watsonxRerank.response.fromWire({ model_id: 'm', results: [{ index: 1, score: 0.9, input: { text: 'b' } }], input_token_count: 4 }),
    ).toEqual({ model: 'm', results: [{ index: 1, relevanceScore: 0.9, document: { text: 'b' } }], usage: { inputTokens: 4 } });
    expect(() => watsonxRerank.response.fromWire({})).toThrow('order');
  });
});
