import { Secret, type JsonObject } from 'sluice/kit';
import type { FakeWire, FakeWireOptions } from './fake-wire.ts';

type WireCall = FakeWire['calls'][number];

/** A request that uses all of the common format. */
export const full = {
  query: 'rust',
  max_results: 5,
  search_domain_filter: ['a.org', '-b.org'],
  country: 'us',
  search_recency_filter: 'week',
  own: 'x',
} as const;

export const row = (more: JsonObject): JsonObject => ({ title: 'T', url: 'https://a.org/1', ...more });
export const read = (more: JsonObject = {}) => ({
  title: 'T',
  url: 'https://a.org/1',
  snippet: 'S',
  date: null,
  last_updated: null,
  ...more,
});

/** Each vendor: the whole call of a full request, an answer as its documents have it, and what is read of it. */
export const vendors: Readonly<
  Record<
    string,
    { options?: FakeWireOptions; lacks?: string[]; call: WireCall; answer: JsonObject; results: unknown[]; metadata?: JsonObject }
  >
> = {
  tavily: {
    call: {
      url: '/search',
      json: {
        query: 'rust',
        max_results: 5,
        include_domains: ['a.org'],
        exclude_domains: ['b.org'],
        country: 'united states',
        time_range: 'week',
        own: 'x',
      },
    },
    answer: { query: 'rust', answer: 'A language.', results: [row({ content: 'S', score: 0.9 })], request_id: 'r' },
    results: [read({ score: 0.9 })],
    metadata: { query: 'rust', answer: 'A language.', request_id: 'r' },
  },
  exa_ai: {
    call: {
      url: '/search',
      json: {
        query: 'rust',
        numResults: 5,
        includeDomains: ['a.org'],
        excludeDomains: ['b.org'],
        userLocation: 'US',
        startPublishedDate: '2023-11-07T00:00:00.000Z',
        contents: { text: true },
        own: 'x',
      },
    },
    answer: { requestId: 'r', results: [row({ text: 'S', publishedDate: '2024-01-01T00:00:00.000Z', id: '1' })] },
    results: [read({ date: '2024-01-01T00:00:00.000Z', id: '1' })],
    metadata: { requestId: 'r' },
  },
  parallel_ai: {
    call: {
      url: '/v1/search',
      json: {
        search_queries: ['rust'],
        objective: 'rust',
        mode: 'basic',
        advanced_settings: {
          max_results: 5,
          location: 'US',
          source_policy: { include_domains: ['a.org'], exclude_domains: ['b.org'], after_date: '2023-11-07' },
        },
        own: 'x',
      },
    },
    answer: { search_id: 's', results: [row({ excerpts: ['S', 'U'], publish_date: '2024-01-01' })] },
    results: [read({ snippet: 'S ... U', excerpts: ['S', 'U'], date: '2024-01-01' })],
    metadata: { search_id: 's' },
  },
  brave: {
    call: { url: '/web/search', query: { q: 'rust site:a.org -site:b.org', count: 5, country: 'US', freshness: 'pw', own: 'x' } },
    answer: {
      type: 'search',
      web: { results: [row({ description: 'S', page_age: '2024-01-01T00:00:00' })] },
      news: { results: [{ title: 'N', url: 'https://n.org', description: 'D', age: '1 day ago' }] },
    },
    results: [
      read({ date: '2024-01-01T00:00:00' }),
      { title: 'N', url: 'https://n.org', snippet: 'D', date: '1 day ago', last_updated: null, section: 'news' },
    ],
  },
  google_pse: {
    options: { target: { options: { search_engine_id: 'e' } } },
    call: {
      url: '/customsearch/v1',
      query: { q: 'rust site:a.org -site:b.org', num: 5, gl: 'us', dateRestrict: 'w1', own: 'x', cx: 'e' },
    },
    answer: { kind: 'customsearch#search', items: [{ title: 'T', link: 'https://a.org/1', snippet: 'S', displayLink: 'a.org' }] },
    results: [read({ displayLink: 'a.org' })],
  },
  dataforseo: {
    lacks: ['search_recency_filter'],
    call: {
      url: '/serp/google/organic/live/advanced',
      json: [{ keyword: 'rust site:a.org -site:b.org', depth: 5, location_name: 'United States', language_code: 'en', own: 'x' }],
    },
    answer: {
      status_code: 20000,
      tasks: [
        {
          status_code: 20000,
          cost: 0.002,
          result: [
            {
              items: [
                { type: 'paid', url: 'https://ad.org' },
                row({ type: 'organic', description: 'S', timestamp: '2024-01-01 00:00:00 +00:00' }),
              ],
            },
          ],
        },
      ],
    },
    results: [read({ type: 'organic', date: '2024-01-01 00:00:00 +00:00' })],
  },
  firecrawl: {
    call: {
      url: '/search',
      json: {
        query: 'rust site:a.org -site:b.org',
        limit: 5,
        country: 'US',
        tbs: 'qdr:w',
        scrapeOptions: { formats: ['markdown'], onlyMainContent: true },
        own: 'x',
      },
    },
    answer: {
      success: true,
      data: {
        web: [row({ description: 'D', markdown: 'S' })],
        news: [{ title: 'N', url: 'https://n.org', snippet: 'M', date: '1 hour ago' }],
      },
      creditsUsed: 2,
    },
    results: [read({ description: 'D' }), { title: 'N', url: 'https://n.org', snippet: 'M', date: '1 hour ago', last_updated: null }],
    metadata: { creditsUsed: 2 },
  },
  fastcrw: {
    lacks: ['country', 'search_recency_filter'],
    call: {
      url: '/search',
      json: { query: 'rust site:a.org -site:b.org', limit: 5, scrapeOptions: { formats: ['markdown'], onlyMainContent: true }, own: 'x' },
    },
    answer: { success: true, data: [row({ description: 'S' })] },
    results: [read()],
  },
  searxng: {
    call: { url: '/search', query: { q: 'rust site:a.org -site:b.org', language: 'en-US', time_range: 'week', own: 'x', format: 'json' } },
    answer: {
      query: 'rust',
      results: [row({ content: 'S', engine: 'brave', publishedDate: '2024-01-01T00:00:00' })],
      suggestions: ['rust lang'],
    },
    results: [read({ engine: 'brave', date: '2024-01-01T00:00:00' })],
    metadata: { suggestions: ['rust lang'] },
  },
  linkup: {
    lacks: ['country'],
    call: {
      url: '/search',
      json: {
        q: 'rust',
        depth: 'standard',
        outputType: 'searchResults',
        maxResults: 5,
        includeDomains: ['a.org'],
        excludeDomains: ['b.org'],
        fromDate: '2023-11-07',
        own: 'x',
      },
    },
    answer: { results: [{ type: 'text', name: 'T', url: 'https://a.org/1', content: 'S' }] },
    results: [read({ type: 'text' })],
  },
  serper: {
    call: { url: '/search', json: { q: 'rust site:a.org -site:b.org', num: 5, gl: 'us', tbs: 'qdr:w', own: 'x' } },
    answer: {
      searchParameters: { q: 'rust' },
      answerBox: { answer: 'A' },
      organic: [{ title: 'T', link: 'https://a.org/1', snippet: 'S', date: 'Jan 1, 2024', position: 1 }],
      credits: 1,
    },
    results: [read({ date: 'Jan 1, 2024', position: 1 })],
    metadata: { answerBox: { answer: 'A' }, credits: 1 },
  },
  searchapi: {
    call: {
      url: '/search',
      query: { engine: 'google', q: 'rust site:a.org -site:b.org', num: 5, gl: 'us', time_period: 'last_week', own: 'x' },
    },
    answer: { search_metadata: { id: 's' }, organic_results: [{ title: 'T', link: 'https://a.org/1', snippet: 'S' }] },
    results: [read()],
  },
  apiserpent: {
    call: {
      url: '/api/search/quick',
      query: { q: 'rust site:a.org -site:b.org', num: 5, engine: 'google', country: 'us', freshness: 'w', format: 'full', own: 'x' },
    },
    answer: { success: true, results: { organic: [row({ snippet: 'S' })] } },
    results: [read()],
  },
  duckduckgo: {
    lacks: ['search_domain_filter', 'country', 'search_recency_filter'],
    call: { url: '/', query: { q: 'rust', no_html: 1, skip_disambig: 0, own: 'x', format: 'json' } },
    answer: {
      Heading: 'T',
      AbstractURL: 'https://a.org/1',
      AbstractText: 'S',
      Answer: '',
      Results: [],
      RelatedTopics: [
        { FirstURL: 'https://b.org', Text: 'Ferris - A crab' },
        { Name: 'More', Topics: [{ FirstURL: 'https://c.org', Text: 'Cargo' }] },
      ],
    },
    results: [
      read(),
      { title: 'Ferris', url: 'https://b.org', snippet: 'A crab', date: null, last_updated: null },
      { title: 'Cargo', url: 'https://c.org', snippet: 'Cargo', date: null, last_updated: null },
    ],
  },
  you_com: {
    options: { target: { apiKey: new Secret('k') } },
    call: {
      url: '/v1/search',
      json: { query: 'rust', count: 5, include_domains: ['a.org'], exclude_domains: ['b.org'], country: 'US', freshness: 'week', own: 'x' },
    },
    answer: {
      results: { web: [row({ description: 'D', snippets: ['S'], page_age: '2025-06-25T11:41:00' })], news: [] },
      metadata: { latency: 0.1 },
    },
    results: [read({ description: 'D', snippets: ['S'], date: '2025-06-25T11:41:00' })],
    metadata: { metadata: { latency: 0.1 } },
  },
  tinyfish: {
    lacks: ['search_recency_filter'],
    call: { url: '/', query: { query: 'rust site:a.org -site:b.org', location: 'US', own: 'x' } },
    answer: { query: 'rust', results: [row({ snippet: 'S', position: 1, site_name: 'a.org' })], total_results: 1 },
    results: [read({ position: 1, site_name: 'a.org' })],
  },
  nimble: {
    lacks: ['search_recency_filter'],
    call: {
      url: '/search',
      json: { query: 'rust', max_results: 5, include_domains: ['a.org'], exclude_domains: ['b.org'], country: 'US', own: 'x' },
    },
    answer: { results: [row({ description: 'S', additional_data: { publish_date: '2026-01-02' } })] },
    results: [read({ additional_data: { publish_date: '2026-01-02' }, date: '2026-01-02' })],
  },
  bing_grounding: {
    options: { model: 'gpt-4.1' },
    lacks: ['search_domain_filter', 'search_recency_filter'],
    call: {
      url: '/openai/v1/responses',
      json: {
        model: 'gpt-4.1',
        input: 'rust',
        tools: [{ type: 'web_search', user_location: { type: 'approximate', country: 'US' }, own: 'x' }],
      },
    },
    answer: {
      status: 'completed',
      output: [
        { type: 'web_search_call' },
        {
          type: 'message',
          content: [
            {
              type: 'output_text',
              text: 'Intro.\nS ([a](https://a.org/1))',
              annotations: [{ type: 'url_citation', url: 'https://a.org/1', title: 'T', start_index: 9 }],
            },
          ],
        },
      ],
      usage: { input_tokens: 10, output_tokens: 20, total_tokens: 30 },
    },
    results: [read()],
  },
};
