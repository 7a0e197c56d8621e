import type { EmbeddingRequest, EmbeddingResult, JsonObject, ToWireContext, UpstreamEmbeddingProtocol } from '../../types/index.ts';
import { asArray, asNumber, asObjects, asString } from '../shared/read.ts';
import { SluiceError } from '../../types/index.ts';
import { modelMember } from './model.ts';

const toWire = ({ input, dimensions, user, unknown }: EmbeddingRequest, context: ToWireContext): JsonObject => {
  if (dimensions !== undefined) context.lacks('dimensions');
  if (user !== undefined) context.drop('user', 'the provider does not take it');
  const { truncate_input_tokens: truncate, parameters, ...rest } = unknown;
  const inputs = input.filter((each) => typeof each === 'string');
  if (inputs.length < input.length)
    throw new SluiceError('invalid_request', 'This provider embeds texts alone, and no tokens or images.', { param: 'input' });
  const own = { ...(parameters as JsonObject | undefined), ...(truncate !== undefined && { truncate_input_tokens: truncate }) };
  return { ...rest, ...modelMember(context.model), inputs, ...(Object.keys(own).length > 0 && { parameters: own }) };
};

const fromWire = (body: JsonObject): EmbeddingResult => {
  if (!Array.isArray(body['results']))
    throw new SluiceError('invalid_response', 'The provider answered without embeddings.', { upstream: { body } });
  const inputTokens = asNumber(body['input_token_count']);
  return {
    model: asString(body['model_id']) ?? '',
    embeddings: asObjects(body['results']).map(({ embedding }) => asArray(embedding).filter((each) => typeof each === 'number')),
    ...(inputTokens !== undefined && { usage: { inputTokens, outputTokens: 0 } }),
  };
};

/** `/ml/v1/text/embeddings`: at most 1,000 texts (https://cloud.ibm.com/apidocs/watsonx-ai#text-embeddings, read 2026-11-22). */
export const watsonxEmbeddings: UpstreamEmbeddingProtocol = Object.freeze({
  id: 'watsonx-embeddings',
  maxInputs: () => 1000,
  request: { toWire },
  response: { fromWire },
} satisfies UpstreamEmbeddingProtocol);
