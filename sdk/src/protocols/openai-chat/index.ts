import type { ChatProtocol } from '../../types/index.ts';
import { errors } from './errors.ts';
import { own } from './own.ts';
import { readRequest } from './request-read.ts';
import { writeRequest } from './request-write.ts';
import { readResponse, usageOf, writeResponse } from './response.ts';
import { createDecoder } from './stream-decoder.ts';
import { createEncoder } from './stream-encoder.ts';
import { createTap } from './stream-tap.ts';

/**
 * OpenAI's Chat Completions, and the format of about a hundred vendors that follow it
 * (https://platform.openai.com/docs/api-reference/chat, read 2026-11-21).
 */
export const openaiChat: ChatProtocol = Object.freeze({
  id: own,
  origin: 'openai',
  framing: 'sse',
  request: Object.freeze({ fromWire: readRequest, toWire: writeRequest }),
  response: Object.freeze({ fromWire: readResponse, toWire: writeResponse, usage: usageOf }),
  stream: Object.freeze({ decoder: createDecoder, encoder: createEncoder, tap: createTap }),
  errors,
});
