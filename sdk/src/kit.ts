/** The door for programs that build on the SDK's parts, such as the gateway. Less stable than the public one. */
export { errorCodes, Secret, SluiceError, totalInputTokens, totalOutputTokens } from './types/index.ts';
export type {
  ChatProtocol,
  ChatRequest,
  Deadlines,
  Dropped,
  EmbeddingProtocol,
  Endpoint,
  ErrorCode,
  JsonObject,
  Provider,
  ProtocolId,
  StreamPart,
  Target,
  Transport,
  TransportRequest,
  TransportResponse,
  Usage,
  WireEvent,
} from './types/index.ts';
export type { Answer, CallContext, CallFacts, ChatCall, StreamAnswer, StreamChunk, WholeAnswer } from './client/call.ts';
export { countTokens, type TokenCount } from './client/count-tokens.ts';
export { embed } from './client/embed.ts';
export { exchange } from './client/exchange.ts';
export { requestIdOf } from './client/failure.ts';
export { frameSse } from './client/stream-answer.ts';
export { newId } from './lib/ids.ts';
export { createSseParser } from './lib/sse.ts';
export { anthropicMessages, chatProtocols, gemini, openaiChat, openaiCompletions, openaiEmbeddings, openaiResponses, protocolOf } from './protocols/index.ts';
export { createFetchTransport } from './transport/fetch-transport.ts';
export { defaultDeadlines } from './transport/deadline.ts';
