import { describe, expect, test } from 'bun:test';
import { SluiceError, type ChatRequest, type JsonObject, type ToWireContext, type WireEvent } from '../../types/index.ts';
import { createCollector } from '../shared/collect.ts';
import { sagemakerEmbeddings, sagemakerGenerate } from './index.ts';
import { templateOf } from './templates.ts';

const said = (role: 'system' | 'user' | 'assistant', text: string) => ({ role, content: [{ type: 'text' as const, text }] });

const contextOf = (model: string, options: JsonObject | undefined, dropped: string[] = []): ToWireContext => ({
  model,
  provider: 'sagemaker',
  from: 'openai-chat',
  traits: {},
  quirks: {},
  dropParams: false,
  ...(options && { options }),
  drop: (what) => void dropped.push(what),
  lacks: (parameter) => {
    throw new SluiceError('unsupported_parameter', parameter, { param: parameter });
  },
});

const wire = (request: Partial<ChatRequest>, model = 'my-endpoint', options?: JsonObject): JsonObject =>
  sagemakerGenerate.request.toWire(
    { model: 'm', messages: [said('user', 'Hi')], stream: false, unknown: {}, ...request },
    contextOf(model, options),
  ).body;

describe('requests', () => {
  test('a text with its parameters, which hold what else the client says', () => {
    expect(wire({ maxOutputTokens: 9, temperature: 0.5, stop: ['|'], stream: true, unknown: { repetition_penalty: 1.1 } })).toEqual({
      inputs: 'Hi',
      parameters: {
        return_full_text: false,
        details: true,
        max_new_tokens: 9,
        temperature: 0.5,
        do_sample: true,
        stop: ['|'],
        repetition_penalty: 1.1,
      },
      stream: true,
    });
  });

  test('a temperature of 0, which the containers refuse, is the likeliest word each time', () => {
    expect(wire({ temperature: 0 })['parameters']).toEqual({ return_full_text: false, details: true, do_sample: false });
  });

  test.each<[string, JsonObject | undefined, string]>([
    ['my-endpoint', undefined, 'Hi'],
    ['my-endpoint', { hf_model_name: 'meta-llama/Llama-2-7b-chat-hf' }, '<s>[INST] Hi [/INST]'],
    [
      'jumpstart-dft-meta-llama-3-8b-instruct',
      undefined,
      '<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n',
    ],
    ['my-endpoint', { hf_model_name: 'mistralai/Mistral-7B-Instruct-v0.3' }, '<s>[INST] Hi [/INST]'],
    ['my-endpoint', { hf_model_name: 'HuggingFaceH4/zephyr-7b-beta' }, '<|user|>\nHi</s>\n<|assistant|>\n'],
    ['my-endpoint', { hf_model_name: 'google/gemma-2-9b-it' }, '<bos><start_of_turn>user\nHi<end_of_turn>\n<start_of_turn>model\n'],
    ['my-endpoint', { hf_model_name: 'Qwen/Qwen3-8B' }, '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n'],
  ])('the template of %s %j', (model, options, inputs) => expect(wire({}, model, options)['inputs']).toBe(inputs));

  test('a model that is not known gets plain turns', () => {
    expect(templateOf('my-endpoint')).toBe('plain');
    expect(
      wire({ messages: [said('system', 'Be brief.'), said('user', 'One'), said('assistant', 'Two'), said('user', 'Three')] })['inputs'],
    ).toBe('System: Be brief.\n\nUser: One\n\nAssistant: Two\n\nUser: Three\n\nAssistant:');
  });

  test('what it cannot do is refused by name', () => {
    expect(() => wire({ tools: [{ type: 'function', name: 'f' }] })).toThrow('tools');
    // `best_of` gives the best of several, and not several.
    expect(() => wire({ candidateCount: 2 })).toThrow('n');
    expect(() => wire({ reasoning: { effort: 'low' } })).toThrow('reasoning_effort');
  });
});

const streamed = (events: readonly WireEvent[]): unknown[] => {
  const collector = createCollector();
  const decoder = sagemakerGenerate.stream.decoder();
  for (const event of events) decoder.push(event, collector.push);
  decoder.close(collector.push);
  const { candidates, usage } = collector.result();
  return [candidates[0]!.content, candidates[0]!.finishReason, usage && [usage.inputTokens, usage.outputTokens]];
};
const json = (value: object): WireEvent => ({ data: JSON.stringify(value) });
const text = (value: string) => [{ type: 'text', text: value }];

