export { batchCompletion, batchCompletionModels, batchCompletionModelsAllResponses } from './client/batch.ts';
export { completion, textCompletion, type CompletionRequest, type TextCompletionRequest } from './client/completion.ts';
export {
  cancelBatch,
  cancelFineTuningJob,
  cancelResponse,
  createBatch,
  createFile,
  createFineTuningJob,
  createVectorStore,
  deleteFile,
  deleteResponse,
  deleteVectorStore,
  fileContent,
  listBatches,
  listFiles,
  listFineTuningJobs,
  listInputItems,
  listVectorStores,
  retrieveBatch,
  retrieveFile,
  retrieveFineTuningJob,
  retrieveResponse,
  retrieveVectorStore,
  searchVectorStore,
} from './client/kept.ts';
export {
  imageEdit,
  imageGeneration,
  imageVariation,
  moderation,
  ocr,
  search,
  speech,
  transcription,
  translation,
  videoContent,
  videoGeneration,
  videoRemix,
  videoStatus,
  type ImageEditRequest,
  type ImageGenerationRequest,
  type ImageVariationRequest,
  type ModerationRequest,
  type OcrRequest,
  type SearchRequest,
  type SpeechRequest,
  type TranscriptionRequest,
  type VideoJobRequest,
  type VideoRequest,
} from './client/media.ts';
export { defineProvider, type ChatAnswer, type ChatPiece, type FunctionContext, type ProviderDefinition } from './client/define/index.ts';
export type { Model, ProviderPrefix } from './client/models.ts';
export {
  embedding,
  generateContent,
  messages,
  rerank,
  responses,
  type EmbeddingRequest,
  type GenerateContentRequest,
  type MessagesRequest,
  type RerankRequest,
  type ResponsesRequest,
} from './client/native.ts';
export type { CallOptions } from './client/options.ts';
export {
  Router,
  type LiteLLMModel,
  type RouterConfig,
  type RouterModel,
  type RoutingCandidate,
  type RoutingStrategy,
} from './client/router.ts';
export type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionContentPart,
  ChatCompletionMessage,
  ChatCompletionMessageParam,
  ChatCompletionParams,
  ChatCompletionTool,
  ChatCompletionToolCall,
  ChatCompletionToolChoice,
  CompletionUsage,
  ThinkingBlock,
} from './client/wire/chat.ts';
export type {
  AnthropicEvent,
  AnthropicMessage,
  EmbeddingResponse,
  GenerateContentResponse,
  ResponseEvent,
  ResponseObject,
  TextCompletion,
} from './client/wire/others.ts';
export type { Batch, FileObject, FineTuningJob, Page, VectorStore, VectorStoreSearchResults } from './client/wire/kept.ts';
export type {
  FileInput,
  ImagesResponse,
  MediaEvent,
  ModerationResponse,
  OcrResponse,
  SearchResponse,
  SpeechResponse,
  TranscriptionResponse,
  VideoObject,
} from './client/wire/media.ts';
export type { RerankResponse } from './client/wire/rerank.ts';
export {
  completionCost,
  costPerToken,
  decode,
  encode,
  getLlmProvider,
  getMaxTokens,
  getModelInfo,
  getSupportedOpenAIParams,
  getValidModels,
  registerModel,
  supportsAssistantPrefill,
  supportsAudioInput,
  supportsAudioOutput,
  supportsComputerUse,
  supportsEmbeddingImageInput,
  supportsFunctionCalling,
  supportsNativeStreaming,
  supportsParallelFunctionCalling,
  supportsPdfInput,
  supportsPromptCaching,
  supportsReasoning,
  supportsResponseSchema,
  supportsSystemMessages,
  supportsToolChoice,
  supportsUrlContext,
  supportsVideoInput,
  supportsVision,
  supportsWebSearch,
  tokenCounter,
  trimMessages,
  validateEnvironment,
} from './client/utilities.ts';
export type { CallType } from './client/info/answer-kind.ts';
export type { AnswerFacts, CallCost, CostOptions } from './client/info/cost.ts';
export type { GivenUsage, OpenAiCounts } from './client/info/usage-given.ts';
export type { EnvironmentCheck } from './client/info/environment.ts';
export type { ModelInfo } from './client/info/model-info.ts';
export type { Tokenizer } from './client/info/tokenizer.ts';
export type { Countable } from './client/info/tokens.ts';
export { errorCodes, SluiceError, type Deadlines, type ErrorCode, type Provider, type UpstreamError, type Usage } from './types/index.ts';
