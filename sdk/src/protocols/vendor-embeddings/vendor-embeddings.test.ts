import { describe, expect, test } from 'bun:test';
import { floatsToBase64 } from '../../lib/base64-floats.ts';
import { SluiceError, type JsonObject, type Quirks, type ToWireContext, type UpstreamEmbeddingProtocol } from '../../types/index.ts';
import { nlpCloudEmbeddings } from '../nlp-cloud-embeddings/index.ts';
import { openaiEmbeddings } from '../openai-embeddings/index.ts';
import { teiEmbeddings } from '../tei-embeddings/index.ts';
import { tritonEmbeddings } from '../triton-embeddings/index.ts';
import { voyageMultimodalEmbeddings } from '../voyage-multimodal-embeddings/index.ts';
import { vendorEmbeddings } from './index.ts';

/** What OpenAI's clients send, as each vendor gets it; what is lost on the way; and what they are told. */
const sent = (protocol: UpstreamEmbeddingProtocol, body: JsonObject, quirks: Quirks = {}) => {
  const losses: string[] = [];
  const context: ToWireContext = {
    model: 'up',
    provider: 'vendor',
    from: 'openai-embeddings',
    traits: {},
    quirks,
    dropParams: false,
    drop: (what) => void losses.push(what),
    lacks: (parameter) => {
      throw new SluiceError('unsupported_parameter', `'${parameter}' is not supported`, { param: parameter });
    },
  };
  return { wire: protocol.request.toWire(openaiEmbeddings.request.fromWire({ model: 'm', ...body }), context), losses };
};
const told = (protocol: UpstreamEmbeddingProtocol, body: JsonObject, encodingFormat: 'float' | 'base64' = 'float', headers?: Headers) =>
  openaiEmbeddings.response.toWire(protocol.response.fromWire(body, headers), { model: 'asked', encodingFormat });

const voyage: Quirks = { rename: { dimensions: 'output_dimension' } };
const jina: Quirks = { rename: { encoding_format: 'embedding_type' } };

describe('requests', () => {
  test.each<[string, UpstreamEmbeddingProtocol, JsonObject, JsonObject, Quirks?]>([
    [
      'Voyage AI has its own word for dimensions, and none for numbers',
      vendorEmbeddings,
      { input: ['a', 'b'], dimensions: 256, encoding_format: 'float', input_type: 'query', output_dtype: null, truncation: false },
      { model: 'up', input: ['a', 'b'], output_dimension: 256, input_type: 'query', truncation: false },
      voyage,
    ],
    [
      'in base64',
      vendorEmbeddings,
      { input: 'a', encoding_format: 'base64' },
      { model: 'up', input: ['a'], encoding_format: 'base64' },
      voyage,
    ],
    [
      'Jina AI takes objects',
      vendorEmbeddings,
      {
        input: [{ image: 'https://x.test/y.png' }, 'a'],
        dimensions: 64,
        encoding_format: 'base64',
        task: 'retrieval.query',
        late_chunking: true,
      },
      {
        model: 'up',
        input: [{ image: 'https://x.test/y.png' }, 'a'],
        dimensions: 64,
        embedding_type: 'base64',
        task: 'retrieval.query',
        late_chunking: true,
      },
      jina,
    ],
    [
      'Voyage AI, texts and images together',
      voyageMultimodalEmbeddings,
      {
        input: [
          'a',
          { image: 'data:image/png;base64,AA==' },
          { image: 'https://x.test/y.png' },
          { content: [{ type: 'text', text: 'b' }] },
        ],
      },
      {
        model: 'up',
        inputs: [
          { content: [{ type: 'text', text: 'a' }] },
          { content: [{ type: 'image_base64', image_base64: 'data:image/png;base64,AA==' }] },
          { content: [{ type: 'image_url', image_url: 'https://x.test/y.png' }] },
          { content: [{ type: 'text', text: 'b' }] },
        ],
      },
    ],
    [
      'Text Embeddings Inference',
      teiEmbeddings,
      { input: 'a', normalize: true, dimensions: 8 },
      { inputs: ['a'], normalize: true, dimensions: 8 },
    ],
    [
      'Triton',
      tritonEmbeddings,
      { input: ['a', 'b'] },
      { inputs: [{ name: 'input_text', shape: [2], datatype: 'BYTES', data: ['a', 'b'] }] },
    ],
    ['NLP Cloud', nlpCloudEmbeddings, { input: 'a' }, { sentences: ['a'] }],
  ])('%s', (...[, protocol, body, wire, quirks]) => {
    expect(sent(protocol, body, quirks)).toEqual({ wire, losses: [] });
  });

  const all = [vendorEmbeddings, voyageMultimodalEmbeddings, teiEmbeddings, tritonEmbeddings, nlpCloudEmbeddings];
  test.each(all.map((protocol) => [protocol.id, protocol] as const))(
    '%s: token ids are refused by name, the end user is left out',
    (_id, protocol) => {
      expect(() => sent(protocol, { input: ['a', [1, 2]] })).toThrow(
        expect.objectContaining({
          code: 'unsupported_parameter',
          param: 'input',
          message: expect.stringContaining("'input[1]' is a list of token ids"),
        }),
      );
      expect(sent(protocol, { input: 'a', user: 'u' }).losses).toEqual(['user']);
    },
  );

  test.each([tritonEmbeddings, nlpCloudEmbeddings].map((protocol) => [protocol.id, protocol] as const))(
    '%s: sizes are refused',
    (_id, protocol) => {
      expect(() => sent(protocol, { input: 'a', dimensions: 8 })).toThrow(expect.objectContaining({ param: 'dimensions' }));
    },
  );

  test('images are for those who take them', () => {
    expect(() => sent(teiEmbeddings, { input: [{ image: 'x' }] })).toThrow("'input[0]' is an object");
    expect(() => sent(voyageMultimodalEmbeddings, { input: [{ sound: 'x' }] })).toThrow(expect.objectContaining({ param: 'input' }));
  });
});

