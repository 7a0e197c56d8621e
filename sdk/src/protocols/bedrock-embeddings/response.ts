import { base64ToFloats } from '../../lib/base64-floats.ts';
import { SluiceError, totalInputTokens, type EmbeddingResult, type JsonObject, type Usage } from '../../types/index.ts';
import { asArray, asNumber, asObject, asObjects } from '../shared/read.ts';

const numbers = (value: unknown): number[] => asArray(value).filter((each) => typeof each === 'number');

/** Cohere's kinds of vectors, most exact first. */
const kinds = ['float', 'int8', 'uint8', 'binary', 'ubinary'] as const;

/**
 * The vectors, in whichever family's form: Titan's `embedding` (or `embeddingsByType`), Nova's list of
 * `{ embedding }`, Cohere's list or lists by kind, TwelveLabs' `data`.
 */
const vectorsOf = (body: JsonObject): number[][] | undefined => {
  if (Array.isArray(body['embedding'])) return [numbers(body['embedding'])];
  const embeddings = body['embeddings'];
  if (Array.isArray(embeddings)) return embeddings.map((each) => numbers(Array.isArray(each) ? each : asObject(each)?.['embedding']));
  for (const lists of [asObject(embeddings), asObject(body['embeddingsByType'])]) {
    const kind = kinds.find((each) => Array.isArray(lists?.[each]));
    if (!kind) continue;
    const list = asArray(lists![kind]);
    return Array.isArray(list[0]) ? list.map(numbers) : [numbers(list)];
  }
  const data = asObject(body['data']) ? [asObject(body['data'])!] : asObjects(body['data']);
  // A text has one vector, whatever else there is of it.
  return data.length > 0 && Array.isArray(data[0]!['embedding']) ? [numbers(data[0]!['embedding'])] : undefined;
};

/** Titan counts in the body, the others in a header, where they count at all. */
const usageOf = (body: JsonObject, headers: Headers | undefined): Usage | undefined => {
  const counted = headers?.get('x-amzn-bedrock-input-token-count');
  const inputTokens = asNumber(body['inputTextTokenCount']) ?? (counted && /^\d+$/.test(counted) ? Number(counted) : undefined);
  return inputTokens === undefined ? undefined : { inputTokens, outputTokens: 0 };
};

/** @throws SluiceError `invalid_response` */
export const fromWire = (body: JsonObject, headers?: Headers): EmbeddingResult => {
  const embeddings = vectorsOf(body);
  if (!embeddings || embeddings.some((vector) => vector.length === 0)) {
    const message = typeof body['message'] === 'string' ? `: ${body['message']}` : '.';
    throw new SluiceError('invalid_response', `The provider answered without embeddings${message}`);
  }
  const usage = usageOf(body, headers);
  return { model: '', embeddings, ...(usage && { usage }) };
};

/** In Titan's form for one vector, in Cohere's for several. */
export const toWire = ({ embeddings, usage }: EmbeddingResult): JsonObject => {
  const vectors = embeddings.map((each) => (typeof each === 'string' ? base64ToFloats(each) : each));
  return vectors.length === 1
    ? { embedding: vectors[0], ...(usage && { inputTextTokenCount: totalInputTokens(usage) }) }
    : { embeddings: vectors, response_type: 'embeddings_floats' };
};
