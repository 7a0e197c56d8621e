import type { JsonObject } from './json.ts';

/**
 * The family of models that can read an opaque value back: a signature made by `anthropic` means nothing to
 * `google`. Bedrock and Vertex serve the families of the models behind them. An open set, because a compatible
 * vendor may have one of its own; `openai`, `anthropic`, `google` are the ones with protocols here.
 */
export type Origin = 'openai' | 'anthropic' | 'google' | (string & {});

/** A prompt-cache mark: everything up to and including the thing that carries it is to be cached. */
export interface CacheControl {
  type: string;
  ttl?: string;
}

/**
 * Vendor-specific members of a part, message, tool or request, by the protocol that understands them
 * (`{ 'anthropic-messages': { context: '...' } }`). Only that protocol writes them back; others drop them.
 */
export type ProtocolExtra = { [protocol: string]: JsonObject };

interface PartBase {
  cacheControl?: CacheControl;
  extra?: ProtocolExtra;
}

/** Where media comes from. Data is base64 as it came: it is never decoded on the way. */
export type MediaSource =
  | { kind: 'url'; url: string; mediaType?: string }
  | { kind: 'base64'; data: string; mediaType: string }
  | { kind: 'text'; text: string; mediaType?: string }
  | { kind: 'file-id'; id: string; mediaType?: string };

/** A passage of a source that a model's text rests on. */
export interface Citation {
  /** `url`: the web; `document`: a passage of a file that was sent along; `search-result`: of a search result block. */
  kind: 'url' | 'document' | 'search-result';
  url?: string;
  title?: string;
  /** The passage of the source. */
  citedText?: string;
  /** Where in the answer's text the citation applies, in UTF-16 units. */
  startIndex?: number;
  endIndex?: number;
  /** The citation as its own protocol wrote it, byte-exact (Anthropic: `encrypted_index` and the like). */
  raw?: { origin: Origin; value: JsonObject };
}

export interface TextPart extends PartBase {
  type: 'text';
  text: string;
  citations?: Citation[];
  /** Gemini puts thought signatures on text as well. */
  signature?: Signature;
}

/** The model declined. OpenAI has a field of its own for it; elsewhere it is text. */
export interface RefusalPart extends PartBase {
  type: 'refusal';
  text: string;
}

export interface ImagePart extends PartBase {
  type: 'image';
  source: MediaSource;
  /** OpenAI: `low`, `high`, `auto`, `original`. */
  detail?: string;
  signature?: Signature;
}

export interface AudioPart extends PartBase {
  type: 'audio';
  /** Absent when the audio is only referred to by `id` (an earlier answer of the model). */
  source?: MediaSource;
  /** `wav`, `mp3`, `pcm16`, ... */
  format?: string;
  id?: string;
  transcript?: string;
  /** Unix seconds. */
  expiresAt?: number;
}

export interface VideoPart extends PartBase {
  type: 'video';
  source: MediaSource;
}

/** A PDF, a text file or any other document. */
export interface FilePart extends PartBase {
  type: 'file';
  source: MediaSource;
  filename?: string;
  title?: string;
  /** Anthropic: text about the document that is not cited. */
  context?: string;
  citationsEnabled?: boolean;
}

/** An opaque proof that a provider wants back unchanged, with the family that can read it. */
export interface Signature {
  origin: Origin;
  /** Byte-exact. */
  value: string;
}

/** What the model thought. Travels byte-exact and in order, or the next turn fails (FP-16). */
export interface ThinkingPart extends PartBase {
  type: 'thinking';
  /** The readable thoughts or their summary; may be empty. */
  text: string;
  /** Anthropic `signature`, Gemini `thoughtSignature`, OpenAI `encrypted_content`. */
  signature?: Signature;
  /** The provider hides the thought; the value is all there is (Anthropic `redacted_thinking.data`). */
  redacted?: Signature;
  /** OpenAI: the reasoning item's id. */
  id?: string;
  /** OpenAI: the separate paragraphs of the summary that `text` joins with a blank line. */
  summary?: string[];
}

export interface ToolCallPart extends PartBase {
  type: 'tool-call';
  /** `function`: arguments are a JSON text. `custom`: arguments are free text (OpenAI custom tools). */
  kind: 'function' | 'custom';
  id: string;
  name: string;
  /** As the model wrote it: a JSON text for functions, not parsed. `''` means no arguments. */
  arguments: string;
  /** Gemini's thought signature of this call (FP-17). */
  signature?: Signature;
  /** OpenAI Responses: the item's id, which is not the call's id. */
  itemId?: string;
}

/** What a tool answered. Only in messages of role `tool`. */
export interface ToolResultPart extends PartBase {
  type: 'tool-result';
  callId: string;
  /** The tool's name where the wire format has it (Gemini needs it); else found from the call. */
  name?: string;
  kind?: 'function' | 'custom';
  content: (TextPart | ImagePart | FilePart | AudioPart | OpaquePart)[];
  isError?: boolean;
}

/**
 * A block that only its own family understands (Anthropic server tool use and results, OpenAI web search
 * items, Gemini code execution): carried verbatim, written back by the same family, left out with a record
 * elsewhere. `text` is what a foreign client may be shown of it, if anything.
 */
export interface OpaquePart extends PartBase {
  type: 'opaque';
  origin: Origin;
  value: JsonObject;
  text?: string;
}

export type Part =
  | TextPart
  | RefusalPart
  | ImagePart
  | AudioPart
  | VideoPart
  | FilePart
  | ThinkingPart
  | ToolCallPart
  | ToolResultPart
  | OpaquePart;
