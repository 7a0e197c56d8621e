import {
  SluiceError,
  type EmbeddingRequest,
  type EmbeddingResult,
  type JsonObject,
  type ToWireContext,
  type UpstreamEmbeddingProtocol,
} from '../../types/index.ts';
import { asArray, asNumber, asObject, asObjects, compact } from '../shared/read.ts';
import { wantedTexts } from '../shared/wanted-texts.ts';

/*
 * Embeddings on an endpoint of SageMaker: what the container behind it takes, which the endpoint's name is the only hint
 * of. Sources, read 2026-11-22: docs.litellm.ai/docs/providers/aws_sagemaker (Hugging Face, Voyage, Cohere), JumpStart's
 * notebooks for text embeddings (`text_inputs`).
 */

type Writer = (texts: string[], request: EmbeddingRequest, context: ToWireContext) => JsonObject;

/** One length of vectors is all that they have. */
const plain =
  (member: string): Writer =>
  (texts, { dimensions }, context) => {
    if (dimensions !== undefined) context.lacks('dimensions', `${context.model} has one length of vectors`);
    return { [member]: texts };
  };

const writers: readonly (readonly [RegExp, Writer])[] = [
  [/voyage/, (input, { dimensions }) => compact({ input, output_dimension: dimensions })],
  [/cohere/, (texts, { dimensions }) => compact({ texts, input_type: 'search_document', output_dimension: dimensions })],
  [/jumpstart.*(?:textembedding|sentencesimilarity)/, plain('text_inputs')],
];

const toWire = (request: EmbeddingRequest, context: ToWireContext): JsonObject => {
  if (request.user !== undefined) context.drop('user', 'SageMaker takes no end user');
  const write = writers.find(([pattern]) => pattern.test(context.model.toLowerCase()))?.[1] ?? plain('inputs');
  return { ...write(wantedTexts(request, 'SageMaker'), request, context), ...request.unknown };
};

const isVector = (value: unknown): value is number[] => Array.isArray(value) && value.every((each) => typeof each === 'number');

/** Lists of vectors, wherever a container puts them. */
const vectorsOf = (body: JsonObject): unknown[] => {
  const data = asObjects(body['data']);
  if (data.length > 0) return data.map(({ embedding }) => embedding);
  const found = body['list'] ?? body['embedding'] ?? body['embeddings'];
  const list = asArray(asObject(found)?.['float'] ?? found);
  return list.length > 0 && isVector(list) ? [list] : list;
};

const fromWire = (body: JsonObject): EmbeddingResult => {
  const embeddings = vectorsOf(body).map((vector) => {
    if (isVector(vector)) return vector;
    throw new SluiceError('invalid_response', 'The endpoint answered with something that is no vector for each text.', { retry: false });
  });
  if (embeddings.length === 0) throw new SluiceError('invalid_response', "The endpoint's answer has no embeddings.");
  const usage = asObject(body['usage']);
  const inputTokens = asNumber(usage?.['prompt_tokens'] ?? usage?.['total_tokens']);
  return { model: '', embeddings, ...(inputTokens !== undefined && { usage: { inputTokens, outputTokens: 0 } }) };
};

export const sagemakerEmbeddings: UpstreamEmbeddingProtocol = Object.freeze({
  id: 'sagemaker-embeddings',
  request: { toWire },
  response: { mayBeList: true, fromWire },
} satisfies UpstreamEmbeddingProtocol);
