import type { JsonObject } from './json.ts';
import type { ByteStream, MediaFile } from './operation.ts';
import type { Usage } from './usage.ts';
import type { Wire } from './wire.ts';

/** Collections of things that a provider keeps for its clients, by their place in OpenAI's API. */
export type ResourceKind =
  | 'files'
  | 'uploads'
  | 'batches'
  | 'fine_tuning'
  | 'vector_stores'
  | 'responses'
  | 'conversations'
  | 'containers'
  | 'evals'
  | 'assistants'
  | 'threads'
  /** What there is of videos besides the jobs, which are operations: the list, edits, extensions, characters. */
  | 'videos'
  /** Anthropic's `/v1/skills`. */
  | 'skills'
  /** Gemini's `/v1beta/interactions`. */
  | 'interactions'
  /** Anthropic's `/v1/messages/batches`. */
  | 'message_batches'
  /** Anthropic's `/v1/files`, which are not as OpenAI's. */
  | 'anthropic_files';

/** One call about things that are kept, in the clients' format (OpenAI's). */
export interface ResourceRequest {
  /** The providers' own ids, in the order of the path. */
  ids: readonly string[];
  query: Readonly<Record<string, string>>;
  /** Members of its JSON, texts of its form. */
  body: JsonObject;
  /** Of an upload. */
  file?: MediaFile;
}

/** In the clients' format; ids are the provider's own. */
export type ResourceResult = { body: JsonObject; usage?: Usage } | ByteStream;

/**
 * How a vendor with an API of its own does what OpenAI's collection does: by method and path (`POST /files`,
 * `GET /files/{}`). What is not in it is refused by name.
 */
export type ResourceAdapter = Readonly<Record<string, (request: ResourceRequest, wire: Wire) => Promise<ResourceResult>>>;

/** The same, loaded by the first call: most programs keep nothing with most vendors. */
export type LazyResourceAdapter = () => Promise<ResourceAdapter>;

/** A collection that the vendor serves as OpenAI does. */
export interface ResourcePath {
  /** Where it begins, behind the base URL: `/files`. May have a query, which every call then has. */
  path: string;
}
