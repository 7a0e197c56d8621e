import { base64ToFloats } from '../../lib/base64-floats.ts';
import { SluiceError, totalInputTokens, type EmbeddingResult, type JsonObject, type Usage } from '../../types/index.ts';
import { asArray, asNumber, asObject, asObjects } from '../shared/read.ts';

/** @throws SluiceError `invalid_response` */
export const fromWire = (body: JsonObject): EmbeddingResult => {
  const single = asObject(body['embedding']);
  if (!single && !Array.isArray(body['embeddings'])) throw new SluiceError('invalid_response', 'The provider answered without embeddings.');
  const list = Array.isArray(body['embeddings']) ? asObjects(body['embeddings']) : [single!];
  const usage = readUsage(asObject(body['usageMetadata']));
  return {
    model: '',
    embeddings: list.map((each) => asArray(each['values']).filter((value) => typeof value === 'number')),
    ...(usage && { usage }),
  };
};

/** The older models do not count. */
const readUsage = (raw: JsonObject | undefined): Usage | undefined => {
  const tokens = asNumber(raw?.['promptTokenCount']);
  return tokens === undefined ? undefined : { inputTokens: tokens, outputTokens: 0, raw };
};

/**
 * The answer of `batchEmbedContents`; for one text also of `embedContent`, because the request does not tell which of
 * the two was called. Always numbers: the format has no base64.
 */
export const toWire = (result: EmbeddingResult): JsonObject => {
  const embeddings = result.embeddings.map((each) => ({ values: typeof each === 'string' ? base64ToFloats(each) : each }));
  return {
    ...(embeddings.length === 1 && { embedding: embeddings[0] }),
    embeddings,
    ...(result.usage && { usageMetadata: { promptTokenCount: totalInputTokens(result.usage) } }),
  };
};
