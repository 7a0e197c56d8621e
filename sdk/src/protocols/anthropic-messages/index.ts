import type { ChatProtocol } from '../../types/index.ts';
import { origin, protocolId } from './common.ts';
import * as countTokens from './count-tokens.ts';
import * as errors from './errors.ts';
import { holdsForeignThoughts } from './foreign-thoughts.ts';
import { fromWire } from './request-from-wire.ts';
import { toWire } from './request-to-wire.ts';
import * as response from './response.ts';
import { createDecoder } from './stream-decoder.ts';
import { createEncoder } from './stream-encoder.ts';
import { createTap } from './stream-tap.ts';

/** Anthropic's Messages API: what Claude Code and `@anthropic-ai/sdk` speak, and what api.anthropic.com answers. */
export const anthropicMessages: ChatProtocol = Object.freeze({
  id: protocolId,
  origin,
  framing: 'sse',
  passHeaders: Object.freeze(['anthropic-beta', 'anthropic-version']),
  request: Object.freeze({ fromWire, toWire, mustRewrite: holdsForeignThoughts }),
  response: Object.freeze({ fromWire: response.fromWire, toWire: response.toWire, usage: response.usage }),
  stream: Object.freeze({ decoder: createDecoder, encoder: createEncoder, tap: createTap }),
  errors: Object.freeze({ fromWire: errors.fromWire, toWire: errors.toWire, toEvents: errors.toEvents }),
  countTokens: Object.freeze({ toWire: countTokens.toWire, respond: countTokens.respond, fromWire: countTokens.fromWire }),
});
