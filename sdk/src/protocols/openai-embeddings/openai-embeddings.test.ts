import { describe, expect, test } from 'bun:test';
import { floatsToBase64 } from '../../lib/base64-floats.ts';
import { SluiceError, type JsonObject, type Quirks, type ToWireContext } from '../../types/index.ts';
import { openaiEmbeddings } from './index.ts';

const context = (quirks: Quirks = {}): ToWireContext => ({
  model: 'up',
  provider: 'openai',
  from: 'openai-embeddings',
  traits: {},
  quirks,
  dropParams: false,
  drop: () => {},
  lacks: (parameter) => {
    throw new SluiceError('unsupported_parameter', parameter, { param: parameter });
  },
});
const rewritten = (body: JsonObject, quirks?: Quirks) =>
  openaiEmbeddings.request.toWire(openaiEmbeddings.request.fromWire({ model: 'm', ...body }), context(quirks));

describe('requests', () => {
  test.each<[JsonObject]>([
    [{ input: 'a text' }],
    [{ input: ['a', 'b'], dimensions: 8, encoding_format: 'base64', user: 'u', input_type: 'query' }],
    [{ input: [[1, 2], [3]] }],
    [{ input: [{ image: 'https://a.test/b.png' }, 'a'] }],
  ])('are written back: %j', (body) => {
    expect(rewritten(body)).toEqual({ model: 'up', ...body } as never);
  });

  test('one list of tokens is one input; one text a string', () => {
    expect(rewritten({ input: [1, 2, 3] })).toEqual({ model: 'up', input: [[1, 2, 3]] });
    expect(rewritten({ input: ['a'] })).toEqual({ model: 'up', input: 'a' });
  });

  test('quirks: renamed, refused; the encoding is ours to turn', () => {
    const quirks = { rename: { dimensions: 'output_dimension' }, lacks: ['encoding_format', 'user', 'input_type'] };
    expect(rewritten({ input: 'a', dimensions: 8, encoding_format: 'base64' }, quirks)).toEqual({
      model: 'up',
      input: 'a',
      output_dimension: 8,
    });
    expect(rewritten({ input: 'a', user: 'u' }, quirks)).toEqual({ model: 'up', input: 'a' });
    expect(() => rewritten({ input: 'a', input_type: 'query' }, quirks)).toThrow('input_type');
  });

  test.each<[JsonObject, string]>([
    [{ input: ['a', null] }, 'input[1]'],
    [{ input: [['a']] }, 'input[0]'],
    [{}, 'input'],
    [{ input: 'a', encoding_format: 'int8' }, 'encoding_format'],
    [{ input: 'a', dimensions: '8' }, 'dimensions'],
  ])('%j is refused by name', (body, param) => {
    expect(() => openaiEmbeddings.request.fromWire({ model: 'm', ...body })).toThrow(expect.objectContaining({ param }));
  });
});

describe('answers', () => {
  const item = (index: number, embedding: unknown) => ({ object: 'embedding', index, embedding });

  test('by their index, in either encoding', () => {
    const body = { data: [item(1, [3, 4]), item(0, floatsToBase64([1, 2]))], model: 'm', usage: { prompt_tokens: 5, total_tokens: 5 } };
    const result = openaiEmbeddings.response.fromWire(body);
    expect(result).toMatchObject({ model: 'm', usage: { inputTokens: 5, outputTokens: 0 } });
    expect(openaiEmbeddings.response.toWire(result, { model: 'asked', encodingFormat: 'float' })).toEqual({
      object: 'list',
      data: [item(0, [1, 2]), item(1, [3, 4])],
      model: 'm',
      usage: { prompt_tokens: 5, total_tokens: 5 },
    });
    expect(openaiEmbeddings.response.toWire(result, { model: 'asked', encodingFormat: 'base64' })['data']).toEqual([
      item(0, floatsToBase64([1, 2])),
      item(1, floatsToBase64([3, 4])),
    ]);
  });

  test('vectors alone, vectors in a list, no model, no usage', () => {
    const wire = (body: JsonObject) =>
      openaiEmbeddings.response.toWire(openaiEmbeddings.response.fromWire(body), { model: 'asked', encodingFormat: 'float' });
    const expected = { object: 'list', data: [item(0, [1, 2])], model: 'asked', usage: { prompt_tokens: 0, total_tokens: 0 } };
    expect(wire({ embeddings: [[1, 2]] })).toEqual(expected);
    expect(wire({ data: [{ embedding: [[1, 2]] }] })).toEqual(expected);
  });

  test('what is none is an error', () => {
    expect(() => openaiEmbeddings.response.fromWire({ object: 'list' })).toThrow('no embeddings');
    expect(() => openaiEmbeddings.response.fromWire({ data: [{}] })).toThrow('no embeddings');
    expect(() => openaiEmbeddings.response.fromWire({ error: { message: 'No model.', code: 404 } })).toThrow('No model.');
  });
});
