import type { EmbeddingRequest, EmbeddingResult } from './embedding.ts';
import type { SluiceError } from './error.ts';
import type { JsonObject } from './json.ts';
import type { Origin } from './part.ts';
import type { ChatRequest, ReasoningEffort } from './request.ts';
import type { RerankRequest, RerankResult } from './rerank.ts';
import type { ChatResult } from './result.ts';
import type { Emit, StreamPart } from './stream.ts';
import type { Usage } from './usage.ts';

/** A wire format. A new one is a folder and a line in `protocols/index.ts`. */
export type ProtocolId =
  | 'openai-chat'
  | 'openai-completions'
  | 'openai-responses'
  | 'anthropic-messages'
  | 'gemini'
  | 'ollama-chat'
  | 'ollama-generate'
  | 'openai-embeddings'
  | 'gemini-embeddings'
  | 'ollama-embeddings'
  | 'bedrock-converse'
  | 'cohere-chat'
  | 'cohere-embeddings'
  | 'cohere-rerank'
  | (string & {});

/**
 * How the events of a stream lie on the wire. `aws-payload`: JSON, in lines or server-sent events, in the parts of an AWS
 * event stream, which are cut anywhere (SageMaker).
 */
export type Framing = 'sse' | 'ndjson' | 'aws-event-stream' | 'aws-payload';

/** Something that the target cannot take and that was left out, or changed. Reported in a header and the log. */
export interface Dropped {
  /** The parameter's name in the client's spelling, or what was lost (`anthropic:server_tool_use`). */
  what: string;
  why: string;
}

/** What a model can take, as far as a translation needs to know. Absent: not known, assume the format's norm. */
export interface ModelTraits {
  /** How thinking is asked for. `effort`: a word; `budget`: tokens; `adaptive`: the model decides, maybe guided by effort; `level`: Gemini 3; `none`: it cannot think. */
  reasoning?: 'effort' | 'budget' | 'adaptive' | 'level' | 'none';
  /**
   * Whether it thinks when nothing is said of it: `off`; `on`, and can be told not to (Claude Opus 5); `always`, and
   * then it cannot be made to call a tool either (Claude Opus 5.5).
   */
  thinkingDefault?: 'off' | 'on' | 'always';
  /** Takes system messages in the middle of a conversation (Claude Opus 4.8 and later); elsewhere they are told as a user's. */
  systemAnywhere?: boolean;
  /** The family whose opaque values it makes and reads, where the format does not say it: xAI's encrypted thoughts in OpenAI's. */
  origin?: Origin;
  /** Goes on with an assistant's message that stands last, rather than refusing it or beginning a new one. */
  prefill?: boolean;
  /** Takes a JSON schema for the answer natively. */
  jsonSchema?: boolean;
  /**
   * Sampling parameters (temperature, top_p) are refused (OpenAI o-series, GPT-5; newer Claude). `reasoning`: unless the
   * model is told not to reason (effort `none`), or does not unless told to (`thinkingDefault`: GPT-5.1 and later).
   */
  fixedSampling?: boolean | 'reasoning';
  /** Wants `max_completion_tokens` and not `max_tokens`. */
  maxCompletionTokens?: boolean;
  /** Most output tokens it can write; needed where the format demands a limit (Anthropic). */
  maxOutputTokens?: number;
}

/** What a translation to a provider's wire format may know besides the request. */
export interface ToWireContext {
  /** The upstream's name of the model. */
  model: string;
  provider: string;
  /** The client's format, so that messages name parameters in the client's spelling. */
  from: ProtocolId;
  traits: ModelTraits;
  quirks: Quirks;
  /** What else the user says of the deployment (`hf_model_name`). */
  options?: Readonly<Record<string, unknown>>;
  /** Left out instead of refused when the target lacks a parameter. */
  dropParams: boolean;
  /** Notes what was left out. */
  drop(what: string, why: string): void;
  /**
   * For a parameter that the target lacks: throws `unsupported_parameter` naming it, or, with `dropParams`,
   * notes it and returns.
   */
  lacks(parameter: string, why?: string): void;
}

