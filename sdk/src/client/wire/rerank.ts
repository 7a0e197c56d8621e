/** Cohere's rerank (docs.cohere.com/v2/reference/rerank, read 2026-11-22), with what only its first version had, as LiteLLM serves it. */
export interface RerankParams {
  query: string;
  /** Texts, or objects with named fields. */
  documents: (string | { [field: string]: unknown })[];
  /** Only so many of the best. */
  top_n?: number;
  /** The same as `top_n`. */
  topN?: number;
  /** The documents are wanted back in the answer. */
  return_documents?: boolean;
  /** The fields of object documents that count. */
  rank_fields?: string[];
  max_tokens_per_doc?: number;
}

export interface RerankResponse {
  id: string;
  /** Best first. `index` is the document's place in the request. */
  results: { index: number; relevance_score: number; document?: { text?: string; [field: string]: unknown } }[];
  meta?: {
    billed_units?: { search_units?: number; input_tokens?: number; [count: string]: unknown };
    tokens?: { input_tokens?: number; output_tokens?: number };
    [member: string]: unknown;
  };
}
