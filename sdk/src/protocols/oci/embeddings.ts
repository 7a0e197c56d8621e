import type { EmbeddingRequest, EmbeddingResult, JsonObject, ToWireContext, UpstreamEmbeddingProtocol } from '../../types/index.ts';
import { SluiceError } from '../../types/index.ts';
import { asArray, asNumber, asObject, asString, compact } from '../shared/read.ts';

const toWire = ({ input, dimensions, user, unknown }: EmbeddingRequest, context: ToWireContext): JsonObject => {
  if (user !== undefined) context.drop('user', 'the provider does not take it');
  if (input.some((each) => typeof each !== 'string'))
    throw new SluiceError('invalid_request', 'This provider embeds texts alone, and no tokens or images.', { param: 'input' });
  const { input_type: type, truncate, ...rest } = unknown;
  return compact<JsonObject>({
    ...rest,
    servingMode: { servingType: 'ON_DEMAND', modelId: context.model },
    inputs: input,
    inputType: asString(type)?.toUpperCase(),
    truncate: asString(truncate)?.toUpperCase(),
    outputDimensions: dimensions,
  });
};

const fromWire = (body: JsonObject): EmbeddingResult => {
  if (!Array.isArray(body['embeddings']))
    throw new SluiceError('invalid_response', 'The provider answered without embeddings.', { upstream: { body } });
  const counts = asArray(body['inputTextTokenCounts']).filter((each) => typeof each === 'number');
  const inputTokens =
    asNumber(asObject(body['usage'])?.['promptTokens']) ?? (counts.length > 0 ? counts.reduce((sum, each) => sum + each, 0) : undefined);
  return {
    model: asString(body['modelId']) ?? '',
    embeddings: asArray(body['embeddings']).map((each) => asArray(each).filter((value) => typeof value === 'number')),
    ...(inputTokens !== undefined && { usage: { inputTokens, outputTokens: 0 } }),
  };
};

/** `embedText`: at most 96 texts (oci-generativeaiinference 2.142.0, EmbedTextDetails, read 2026-11-22). */
export const ociEmbeddings: UpstreamEmbeddingProtocol = Object.freeze({
  id: 'oci-embeddings',
  maxInputs: () => 96,
  request: { toWire },
  response: { fromWire },
} satisfies UpstreamEmbeddingProtocol);