/** How a vendor of a shared format differs from it. A new kind becomes a field once three vendors need it. */
export interface Quirks {
  /** Wire member -> the vendor's name for it. */
  rename?: Readonly<Record<string, string>>;
  /** Wire members that the vendor lacks: refused by name, or dropped with `drop_params`. */
  lacks?: readonly string[];
  /** `system` for a vendor that does not know the developer role. */
  developerRole?: 'system';
  /** Message content must be a plain string. */
  contentAsString?: boolean;
  /**
   * Messages are held to Mistral's rules, wherever its models are served by its own API: no members but its own, ids of
   * calls of nine letters and digits, `prefix` on an assistant's last one; and so are tools.
   */
  strictMessages?: boolean;
  /** `tool_choice: "required"` is spelled so. */
  toolChoiceRequired?: 'any';
  /**
   * Where the vendor takes thinking of earlier turns in OpenAI-format messages: `reasoning_content` (DeepSeek), `reasoning`
   * (Groq), `reasoning_details` (OpenRouter, Snowflake: with what is opaque in it), a chunk of the `content` (Mistral), or
   * one that holds a summary, with signatures (`content_summary`: Databricks). `none`: nowhere, its format has no place for
   * them (OpenAI). Absent: not known, so that what a client sends goes on.
   */
  reasoningField?: 'reasoning_content' | 'reasoning' | 'reasoning_details' | 'content' | 'content_summary' | 'none';
  /** Takes `cache_control` marks on OpenAI-format content parts, messages and tools (OpenRouter, LiteLLM, Databricks). */
  cacheMarks?: boolean;
  /** Takes `prompt_cache_retention`, in chat and Responses alike (OpenAI, Azure). */
  promptCacheRetention?: boolean;
  /** How a file is given by its URL: `file: { file_data: URL }` (OpenRouter), `document_url` (Mistral), `file_url: { url }` (Perplexity). Absent: not at all. */
  fileUrl?: 'file_data' | 'document_url' | 'file_url';
  /** The words of `reasoning_effort` that the vendor takes. Another becomes the nearest of them, with a record. */
  efforts?: readonly ReasoningEffort[];
  /**
   * How much to think is told as `reasoning: { effort }` or `reasoning: { max_tokens }`, and in no other way (Claude on
   * Snowflake). `beside`: members that the vendor wants with it where the client does not give them.
   */
  reasoningObject?: { readonly beside?: Readonly<Record<string, unknown>> };
  /** The vendor does not know `stream_options`, and sends usage unasked or not at all. */
  noStreamOptions?: boolean;
  /** A JSON schema cannot be asked for; `json`: only json_object; `none`: neither. */
  structuredOutput?: 'json' | 'none';
  /** Embeddings take lists of token ids as the client made them: of OpenAI's vocabulary, or of the model's own, which its clients know (vLLM). */
  tokenIds?: true;
  /** Counting takes the request's members as they are, and not a whole request in `generateContentRequest` (Gemini on Vertex AI). */
  plainCount?: boolean;
}

/** Facts of the request that reading its answer needs. */
export interface DecodeHints {
  /** The answer's JSON was asked for by forcing this tool: its arguments are the text. */
  jsonToolName?: string;
  /** Short names given to tools whose names the target cannot take -> the client's names. */
  toolNames?: Readonly<Record<string, string>>;
  /** Names of tools that the client declared as `custom` and the target sees as functions with one `input` string. */
  customTools?: readonly string[];
  /** The family that the model is of, where that is not the format's and the answer does not say (Bedrock's Converse; xAI). */
  origin?: Origin;
}

export interface WireRequest {
  body: JsonObject;
  /** Headers that the body needs (`anthropic-beta`). */
  headers?: Readonly<Record<string, string>>;
  hints?: DecodeHints;
}

/** What a translation to a client's wire format may know besides the answer. */
export interface FromResultContext {
  /** The model as the client asked for it. */
  model: string;
  /** The client's request, which some formats echo (Responses) and some need (`includeUsage`). */
  request: ChatRequest;
  /** Makes ids where the provider gave none, with the format's own prefix: `newId('chatcmpl-')`. */
  newId(prefix: string): string;
  /** Unix milliseconds. */
  now(): number;
}

