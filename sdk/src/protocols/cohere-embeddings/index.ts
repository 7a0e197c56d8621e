import type { EmbeddingProtocol } from '../../types/index.ts';
import { id } from './common.ts';
import * as request from './request.ts';
import * as response from './response.ts';

/** "Maximum number of texts per call is 96." */
const maxTexts = 96;

/** Cohere's `/v2/embed` (https://docs.cohere.com/v2/reference/embed, read 2026-11-22). */
export const cohereEmbeddings: EmbeddingProtocol = Object.freeze({
  id,
  maxInputs: () => maxTexts,
  request: { fromWire: request.fromWire, toWire: request.toWire },
  response: { fromWire: response.fromWire, toWire: response.toWire },
} satisfies EmbeddingProtocol);
