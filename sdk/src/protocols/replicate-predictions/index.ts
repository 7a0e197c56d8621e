import type { UpstreamProtocol } from '../../types/index.ts';
import { openAiErrors } from '../shared/openai-body-error.ts';
import { readTextAnswer, textDecoder } from '../shared/prompts/text-answer.ts';
import { predictions } from './answer.ts';
import { toWire } from './request.ts';

/**
 * Predictions of language models on Replicate (https://replicate.com/docs/reference/http, read 2026-11-22). Streams are read as
 * the provider's own code hands them over: `{ output }`, `{ error }`, and the prediction's end with its metrics.
 */
export const replicate: UpstreamProtocol = Object.freeze({
  id: 'replicate',
  origin: 'openai',
  framing: 'sse',
  request: { toWire },
  response: { fromWire: (body) => readTextAnswer(predictions, body) },
  stream: { decoder: () => textDecoder(predictions) },
  errors: { fromWire: openAiErrors.fromWire },
} satisfies UpstreamProtocol);