/**
 * One event of a stream, before framing. `data` is the JSON text, or a bare mark such as `[DONE]`. Of an AWS event
 * stream, `event` is the message's `:event-type`, or its `:exception-type` where it is an exception.
 */
export interface WireEvent {
  event?: string;
  data: string;
  /** For whoever reads the wire, where the framing has a place for it (server-sent events). One line. */
  comment?: string;
}

/** Reads a provider's events. One object a stream; synchronous; never throws on bad input: it emits `error`. */
export interface StreamDecoder {
  push(event: WireEvent, emit: Emit): void;
  /** The connection closed. Emits `stream_interrupted` if the provider's own end was not seen. */
  close(emit: Emit): void;
}

/** Writes a client's events. One object a stream; synchronous. Returns the events that the part became, maybe none. */
export interface StreamEncoder {
  push(part: StreamPart): readonly WireEvent[];
}

/** Reads usage and ends from a stream that is passed through untouched. Must be cheap: it sees every event. */
export interface StreamTap {
  push(event: WireEvent): void;
  /** Whether the provider's own end of the stream was seen. */
  readonly ended: boolean;
  /** Whether that was the last event, behind which nothing is waited for (`[DONE]`); absent where a format has no such mark. */
  readonly final?: boolean;
  readonly usage: Usage | undefined;
  readonly model: string | undefined;
  /** The answer's own id, in the formats where a later request may name it (Responses), once its last event was seen. */
  readonly id?: string | undefined;
  /** Ids of what its provider encrypted in the answer, likewise: only the account that it is from can read it when it comes back. */
  readonly encryptedIds?: readonly string[] | undefined;
  /** An error that the provider sent inside the stream. */
  readonly error: SluiceError | undefined;
  /** Whether real output (text, thinking, tool calls) has been seen. */
  readonly output: boolean;
  /** About how many tokens of output were seen that no `usage` counts yet: what is left to be paid for where the stream ends there. */
  readonly uncounted: number;
}

/** A failed HTTP answer of a provider. */
export interface HttpFailure {
  status: number;
  headers: Headers;
  /** As text; may be HTML or empty. */
  body: string;
}

export interface WireError {
  status: number;
  body: JsonObject;
}

/** What the path of a request says where the body does not (Gemini: model and streaming are in the URL). */
export interface PathFacts {
  model?: string;
  stream?: boolean;
}

/**
 * A wire format of chat as a vendor is spoken to in it. Pure functions: no I/O, clock or mutation. A format that clients
 * speak as well is a `ChatProtocol`; one that no client speaks (prompts of Bedrock's InvokeModel, predictions of
 * Replicate) is this alone.
 */
export interface UpstreamProtocol {
  readonly id: ProtocolId;
  /** The family whose opaque values its native blocks carry. */
  readonly origin: Origin;
  readonly framing: Framing;
  /**
   * The format whose answers it can be taken for, where it is a vendor's own form of that one (Databricks: `openai-chat`).
   * `any`: its answers may be of any.
   */
  readonly shape?: ProtocolId;
  /** Parts whose media must be inside of the request: it has no place for their URLs. */
  readonly inlineMedia?: readonly ('image' | 'audio' | 'video' | 'file')[];
  /** Request headers of the format itself (`anthropic-beta`) that a client may send on to a provider of the same format. */
  readonly passHeaders?: readonly string[];
  readonly request: {
    /** @throws SluiceError `unsupported_parameter` */
    toWire(request: ChatRequest, context: ToWireContext): WireRequest;
  };
  readonly response: {
    /** A whole answer may be a JSON list (Text Generation Inference): `fromWire` gets it as `{ list: [...] }`. */
    readonly mayBeList?: boolean;
    /**
     * @param headers of the answer, where some vendors count
     * @throws SluiceError `invalid_response` where the body is not of the format
     */
    fromWire(body: JsonObject, hints?: DecodeHints, headers?: Headers): ChatResult;
  };
  readonly stream: {
    decoder(hints?: DecodeHints): StreamDecoder;
  };
  readonly errors: {
    fromWire(failure: HttpFailure): SluiceError;
  };
  /** Counting a request's input tokens, where the vendor has a call for it. */
  readonly countTokens?: {
    /** The request that asks, made from the chat request's own wire body. */
    toWire(body: JsonObject, context: { model: string; quirks: Quirks }): JsonObject;
    /** Reads the vendor's answer. */
    fromWire(body: JsonObject): number;
  };
}

