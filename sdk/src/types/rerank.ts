import type { JsonObject } from './json.ts';
import type { ProtocolExtra } from './part.ts';

/** Documents to be ordered by how well they answer a query. */
export interface RerankRequest {
  model: string;
  query: string;
  /** Texts, or objects with named fields (`{ text: '...' }`). */
  documents: (string | JsonObject)[];
  /** Only so many of the best. */
  topN?: number;
  /** The documents themselves are wanted in the answer. */
  returnDocuments?: boolean;
  /** Names of the fields of object documents that count. */
  rankFields?: string[];
  maxTokensPerDocument?: number;
  maxChunksPerDocument?: number;
  unknown: JsonObject;
  extra?: ProtocolExtra;
}

export interface RankedDocument {
  /** Of the document in the request. */
  index: number;
  /** Higher is better; comparable within one answer only. */
  relevanceScore: number;
  document?: JsonObject;
}

export interface RerankResult {
  id?: string;
  model?: string;
  /** Best first. */
  results: RankedDocument[];
  usage?: RerankUsage;
}

/** What a vendor bills by. */
export interface RerankUsage {
  /** Cohere: one query with up to 100 documents. */
  searchUnits?: number;
  inputTokens?: number;
}
