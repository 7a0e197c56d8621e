import type { ChatProtocol } from '../../types/index.ts';
import { protocolId, usualOrigin } from './common.ts';
import * as countTokens from './count-tokens.ts';
import * as errors from './errors.ts';
import { fromWire } from './request-from-wire.ts';
import { toWire } from './request-to-wire.ts';
import * as response from './response.ts';
import { createDecoder } from './stream-decoder.ts';
import { createEncoder } from './stream-encoder.ts';
import { createTap } from './stream-tap.ts';

/** Amazon Bedrock's Converse and ConverseStream: what `@aws-sdk/client-bedrock-runtime` and boto3 speak, and what Bedrock answers for the models of all vendors. */
export const bedrockConverse: ChatProtocol = Object.freeze({
  id: protocolId,
  origin: usualOrigin,
  framing: 'aws-event-stream',
  inlineMedia: Object.freeze(['image', 'audio', 'video', 'file'] as const),
  request: Object.freeze({ fromWire, toWire }),
  response: Object.freeze({ fromWire: response.fromWire, toWire: response.toWire, usage: response.usage }),
  stream: Object.freeze({ decoder: createDecoder, encoder: createEncoder, tap: createTap }),
  errors: Object.freeze({ fromWire: errors.fromWire, toWire: errors.toWire, toEvents: errors.toEvents }),
  countTokens: Object.freeze({ toWire: countTokens.toWire, respond: countTokens.respond, fromWire: countTokens.fromWire }),
});
