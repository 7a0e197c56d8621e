import { base64ToFloats } from '../../lib/base64-floats.ts';
import { SluiceError, totalInputTokens, type EmbeddingResult, type JsonObject, type Usage } from '../../types/index.ts';
import { asArray, asNumber, asObject, asObjects } from '../shared/read.ts';

/** @throws SluiceError `invalid_response` */
export const fromWire = (body: JsonObject): EmbeddingResult => {
  const single = asObject(body['embedding']);
  if (single)
    return {
      model: '',
      embeddings: [numbers(single['values'])],
      ...usageOf(asNumber(asObject(body['usageMetadata'])?.['promptTokenCount']), body),
    };
  if (!Array.isArray(body['predictions'])) throw new SluiceError('invalid_response', 'The provider answered without embeddings.');
  const predictions = asObjects(body['predictions']);
  const counts = predictions.map((each) => asNumber(asObject(asObject(each['embeddings'])?.['statistics'])?.['token_count']));
  const tokens = counts.every((each) => each === undefined) ? undefined : counts.reduce<number>((sum, each) => sum + (each ?? 0), 0);
  return { model: '', embeddings: predictions.map(vectorOf), ...usageOf(tokens, body) };
};

/** A multimodal prediction has a vector of what was given, and a film one for each of its stretches, of which the first is taken. */
const vectorOf = (prediction: JsonObject): number[] => {
  const text = asObject(prediction['embeddings']);
  if (text) return numbers(text['values']);
  const film = asObjects(prediction['videoEmbeddings'])[0];
  return numbers(prediction['textEmbedding'] ?? prediction['imageEmbedding'] ?? film?.['embedding']);
};

const numbers = (value: unknown): number[] => asArray(value).filter((each) => typeof each === 'number');

/** Pictures and films are not counted in tokens. */
const usageOf = (tokens: number | undefined, body: JsonObject): { usage?: Usage } =>
  tokens === undefined ? {} : { usage: { inputTokens: tokens, outputTokens: 0, raw: asObject(body['usageMetadata'] ?? body['metadata']) } };

/** The answer of `predict`. Always numbers: the format has no base64. How many tokens each text had is not known any more. */
export const toWire = (result: EmbeddingResult): JsonObject => ({
  predictions: result.embeddings.map((each, index) => ({
    embeddings: {
      values: typeof each === 'string' ? base64ToFloats(each) : each,
      ...(result.usage && { statistics: { truncated: false, token_count: index === 0 ? totalInputTokens(result.usage) : 0 } }),
    },
  })),
});
