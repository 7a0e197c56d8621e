import type { RerankRequest, RerankResult, ToWireContext } from '../../types/index.ts';
import { documentText } from '../cohere-rerank/document-text.ts';

/** The documents as texts, for a vendor that takes no fields. */
export const documentTexts = ({ documents, rankFields }: RerankRequest): string[] =>
  documents.map((each) => (typeof each === 'string' ? each : documentText(each, rankFields)));

/**
 * What only Cohere has: how much of a long document is read. Clients send it with every call (LangChain's `CohereRerank`),
 * and a vendor that has bounds of its own ranks the same documents all the same.
 */
export const dropLimits = (
  { maxTokensPerDocument, maxChunksPerDocument }: RerankRequest,
  { drop }: Pick<ToWireContext, 'drop'>,
  instead = 'the provider has a limit of its own for long documents',
): void => {
  if (maxTokensPerDocument !== undefined) drop('max_tokens_per_doc', instead);
  if (maxChunksPerDocument !== undefined) drop('max_chunks_per_doc', instead);
};

/** Best first, whatever order the vendor has. */
export const bestFirst = (results: RerankResult['results']): RerankResult['results'] =>
  results.toSorted((a, b) => b.relevanceScore - a.relevanceScore);
