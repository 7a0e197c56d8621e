import {
  SluiceError,
  type ChatProtocol,
  type ProtocolId,
  type UpstreamEmbeddingProtocol,
  type UpstreamProtocol,
  type UpstreamRerankProtocol,
} from '../types/index.ts';
import { anthropicMessages } from './anthropic-messages/index.ts';
import { bedrockConverse } from './bedrock-converse/index.ts';
import { bedrockEmbeddings } from './bedrock-embeddings/index.ts';
import {
  bedrockClaudeText,
  bedrockCohere,
  bedrockCommandR,
  bedrockDeepSeek,
  bedrockImportedQwen,
  bedrockImportedR1,
  bedrockInvoke,
  bedrockJurassic,
  bedrockLlama,
  bedrockMistral,
  bedrockNova,
  bedrockOpenai,
  bedrockTitan,
} from './bedrock-invoke/index.ts';
import { cohereChat } from './cohere-chat/index.ts';
import { cohereEmbeddings } from './cohere-embeddings/index.ts';
import { cohereRerank } from './cohere-rerank/index.ts';
import { deepinfraRerank } from './deepinfra-rerank/index.ts';
import { databricksChat } from './databricks-chat/index.ts';
import { geminiEmbeddings } from './gemini-embeddings/index.ts';
import { gemini } from './gemini/index.ts';
import { gigachatChat, gigachatEmbeddings } from './gigachat/index.ts';
import { jinaRerank } from './jina-rerank/index.ts';
import { nlpCloudEmbeddings } from './nlp-cloud-embeddings/index.ts';
import { nlpCloudGeneration } from './nlp-cloud-generation/index.ts';
import { nvidiaRerank } from './nvidia-rerank/index.ts';
import { ociCohere, ociEmbeddings, ociGeneric, ociRerank } from './oci/index.ts';
import { ollamaGenerate } from './ollama-chat/generate.ts';
import { ollamaChat } from './ollama-chat/index.ts';
import { ollamaEmbeddings, ollamaOldEmbeddings } from './ollama-embeddings/index.ts';
import { openaiChat } from './openai-chat/index.ts';
import { openaiCompletions } from './openai-completions/index.ts';
import { openaiEmbeddings } from './openai-embeddings/index.ts';
import { openaiResponses } from './openai-responses/index.ts';
import { replicate } from './replicate-predictions/index.ts';
import { sagemakerEmbeddings, sagemakerGenerate } from './sagemaker/index.ts';
import { sapEmbeddings, sapOrchestration } from './sap-orchestration/index.ts';
import { teiEmbeddings } from './tei-embeddings/index.ts';
import { teiRerank } from './tei-rerank/index.ts';
import { tgiGenerate } from './tgi-generate/index.ts';
import { tritonEmbeddings } from './triton-embeddings/index.ts';
import { tritonGenerate, tritonInfer } from './triton-generate/index.ts';
import { vendorEmbeddings } from './vendor-embeddings/index.ts';
import { vertexBgeEmbeddings } from './vertex-embeddings/bge.ts';
import { vertexEmbeddings } from './vertex-embeddings/index.ts';
import { vertexGemma } from './vertex-gemma/index.ts';
import { vertexRerank } from './vertex-rerank/index.ts';
import { voyageMultimodalEmbeddings } from './voyage-multimodal-embeddings/index.ts';
import { watsonxChat, watsonxEmbeddings, watsonxRerank, watsonxText } from './watsonx/index.ts';
import { writerCompletions } from './writer-completions/index.ts';

/** Every wire format of chat that clients speak. A new one is a folder and a line here. */
export const chatProtocols: readonly ChatProtocol[] = [
  openaiChat,
  openaiCompletions,
  openaiResponses,
  anthropicMessages,
  gemini,
  ollamaChat,
  ollamaGenerate,
  cohereChat,
  bedrockConverse,
];

/** Those that only vendors speak, or clients say to one vendor alone (`bedrockInvoke`). */
const upstreamProtocols: readonly UpstreamProtocol[] = [
  nlpCloudGeneration,
  replicate,
  tgiGenerate,
  tritonGenerate,
  tritonInfer,
  writerCompletions,
  bedrockClaudeText,
  bedrockCohere,
  bedrockCommandR,
  bedrockDeepSeek,
  bedrockImportedQwen,
  bedrockImportedR1,
  bedrockInvoke,
  bedrockJurassic,
  bedrockLlama,
  bedrockMistral,
  bedrockNova,
  bedrockOpenai,
  bedrockTitan,
  databricksChat,
  sagemakerGenerate,
  vertexGemma,
  gigachatChat,
  ociCohere,
  ociGeneric,
  sapOrchestration,
  watsonxChat,
  watsonxText,
];

