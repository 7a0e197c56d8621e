import { describe, expect, test } from 'bun:test';
import { SluiceError, type EmbeddingRequest, type JsonObject, type ToWireContext } from '../../types/index.ts';
import { bedrockEmbeddings } from './index.ts';

const wire = (model: string, request: Partial<EmbeddingRequest>, dropped: string[] = []) => {
  const context: ToWireContext = {
    model,
    provider: 'bedrock',
    from: 'openai-embeddings',
    traits: {},
    quirks: {},
    dropParams: false,
    drop: (what) => void dropped.push(what),
    lacks: (parameter) => {
      throw new SluiceError('unsupported_parameter', parameter, { param: parameter });
    },
  };
  return bedrockEmbeddings.request.toWire({ model, input: ['a text'], unknown: {}, ...request }, context);
};
const picture = 'data:image/png;base64,AAAA';

describe('requests by family', () => {
  test.each<[string, Partial<EmbeddingRequest>, JsonObject]>([
    [
      'amazon.titan-embed-text-v2:0',
      { dimensions: 256, unknown: { normalize: true } },
      { inputText: 'a text', dimensions: 256, normalize: true },
    ],
    ['amazon.titan-embed-text-v1', {}, { inputText: 'a text' }],
    ['amazon.titan-embed-image-v1', { dimensions: 384 }, { inputText: 'a text', embeddingConfig: { outputEmbeddingLength: 384 } }],
    ['amazon.titan-embed-image-v1', { input: [picture] }, { inputImage: 'AAAA' }],
    ['cohere.embed-english-v3', { input: ['a', 'b'] }, { texts: ['a', 'b'], input_type: 'search_document' }],
    ['cohere.embed-english-v3', { input: [picture] }, { images: [picture], input_type: 'image' }],
    [
      'us.cohere.embed-v4:0',
      { dimensions: 512, unknown: { input_type: 'search_query', truncate: 'RIGHT' } },
      { texts: ['a text'], input_type: 'search_query', output_dimension: 512, truncate: 'RIGHT' },
    ],
    [
      'amazon.nova-2-multimodal-embeddings-v1:0',
      { dimensions: 1024, unknown: { input_type: 'search_query' } },
      {
        schemaVersion: 'nova-multimodal-embed-v1',
        taskType: 'SINGLE_EMBEDDING',
        singleEmbeddingParams: {
          embeddingPurpose: 'GENERIC_RETRIEVAL',
          embeddingDimension: 1024,
          text: { truncationMode: 'END', value: 'a text' },
        },
      },
    ],
    ['us.twelvelabs.marengo-embed-2-7-v1:0', {}, { inputType: 'text', inputText: 'a text' }],
    ['twelvelabs.marengo-embed-3-0-v1:0', {}, { inputType: 'text', text: { inputText: 'a text' } }],
    ['twelvelabs.marengo-embed-3-0-v1:0', { input: [picture] }, { inputType: 'image', image: { mediaSource: { base64String: 'AAAA' } } }],
    // An ARN that says nothing more.
    ['arn:aws:bedrock:us-east-1:1:application-inference-profile/x', {}, { inputText: 'a text' }],
  ])('%s %j', (model, request, body) => {
    expect(wire(model, request)).toEqual(body);
  });

  test('what a family lacks is said', () => {
    expect(() => wire('amazon.titan-embed-text-v1', { dimensions: 256 })).toThrow('dimensions');
    expect(() => wire('cohere.embed-multilingual-v3', { dimensions: 256 })).toThrow('dimensions');
    expect(() => wire('amazon.titan-embed-text-v2:0', { input: [[1, 2]] })).toThrow('token ids');
    expect(() => wire('cohere.embed-v4:0', { input: [] })).toThrow('empty');
    const dropped: string[] = [];
    wire('amazon.titan-embed-text-v2:0', { user: 'u', unknown: { input_type: 'x' } }, dropped);
    expect(dropped).toEqual(['user', 'input_type']);
  });

  test.each([
    ['cohere.embed-v4:0', 96],
    ['amazon.titan-embed-text-v2:0', 1],
    ['amazon.nova-2-multimodal-embeddings-v1:0', 1],
  ])('%s takes %d at once', (model, most) => expect(bedrockEmbeddings.maxInputs!(model)).toBe(most));
});

describe('answers by family', () => {
  const headers = new Headers({ 'x-amzn-bedrock-input-token-count': '7' });
  test.each<[string, JsonObject, number[][], number | undefined]>([
    ['Titan', { embedding: [1, 2], inputTextTokenCount: 3 }, [[1, 2]], 3],
    ['Titan of several kinds', { embeddingsByType: { float: [1, 2], binary: [1] }, inputTextTokenCount: 3 }, [[1, 2]], 3],
    ['Cohere', { embeddings: [[1], [2]], id: 'x', response_type: 'embeddings_floats' }, [[1], [2]], 7],
    ['Cohere by kind', { embeddings: { float: [[1], [2]] }, response_type: 'embeddings_by_type' }, [[1], [2]], 7],
    ['Nova', { embeddings: [{ embeddingType: 'TEXT', embedding: [1, 2] }] }, [[1, 2]], 7],
    ['TwelveLabs', { data: [{ embedding: [1], startSec: 0 }] }, [[1]], 7],
    ['TwelveLabs 3', { data: { embedding: [1] } }, [[1]], 7],
  ])('%s', (_, body, embeddings, tokens) => {
    const result = bedrockEmbeddings.response.fromWire(body, headers);
    expect([result.embeddings, result.usage?.inputTokens]).toEqual([embeddings, tokens]);
  });

  test('what nobody counted is not counted', () => {
    expect(bedrockEmbeddings.response.fromWire({ embeddings: [[1]] })).not.toHaveProperty('usage');
  });

  test.each<[JsonObject, string]>([
    [{}, 'without embeddings'],
    [{ embedding: [], message: 'Bad input' }, 'Bad input'],
    [{ embeddings: [{ embedding: null }] }, 'without embeddings'],
  ])('%j is none', (body, says) => expect(() => bedrockEmbeddings.response.fromWire(body)).toThrow(says));
});

test('as a client writes it', () => {
  expect(bedrockEmbeddings.request.fromWire({ inputText: 'a', dimensions: 8, normalize: true }, { model: 'm' })).toEqual({
    model: 'm',
    input: ['a'],
    dimensions: 8,
    unknown: {},
    extra: { 'bedrock-embeddings': { normalize: true } },
  });
  expect(() => bedrockEmbeddings.request.fromWire({ texts: [1] })).toThrow('texts[0]');
  const options = { model: 'm', encodingFormat: 'float' } as const;
  expect(bedrockEmbeddings.response.toWire({ model: '', embeddings: [[1]], usage: { inputTokens: 2, outputTokens: 0 } }, options)).toEqual({
    embedding: [1],
    inputTextTokenCount: 2,
  });
  expect(bedrockEmbeddings.response.toWire({ model: '', embeddings: [[1], [2]] }, options)['embeddings']).toEqual([[1], [2]]);
});
