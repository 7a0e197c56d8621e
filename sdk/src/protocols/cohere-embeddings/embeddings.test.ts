import { expect, test } from 'bun:test';
import type { ToWireContext } from '../../types/index.ts';
import { cohereEmbeddings } from './index.ts';

const { request, response } = cohereEmbeddings;
const dropped: string[] = [];
const context: ToWireContext = {
  model: 'embed',
  provider: 'cohere',
  from: 'openai-embeddings',
  traits: {},
  quirks: {},
  dropParams: false,
  drop: (what) => void dropped.push(what),
  lacks: (parameter) => void dropped.push(parameter),
};

test('requests to Cohere', () => {
  const unknown = { input_type: 'search_query', truncate: 'NONE' };
  expect(request.toWire({ model: 'm', input: ['a'], dimensions: 4, user: 'u', encodingFormat: 'base64', unknown }, context)).toEqual({
    model: 'embed',
    texts: ['a'],
    input_type: 'search_query',
    embedding_types: ['float'],
    output_dimension: 4,
    truncate: 'NONE',
  });
  expect(dropped).toEqual(['user']);
  expect(request.toWire({ model: 'm', input: ['a'], unknown: {} }, context)['input_type']).toBe('search_document');
  expect(() => request.toWire({ model: 'm', input: [[1]], unknown: {} }, context)).toThrow('token ids');
  expect(cohereEmbeddings.maxInputs!('embed')).toBe(96);
});

test('requests of Cohere clients', () => {
  const body = { model: 'm', texts: ['a'], input_type: 'clustering', embedding_types: ['float'], output_dimension: 2, max_tokens: null };
  const read = request.fromWire({ ...body, new_thing: 1 });
  expect(read).toEqual({
    model: 'm',
    input: ['a'],
    dimensions: 2,
    unknown: { new_thing: 1 },
    extra: { 'cohere-embeddings': { input_type: 'clustering' } },
  });
  expect(request.toWire(read, context)).toMatchObject({ texts: ['a'], input_type: 'clustering', new_thing: 1 });
  expect(request.fromWire({ model: 'm', texts: ['a'], embedding_types: ['base64'] }).encodingFormat).toBe('base64');
  const blocks = [
    { type: 'text', text: 'a' },
    { type: 'text', text: 'b' },
  ];
  expect(request.fromWire({ model: 'm', inputs: [{ content: blocks }] }).input).toEqual(['a\nb']);
});

test.each<[object, string, string]>([
  [{}, 'texts', 'invalid_request'],
  [{ texts: [1] }, 'texts[0]', 'invalid_request'],
  [{ images: ['data:'] }, 'images', 'unsupported_parameter'],
  [{ inputs: [{ content: [{ type: 'image_url', image_url: { url: 'data:' } }] }] }, 'inputs[0]', 'unsupported_parameter'],
  [{ texts: ['a'], embedding_types: ['int8'] }, 'embedding_types', 'unsupported_parameter'],
])('%j is refused by name', (body, param, code) => {
  expect(() => request.fromWire({ model: 'm', ...body })).toThrow(expect.objectContaining({ param, code }));
});

test('answers', () => {
  const billed = { input_tokens: 3 };
  const usage = { inputTokens: 3, outputTokens: 0, raw: billed };
  expect(response.fromWire({ id: 'e', embeddings: { float: [[1, 2]] }, meta: { billed_units: billed } })).toEqual({
    model: '',
    embeddings: [[1, 2]],
    usage,
  });
  expect(response.fromWire({ embeddings: { int8: [[1]] } }).embeddings).toEqual([[1]]);
  expect(response.fromWire({ embeddings: { base64: ['AACAPw=='] } }).embeddings).toEqual(['AACAPw==']);
  // As the first version of the API has them.
  expect(response.fromWire({ embeddings: [[1]], meta: { billed_units: { image_tokens: 9 } } })).toMatchObject({
    embeddings: [[1]],
    usage: { inputTokens: 0, inputImageTokens: 9 },
  });
  expect(() => response.fromWire({ message: 'x' })).toThrow('without embeddings');
});

test('answers for Cohere clients', () => {
  const result = { model: 'm', embeddings: ['AACAPw==', [2]], usage: { inputTokens: 3, outputTokens: 0 } };
  expect(response.toWire(result, { model: 'm', encodingFormat: 'float' })).toEqual({
    response_type: 'embeddings_by_type',
    id: expect.stringMatching(/^\w{24}$/),
    embeddings: { float: [[1], [2]] },
    meta: { api_version: { version: '2' }, billed_units: { input_tokens: 3 } },
  });
  expect(response.toWire(result, { model: 'm', encodingFormat: 'base64' })['embeddings']).toEqual({ base64: ['AACAPw==', 'AAAAQA=='] });
});
