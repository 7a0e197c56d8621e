import type { RerankRequest, RerankResult, ToWireContext } from '../../types/index.ts';
import { documentText } from '../cohere-rerank/document-text.ts';

/** The documents as texts, for a vendor that takes no fields. */
export const documentTexts = ({ documents, rankFields }: RerankRequest): string[] =>
  documents.map((each) => (typeof each === 'string' ? each : documentText(each, rankFields)));

/** What only Cohere has. @throws SluiceError `unsupported_parameter` */
export const refuseLimits = (
  { maxTokensPerDocument, maxChunksPerDocument }: RerankRequest,
  { lacks }: Pick<ToWireContext, 'lacks'>,
): void => {
  if (maxTokensPerDocument !== undefined) lacks('max_tokens_per_doc');
  if (maxChunksPerDocument !== undefined) lacks('max_chunks_per_doc');
};

/** Best first, whatever order the vendor has. */
export const bestFirst = (results: RerankResult['results']): RerankResult['results'] =>
  results.toSorted((a, b) => b.relevanceScore - a.relevanceScore);
