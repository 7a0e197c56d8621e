import { SluiceError, type ChatProtocol, type EmbeddingProtocol, type ProtocolId, type RerankProtocol } from '../types/index.ts';
import { anthropicMessages } from './anthropic-messages/index.ts';
import { bedrockConverse } from './bedrock-converse/index.ts';
import { bedrockEmbeddings } from './bedrock-embeddings/index.ts';
import { cohereChat } from './cohere-chat/index.ts';
import { cohereEmbeddings } from './cohere-embeddings/index.ts';
import { cohereRerank } from './cohere-rerank/index.ts';
import { geminiEmbeddings } from './gemini-embeddings/index.ts';
import { gemini } from './gemini/index.ts';
import { ollamaGenerate } from './ollama-chat/generate.ts';
import { ollamaChat } from './ollama-chat/index.ts';
import { ollamaEmbeddings, ollamaOldEmbeddings } from './ollama-embeddings/index.ts';
import { openaiChat } from './openai-chat/index.ts';
import { openaiCompletions } from './openai-completions/index.ts';
import { openaiEmbeddings } from './openai-embeddings/index.ts';
import { openaiResponses } from './openai-responses/index.ts';
import { vertexEmbeddings } from './vertex-embeddings/index.ts';

/** Every wire format of chat. A new one is a folder and a line here. */
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

/** Every wire format of embeddings, with the chat format of the same vendor, whose errors it shares. */
const embeddings: readonly { protocol: EmbeddingProtocol; errors: ChatProtocol['errors'] }[] = [
  { protocol: openaiEmbeddings, errors: openaiChat.errors },
  { protocol: geminiEmbeddings, errors: gemini.errors },
  { protocol: vertexEmbeddings, errors: gemini.errors },
  { protocol: ollamaEmbeddings, errors: ollamaChat.errors },
  { protocol: ollamaOldEmbeddings, errors: ollamaChat.errors },
  { protocol: bedrockEmbeddings, errors: bedrockConverse.errors },
  { protocol: cohereEmbeddings, errors: cohereChat.errors },
];

/** The same for reranking. */
const reranking: readonly { protocol: RerankProtocol; errors: ChatProtocol['errors'] }[] = [
  { protocol: cohereRerank, errors: cohereChat.errors },
];

const chatById = new Map(chatProtocols.map((protocol) => [protocol.id, protocol]));
const embeddingsById = new Map(embeddings.map((each) => [each.protocol.id, each]));
const rerankingById = new Map(reranking.map((each) => [each.protocol.id, each]));

const unknown = (id: ProtocolId): SluiceError => new SluiceError('internal', `There is no protocol '${id}'.`, { retry: false });

export const protocolOf = (id: ProtocolId): ChatProtocol => {
  const protocol = chatById.get(id);
  if (!protocol) throw unknown(id);
  return protocol;
};

export const embeddingProtocolOf = (id: ProtocolId): EmbeddingProtocol => {
  const found = embeddingsById.get(id);
  if (!found) throw unknown(id);
  return found.protocol;
};

export const rerankProtocolOf = (id: ProtocolId): RerankProtocol => {
  const found = rerankingById.get(id);
  if (!found) throw unknown(id);
  return found.protocol;
};

/** How failures of any format are read and written. */
export const errorsOf = (id: ProtocolId): ChatProtocol['errors'] =>
  (embeddingsById.get(id) ?? rerankingById.get(id))?.errors ?? protocolOf(id).errors;

export {
  anthropicMessages,
  bedrockConverse,
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
  turnOf,
  turnsUpTo,
  withHistory,
  type StoredTurn,
} from './openai-responses/history.ts';
