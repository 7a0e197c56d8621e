import type { ChatProtocol } from '../../types/index.ts';
import { readOpenAiError, writeOpenAiError } from '../shared/openai-error.ts';
import { toWire as responseToWire } from './answer.ts';
import { countTokens } from './count-tokens.ts';
import { errorEvents } from './errors.ts';
import { family, protocolId } from './native.ts';
import { holdsForeignThoughts } from './reasoning-item.ts';
import { fromWire as requestFromWire } from './request-from-wire.ts';
import { toWire as requestToWire } from './request-to-wire.ts';
import { fromWire as responseFromWire } from './response-from-wire.ts';
import { createDecoder } from './stream-decoder.ts';
import { createEncoder } from './stream-encoder.ts';
import { createTap } from './stream-tap.ts';
import { usageOf } from './usage.ts';

/** OpenAI Responses: `POST /v1/responses`, spoken by OpenAI, Azure, xAI, DeepSeek, Bedrock and ChatGPT, and by Codex. */
export const openaiResponses: ChatProtocol = Object.freeze<ChatProtocol>({
  id: protocolId,
  origin: family,
  framing: 'sse',
  request: Object.freeze({ fromWire: requestFromWire, toWire: requestToWire, mustRewrite: holdsForeignThoughts }),
  response: Object.freeze({ fromWire: responseFromWire, toWire: responseToWire, usage: usageOf }),
  stream: Object.freeze({ decoder: createDecoder, encoder: createEncoder, tap: createTap }),
  errors: Object.freeze({ fromWire: readOpenAiError, toWire: writeOpenAiError, toEvents: errorEvents }),
  countTokens: Object.freeze(countTokens),
});
