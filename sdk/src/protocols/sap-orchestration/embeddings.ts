import type { EmbeddingRequest, EmbeddingResult, JsonObject, ToWireContext, UpstreamEmbeddingProtocol } from '../../types/index.ts';
import { SluiceError } from '../../types/index.ts';
import { asArray, asNumber, asObject, asObjects, asString, compact } from '../shared/read.ts';

const toWire = ({ input, dimensions, encodingFormat, user, unknown }: EmbeddingRequest, context: ToWireContext): JsonObject => {
  if (user !== undefined) context.drop('user', 'the provider does not take it');
  if (input.some((each) => typeof each !== 'string'))
    throw new SluiceError('invalid_request', 'This provider embeds texts alone, and no tokens or images.', { param: 'input' });
  const { masking, input_type: type, model_version: version, ...params } = unknown;
  return {
    config: {
      modules: {
        embeddings: {
          model: compact({
            name: context.model,
            version: asString(version),
            params: compact({ ...params, dimensions, encoding_format: encodingFormat }),
          }),
        },
        ...(masking !== undefined && { masking }),
      },
    },
    input: { text: input, ...(type !== undefined && { type }) },
  };
};

/** Numbers, base64, or both under their names. */
const vectorOf = (embedding: unknown): number[] | string => {
  if (typeof embedding === 'string') return embedding;
  const named = asObject(embedding);
  if (named) return vectorOf(named['float'] ?? named['base64']);
  return asArray(embedding).filter((each) => typeof each === 'number');
};

const fromWire = (body: JsonObject): EmbeddingResult => {
  const result = asObject(body['final_result']);
  if (!result || !Array.isArray(result['data']))
    throw new SluiceError('invalid_response', 'The provider answered without embeddings.', { upstream: { body } });
  const found = asObjects(result['data']).map((each, at) => ({ at: asNumber(each['index']) ?? at, vector: vectorOf(each['embedding']) }));
  const inputTokens = asNumber(asObject(result['usage'])?.['prompt_tokens']);
  return {
    model: asString(result['model']) ?? '',
    embeddings: found.toSorted((a, b) => a.at - b.at).map(({ vector }) => vector),
    ...(inputTokens !== undefined && { usage: { inputTokens, outputTokens: 0 } }),
  };
};

/** `/v2/embeddings` of SAP's orchestration (@sap-ai-sdk/orchestration 2.16.0, read 2026-11-22). */
export const sapEmbeddings: UpstreamEmbeddingProtocol = Object.freeze({
  id: 'sap-embeddings',
  request: { toWire },
  response: { fromWire },
} satisfies UpstreamEmbeddingProtocol);
