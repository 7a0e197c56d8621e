import {
  SluiceError,
  type EmbeddingRequest,
  type EmbeddingResult,
  type JsonObject,
  type ToWireContext,
  type UpstreamEmbeddingProtocol,
} from '../../types/index.ts';
import { asArray, asNumber, asObjects, asString } from '../shared/read.ts';
import { wantedTexts } from '../shared/wanted-texts.ts';

/*
 * Embeddings by the KServe V2 inference protocol, as NVIDIA Triton speaks it (https://github.com/kserve/open-inference-
 * protocol, `infer`), with the tensor that LiteLLM's users named: `input_text`
 * (https://docs.litellm.ai/docs/providers/triton-inference-server). Both read 2026-11-22.
 */

/** @throws SluiceError `unsupported_parameter` */
const toWire = (request: EmbeddingRequest, context: ToWireContext): JsonObject => {
  const data = wantedTexts(request, 'Triton');
  if (request.dimensions !== undefined) context.lacks('dimensions', 'a tensor has the size that the model gives it');
  if (request.user !== undefined) context.drop('user', 'Triton takes no end user');
  return { ...request.unknown, inputs: [{ name: 'input_text', shape: [data.length], datatype: 'BYTES', data }] };
};

/** A tensor's numbers, row by row: flat as the protocol has them, or nested as some servers send them. */
const rowsOf = (output: JsonObject): number[][] => {
  const data = asArray(output['data']);
  if (Array.isArray(data[0])) return data.map((row) => asArray(row).filter((each) => typeof each === 'number'));
  const numbers = data.filter((each) => typeof each === 'number');
  const shape = asArray(output['shape']).map((each) => asNumber(each) ?? 0);
  const size = shape.at(-1) ?? 0;
  const count = shape.slice(0, -1).reduce((product, each) => product * each, 1);
  if (size <= 0 || size * count !== numbers.length) {
    throw new SluiceError('invalid_response', "The provider's tensor does not have the shape that it says.", { retry: false });
  }
  return Array.from({ length: count }, (_, row) => numbers.slice(row * size, (row + 1) * size));
};

/** @throws SluiceError `invalid_response` */
const fromWire = (body: JsonObject): EmbeddingResult => {
  const [output] = asObjects(body['outputs']);
  if (!output) throw new SluiceError('invalid_response', "The provider's answer has no embeddings.");
  return { model: asString(body['model_name']) ?? '', embeddings: rowsOf(output) };
};

export const tritonEmbeddings: UpstreamEmbeddingProtocol = Object.freeze({
  id: 'triton-embeddings',
  request: { toWire },
  response: { fromWire },
} satisfies UpstreamEmbeddingProtocol);
