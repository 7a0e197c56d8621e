import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { createSseParser } from '../../lib/sse.ts';
import { SluiceError, type ChatResult, type JsonObject, type ToWireContext, type UpstreamProtocol } from '../../types/index.ts';
import { nlpCloudGeneration } from '../nlp-cloud-generation/index.ts';
import { openaiChat } from '../openai-chat/index.ts';
import { openaiCompletions } from '../openai-completions/index.ts';
import { createCollector } from '../shared/collect.ts';
import { tritonGenerate, tritonInfer } from '../triton-generate/index.ts';
import { tgiGenerate } from './index.ts';

const context = (model = 'm'): ToWireContext => ({
  model,
  provider: 'p',
  from: 'openai-chat',
  traits: {},
  quirks: {},
  dropParams: false,
  drop: () => {},
  lacks: (parameter) => {
    throw new SluiceError('unsupported_parameter', parameter, { param: parameter });
  },
});
const written = (protocol: UpstreamProtocol, body: JsonObject, model?: string): JsonObject =>
  protocol.request.toWire(openaiChat.request.fromWire({ model: 'm', ...body }), context(model)).body;
const talk = {
  messages: [
    { role: 'system', content: 'S' },
    { role: 'user', content: 'Hi' },
  ],
};
const sampled = { max_tokens: 9, temperature: 0.5, top_p: 0.9, stop: ['x'] };

describe('requests', () => {
  test('Text Generation Inference', () => {
    expect(written(tgiGenerate, { ...talk, ...sampled, seed: 1, stream: true, parameters: { repetition_penalty: 1.1 } })).toEqual({
      inputs: 'System: S\n\nUser: Hi\n\nAssistant:',
      parameters: {
        return_full_text: false,
        details: true,
        decoder_input_details: true,
        max_new_tokens: 9,
        temperature: 0.5,
        top_p: 0.9,
        stop: ['x'],
        seed: 1,
        repetition_penalty: 1.1,
      },
      stream: true,
    });
    expect(written(tgiGenerate, { ...talk, temperature: 0 })['parameters']).toMatchObject({ do_sample: false });
    expect(written(tgiGenerate, { ...talk, temperature: 0 })['parameters']).not.toHaveProperty('temperature');
  });

  test('a prompt of an old client reaches the model as it is', () => {
    const request = openaiCompletions.request.fromWire({ model: 'm', prompt: '<s>[INST] raw [/INST]', max_tokens: 3 });
    expect(tgiGenerate.request.toWire(request, context()).body['inputs']).toBe('<s>[INST] raw [/INST]');
  });

  test('Triton, in words', () => {
    expect(written(tritonGenerate, { ...talk, ...sampled, stream: true, parameters: { bad_words: ['y'] } }, 'llama-3-8b')).toEqual({
      text_input:
        '<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nS<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n',
      parameters: { max_tokens: 9, bad_words: ['y'], stop_words: ['x'], temperature: 0.5, top_p: 0.9 },
      stream: true,
    });
  });

  test('Triton, in tensors', () => {
    expect(written(tritonInfer, { messages: [{ role: 'user', content: 'Hi' }], ...sampled, temperature: 1 })).toEqual({
      inputs: [
        { name: 'text_input', shape: [1], datatype: 'BYTES', data: ['Hi'] },
        { name: 'max_tokens', shape: [1], datatype: 'INT32', data: [9] },
        { name: 'temperature', shape: [1], datatype: 'FP32', data: [1] },
        { name: 'top_p', shape: [1], datatype: 'FP32', data: [0.9] },
        { name: 'stop_words', shape: [1], datatype: 'BYTES', data: ['x'] },
      ],
    });
  });

  test('NLP Cloud', () => {
    expect(written(nlpCloudGeneration, { ...talk, ...sampled, stream: true }, 'finetuned-llama-3-70b')).toEqual({
      text: '<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nS<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n',
      length_no_input: true,
      remove_input: true,
      end_sequence: 'x',
      remove_end_sequence: true,
      max_length: 9,
      temperature: 0.5,
      top_p: 0.9,
      stream: true,
    });
    expect(() => written(nlpCloudGeneration, { ...talk, stop: ['x', 'y'] })).toThrow(expect.objectContaining({ param: 'stop' }));
  });
});

const text = (value: string) => ({ content: [{ type: 'text', text: value }] });

