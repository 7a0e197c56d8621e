import type { UpstreamProtocol } from '../../types/index.ts';
import { openAiErrors } from '../shared/openai-body-error.ts';
import { readTextAnswer, textDecoder } from '../shared/prompts/text-answer.ts';
import { generated, inferred } from './answer.ts';
import { generateRequest, inferRequest } from './request.ts';

/**
 * Triton's generate extension, as TensorRT-LLM's and vLLM's backends have it (https://docs.nvidia.com/deeplearning/
 * triton-inference-server/user-guide/docs/protocol/extension_generate.html, read 2026-11-22). Nothing marks the end of a
 * stream: the model has ended where the server has.
 */
export const tritonGenerate: UpstreamProtocol = Object.freeze({
  id: 'triton-generate',
  origin: 'openai',
  framing: 'sse',
  request: { toWire: generateRequest },
  response: { fromWire: (body) => readTextAnswer(generated, body) },
  stream: { decoder: () => textDecoder(generated) },
  errors: { fromWire: openAiErrors.fromWire },
} satisfies UpstreamProtocol);

/** The same models by the KServe V2 inference protocol, in tensors. It has no streams: an answer comes whole. */
export const tritonInfer: UpstreamProtocol = Object.freeze({
  id: 'triton-infer',
  origin: 'openai',
  framing: 'sse',
  request: { toWire: inferRequest },
  response: { fromWire: (body) => readTextAnswer(inferred, body) },
  stream: { decoder: () => textDecoder(inferred) },
  errors: { fromWire: openAiErrors.fromWire },
} satisfies UpstreamProtocol);
