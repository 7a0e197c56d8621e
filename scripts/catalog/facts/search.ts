import type { PublishedRates } from '../../../sdk/src/catalog/rates.ts';
import type { Fact } from './fact.ts';

const rerank = (provider: string, source: string, price: PublishedRates, ...ids: string[]): Fact => ({
  provider,
  mode: 'rerank',
  source,
  price,
  ids,
});
const embedding = (provider: string, source: string, vector: number, input: number, ...ids: string[]): Fact => ({
  provider,
  mode: 'embedding',
  source,
  vector,
  price: { input },
  ids,
});
const search = (provider: string, query: number, source = 'search-pricing'): Fact => ({
  provider,
  mode: 'search',
  ids: ['search'],
  price: { query },
  source,
});

const rerankers: readonly Fact[] = [
  rerank(
    'cohere',
    'cohere-pricing',
    { query: 0.002 },
    'rerank-v3.5',
    'rerank-english-v3.0',
    'rerank-multilingual-v3.0',
    'rerank-v4.0-fast',
  ),
  rerank('cohere', 'cohere-pricing', { query: 0.0025 }, 'rerank-v4.0-pro'),
  rerank('cohere', 'cohere-pricing', { input: 0.02 }, 'rerank-v5.0-fast'),
  rerank('cohere', 'cohere-pricing', { input: 0.05 }, 'rerank-v5.0-pro'),
  rerank('bedrock', 'bedrock-pricing', { query: 0.001 }, 'amazon.rerank-v1:0'),
  rerank('bedrock', 'bedrock-pricing', { query: 0.002 }, 'cohere.rerank-v3-5:0'),
  rerank(
    'azure_ai',
    'azure-pricing',
    { query: 0.002 },
    'cohere-rerank-v3-english',
    'cohere-rerank-v3-multilingual',
    'cohere-rerank-v4.0-fast',
  ),
  rerank('azure_ai', 'azure-pricing', { query: 0.0025 }, 'cohere-rerank-v4.0-pro'),
  rerank('voyage', 'voyage-pricing', { input: 0.05 }, 'rerank-1', 'rerank-2', 'rerank-2.5', 'rerank-3'),
  rerank('voyage', 'voyage-pricing', { input: 0.02 }, 'rerank-lite-1', 'rerank-2-lite', 'rerank-2.5-lite', 'rerank-3-lite'),
  rerank('jina_ai', 'jina-pricing', { input: 0.05 }, 'jina-reranker-v2-base-multilingual', 'jina-reranker-v3'),
  rerank('together_ai', 'together-models', { input: 0.1 }, 'Salesforce/Llama-Rank-V1'),
  rerank('vertex_ai', 'vertex-pricing', { query: 0.001 }, 'semantic-ranker-default-004', 'semantic-ranker-fast-004'),
];

const embeddings: readonly Fact[] = [
  embedding('bedrock', 'bedrock-pricing', 1024, 0.02, 'amazon.titan-embed-text-v2:0'),
  embedding('bedrock', 'bedrock-pricing', 1536, 0.1, 'amazon.titan-embed-text-v1'),
  embedding('bedrock', 'bedrock-pricing', 1024, 0.1, 'cohere.embed-english-v3', 'cohere.embed-multilingual-v3'),
  embedding('bedrock', 'bedrock-pricing', 1536, 0.12, 'cohere.embed-v4:0'),
  embedding('cohere', 'cohere-pricing', 1024, 0.1, 'embed-english-v3.0', 'embed-multilingual-v3.0'),
  embedding('cohere', 'cohere-pricing', 384, 0.1, 'embed-english-light-v3.0', 'embed-multilingual-light-v3.0'),
  embedding('gemini', 'gemini-pricing', 3072, 0.15, 'gemini-embedding-001'),
  embedding('vertex_ai', 'vertex-pricing', 3072, 0.15, 'gemini-embedding-001'),
  {
    provider: 'cohere',
    mode: 'embedding',
    ids: ['embed-v4.0'],
    vector: 1536,
    price: { input: 0.12, inputImage: 0.47 },
    can: 'embedding_image_input',
    source: 'cohere-pricing',
  },
];

const ocr = (page: number, ...ids: string[]): Fact => ({
  provider: 'mistral',
  mode: 'ocr',
  source: 'mistral-pricing',
  price: { page },
  ids,
});

export const searchFacts: readonly Fact[] = [
  ...rerankers,
  ...embeddings,
  ocr(0.001, 'mistral-ocr-2503', 'mistral-ocr-2505'),
  ocr(0.002, 'mistral-ocr-2512'),
  ocr(0.004, 'mistral-ocr-4-0', 'mistral-ocr-latest'),
  search('perplexity', 0.005, 'perplexity-pricing'),
  search('tavily', 0.008),
  search('serper', 0.001),
  search('dataforseo', 0.003),
  search('parallel_ai', 0.005),
  search('linkup', 0.00587),
  search('google_pse', 0.005),
  search('brave', 0.005, 'brave-pricing'),
  search('nimble', 0.005, 'litellm-search'),
  search('apiserpent', 0.0006, 'litellm-search'),
  search('agentcore', 0.007, 'litellm-search'),
  search('deepseek', 0.00075, 'litellm-search'),
  // Nobody bills them: an instance of one's own, and an API without keys.
  search('searxng', 0, 'litellm-search'),
  search('duckduckgo', 0, 'litellm-search'),
  // By credits, of which it says how many (83 dollars for 100,000).
  { provider: 'firecrawl', mode: 'search', ids: ['search'], price: { tool: { credits: 0.00083 } }, source: 'litellm-search' },
  // What Perplexity bills a request depends on how much it is let search.
  {
    provider: 'perplexity',
    ids: ['sonar'],
    price: { requestBy: { low: 0.005, medium: 0.008, high: 0.012 } },
    can: 'web_search',
    source: 'perplexity-pricing',
  },
  {
    provider: 'perplexity',
    ids: ['sonar-pro', 'sonar-reasoning-pro'],
    price: { requestBy: { low: 0.006, medium: 0.01, high: 0.014 } },
    can: 'web_search',
    source: 'perplexity-pricing',
  },
];