describe('answers', () => {
  const details = { finish_reason: 'length', generated_tokens: 3, prefill: [{}, {}] };
  test.each<[string, JsonObject, unknown, string, number[] | undefined]>([
    ['in a list', { list: [{ generated_text: 'Hé.', details }] }, text('Hé.'), 'length', [2, 3]],
    ['alone', { generated_text: 'Hé.', details: { ...details, finish_reason: 'eos_token', input_length: 5 } }, text('Hé.'), 'stop', [5, 3]],
    ['without details', { list: [{ generated_text: 'Hé.' }] }, text('Hé.'), 'stop', undefined],
    ['in a list of a list', { list: [[{ generated_text: 'Hé.' }]] }, text('Hé.'), 'stop', undefined],
    ['a turn of a dialog', { list: [{ generation: { role: 'assistant', content: 'Hé.' } }] }, text('Hé.'), 'stop', undefined],
    ['a generation', { generation: 'Hé.' }, text('Hé.'), 'stop', undefined],
    ['outputs', { outputs: ['Hé.'] }, text('Hé.'), 'stop', undefined],
  ])('%s', (_, body, content, finish, counts) => {
    const { candidates, usage } = sagemakerGenerate.response.fromWire(body);
    expect(candidates[0]).toMatchObject({ content, finishReason: finish });
    expect(usage && [usage.inputTokens, usage.outputTokens]).toEqual(counts);
  });

  test('an error in a 200', () => {
    expect(() => sagemakerGenerate.response.fromWire({ error: 'Request failed during generation', error_type: 'generation' })).toThrow(
      'during generation',
    );
    expect(() => sagemakerGenerate.response.fromWire({ hello: 1 })).toThrow(SluiceError);
  });

  test('tokens, of which the last event has the sum', () => {
    const token = (value: string, special = false) => json({ token: { id: 1, text: value, special }, generated_text: null, details: null });
    const last = json({
      token: { id: 2, text: '</s>', special: true },
      generated_text: 'Hé.',
      details: { ...details, finish_reason: 'eos_token', input_length: 5 },
    });
    expect(streamed([token('H'), token('é.'), last])).toEqual([text('Hé.'), 'stop', [5, 3]]);
    expect(() => streamed([token('H')])).toThrow('complete');
  });

  test('outputs in pieces have no end mark', () => {
    expect(streamed([json({ outputs: ['H'] }), json({ outputs: ['é.'] })])).toEqual([text('Hé.'), 'stop', undefined]);
  });

  test("a failure of the stream is SageMaker's", () => {
    const failed = {
      event: 'ModelStreamErrorException',
      data: '{"Message":"Your invocation timed out","ErrorCode":"ModelInvocationTimeExceeded"}',
    };
    expect(() => streamed([failed])).toThrow('timed out');
  });
});

describe('failures', () => {
  const failure = (status: number, body: object, headers: Record<string, string> = {}) =>
    sagemakerGenerate.errors.fromWire({ status, headers: new Headers(headers), body: JSON.stringify(body) });

  test('what the container answered counts, and not the 424 around it', () => {
    const said = { ErrorCode: 'CLIENT_ERROR_FROM_MODEL', Message: 'Received client error (422)', OriginalStatusCode: 422 };
    const long = '{"error":"`inputs` tokens + `max_new_tokens` must be <= 4096","error_type":"validation"}';
    expect(failure(424, { ...said, OriginalMessage: long })).toMatchObject({ code: 'context_window_exceeded', status: 422 });
    expect(failure(424, { ...said, OriginalStatusCode: 503, OriginalMessage: 'busy' })).toMatchObject({
      code: 'unavailable',
      status: 503,
      message: 'busy',
    });
  });

  test("AWS's own", () => {
    expect(failure(400, { Message: 'Endpoint x not found.' }, { 'x-amzn-errortype': 'ValidationError' })).toMatchObject({
      status: 400,
      message: 'Endpoint x not found.',
    });
  });
});

describe('embeddings', () => {
  const body = (model: string, more: object = {}) =>
    sagemakerEmbeddings.request.toWire({ model: 'm', input: ['a', 'b'], unknown: {}, ...more }, contextOf(model, undefined));

  test.each<[string, object, JsonObject]>([
    ['my-endpoint', {}, { inputs: ['a', 'b'] }],
    ['jumpstart-dft-hf-textembedding-gpt-j-6b', {}, { text_inputs: ['a', 'b'] }],
    ['my-voyage-3', { dimensions: 256 }, { input: ['a', 'b'], output_dimension: 256 }],
    ['cohere-embed-v4', { unknown: { input_type: 'search_query' } }, { texts: ['a', 'b'], input_type: 'search_query' }],
  ])('%s', (model, more, wanted) => expect(body(model, more)).toEqual(wanted));

  test('what is lacking is said', () => {
    expect(() => body('my-endpoint', { dimensions: 8 })).toThrow('dimensions');
    expect(() => body('my-endpoint', { input: [[1, 2]] })).toThrow('token ids');
  });

  test.each<[JsonObject, number[][], number | undefined]>([
    [
      {
        list: [
          [1, 2],
          [3, 4],
        ],
      },
      [
        [1, 2],
        [3, 4],
      ],
      undefined,
    ],
    [{ list: [1, 2] }, [[1, 2]], undefined],
    [{ embedding: [[1, 2]] }, [[1, 2]], undefined],
    [{ embeddings: { float: [[1, 2]] } }, [[1, 2]], undefined],
    [{ data: [{ embedding: [1, 2] }], usage: { total_tokens: 4 } }, [[1, 2]], 4],
  ])('%j', (answer, embeddings, tokens) => {
    const result = sagemakerEmbeddings.response.fromWire(answer);
    expect([result.embeddings, result.usage?.inputTokens]).toEqual([embeddings, tokens]);
  });

  test.each([[{}], [{ list: [[[1], [2]]] }]])('%j is none', (answer) =>
    expect(() => sagemakerEmbeddings.response.fromWire(answer)).toThrow(SluiceError),
  );
});
