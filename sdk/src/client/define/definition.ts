import type { FinishReason, Operation, Provider, Quirks, RerankRequest, RerankResult, Secret, Usage } from '../../types/index.ts';
import type { ChatCompletionParams } from '../wire/chat.ts';

/** Endpoints that a vendor may have in a format that everybody knows: OpenAI's, and for `messages` Anthropic's, for `rerank` Jina's. */
export type DefinedEndpoint = 'chat' | 'completions' | 'responses' | 'embeddings' | 'messages' | 'rerank' | Operation;

/** What a function of a provider may know besides the request. */
export interface FunctionContext {
  /** Without the provider's name. */
  model: string;
  /** Of this call's deployment, or from the environment; `apiKey.reveal()` is its text. */
  apiKey?: Secret;
  /** As configured, else the definition's own. Without a trailing slash. */
  baseUrl?: string;
  /** Headers that are configured for the deployment, names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** What else is configured (`providerOptions`). Secrets in it are `Secret`s. */
  options: Readonly<Record<string, unknown>>;
  /** Aborts when the client leaves or a deadline passes: hand it to `fetch`. */
  signal: AbortSignal;
}

/** A part of an answer, or all of it. A bare text is `{ text }`. */
export interface ChatPiece {
  text?: string;
  thinking?: string;
  toolCalls?: readonly { id?: string; name: string; /** JSON, or what it says. */ arguments: string | object }[];
  /** The last one holds. */
  usage?: Usage;
  /** Default: `tool-calls` where a tool was called, else `stop`. */
  finishReason?: FinishReason;
}

/** A whole answer, or its pieces one after the other. */
export type ChatAnswer = string | ChatPiece | Promise<string | ChatPiece> | AsyncIterable<string | ChatPiece>;

/** A request as a function of a provider gets it: OpenAI's chat body, whatever format the client speaks. */
export type FunctionChatRequest = ChatCompletionParams & { model: string; stream?: boolean | null };

export interface FunctionEmbeddingRequest {
  model: string;
  input: readonly unknown[];
  dimensions?: number;
}

/** A vendor of one's own: data where it speaks a format that everybody knows, functions where it does not. */
export interface ProviderDefinition {
  /** What stands before the slash of a model's name: lower-case letters, digits, `_`, `-` and `.`. */
  id: string;
  /** For people. Default: the id. */
  label?: string;
  /** Where it lives. Absent: each deployment says it, or the functions know. */
  baseUrl?: string;
  /** Environment variables that may hold the key, the first that is set wins. None: no key is demanded. */
  keyEnv?: string | readonly string[];
  /** Environment variables that may hold another address. */
  baseUrlEnv?: string | readonly string[];
  /** Default: `Authorization: Bearer`. */
  auth?: Provider['auth'];
  /** Sent with every request. `{api_key}` in one stands for the key. */
  headers?: Readonly<Record<string, string | Secret>>;
  /** What it has at OpenAI's own paths. Default: `chat`, where no function is given. */
  endpoints?: readonly DefinedEndpoint[];
  /** Endpoints that are not at the usual path. */
  speaks?: Provider['speaks'];
  /** How its chat differs from OpenAI's. */
  quirks?: Quirks;
  /** What its models can take. */
  traits?: Provider['traits'];
  /** Answers chat, by whatever means. An async generator streams. */
  chat?(request: FunctionChatRequest, context: FunctionContext): ChatAnswer;
  embeddings?(
    request: FunctionEmbeddingRequest,
    context: FunctionContext,
  ): Promise<{ embeddings: number[][]; usage?: Usage }> | { embeddings: number[][]; usage?: Usage };
  rerank?(request: RerankRequest, context: FunctionContext): Promise<Pick<RerankResult, 'results' | 'usage'>>;
  /** Calls of other kinds: images, audio, video, OCR, search. */
  operations?: Provider['operations'];
  /** Where the facts come from. */
  source?: string;
}
