import { searchProvider } from './provider.ts';

/* Who does searches and nothing else, and what is known of them before one is asked for. */

export const brave = searchProvider(
  {
    id: 'brave',
    label: 'Brave Search',
    baseUrl: 'https://api.search.brave.com/res/v1',
    baseUrlEnv: ['BRAVE_API_BASE'],
    baseUrlRules: { append: '/res/v1', strip: ['/web/search'] },
    auth: { kind: 'header', name: 'x-subscription-token' },
    keyEnv: ['BRAVE_API_KEY'],
    source: 'https://api-dashboard.search.brave.com/app/documentation/web-search/get-started, 2026-11-22',
  },
  async () => (await import('./brave.ts')).brave,
);

export const duckduckgo = searchProvider(
  {
    id: 'duckduckgo',
    label: 'DuckDuckGo',
    baseUrl: 'https://api.duckduckgo.com',
    baseUrlEnv: ['DUCKDUCKGO_API_BASE'],
    auth: { kind: 'none' },
    keyEnv: [],
    source: 'https://duckduckgo.com/api, 2026-11-22',
  },
  async () => (await import('./duckduckgo.ts')).duckduckgo,
);

export const exa = searchProvider(
  {
    id: 'exa_ai',
    label: 'Exa',
    baseUrl: 'https://api.exa.ai',
    baseUrlEnv: ['EXA_API_BASE'],
    baseUrlRules: { strip: ['/search'] },
    auth: { kind: 'header', name: 'x-api-key' },
    keyEnv: ['EXA_API_KEY'],
    source: 'https://docs.exa.ai/reference/search, 2026-11-22',
  },
  async () => (await import('./exa.ts')).exa,
);

export const firecrawl = searchProvider(
  {
    id: 'firecrawl',
    label: 'Firecrawl',
    baseUrl: 'https://api.firecrawl.dev/v2',
    baseUrlEnv: ['FIRECRAWL_API_BASE'],
    baseUrlRules: { append: '/v2', strip: ['/search'] },
    auth: { kind: 'bearer' },
    keyEnv: ['FIRECRAWL_API_KEY'],
    source: 'https://docs.firecrawl.dev/api-reference/endpoint/search, 2026-11-22',
  },
  async () => (await import('./firecrawl.ts')).firecrawl,
);

export const fastcrw = searchProvider(
  {
    id: 'fastcrw',
    label: 'fastCRW',
    baseUrl: 'https://fastcrw.com/api/v1',
    baseUrlEnv: ['CRW_API_BASE'],
    baseUrlRules: { strip: ['/search'] },
    auth: { kind: 'bearer' },
    keyEnv: ['CRW_API_KEY'],
    source: 'https://fastcrw.com/docs/rest-api, 2026-11-22',
  },
  async () => (await import('./firecrawl.ts')).fastcrw,
);

/**
 * The key goes into Google's header for keys and not, as most clients have it, into the query of the URL (FP-26;
 * docs.cloud.google.com/docs/authentication/api-keys-use, read 2026-11-22).
 */
export const googlePse = searchProvider(
  {
    id: 'google_pse',
    label: 'Google Programmable Search',
    baseUrl: 'https://www.googleapis.com',
    baseUrlEnv: ['GOOGLE_PSE_API_BASE'],
    baseUrlRules: { strip: ['/customsearch/v1'] },
    auth: { kind: 'header', name: 'x-goog-api-key' },
    keyEnv: ['GOOGLE_PSE_API_KEY'],
    optionsEnv: { search_engine_id: ['GOOGLE_PSE_ENGINE_ID'] },
    servedWith: [['GOOGLE_PSE_API_KEY'], ['GOOGLE_PSE_ENGINE_ID']],
    source: 'https://developers.google.com/custom-search/v1/reference/rest/v1/cse/list, 2026-11-22',
  },
  async () => (await import('./google-pse.ts')).googlePse,
);

export const serper = searchProvider(
  {
    id: 'serper',
    label: 'Serper',
    baseUrl: 'https://google.serper.dev',
    baseUrlEnv: ['SERPER_API_BASE'],
    baseUrlRules: { strip: ['/search'] },
    auth: { kind: 'header', name: 'x-api-key' },
    keyEnv: ['SERPER_API_KEY'],
    source: 'https://serper.dev/playground, 2026-11-22',
  },
  async () => (await import('./google-results.ts')).serper,
);

/** The key goes as a bearer token, which it takes as well as one in the URL (FP-26; docs.auxiliar.ai/searchapi, read 2026-11-22). */
export const searchapi = searchProvider(
  {
    id: 'searchapi',
    label: 'SearchApi',
    baseUrl: 'https://www.searchapi.io/api/v1',
    baseUrlEnv: ['SEARCHAPI_API_BASE'],
    baseUrlRules: { append: '/api/v1', strip: ['/search'] },
    auth: { kind: 'bearer' },
    keyEnv: ['SEARCHAPI_API_KEY'],
    source: 'https://www.searchapi.io/docs/google, 2026-11-22',
  },
  async () => (await import('./google-results.ts')).searchapi,
);

