/*
 * OpenAI's Chat Completions shapes (platform.openai.com/docs/api-reference/chat, read 2026-11-21), as the types of the
 * official `openai` package have them, so that values move between the two without a cast. A test holds that.
 */

export interface ChatCompletionTextPart {
  type: 'text';
  text: string;
}
export interface ChatCompletionImagePart {
  type: 'image_url';
  image_url: { url: string; detail?: 'auto' | 'low' | 'high' | 'original' };
}
export interface ChatCompletionAudioPart {
  type: 'input_audio';
  input_audio: { data: string; format: 'wav' | 'mp3' };
}
export interface ChatCompletionFilePart {
  type: 'file';
  file: { file_data?: string; file_id?: string; filename?: string };
}
export interface ChatCompletionRefusalPart {
  type: 'refusal';
  refusal: string;
}
export type ChatCompletionContentPart = ChatCompletionTextPart | ChatCompletionImagePart | ChatCompletionAudioPart | ChatCompletionFilePart;

export interface ChatCompletionFunctionToolCall {
  id: string;
  type: 'function';
  function: { name: string; arguments: string };
}
export interface ChatCompletionCustomToolCall {
  id: string;
  type: 'custom';
  custom: { name: string; input: string };
}
export type ChatCompletionToolCall = ChatCompletionFunctionToolCall | ChatCompletionCustomToolCall;

/** Thinking with what its provider wants back unchanged; send it back with the message to go on (as LiteLLM has it). */
export type ThinkingBlock = { type: 'thinking'; thinking: string; signature?: string } | { type: 'redacted_thinking'; data: string };

export type ChatCompletionMessageParam =
  | { role: 'system' | 'developer'; content: string | ChatCompletionTextPart[]; name?: string }
  | { role: 'user'; content: string | ChatCompletionContentPart[]; name?: string }
  | {
      role: 'assistant';
      content?: string | (ChatCompletionTextPart | ChatCompletionRefusalPart)[] | null;
      refusal?: string | null;
      name?: string;
      audio?: { id: string } | null;
      tool_calls?: ChatCompletionToolCall[];
      function_call?: { name: string; arguments: string } | null;
      reasoning_content?: string | null;
      thinking_blocks?: ThinkingBlock[];
    }
  | { role: 'tool'; content: string | ChatCompletionTextPart[]; tool_call_id: string }
  | { role: 'function'; content: string | null; name: string };

export interface ChatCompletionFunctionTool {
  type: 'function';
  function: { name: string; description?: string; parameters?: { [key: string]: unknown }; strict?: boolean | null };
}
export interface ChatCompletionCustomTool {
  type: 'custom';
  custom: {
    name: string;
    description?: string;
    format?: { type: 'text' } | { type: 'grammar'; grammar: { definition: string; syntax: 'lark' | 'regex' } };
  };
}
export type ChatCompletionTool = ChatCompletionFunctionTool | ChatCompletionCustomTool;

export type ChatCompletionToolChoice =
  | 'none'
  | 'auto'
  | 'required'
  | { type: 'function'; function: { name: string } }
  | { type: 'custom'; custom: { name: string } }
  | { type: 'allowed_tools'; allowed_tools: { mode: 'auto' | 'required'; tools: { [key: string]: unknown }[] } };

export type ChatResponseFormat =
  | { type: 'text' }
  | { type: 'json_object' }
  | {
      type: 'json_schema';
      json_schema: { name: string; description?: string; schema?: { [key: string]: unknown }; strict?: boolean | null };
    };