describe('whole answers', () => {
  test.each<[string, UpstreamProtocol, JsonObject, object]>([
    [
      'Text Generation Inference, in a list',
      tgiGenerate,
      { list: [{ generated_text: 'Hi', details: { finish_reason: 'length', generated_tokens: 2, prefill: [{}, {}, {}] } }] },
      { candidates: [{ ...text('Hi'), finishReason: 'length' }], usage: { inputTokens: 3, outputTokens: 2 } },
    ],
    ['and alone', tgiGenerate, { generated_text: 'Hi' }, { candidates: [{ ...text('Hi'), finishReason: 'stop' }] }],
    ['Triton', tritonGenerate, { model_name: 'e', text_output: 'Hi' }, { candidates: [{ ...text('Hi'), finishReason: 'stop' }] }],
    [
      'Triton, batched',
      tritonGenerate,
      { text_output: ['Hi'], stop_reason: 'length' },
      { candidates: [{ ...text('Hi'), finishReason: 'length' }] },
    ],
    [
      'Triton, in tensors',
      tritonInfer,
      {
        outputs: [
          { name: 'other', data: [1] },
          { name: 'text_output', data: ['Hi'] },
        ],
      },
      { candidates: [text('Hi')] },
    ],
    [
      'NLP Cloud',
      nlpCloudGeneration,
      { generated_text: 'Hi', nb_input_tokens: 5, nb_generated_tokens: 7 },
      { candidates: [text('Hi')], usage: { inputTokens: 5, outputTokens: 7 } },
    ],
  ])('%s', (_name, protocol, body, result) => {
    expect(protocol.response.fromWire(body)).toMatchObject(result);
  });

  test.each([tgiGenerate, tritonGenerate, tritonInfer, nlpCloudGeneration].map((protocol) => [protocol.id, protocol] as const))(
    '%s: what is none',
    (_id, protocol) => {
      expect(() => protocol.response.fromWire({ hello: 1 })).toThrow(expect.objectContaining({ code: 'invalid_response' }));
    },
  );
});

describe('streams, wherever they are cut', () => {
  const streams: readonly (readonly [string, UpstreamProtocol, string, object])[] = [
    [
      'Text Generation Inference',
      tgiGenerate,
      'data:{"index":1,"token":{"text":"He","special":false},"generated_text":null,"details":null}\n\ndata:{"token":{"text":"llö","special":false}}\n\ndata:{"token":{"text":"</s>","special":true},"generated_text":"Hellö","details":{"finish_reason":"eos_token","generated_tokens":3,"input_length":4}}\n\n',
      { candidates: [{ ...text('Hellö'), finishReason: 'stop' }], usage: { inputTokens: 4, outputTokens: 3 } },
    ],
    [
      'Triton',
      tritonGenerate,
      'data: {"model_name":"e","text_output":"He"}\n\ndata: {"model_name":"e","text_output":"llö"}\n\n',
      { candidates: [{ ...text('Hellö'), finishReason: 'stop' }] },
    ],
    ['NLP Cloud, bare', nlpCloudGeneration, 'data: He\n\ndata: llö\n\ndata:  you[DONE]\n\n', { candidates: [text('Hellö you')] }],
    [
      'NLP Cloud, JSON',
      nlpCloudGeneration,
      'data: {"generated_text":"He"}\n\ndata: {"generated_text":"llö","nb_input_tokens":5,"nb_generated_tokens":7}\n\ndata: [DONE]\n\n',
      { candidates: [text('Hellö')], usage: { inputTokens: 5, outputTokens: 7 } },
    ],
    ['NLP Cloud, a brace in a text', nlpCloudGeneration, 'data: {"a": 1}\n\ndata: [DONE]\n\n', { candidates: [text('{"a": 1}')] }],
  ];
  const read = (protocol: UpstreamProtocol, pieces: readonly Uint8Array[]): ChatResult => {
    const collector = createCollector();
    const decoder = protocol.stream.decoder();
    const parser = createSseParser((event) => decoder.push(event, collector.push));
    for (const piece of pieces) parser.push(piece);
    parser.close();
    decoder.close(collector.push);
    return collector.result();
  };

  test.each(streams)('%s', (_name, protocol, wire, result) => {
    const bytes = new TextEncoder().encode(wire);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 20 }), (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        expect(
          read(
            protocol,
            at.slice(1).map((end, index) => bytes.subarray(at[index], end)),
          ),
        ).toMatchObject(result);
      }),
    );
  });

  test.each<[UpstreamProtocol, string, object]>([
    [tgiGenerate, 'data:{"token":{"text":"He"}}\n\n', { code: 'stream_interrupted' }],
    [
      tgiGenerate,
      'data:{"error":"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096","error_type":"validation"}\n\n',
      { code: 'context_window_exceeded', status: 422 },
    ],
    [tritonGenerate, 'data: {"text_output":"a"}\n\ndata: {"error":"failed"}\n\n', { code: 'internal', message: 'failed' }],
    [tritonGenerate, '', { code: 'stream_interrupted' }],
    [nlpCloudGeneration, 'data: He\n\n', { code: 'stream_interrupted' }],
  ])('%#: what breaks is told', (protocol, wire, error) => {
    expect(() => read(protocol, [new TextEncoder().encode(wire)])).toThrow(expect.objectContaining(error));
  });
});
