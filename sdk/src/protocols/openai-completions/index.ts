import type { ChatProtocol } from '../../types/index.ts';
import { openAiErrors } from '../shared/openai-body-error.ts';
import { createOpenAiTap } from '../shared/openai-tap.ts';
import { openAiUsageOf } from '../shared/openai-usage.ts';
import { readRequest, writeRequest } from './request.ts';
import { readResponse, writeResponse } from './response.ts';
import { createDecoder, createEncoder } from './stream.ts';

/** OpenAI's text completions, the old format (https://platform.openai.com/docs/api-reference/completions, read 2026-11-21). */
export const openaiCompletions: ChatProtocol = Object.freeze({
  id: 'openai-completions',
  origin: 'openai',
  framing: 'sse',
  request: Object.freeze({ fromWire: readRequest, toWire: writeRequest }),
  response: Object.freeze({ fromWire: readResponse, toWire: writeResponse, usage: openAiUsageOf }),
  stream: Object.freeze({ decoder: createDecoder, encoder: createEncoder, tap: createOpenAiTap }),
  errors: openAiErrors,
});