export const apiserpent = searchProvider(
  {
    id: 'apiserpent',
    label: 'APISerpent',
    baseUrl: 'https://apiserpent.com',
    baseUrlEnv: ['APISERPENT_API_BASE'],
    baseUrlRules: { strip: ['/api/search/quick', '/api/search'] },
    auth: { kind: 'header', name: 'x-api-key' },
    keyEnv: ['APISERPENT_API_KEY'],
    source: 'https://apiserpent.com/docs, 2026-11-22',
  },
  async () => (await import('./google-results.ts')).apiserpent,
);

export const linkup = searchProvider(
  {
    id: 'linkup',
    label: 'Linkup',
    baseUrl: 'https://api.linkup.so/v1',
    baseUrlEnv: ['LINKUP_API_BASE'],
    baseUrlRules: { append: '/v1', strip: ['/search'] },
    auth: { kind: 'bearer' },
    keyEnv: ['LINKUP_API_KEY'],
    source: 'https://docs.linkup.so/pages/documentation/api-reference/endpoint/post-search, 2026-11-22',
  },
  async () => (await import('./linkup.ts')).linkup,
);

export const nimble = searchProvider(
  {
    id: 'nimble',
    label: 'Nimble',
    baseUrl: 'https://sdk.nimbleway.com/v2',
    baseUrlEnv: ['NIMBLE_API_BASE'],
    baseUrlRules: { append: '/v2', strip: ['/search'] },
    auth: { kind: 'bearer' },
    keyEnv: ['NIMBLE_API_KEY'],
    source: 'https://docs.nimbleway.com/api-reference/search/search, 2026-11-22',
  },
  async () => (await import('./nimble.ts')).nimble,
);

export const parallel = searchProvider(
  {
    id: 'parallel_ai',
    label: 'Parallel',
    baseUrl: 'https://api.parallel.ai',
    baseUrlEnv: ['PARALLEL_AI_API_BASE'],
    baseUrlRules: { strip: ['/v1/search', '/v1'] },
    auth: { kind: 'header', name: 'x-api-key' },
    keyEnv: ['PARALLEL_AI_API_KEY', 'PARALLEL_API_KEY'],
    source: 'https://docs.parallel.ai/api-reference/search/search, 2026-11-22',
  },
  async () => (await import('./parallel.ts')).parallel,
);

export const searxng = searchProvider(
  {
    id: 'searxng',
    label: 'SearXNG',
    baseUrlEnv: ['SEARXNG_API_BASE'],
    baseUrlRules: { strip: ['/search'] },
    auth: { kind: 'bearer' },
    keyOptional: true,
    keyEnv: ['SEARXNG_API_KEY'],
    source: 'https://docs.searxng.org/dev/search_api.html, 2026-11-22',
  },
  async () => (await import('./searxng.ts')).searxng,
);

export const tavily = searchProvider(
  {
    id: 'tavily',
    label: 'Tavily',
    baseUrl: 'https://api.tavily.com',
    baseUrlEnv: ['TAVILY_API_BASE'],
    baseUrlRules: { strip: ['/search'] },
    auth: { kind: 'bearer' },
    keyEnv: ['TAVILY_API_KEY'],
    source: 'https://docs.tavily.com/documentation/api-reference/endpoint/search, 2026-11-22',
  },
  async () => (await import('./tavily.ts')).tavily,
);

export const tinyfish = searchProvider(
  {
    id: 'tinyfish',
    label: 'TinyFish',
    baseUrl: 'https://api.search.tinyfish.ai',
    baseUrlEnv: ['TINYFISH_API_BASE'],
    auth: { kind: 'header', name: 'x-api-key' },
    keyEnv: ['TINYFISH_API_KEY'],
    source: 'https://docs.tinyfish.ai/search-api/reference, 2026-11-22',
  },
  async () => (await import('./tinyfish.ts')).tinyfish,
);

export const youCom = searchProvider(
  {
    id: 'you_com',
    label: 'You.com',
    baseUrl: 'https://ydc-index.io',
    baseUrlEnv: ['YOUCOM_API_BASE'],
    baseUrlRules: { strip: ['/v1/search'] },
    auth: { kind: 'header', name: 'x-api-key' },
    keyOptional: true,
    keyEnv: ['YOUCOM_API_KEY'],
    source: 'https://you.com/docs/api-reference/search/v1-search-post, 2026-11-22',
  },
  async () => (await import('./you-com.ts')).youCom,
);
