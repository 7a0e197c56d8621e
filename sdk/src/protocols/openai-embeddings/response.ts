import { base64ToFloats, floatsToBase64 } from '../../lib/base64-floats.ts';
import { SluiceError, totalInputTokens, type EmbeddingResult, type JsonObject } from '../../types/index.ts';
import { readBodyError } from '../shared/openai-body-error.ts';
import { readOpenAiUsage } from '../shared/openai-usage.ts';
import { asArray, asNumber, asObjects, asString } from '../shared/read.ts';

/** One vector: numbers, or base64 as it came. A list that holds the list is what llama.cpp's old server sends. */
const readVector = (value: unknown): number[] | string | undefined => {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return undefined;
  const list: unknown[] = Array.isArray(value[0]) ? value[0] : value;
  return list.filter((each) => typeof each === 'number');
};

/** @throws SluiceError `invalid_response` where the body holds no vectors; the vendor's own error where a 200 carries one */
export const readResponse = (body: JsonObject): EmbeddingResult => {
  const error = readBodyError(body);
  if (error) throw error;
  const data = asObjects(body['data']);
  // Small servers answer with the vectors alone.
  const bare = asArray(body['embeddings']).map(readVector);
  const vectors =
    data.length > 0
      ? data
          .map((item, at) => ({ index: asNumber(item['index']) ?? at, vector: readVector(item['embedding']) }))
          .sort((a, b) => a.index - b.index)
          .map(({ vector }) => vector)
      : bare;
  const embeddings = vectors.filter((vector) => vector !== undefined);
  if ((embeddings.length === 0 && !Array.isArray(body['data'])) || embeddings.length < vectors.length) {
    throw new SluiceError('invalid_response', "The provider's answer has no embeddings.", { upstream: { body } });
  }
  const usage = readOpenAiUsage(body['usage']);
  return { model: asString(body['model']) ?? '', embeddings, ...(usage && { usage }) };
};

/** In the encoding that the client asked for, whichever the provider gave. */
export const writeResponse = (result: EmbeddingResult, context: { model: string; encodingFormat: 'float' | 'base64' }): JsonObject => {
  const encode = (vector: number[] | string): number[] | string => {
    if (context.encodingFormat === 'base64') return typeof vector === 'string' ? vector : floatsToBase64(vector);
    return typeof vector === 'string' ? base64ToFloats(vector) : vector;
  };
  const tokens = result.usage && totalInputTokens(result.usage);
  return {
    object: 'list',
    data: result.embeddings.map((vector, index) => ({ object: 'embedding', index, embedding: encode(vector) })),
    model: result.model || context.model,
    // OpenAI's SDKs expect the object; a provider that does not count leaves zeros.
    usage: { prompt_tokens: tokens ?? 0, total_tokens: tokens ?? 0 },
  };
};