/** A wire format of chat that clients speak too: pure pairs of functions to and from the neutral model. */
export interface ChatProtocol extends UpstreamProtocol {
  readonly request: UpstreamProtocol['request'] & {
    /**
     * Whether a body of this format holds something that the model behind, of the same format, cannot read (another
     * vendor's encrypted thoughts), so that it cannot be passed on untouched. Says yes only for what is evident.
     */
    mustRewrite?(body: JsonObject, traits: ModelTraits): boolean;
    /** @throws SluiceError `invalid_request`, naming the member, where the body is not of the format */
    fromWire(body: JsonObject, path?: PathFacts): ChatRequest;
  };
  readonly response: UpstreamProtocol['response'] & {
    toWire(result: ChatResult, context: FromResultContext): JsonObject;
    /**
     * Usage of a whole answer that is passed through untouched.
     * @param headers of the answer, where some vendors count
     */
    usage(body: JsonObject, headers?: Headers): Usage | undefined;
  };
  readonly stream: UpstreamProtocol['stream'] & {
    encoder(context: FromResultContext): StreamEncoder;
    tap(): StreamTap;
  };
  readonly errors: UpstreamProtocol['errors'] & {
    toWire(error: SluiceError): WireError;
    /** An error inside a stream that has begun, as events of the format. */
    toEvents(error: SluiceError): readonly WireEvent[];
  };
  readonly countTokens?: NonNullable<UpstreamProtocol['countTokens']> & {
    /** The answer to a client of this format. */
    respond(inputTokens: number): JsonObject;
  };
}

/** A wire format of embeddings as a vendor is spoken to in it. */
export interface UpstreamEmbeddingProtocol {
  readonly id: ProtocolId;
  /** It has words for lists of token ids. */
  readonly takesTokens?: true;
  /** How many inputs one request of this model takes; more become several requests. Absent: any number. */
  maxInputs?(model: string): number;
  readonly request: {
    toWire(request: EmbeddingRequest, context: ToWireContext): JsonObject;
  };
  readonly response: {
    /** An answer may be a JSON list: `fromWire` gets it as `{ list: [...] }`. */
    readonly mayBeList?: boolean;
    /** @param headers of the answer, where some vendors count */
    fromWire(body: JsonObject, headers?: Headers): EmbeddingResult;
  };
}

/** One that clients speak too. */
export interface EmbeddingProtocol extends UpstreamEmbeddingProtocol {
  readonly request: UpstreamEmbeddingProtocol['request'] & {
    fromWire(body: JsonObject, path?: PathFacts): EmbeddingRequest;
  };
  readonly response: UpstreamEmbeddingProtocol['response'] & {
    toWire(result: EmbeddingResult, context: { model: string; encodingFormat: 'float' | 'base64' }): JsonObject;
  };
}

/** A wire format of reranking as a vendor is spoken to in it. */
export interface UpstreamRerankProtocol {
  readonly id: ProtocolId;
  readonly request: {
    toWire(request: RerankRequest, context: ToWireContext): JsonObject;
  };
  readonly response: {
    /** An answer may be a JSON list: `fromWire` gets it as `{ list: [...] }`. */
    readonly mayBeList?: boolean;
    fromWire(body: JsonObject): RerankResult;
  };
}

/** One that clients speak too. */
export interface RerankProtocol extends UpstreamRerankProtocol {
  /** Whether a request of this format says something that its own vendor takes no longer, so that it cannot go on as it is. */
  mustRewrite?(body: JsonObject): boolean;
  readonly request: UpstreamRerankProtocol['request'] & {
    fromWire(body: JsonObject): RerankRequest;
  };
  readonly response: UpstreamRerankProtocol['response'] & {
    toWire(result: RerankResult, context: { model: string; newId(prefix: string): string }): JsonObject;
  };
}
