import type { CompletionUsage } from './chat.ts';
import type { Open } from './open.ts';

/*
 * The shapes of the other calls, as far as a program usually looks: each body is the vendor's own, and what is not
 * listed is passed on and comes back as it is.
 */

export interface TextCompletionParams {
  prompt: string | string[];
  suffix?: string | null;
  max_tokens?: number | null;
  temperature?: number | null;
  top_p?: number | null;
  n?: number | null;
  stop?: string | string[] | null;
  seed?: number | null;
  echo?: boolean | null;
  logprobs?: number | null;
  user?: string;
}

export interface TextCompletion {
  id: string;
  object: 'text_completion';
  created: number;
  model: string;
  choices: { index: number; text: string; finish_reason: 'stop' | 'length' | 'content_filter' | null; logprobs: unknown }[];
  usage?: CompletionUsage;
}

/** OpenAI Responses (platform.openai.com/docs/api-reference/responses, read 2026-11-21). */
export interface ResponsesParams {
  input: string | object[];
  instructions?: string | null;
  tools?: object[];
  tool_choice?: unknown;
  max_output_tokens?: number | null;
  temperature?: number | null;
  top_p?: number | null;
  reasoning?: { effort?: string | null; summary?: string | null } | null;
  text?: { format?: object; verbosity?: string | null };
  previous_response_id?: string | null;
  store?: boolean | null;
  metadata?: { [key: string]: string } | null;
}

export interface ResponseItem {
  type: string;
  id?: string;
  [member: string]: unknown;
}

export interface ResponseObject {
  id: string;
  object: 'response';
  created_at: number;
  model: string;
  status: 'completed' | 'failed' | 'in_progress' | 'cancelled' | 'queued' | 'incomplete';
  output: ResponseItem[];
  usage?: { input_tokens: number; output_tokens: number; total_tokens: number; [detail: string]: unknown };
  [member: string]: unknown;
}

export interface ResponseEvent {
  type: string;
  sequence_number?: number;
  [member: string]: unknown;
}

/** Anthropic Messages (platform.claude.com/docs/en/api/messages, read 2026-11-21). */
export interface MessagesParams {
  messages: { role: 'user' | 'assistant' | 'system'; content: string | Open<{ type: string }>[] }[];
  max_tokens: number;
  system?: string | Open<{ type: 'text'; text: string }>[];
  tools?: object[];
  tool_choice?: Open<{ type: string }>;
  temperature?: number;
  top_p?: number;
  top_k?: number;
  stop_sequences?: string[];
  thinking?: { type: string; budget_tokens?: number };
  metadata?: { user_id?: string | null };
}

export interface AnthropicMessage {
  id: string;
  type: 'message';
  role: 'assistant';
  model: string;
  content: { type: string; [member: string]: unknown }[];
  stop_reason: string | null;
  stop_sequence: string | null;
  usage: { input_tokens: number; output_tokens: number; [count: string]: unknown };
  [member: string]: unknown;
}

export interface AnthropicEvent {
  type: string;
  [member: string]: unknown;
}

/** Gemini generateContent (ai.google.dev/api/generate-content, read 2026-11-21). */
export interface GenerateContentParams {
  contents: { role?: string; parts: object[] }[];
  systemInstruction?: { parts: object[] };
  tools?: object[];
  toolConfig?: object;
  generationConfig?: object;
  safetySettings?: object[];
}

export interface GenerateContentResponse {
  candidates?: {
    content?: { role?: string; parts?: { text?: string; [member: string]: unknown }[] };
    finishReason?: string;
    index?: number;
  }[];
  usageMetadata?: { promptTokenCount?: number; candidatesTokenCount?: number; totalTokenCount?: number; [count: string]: unknown };
  modelVersion?: string;
  responseId?: string;
  [member: string]: unknown;
}

export interface EmbeddingParams {
  /** Objects are images and more, as the vendors that take them have them (Jina AI, Voyage AI: `{ image: URL }`). */
  input: string | string[] | number[] | number[][] | (string | { [member: string]: unknown })[];
  dimensions?: number;
  encoding_format?: 'float' | 'base64';
  user?: string;
}

export interface EmbeddingResponse {
  object: 'list';
  model: string;
  data: { object: 'embedding'; index: number; embedding: number[] }[];
  usage: { prompt_tokens: number; total_tokens: number };
}
