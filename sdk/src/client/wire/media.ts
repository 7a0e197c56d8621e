import type { ImageOptions } from '../../types/index.ts';

/*
 * The calls that are not about text alone, in the formats that clients have: OpenAI's (openai/openai-openapi), Mistral's
 * for OCR (docs.mistral.ai), Perplexity's for search (docs.perplexity.ai); all read 2026-11-22.
 */

/** A file: `File`s know their names; others may be given one. */
export type FileInput = Blob | Uint8Array | ArrayBuffer | { bytes: Blob | Uint8Array | ArrayBuffer; name?: string; type?: string };

export interface ImageGenerationParams extends ImageOptions {
  prompt: string;
}

export interface ImageEditParams extends ImageOptions {
  prompt?: string;
  image: FileInput | FileInput[];
  mask?: FileInput;
}

export interface ImageVariationParams {
  image: FileInput;
  n?: number;
  size?: string;
  response_format?: 'url' | 'b64_json';
}

export interface ImagesResponse {
  created: number;
  data: { url?: string; b64_json?: string; revised_prompt?: string; [member: string]: unknown }[];
  usage?: { [count: string]: unknown };
  [member: string]: unknown;
}

export interface TranscriptionParams {
  file: FileInput;
  language?: string;
  prompt?: string;
  response_format?: 'json' | 'text' | 'srt' | 'verbose_json' | 'vtt' | 'diarized_json';
  temperature?: number;
  timestamp_granularities?: ('word' | 'segment')[];
}

export interface TranscriptionResponse {
  text: string;
  language?: string;
  /** Seconds. */
  duration?: number;
  segments?: { start: number; end: number; text: string; [member: string]: unknown }[];
  words?: { start: number; end: number; word: string; [member: string]: unknown }[];
  [member: string]: unknown;
}

export interface SpeechParams {
  input: string;
  voice?: string | { id: string };
  response_format?: string;
  speed?: number;
  instructions?: string;
}

/** Bytes: read them whole, or as they come. Leaving the loop cancels the call. */
export interface SpeechResponse extends AsyncIterable<Uint8Array> {
  contentType: string;
  bytes(): Promise<Uint8Array>;
}

export interface ModerationParams {
  input: string | string[] | { [member: string]: unknown }[];
}

export interface ModerationResponse {
  id?: string;
  model: string;
  results: {
    flagged: boolean;
    categories: { [name: string]: boolean };
    category_scores: { [name: string]: number };
    [member: string]: unknown;
  }[];
  [member: string]: unknown;
}

export interface OcrParams {
  document:
    | { type: 'document_url'; document_url: string; document_name?: string }
    | { type: 'image_url'; image_url: string | { url: string } }
    | { type: 'file'; file_id: string };
  pages?: number[];
  include_image_base64?: boolean;
}

export interface OcrResponse {
  pages: { index: number; markdown: string; images?: { [member: string]: unknown }[]; [member: string]: unknown }[];
  model: string;
  usage_info?: { pages_processed?: number; [member: string]: unknown };
  [member: string]: unknown;
}

export interface SearchParams {
  query: string | string[];
  max_results?: number;
  search_domain_filter?: string[];
  country?: string;
  max_tokens_per_page?: number;
}

export interface SearchResponse {
  object: 'search';
  results: { title: string; url: string; snippet: string; date?: string | null; last_updated?: string | null; [member: string]: unknown }[];
  [member: string]: unknown;
}

export interface VideoParams {
  prompt: string;
  seconds?: string;
  size?: string;
  /** An image, or its address for vendors that fetch it themselves. */
  input_reference?: FileInput | string;
}

export interface VideoObject {
  id: string;
  object: 'video';
  model: string;
  status: 'queued' | 'in_progress' | 'completed' | 'failed';
  progress?: number;
  created_at?: number;
  seconds?: string;
  size?: string;
  error?: { code?: string; message?: string } | null;
  [member: string]: unknown;
}

/** An event of a streamed answer (`image_generation.completed`, `transcript.text.delta`, ...). */
export interface MediaEvent {
  type: string;
  [member: string]: unknown;
}
