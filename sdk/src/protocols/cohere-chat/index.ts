import type { ChatProtocol } from '../../types/index.ts';
import { id, origin } from './common.ts';
import * as errors from './errors.ts';
import * as request from './request.ts';
import * as response from './response.ts';
import { decoder, encoder, tap } from './stream.ts';

/** Cohere's `/v2/chat` (https://docs.cohere.com/v2/reference/chat, read 2026-11-22). */
export const cohereChat: ChatProtocol = Object.freeze({
  id,
  origin,
  framing: 'sse',
  request: { fromWire: request.fromWire, toWire: request.toWire },
  response: { fromWire: response.fromWire, toWire: response.toWire, usage: response.usage },
  stream: { decoder, encoder, tap },
  errors: { fromWire: errors.fromWire, toWire: errors.toWire, toEvents: errors.toEvents },
} satisfies ChatProtocol);
