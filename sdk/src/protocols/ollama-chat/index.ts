import type { ChatProtocol } from '../../types/index.ts';
import { encoder } from './encoder.ts';
import * as errors from './errors.ts';
import * as request from './request.ts';
import * as response from './response.ts';
import { decoder, tap } from './stream.ts';

/** Ollama's own `/api/chat` (https://docs.ollama.com/api/chat, read 2026-11-21). */
export const ollamaChat: ChatProtocol = Object.freeze({
  id: 'ollama-chat',
  origin: 'ollama',
  framing: 'ndjson',
  inlineMedia: ['image'],
  request: { mustRewrite: request.mustRewrite, fromWire: request.fromWire, toWire: request.toWire },
  response: { fromWire: response.fromWire, toWire: response.toWire, usage: response.usage },
  stream: { decoder, encoder, tap },
  errors: { fromWire: errors.fromWire, toWire: errors.toWire, toEvents: errors.toEvents },
} satisfies ChatProtocol);
