import { base64ToFloats } from '../../lib/base64-floats.ts';
import { SluiceError, totalInputTokens, type EmbeddingResult, type JsonObject } from '../../types/index.ts';
import { asArray, asNumber, asString } from '../shared/read.ts';

const numbers = (value: unknown): number[] => asArray(value).filter((each) => typeof each === 'number');

/** @throws SluiceError `invalid_response` */
export const fromWire = (body: JsonObject): EmbeddingResult => {
  const list = Array.isArray(body['embeddings']) ? body['embeddings'] : Array.isArray(body['embedding']) ? [body['embedding']] : undefined;
  if (!list) throw new SluiceError('invalid_response', 'The provider answered without embeddings.');
  const tokens = asNumber(body['prompt_eval_count']);
  return {
    model: asString(body['model']) ?? '',
    embeddings: list.map(numbers),
    ...(tokens !== undefined && { usage: { inputTokens: tokens, outputTokens: 0, raw: { prompt_eval_count: tokens } } }),
  };
};

/** Always numbers: the format has no base64. */
const vectors = ({ embeddings }: EmbeddingResult): number[][] =>
  embeddings.map((each) => (typeof each === 'string' ? base64ToFloats(each) : each));

export const toWire = (result: EmbeddingResult, context: { model: string }): JsonObject => ({
  model: result.model || context.model,
  embeddings: vectors(result),
  ...(result.usage && { prompt_eval_count: totalInputTokens(result.usage) }),
});

/** A model that made nothing of an empty prompt has an empty list, as with Ollama. */
export const toOldWire = (result: EmbeddingResult): JsonObject => ({ embedding: vectors(result)[0] ?? [] });
