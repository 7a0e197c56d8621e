import type { ChatProtocol } from '../../types/index.ts';
import * as countTokens from './count-tokens.ts';
import { encoder } from './encoder.ts';
import * as errors from './errors.ts';
import * as request from './request.ts';
import * as response from './response.ts';
import { decoder, tap } from './stream.ts';

/**
 * Google's `generateContent` and `streamGenerateContent`, as the Gemini API and Vertex AI speak them
 * (https://ai.google.dev/api/generate-content, read 2026-11-21). Streams are read with `alt=sse`; a client that asks
 * for a JSON array gets the encoder's events as its elements.
 */
export const gemini: ChatProtocol = Object.freeze({
  id: 'gemini',
  origin: 'google',
  framing: 'sse',
  request: { fromWire: request.fromWire, toWire: request.toWire },
  response: { fromWire: response.fromWire, toWire: response.toWire, usage: response.usage },
  stream: { decoder, encoder, tap },
  errors: { fromWire: errors.fromWire, toWire: errors.toWire, toEvents: errors.toEvents },
  countTokens: { toWire: countTokens.toWire, respond: countTokens.respond, fromWire: countTokens.fromWire },
} satisfies ChatProtocol);
