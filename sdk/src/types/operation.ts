import type { JsonObject } from './json.ts';
import type { Usage } from './usage.ts';
import type { Wire } from './wire.ts';

/** A file that came in a form, or was made for one: its bytes are never looked at. */
export interface MediaFile {
  bytes: Blob;
  /** Without a folder. */
  name: string;
  /** Media type; empty where nobody said. */
  type: string;
}

/** What a member may be that no list names: it goes to the vendor as it is. */
interface Open {
  [member: string]: unknown;
}

/** What all ways to make images have in common (openai/openai-openapi, read 2026-11-22). */
export interface ImageOptions {
  n?: number;
  /** `1024x1024`, or `auto`. */
  size?: string;
  quality?: string;
  style?: string;
  background?: string;
  output_format?: string;
  output_compression?: number;
  response_format?: 'url' | 'b64_json';
  user?: string;
}

/** OpenAI's `POST /images/generations`. */
export interface ImageGenerationRequest extends ImageOptions, Open {
  model: string;
  prompt: string;
}

/** OpenAI's `POST /images/edits`. */
export interface ImageEditRequest extends ImageOptions, Open {
  model: string;
  prompt?: string;
  image: MediaFile[];
  mask?: MediaFile;
}

/** OpenAI's `POST /images/variations`. */
export interface ImageVariationRequest extends Open {
  model: string;
  image: MediaFile;
  n?: number;
  size?: string;
  response_format?: 'url' | 'b64_json';
}

export interface ImagesResult {
  /** OpenAI's answer; `data` holds `url` or `b64_json`. `created` (Unix seconds) is filled in where absent. */
  body: { created?: number; data: { url?: string; b64_json?: string; revised_prompt?: string; [member: string]: unknown }[] } & JsonObject;
  usage?: Usage;
}

/** OpenAI's `POST /audio/transcriptions` and `/audio/translations`. */
export interface TranscriptionRequest extends Open {
  model: string;
  file: MediaFile;
  /** ISO 639-1. */
  language?: string;
  prompt?: string;
  /** An adapter need not look at it: the engine writes every form from its result. */
  response_format?: 'json' | 'text' | 'srt' | 'verbose_json' | 'vtt' | 'diarized_json';
  temperature?: number;
  timestamp_granularities?: ('word' | 'segment')[];
}

export interface TranscriptionResult {
  text: string;
  language?: string;
  durationSeconds?: number;
  /** Seconds from the start. */
  segments?: { start: number; end: number; text: string; speaker?: string; [member: string]: unknown }[];
  words?: { start: number; end: number; word: string; speaker?: string; [member: string]: unknown }[];
  usage?: Usage;
}

/** OpenAI's `POST /audio/speech`. */
export interface SpeechRequest extends Open {
  model: string;
  input: string;
  voice?: string | { id: string };
  /** Absent: mp3. */
  response_format?: 'mp3' | 'opus' | 'aac' | 'flac' | 'wav' | 'pcm' | (string & {});
  speed?: number;
  instructions?: string;
}

/** Bytes as they come. */
export interface ByteStream {
  contentType: string;
  /** Undefined at the end. @throws SluiceError */
  read(): Promise<Uint8Array | undefined>;
  /** Drops the rest. Idempotent, never throws. */
  cancel(): void;
}

export interface SpeechResult extends ByteStream {
  /** Known at the end, or from the start where the text is what is billed. */
  usage?(): Usage | undefined;
}

/** OpenAI's `POST /moderations`. */
export interface ModerationRequest extends Open {
  model: string;
  input: string | string[] | JsonObject[];
}

export interface ModerationResult {
  /** OpenAI's answer: `id`, `model`, `results`. */
  body: JsonObject;
  usage?: Usage;
}

/** Mistral's `POST /v1/ocr` (docs.mistral.ai, read 2026-11-22). */
export interface OcrRequest extends Open {
  model: string;
  document:
    | { type: 'document_url'; document_url: string; document_name?: string }
    | { type: 'image_url'; image_url: string | { url: string } }
    | { type: 'file'; file_id: string };
  pages?: number[];
  include_image_base64?: boolean;
}

export interface OcrResult {
  /** Mistral's answer: `pages` (`index`, `markdown`, `images`, `dimensions`), `model`, `usage_info`. */
  body: JsonObject;
  usage?: Usage;
}

/** Perplexity's `POST /search` (docs.perplexity.ai, read 2026-11-22), which LiteLLM serves for every search vendor. */
export interface SearchRequest extends Open {
  query: string | string[];
  /** 1 to 20; absent: 10. */
  max_results?: number;
  search_domain_filter?: string[];
  /** ISO 3166 alpha-2. */
  country?: string;
  /** Absent: 1024. */
  max_tokens_per_page?: number;
}

export interface SearchResult {
  results: { title: string; url: string; snippet: string; date?: string | null; last_updated?: string | null; [member: string]: unknown }[];
  /** What else the vendor answered (`answer`, `images`), under its own names. */
  provider_metadata?: JsonObject;
  usage?: Usage;
}

/** OpenAI's `POST /videos`. */
export interface VideoCreateRequest extends Open {
  model: string;
  prompt: string;
  /** `"4"`, in seconds. */
  seconds?: string;
  /** `1280x720`. */
  size?: string;
  /** An image, or its address, as LiteLLM's users give it (docs.litellm.ai/docs/providers/runwayml/videos, read 2026-11-22). */
  input_reference?: MediaFile | string;
}

/** OpenAI's video object. `id` is the vendor's own name of the job; the gateway adds whose it is. */
export interface VideoJob extends JsonObject {
  id: string;
  status: 'queued' | 'in_progress' | 'completed' | 'failed';
}

export interface VideoResult {
  /** `object: 'video'`, `model`, `created_at`, `progress`, ... are filled in where absent. */
  body: VideoJob;
  usage?: Usage;
}

/**
 * What calls other than chat, embeddings and reranking ask for and get. Clients have one format for each kind (OpenAI's;
 * Mistral's for OCR, Perplexity's for search), so that format is the neutral one: an adapter turns it into a vendor's and
 * the vendor's answer back.
 */
export interface Operations {
  'image-generation': { request: ImageGenerationRequest; result: ImagesResult };
  'image-edit': { request: ImageEditRequest; result: ImagesResult };
  'image-variation': { request: ImageVariationRequest; result: ImagesResult };
  transcription: { request: TranscriptionRequest; result: TranscriptionResult };
  translation: { request: TranscriptionRequest; result: TranscriptionResult };
  speech: { request: SpeechRequest; result: SpeechResult };
  moderation: { request: ModerationRequest; result: ModerationResult };
  ocr: { request: OcrRequest; result: OcrResult };
  search: { request: SearchRequest; result: SearchResult };
  'video-create': { request: VideoCreateRequest; result: VideoResult };
  'video-retrieve': { request: { id: string }; result: VideoResult };
  'video-content': { request: { id: string; variant?: string }; result: ByteStream };
  'video-remix': { request: { id: string; prompt: string }; result: VideoResult };
  'video-delete': { request: { id: string }; result: { body: JsonObject } };
}

export type Operation = keyof Operations;

/** How one vendor does one kind of call. It sees neither keys nor the network: both are behind `wire`. */
export type Adapter<K extends Operation> = (request: Operations[K]['request'], wire: Wire) => Promise<Operations[K]['result']>;
