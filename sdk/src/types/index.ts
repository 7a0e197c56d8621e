export type { JsonObject } from './json.ts';
export { cachedInputTokens, totalInputTokens, totalOutputTokens, type BilledUnits, type Usage } from './usage.ts';
export type {
  AudioPart,
  CacheControl,
  Citation,
  FilePart,
  ImagePart,
  MediaSource,
  OpaquePart,
  Origin,
  Part,
  ProtocolExtra,
  RefusalPart,
  Signature,
  TextPart,
  ThinkingPart,
  ToolCallPart,
  ToolResultPart,
  VideoPart,
} from './part.ts';
export type { Message } from './message.ts';
export type { CustomTool, FunctionTool, ProviderTool, Tool, ToolChoice } from './tool.ts';
export type { ChatRequest, Reasoning, ReasoningEffort, ResponseFormat, WebSearch } from './request.ts';
export type { Candidate, ChatResult, FinishReason } from './result.ts';
export type { Emit, StreamPart } from './stream.ts';
export type { EmbeddingRequest, EmbeddingResult } from './embedding.ts';
export type { RankedDocument, RerankRequest, RerankResult, RerankUsage } from './rerank.ts';
export { errorCodes, SluiceError, type ErrorCode, type SluiceErrorOptions, type UpstreamError } from './error.ts';
export type {
  ChatProtocol,
  DecodeHints,
  Dropped,
  EmbeddingProtocol,
  Framing,
  FromResultContext,
  HttpFailure,
  ModelTraits,
  PathFacts,
  ProtocolId,
  Quirks,
  RerankProtocol,
  StreamDecoder,
  StreamEncoder,
  StreamTap,
  ToWireContext,
  UpstreamEmbeddingProtocol,
  UpstreamProtocol,
  UpstreamRerankProtocol,
  WireError,
  WireEvent,
  WireRequest,
} from './protocol.ts';
export type { Auth, Deadlines, Dialect, DialectCall, Endpoint, Provider, Speaks, Takes, Target } from './provider.ts';
export { Secret } from './secret.ts';
export type { BodySource, CancelListener, CancelSignal, Transport, TransportRequest, TransportResponse } from './transport.ts';
export type {
  Adapter,
  ByteStream,
  ImageEditRequest,
  ImageGenerationRequest,
  ImageOptions,
  ImagesResult,
  MediaFile,
  OcrRequest,
  OcrResult,
  Operation,
  Operations,
  SearchRequest,
  SearchResult,
  SpeechRequest,
  SpeechResult,
  TranscriptionRequest,
  TranscriptionResult,
  VideoCreateRequest,
  VideoJob,
} from './operation.ts';
export type { FormField, Wire, WireCall } from './wire.ts';
export type { LazyResourceAdapter, ResourceAdapter, ResourceKind, ResourcePath, ResourceRequest, ResourceResult } from './resource.ts';
