import { base64ToFloats, floatsToBase64 } from '../../lib/base64-floats.ts';
import { newId } from '../../lib/ids.ts';
import { SluiceError, totalInputTokens, type EmbeddingResult, type JsonObject, type Usage } from '../../types/index.ts';
import { asArray, asNumber, asObject, compact } from '../shared/read.ts';

/** The kinds of vectors, most exact first: a client of another format can be shown one. */
const kinds = ['float', 'int8', 'uint8', 'binary', 'ubinary'] as const;

const numbers = (value: unknown): number[] => asArray(value).filter((each) => typeof each === 'number');

/** By kind (`embeddings_by_type`), or the bare list of the first version of the API. */
const readVectors = (embeddings: unknown): (number[] | string)[] | undefined => {
  if (Array.isArray(embeddings)) return embeddings.map(numbers);
  const byKind = asObject(embeddings);
  for (const kind of kinds) if (Array.isArray(byKind?.[kind])) return byKind[kind].map(numbers);
  const base64 = byKind?.['base64'];
  return Array.isArray(base64) ? base64.filter((each) => typeof each === 'string') : undefined;
};

/** @throws SluiceError `invalid_response` */
export const fromWire = (body: JsonObject): EmbeddingResult => {
  const embeddings = readVectors(body['embeddings']);
  if (!embeddings) throw new SluiceError('invalid_response', 'The provider answered without embeddings.');
  const usage = readUsage(body['meta']);
  return { model: '', embeddings, ...(usage && { usage }) };
};

const readUsage = (meta: unknown): Usage | undefined => {
  const billed = asObject(asObject(meta)?.['billed_units']);
  const tokens = asNumber(billed?.['input_tokens']);
  const images = asNumber(billed?.['image_tokens']);
  if (!billed || (tokens === undefined && images === undefined)) return undefined;
  return compact<Usage>({ inputTokens: tokens ?? 0, inputImageTokens: images, outputTokens: 0, raw: billed });
};

export const toWire = (result: EmbeddingResult, { encodingFormat }: { encodingFormat: 'float' | 'base64' }): JsonObject => ({
  response_type: 'embeddings_by_type',
  id: newId(''),
  embeddings:
    encodingFormat === 'base64'
      ? { base64: result.embeddings.map((each) => (typeof each === 'string' ? each : floatsToBase64(each))) }
      : { float: result.embeddings.map((each) => (typeof each === 'string' ? base64ToFloats(each) : each)) },
  meta: {
    api_version: { version: '2' },
    ...(result.usage && { billed_units: { input_tokens: totalInputTokens(result.usage) } }),
  },
});
