/** The door for programs that build on the SDK's parts, such as the gateway. Less stable than the public one. */
export { errorCodes, Secret, SluiceError, totalInputTokens, totalOutputTokens } from './types/index.ts';
export type {
  BodySource,
  CancelSignal,
  ChatProtocol,
  ChatRequest,
  ChatResult,
  Deadlines,
  Dropped,
  EmbeddingProtocol,
  Endpoint,
  ErrorCode,
  FormField,
  JsonObject,
  MediaFile,
  Operation,
  Operations,
  Provider,
  ProtocolId,
  ResourceKind,
  ResourceRequest,
  StreamPart,
  Target,
  Transport,
  TransportRequest,
  TransportResponse,
  Usage,
  WireEvent,
} from './types/index.ts';
export { adjust, type AdjustedCost, type Adjustment } from './catalog/cost-adjust.ts';
export { costOf, periodAt, type Cost, type CostFacts, type Price } from './catalog/cost.ts';
export { loadCatalog } from './catalog/load.ts';
export type { ModelRow } from './catalog/model-row.ts';
export { namesPrices, withOverride } from './catalog/override.ts';
export { createPriceBook, shelvesOfRows, type PriceBook } from './catalog/price-book.ts';
export { readPriceMap, type PriceMap } from './catalog/price-map.ts';
export { infoOf, type ModelInfo } from './client/info/model-info.ts';
export { operationParametersOf } from './client/info/operation-parameters.ts';
export { parametersOf } from './client/info/parameters.ts';
export { countLocally, type Countable, type LocalCount } from './client/info/tokens.ts';
export { textsOfTokens, type TextsOfTokens } from './client/info/texts-of-tokens.ts';
export type { Answer, CallContext, CallFacts, ChatCall, Resume, Resumed, StreamAnswer, StreamChunk, WholeAnswer } from './client/call.ts';
export { createAnswerTap, usageInAnswer, type AnswerTap } from './client/answer-tap.ts';
export { countTokens, type TokenCount } from './client/count-tokens.ts';
export type { FetchedFile, FetchUrl } from './client/inline-media.ts';
export { definedEndpoints, defineProvider, endpointAt, type DefinedEndpoint, type ProviderDefinition } from './client/define/index.ts';
export { OutputCount } from './protocols/shared/output-count.ts';
export { thinkingBudgets } from './protocols/shared/claude-thinking.ts';
export { addUsage, realtimeUsage } from './client/realtime-usage.ts';
export { realtimeRefusal } from './client/realtime-refusal.ts';
export { embed } from './client/embed.ts';
export { exchange } from './client/exchange.ts';
export { rerank } from './client/rerank.ts';
export type { OperationAnswer, OperationCall, RelayBody } from './client/operate/call.ts';
export { encodeForm } from './client/operate/form.ts';
export { fromFields, requireMembers, toFields } from './client/operate/form-fields.ts';
export { operate } from './client/operate/operate.ts';
export { callResource, keeps, type ResourceCall } from './client/operate/resource.ts';
export { respond, type ResponseMemory } from './client/respond.ts';
export { requestIdOf } from './client/failure.ts';
export { frameSse } from './client/stream-answer.ts';
export { encryptedIdsOf } from './protocols/openai-responses/encrypted-items.ts';
export { formatEventStream, formatEventStreamChunk } from './lib/aws-event-stream.ts';
export { backoffMs } from './lib/backoff.ts';
export { systemClock, type Clock } from './lib/clock.ts';
export { firstOf, type Env } from './lib/env.ts';
export { estimateTokens } from './lib/estimate-tokens.ts';
export { isObject } from './lib/is-object.ts';
export { createNdjsonParser } from './lib/ndjson.ts';
export { signRequest } from './lib/sigv4.ts';
export { spliceTopLevel } from './lib/splice.ts';
export { createSseParser } from './lib/sse.ts';
export {
  anthropicMessages,
  bedrockConverse,
  bedrockInvoke,
  chatProtocols,
  cohereChat,
  cohereEmbeddings,
  cohereRerank,
  gemini,
  ollamaChat,
  ollamaEmbeddings,
  ollamaGenerate,
  ollamaOldEmbeddings,
  openaiChat,
  openaiCompletions,
  geminiEmbeddings,
  openaiEmbeddings,
  vertexEmbeddings,
  openaiResponses,
  protocolOf,
  responseOf,
  type StoredTurn,
} from './protocols/index.ts';
export { identityToken, profileRegion, resolveCredentials as resolveAwsCredentials } from './providers/aws/credentials/index.ts';
export {
  envSecrets as awsEnvSecrets,
  envSettings as awsEnvSettings,
  type AwsCredentials,
  type AwsSettings,
  type CredentialWorld,
} from './providers/aws/credentials/types.ts';
export { isRegion as isAwsRegion, serviceHost as awsServiceHost } from './providers/aws/region.ts';
export { createEntraTokens, type ClientCredentials, type EntraTokens } from './providers/azure/entra.ts';
export { createTokenCache, type FetchedToken, type TokenCache } from './providers/token-cache.ts';
export { createGoogleTokens, type GoogleTokens } from './providers/vertex/auth/index.ts';
export {
  credentialHeaders,
  credentialsRefused,
  providers,
  realtimeUrl,
  relayUrl,
  targetOf,
  withProviders,
  type Providers,
} from './providers/index.ts';
export { offersOf, type Offer } from './providers/offers.ts';
export {
  activeAt,
  affinitiesOf,
  checkStrategyOptions,
  createBudgets,
  createExperiment,
  createFilters,
  createLocalLimiter,
  createRouter,
  failureClassOf,
  homeFilter,
  LadderState,
  modelsOfGroups,
  splitsTokens,
  UsageWindow,
  windowSeconds,
  RouterMemory,
  SpendWindows,
  strategyNames,
  type Affinity,
  type AffinityStats,
  type AnswerEnd,
  type Attempt,
  type BreakerSettings,
  type Budgets,
  type ByFailureClass,
  type CallFallbacks,
  type Candidate,
  type Dealt,
  type DeploymentLimits,
  type Experiment,
  type FallbackLists,
  type FallbackSettings,
  type FallbackTarget,
  type Filter,
  type Full,
  type Grant,
  type HedgeSettings,
  type Ladder,
  type Limiter,
  type ModelFacts,
  type Needs,
  type Peers,
  type QueueSettings,
  type Router,
  type RouteRequest,
  type RouterOptions,
  type RoutingGroup,
  type RunOptions,
  type Schedule,
  type SharedRest,
  type SpendBudget,
  type Try,
  type UsageMetric,
  type UsedTokens,
} from './router/index.ts';
export {
  complexityTiers,
  createComplexityScorer,
  createSemanticRouter,
  type Complexity,
  type ComplexityTier,
  type EmbedTexts,
  type SemanticChoice,
} from './router/auto/index.ts';
export { bodyText } from './transport/body-source.ts';
export { abortSignalOf, Canceller } from './transport/canceller.ts';
export { createFetchTransport } from './transport/fetch-transport.ts';
export { defaultDeadlines } from './transport/deadline.ts';
