import type { RerankProtocol } from '../../types/index.ts';
import { id } from './common.ts';
import * as request from './request.ts';
import * as response from './response.ts';

/** Cohere's `/v2/rerank` (https://docs.cohere.com/v2/reference/rerank, read 2026-11-22). */
export const cohereRerank: RerankProtocol = Object.freeze({
  id,
  mustRewrite: request.isFirstVersion,
  request: { fromWire: request.fromWire, toWire: request.toWire },
  response: { fromWire: response.fromWire, toWire: response.toWire },
} satisfies RerankProtocol);