/** Every wire format of embeddings, with the chat format of the same vendor, whose errors it shares. */
const embeddings: readonly { protocol: UpstreamEmbeddingProtocol; errors: UpstreamProtocol['errors'] }[] = [
  { protocol: openaiEmbeddings, errors: openaiChat.errors },
  { protocol: geminiEmbeddings, errors: gemini.errors },
  { protocol: vertexEmbeddings, errors: gemini.errors },
  { protocol: vertexBgeEmbeddings, errors: gemini.errors },
  { protocol: ollamaEmbeddings, errors: ollamaChat.errors },
  { protocol: ollamaOldEmbeddings, errors: ollamaChat.errors },
  { protocol: bedrockEmbeddings, errors: bedrockConverse.errors },
  { protocol: sagemakerEmbeddings, errors: sagemakerGenerate.errors },
  { protocol: cohereEmbeddings, errors: cohereChat.errors },
  { protocol: nlpCloudEmbeddings, errors: openaiChat.errors },
  { protocol: teiEmbeddings, errors: openaiChat.errors },
  { protocol: tritonEmbeddings, errors: openaiChat.errors },
  { protocol: vendorEmbeddings, errors: openaiChat.errors },
  { protocol: voyageMultimodalEmbeddings, errors: openaiChat.errors },
  { protocol: gigachatEmbeddings, errors: gigachatChat.errors },
  { protocol: sapEmbeddings, errors: sapOrchestration.errors },
  { protocol: ociEmbeddings, errors: ociGeneric.errors },
  { protocol: watsonxEmbeddings, errors: watsonxChat.errors },
];

/** The same for reranking. */
const reranking: readonly { protocol: UpstreamRerankProtocol; errors: UpstreamProtocol['errors'] }[] = [
  { protocol: cohereRerank, errors: cohereChat.errors },
  { protocol: vertexRerank, errors: gemini.errors },
  { protocol: deepinfraRerank, errors: openaiChat.errors },
  { protocol: jinaRerank, errors: openaiChat.errors },
  { protocol: nvidiaRerank, errors: openaiChat.errors },
  { protocol: teiRerank, errors: openaiChat.errors },
  { protocol: ociRerank, errors: ociGeneric.errors },
  { protocol: watsonxRerank, errors: watsonxChat.errors },
];

const chatById = new Map(chatProtocols.map((protocol) => [protocol.id, protocol]));
const upstreamById = new Map([...upstreamProtocols, ...chatProtocols].map((protocol) => [protocol.id, protocol]));
const embeddingsById = new Map(embeddings.map((each) => [each.protocol.id, each]));
const rerankingById = new Map(reranking.map((each) => [each.protocol.id, each]));

const unknown = (id: ProtocolId): SluiceError => new SluiceError('internal', `There is no protocol '${id}'.`, { retry: false });

/** A format that clients speak. */
export const protocolOf = (id: ProtocolId): ChatProtocol => {
  const protocol = chatById.get(id);
  if (!protocol) throw unknown(id);
  return protocol;
};

/** A format that a vendor is spoken to in, whether or not clients speak it as well. */
export const upstreamProtocolOf = (id: ProtocolId): UpstreamProtocol => {
  const protocol = upstreamById.get(id);
  if (!protocol) throw unknown(id);
  return protocol;
};

export const embeddingProtocolOf = (id: ProtocolId): UpstreamEmbeddingProtocol => {
  const found = embeddingsById.get(id);
  if (!found) throw unknown(id);
  return found.protocol;
};

export const rerankProtocolOf = (id: ProtocolId): UpstreamRerankProtocol => {
  const found = rerankingById.get(id);
  if (!found) throw unknown(id);
  return found.protocol;
};

/** How failures of any format are read. */
export const errorsOf = (id: ProtocolId): UpstreamProtocol['errors'] =>
  (embeddingsById.get(id) ?? rerankingById.get(id))?.errors ?? upstreamProtocolOf(id).errors;

export {
  anthropicMessages,
  bedrockConverse,
  bedrockInvoke,
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
};
export {
  createResponseWatcher,
  needsProviderMemory,
  previousResponseId,
  responseOf,
  turnOf,
  turnsUpTo,
  withHistory,
  type StoredTurn,
} from './openai-responses/history.ts';
