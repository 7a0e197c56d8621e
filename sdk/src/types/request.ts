import type { JsonObject } from './json.ts';
import type { Message } from './message.ts';
import type { ProtocolExtra } from './part.ts';
import type { Tool, ToolChoice } from './tool.ts';

export type ReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

/** How much the model is to think. What is absent is left to the provider. */
export interface Reasoning {
  /** `disabled`: no thinking; `adaptive`: the model decides; `enabled`: within `budgetTokens`. */
  mode?: 'enabled' | 'disabled' | 'adaptive';
  effort?: ReasoningEffort;
  budgetTokens?: number;
  /** Whether the thoughts, or a summary (`auto`, `concise`, `detailed`), are to be in the answer. */
  summary?: 'auto' | 'concise' | 'detailed' | 'none';
}

export type ResponseFormat =
  | { type: 'text' }
  | { type: 'json' }
  | { type: 'json-schema'; name?: string; description?: string; schema: JsonObject; strict?: boolean };

export interface WebSearch {
  /** `low`, `medium`, `high` */
  contextSize?: string;
  /** Members as OpenAI's `user_location.approximate`: `city`, `country`, `region`, `timezone`. */
  userLocation?: JsonObject;
  allowedDomains?: string[];
  blockedDomains?: string[];
  maxUses?: number;
}

/** A chat request in the neutral model: what every wire format can say, and room for what only one can. */
export interface ChatRequest {
  /** As the client wrote it; `toWire` takes the upstream's name from its context. */
  model: string;
  messages: Message[];
  tools?: Tool[];
  toolChoice?: ToolChoice;
  parallelToolCalls?: boolean;
  maxOutputTokens?: number;
  temperature?: number;
  topP?: number;
  topK?: number;
  stop?: string[];
  seed?: number;
  presencePenalty?: number;
  frequencyPenalty?: number;
  /** Token id -> bias. */
  logitBias?: JsonObject;
  logprobs?: boolean;
  topLogprobs?: number;
  /** How many answers (`n`). */
  candidateCount?: number;
  responseFormat?: ResponseFormat;
  reasoning?: Reasoning;
  /** `low`, `medium`, `high` */
  verbosity?: string;
  modalities?: string[];
  /** How spoken output is to be: `{ voice, format }`. */
  audio?: JsonObject;
  prediction?: JsonObject;
  webSearch?: WebSearch;
  serviceTier?: string;
  metadata?: JsonObject;
  /** The end user, for abuse detection. */
  user?: string;
  store?: boolean;
  promptCacheKey?: string;
  stream: boolean;
  /** The client wants the usage in the stream's last chunk. Formats that always send it set it to true. */
  includeUsage?: boolean;
  /**
   * Top-level members that the client's format does not know. They are passed to the provider as they are,
   * whatever its protocol, so that a vendor's new parameter works on day one.
   */
  unknown: JsonObject;
  /** Members that the client's format does know and that only the same protocol can take. */
  extra?: ProtocolExtra;
}
