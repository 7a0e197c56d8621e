import type { EmbeddingResult, JsonObject } from '../../types/index.ts';
import { openaiEmbeddings } from '../openai-embeddings/index.ts';
import { asNumber, asObject } from '../shared/read.ts';

/** Voyage AI counts the total alone. @throws SluiceError `invalid_response` */
export const fromWire = (body: JsonObject): EmbeddingResult => {
  const result = openaiEmbeddings.response.fromWire(body);
  const raw = asObject(body['usage']);
  const total = asNumber(raw?.['total_tokens']);
  if (result.usage || total === undefined) return result;
  return { ...result, usage: { inputTokens: total, outputTokens: 0, raw } };
};