/** The body of a chat call: OpenAI's own. What is not listed is passed to the provider as it is. */
export interface ChatCompletionParams {
  messages: ChatCompletionMessageParam[];
  max_tokens?: number | null;
  max_completion_tokens?: number | null;
  temperature?: number | null;
  top_p?: number | null;
  n?: number | null;
  stop?: string | string[] | null;
  seed?: number | null;
  presence_penalty?: number | null;
  frequency_penalty?: number | null;
  logit_bias?: { [token: string]: number } | null;
  logprobs?: boolean | null;
  top_logprobs?: number | null;
  response_format?: ChatResponseFormat;
  tools?: ChatCompletionTool[];
  tool_choice?: ChatCompletionToolChoice;
  parallel_tool_calls?: boolean;
  reasoning_effort?: 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max' | null;
  /** Anthropic's way to ask for thinking; works for every provider that thinks. */
  thinking?: { type: 'enabled' | 'disabled' | 'adaptive'; budget_tokens?: number };
  verbosity?: 'low' | 'medium' | 'high' | null;
  modalities?: ('text' | 'audio')[] | null;
  audio?: { voice: string | { id: string }; format: 'wav' | 'aac' | 'mp3' | 'flac' | 'opus' | 'pcm16' } | null;
  prediction?: { type: 'content'; content: string | ChatCompletionTextPart[] } | null;
  web_search_options?: {
    search_context_size?: 'low' | 'medium' | 'high';
    user_location?: { type: 'approximate'; approximate: { city?: string; country?: string; region?: string; timezone?: string } } | null;
  };
  service_tier?: 'auto' | 'default' | 'flex' | 'scale' | 'priority' | 'fast' | null;
  stream_options?: { include_usage?: boolean; include_obfuscation?: boolean } | null;
  metadata?: { [key: string]: string } | null;
  user?: string;
  store?: boolean | null;
  prompt_cache_key?: string | null;
  safety_identifier?: string | null;
}

export interface UrlCitation {
  type: 'url_citation';
  url_citation: { url: string; title: string; start_index: number; end_index: number };
}

export interface ChatCompletionMessage {
  role: 'assistant';
  content: string | null;
  refusal: string | null;
  tool_calls?: ChatCompletionToolCall[];
  annotations?: UrlCitation[];
  audio?: { id: string; data: string; expires_at: number; transcript: string } | null;
  /** What the model thought, where the provider shows it. */
  reasoning_content?: string;
  thinking_blocks?: ThinkingBlock[];
}

export type ChatFinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'function_call';

export interface TokenLogprob {
  token: string;
  bytes: number[] | null;
  logprob: number;
  top_logprobs: { token: string; bytes: number[] | null; logprob: number }[];
}
export interface ChoiceLogprobs {
  content: TokenLogprob[] | null;
  refusal: TokenLogprob[] | null;
}

export interface CompletionUsage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  prompt_tokens_details?: { cached_tokens?: number; audio_tokens?: number };
  completion_tokens_details?: {
    reasoning_tokens?: number;
    audio_tokens?: number;
    accepted_prediction_tokens?: number;
    rejected_prediction_tokens?: number;
  };
}

export interface ChatCompletion {
  id: string;
  object: 'chat.completion';
  created: number;
  model: string;
  choices: { index: number; message: ChatCompletionMessage; finish_reason: ChatFinishReason; logprobs: ChoiceLogprobs | null }[];
  usage?: CompletionUsage;
  system_fingerprint?: string;
  service_tier?: 'auto' | 'default' | 'flex' | 'scale' | 'priority' | 'fast' | null;
}

export interface ChatCompletionChunk {
  id: string;
  object: 'chat.completion.chunk';
  created: number;
  model: string;
  choices: {
    index: number;
    delta: {
      role?: 'developer' | 'system' | 'user' | 'assistant' | 'tool';
      content?: string | null;
      refusal?: string | null;
      tool_calls?: { index: number; id?: string; type?: 'function'; function?: { name?: string; arguments?: string } }[];
      reasoning_content?: string;
    };
    finish_reason: ChatFinishReason | null;
    logprobs?: ChoiceLogprobs | null;
  }[];
  usage?: CompletionUsage | null;
  system_fingerprint?: string;
  service_tier?: 'auto' | 'default' | 'flex' | 'scale' | 'priority' | 'fast' | null;
}