describe('answers', () => {
  const item = (index: number, embedding: unknown) => ({ object: 'embedding', index, embedding });
  const list = (vectors: unknown[], tokens: number, model = 'asked') => ({
    object: 'list',
    data: vectors.map((vector, index) => item(index, vector)),
    model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  });

  test.each<[string, UpstreamEmbeddingProtocol, JsonObject, JsonObject]>([
    [
      'Voyage AI counts the total, and may answer in base64',
      vendorEmbeddings,
      { object: 'list', data: [item(0, floatsToBase64([1, 0.5]))], model: 'voyage-4', usage: { total_tokens: 5 } },
      list([[1, 0.5]], 5, 'voyage-4'),
    ],
    [
      'Text Embeddings Inference',
      teiEmbeddings,
      {
        list: [
          [1, 2],
          [3, 4],
        ],
      },
      list(
        [
          [1, 2],
          [3, 4],
        ],
        0,
      ),
    ],
    ['one vector alone', teiEmbeddings, { list: [1, 2] }, list([[1, 2]], 0)],
    [
      'Triton, flat',
      tritonEmbeddings,
      { model_name: 'e5', outputs: [{ name: 'o', shape: [2, 2], datatype: 'FP32', data: [1, 2, 3, 4] }] },
      list(
        [
          [1, 2],
          [3, 4],
        ],
        0,
        'e5',
      ),
    ],
    ['Triton, nested', tritonEmbeddings, { outputs: [{ shape: [1, 2], data: [[1, 2]] }] }, list([[1, 2]], 0)],
    ['NLP Cloud', nlpCloudEmbeddings, { embeddings: [[1, 2]] }, list([[1, 2]], 0)],
  ])('%s', (_name, protocol, body, answer) => {
    expect(told(protocol, body)).toEqual(answer);
  });

  test('numbers become base64 where a client wants it, and base64 stays', () => {
    const base64 = floatsToBase64([1, 2]);
    expect(told(teiEmbeddings, { list: [[1, 2]] }, 'base64')['data']).toEqual([item(0, base64)]);
    expect(told(vendorEmbeddings, { data: [item(0, base64)] }, 'base64')['data']).toEqual([item(0, base64)]);
  });

  test('tokens that are counted in a header', () => {
    const headers = new Headers({ 'x-compute-tokens': '7' });
    expect(told(teiEmbeddings, { list: [[1]] }, 'float', headers)['usage']).toEqual({ prompt_tokens: 7, total_tokens: 7 });
  });

  test.each<[UpstreamEmbeddingProtocol, JsonObject, string]>([
    [vendorEmbeddings, { object: 'list' }, 'no embeddings'],
    [teiEmbeddings, { list: [] }, 'no embeddings'],
    [teiEmbeddings, { list: [[[1], [2]]] }, 'a vector for each token'],
    [tritonEmbeddings, { outputs: [] }, 'no embeddings'],
    [tritonEmbeddings, { outputs: [{ shape: [2, 2], data: [1] }] }, 'shape'],
    [nlpCloudEmbeddings, {}, 'no embeddings'],
  ])('%#: what is no answer', (protocol, body, message) => {
    expect(() => protocol.response.fromWire(body)).toThrow(
      expect.objectContaining({ code: 'invalid_response', message: expect.stringContaining(message) }),
    );
  });
});
