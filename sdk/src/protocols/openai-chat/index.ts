import type { ChatProtocol } from '../../types/index.ts';
import { openAiErrors } from '../shared/openai-body-error.ts';
import { createOpenAiTap } from '../shared/openai-tap.ts';
import { openAiUsageOf } from '../shared/openai-usage.ts';
import { own } from './own.ts';
import { readRequest } from './request-read.ts';
import { writeRequest } from './request-write.ts';
import { readResponse, writeResponse } from './response.ts';
import { createDecoder } from './stream-decoder.ts';
import { createEncoder } from './stream-encoder.ts';

/**
 * OpenAI's Chat Completions, and the format of about a hundred vendors that follow it
 * (https://platform.openai.com/docs/api-reference/chat, read 2026-11-21).
 */
export const openaiChat: ChatProtocol = Object.freeze({
  id: own,
  origin: 'openai',
  framing: 'sse',
  request: Object.freeze({ fromWire: readRequest, toWire: writeRequest }),
  response: Object.freeze({ fromWire: readResponse, toWire: writeResponse, usage: openAiUsageOf }),
  stream: Object.freeze({ decoder: createDecoder, encoder: createEncoder, tap: createOpenAiTap }),
  errors: openAiErrors,
});
