import { estimateTokens } from '../../lib/estimate-tokens.ts';
import type { RerankRequest, RerankResult } from '../../types/index.ts';

/** Single letters say nothing. */
const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu) ?? [];

/** Orders documents by how many of the query's words they have: plain, and the same each time. */
export const rerank = ({ model, query, documents, topN }: RerankRequest): RerankResult => {
  const wanted = new Set(wordsOf(query));
  const texts = documents.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));
  const results = texts.map((text, index) => {
    const has = new Set(wordsOf(text));
    const found = [...wanted].filter((word) => has.has(word)).length;
    return { index, relevanceScore: Number((wanted.size === 0 ? 0 : found / wanted.size).toFixed(4)) };
  });
  // `sort` is stable, so equals stay in the order of the request.
  results.sort((a, b) => b.relevanceScore - a.relevanceScore);
  return {
    id: 'rerank-mock',
    model,
    results: results.slice(0, topN ?? results.length),
    usage: {
      searchUnits: Math.max(1, Math.ceil(documents.length / 100)),
      inputTokens: texts.reduce((sum, each) => sum + estimateTokens(each), 0),
    },
  };
};
