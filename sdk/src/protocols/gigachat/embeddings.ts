import type { EmbeddingRequest, EmbeddingResult, JsonObject, ToWireContext, UpstreamEmbeddingProtocol } from '../../types/index.ts';
import { SluiceError } from '../../types/index.ts';
import { asArray, asNumber, asObject, asObjects, asString } from '../shared/read.ts';

const toWire = ({ input, dimensions, user, unknown }: EmbeddingRequest, context: ToWireContext): JsonObject => {
  if (dimensions !== undefined) context.lacks('dimensions');
  if (user !== undefined) context.drop('user', 'the provider does not take it');
  if (input.some((each) => typeof each !== 'string'))
    throw new SluiceError('invalid_request', 'This provider embeds texts alone, and no tokens or images.', { param: 'input' });
  return { ...unknown, model: context.model, input };
};

/** Tokens are counted text by text. */
const fromWire = (body: JsonObject): EmbeddingResult => {
  if (!Array.isArray(body['data']))
    throw new SluiceError('invalid_response', 'The provider answered without embeddings.', { upstream: { body } });
  const found = asObjects(body['data']);
  const counts = found.map((each) => asNumber(asObject(each['usage'])?.['prompt_tokens']));
  const ordered = found.map((each, at) => ({ at: asNumber(each['index']) ?? at, numbers: asArray(each['embedding']) }));
  return {
    model: asString(body['model']) ?? '',
    embeddings: ordered.toSorted((a, b) => a.at - b.at).map(({ numbers }) => numbers.filter((each) => typeof each === 'number')),
    ...(counts.some((each) => each !== undefined) && {
      usage: { inputTokens: counts.reduce<number>((sum, each) => sum + (each ?? 0), 0), outputTokens: 0 },
    }),
  };
};

/** `POST /embeddings` (https://developers.sber.ru/docs/ru/gigachat/api/reference/rest/post-embeddings, read 2026-11-22). */
export const gigachatEmbeddings: UpstreamEmbeddingProtocol = Object.freeze({
  id: 'gigachat-embeddings',
  request: { toWire },
  response: { fromWire },
} satisfies UpstreamEmbeddingProtocol);
