import { describe, expect, test } from 'bun:test';
import { fakeWire, type FakeAnswer, type FakeWireOptions } from '../../../../test/kit/fake-wire.ts';
import { Secret, type Adapter, type JsonObject, type Provider, type SearchRequest } from '../../types/index.ts';
import { full, read, row, vendors } from '../../../../test/kit/search-vendors.ts';
import { credentialHeaders } from '../credentials.ts';
import { deepseekSearch } from './deepseek.ts';
import { searchProviders } from './index.ts';
import { xaiSearch } from './xai.ts';

const byId = new Map(searchProviders().map((provider) => [provider.id, provider]));
const providerOf = (id: string): Provider => byId.get(id)!;

const search = async (
  of: string | Adapter<'search'>,
  request: Partial<SearchRequest>,
  answers: FakeAnswer[],
  options: FakeWireOptions = {},
) => {
  const provider = typeof of === 'string' ? providerOf(of) : undefined;
  const fake = fakeWire(answers, { ...(provider && { provider }), model: 'search', ...options });
  const adapter = (provider ? provider.operations!.search : of) as Adapter<'search'>;
  const result = await adapter({ model: 'x', query: 'rust', ...request }, fake.wire);
  return { result, fake };
};

describe('vendors of searches', () => {
  test.each(Object.entries(vendors))('%s', async (id, { options, lacks = [], call, answer, results, metadata }) => {
    const { result, fake } = await search(id, full as unknown as SearchRequest, [{ json: answer }], { ...options, dropParams: true });
    expect(fake.calls).toEqual([call]);
    expect(fake.lacking).toEqual(lacks.filter((name) => name !== 'country'));
    // Advice: a search without it still answers.
    expect(fake.dropped.some(({ what }) => what === 'country')).toBe(lacks.includes('country'));
    expect(result.results).toEqual(results as never);
    expect(result.provider_metadata).toEqual(metadata as never);
    const credits = (metadata as { creditsUsed?: number } | undefined)?.creditsUsed;
    expect(result.usage?.units).toEqual(credits === undefined ? { queries: 1 } : { tools: { credits } });
  });

  test('all are here, and what they lack is refused by name', async () => {
    expect([...Object.keys(vendors), 'agentcore'].sort()).toEqual([...byId.keys()].sort());
    await expect(search('fastcrw', { search_before_date_filter: '2026-01-01' }, [])).rejects.toMatchObject({
      code: 'unsupported_parameter',
      param: 'search_before_date_filter',
    });
  });

  test.each(Object.keys(vendors).filter((id) => id !== 'dataforseo'))('%s: an answer that is none', async (id) => {
    const options = vendors[id]!.options;
    await expect(search(id, {}, [{ json: { odd: 1 } }], options)).rejects.toMatchObject({ code: 'invalid_response' });
  });

  test.each([
    ['google_pse', { kind: 'customsearch#search', searchInformation: { totalResults: '0' } }],
    ['searchapi', { search_metadata: {}, error: "Google didn't return any results." }],
    ['brave', { type: 'search', query: { original: 'x' } }],
    ['serper', { searchParameters: {}, organic: [] }],
    ['dataforseo', { status_code: 20000, tasks: [{ status_code: 40102, status_message: 'No Search Results.' }] }],
  ])('%s: nothing found is no failure', async (id, json) => {
    const { result } = await search(id, {}, [{ json }], { target: { options: { search_engine_id: 'e' } } });
    expect(result.results).toEqual([]);
  });

  test.each([
    [
      'dataforseo',
      { status_code: 40100, status_message: 'You are not authorized.', tasks: [] },
      'authentication',
      'You are not authorized.',
    ],
    [
      'dataforseo',
      { tasks: [{ status_code: 40501, status_message: "Invalid Field: 'depth'." }] },
      'invalid_request',
      "Invalid Field: 'depth'.",
    ],
    ['firecrawl', { success: false, error: 'Out of credits' }, 'bad_gateway', 'Out of credits'],
    ['searchapi', { search_metadata: {}, error: 'Engine is down' }, 'bad_gateway', 'Engine is down'],
    ['bing_grounding', { status: 'failed', error: { message: 'No connection' }, output: [] }, 'bad_gateway', 'No connection'],
    ['bing_grounding', { status: 'incomplete', incomplete_details: { reason: 'max_tokens' }, output: [] }, 'bad_gateway', /max_tokens/],
  ])('%s: a failure with status 200 keeps its words', async (id, json, code, message) => {
    const failure = search(id, {}, [{ json: json as JsonObject }], { model: 'm' });
    await expect(failure).rejects.toMatchObject({ code });
    await failure.catch((error: Error) => expect(error.message).toMatch(message as string));
  });
});

describe('what is common', () => {
  test('a list of queries is as many calls, and each page is there once', async () => {
    const list = (...urls: string[]): FakeAnswer => ({
      json: { results: urls.map((url) => ({ title: url, url, content: 'c' })), request_id: urls[0] },
    });
    const { result, fake } = await search('tavily', { query: ['one', 'two'] }, [list('u1', 'u2', 'u3'), list('u2', 'u4')]);
    expect(fake.calls.map(({ json }) => (json as JsonObject)['query'])).toEqual(['one', 'two']);
    expect(result.results.map(({ url }) => url)).toEqual(['u1', 'u2', 'u4', 'u3']);
    expect(result.usage?.units).toEqual({ queries: 2 });
    expect(result.provider_metadata).toEqual({ answers: [{ request_id: 'u1' }, { request_id: 'u2' }] });
  });

  test('a vendor that takes lists gets one', async () => {
    const { result, fake } = await search('parallel_ai', { query: ['one', 'two'] }, [{ json: { results: [] } }]);
    expect(fake.calls[0]!.json).toMatchObject({ search_queries: ['one', 'two'] });
    expect(fake.calls[0]!.json).not.toHaveProperty('objective');
    expect(result.usage?.units).toEqual({ queries: 1 });
  });

  test('more results than the vendor gives are noted, and more than were asked for are cut', async () => {
    const many = Array.from({ length: 30 }, (_, at) => ({ title: 't', url: `u${at}`, content: 'c' }));
    const { result, fake } = await search('tavily', { max_results: 50 }, [{ json: { results: many } }]);
    expect(fake.calls[0]!.json).toMatchObject({ max_results: 20 });
    expect(fake.dropped.map(({ what }) => what)).toEqual(['max_results']);
    expect(result.results).toHaveLength(20);
    expect((await search('searxng', { max_results: 3 }, [{ json: { results: many } }])).result.results).toHaveLength(3);
    expect((await search('searxng', {}, [{ json: { results: many } }])).result.results).toHaveLength(10);
  });

  test('pages are as long as was asked for', async () => {
    const { result } = await search('tavily', { max_tokens_per_page: 2 }, [{ json: { results: [row({ content: 'x'.repeat(100) })] } }]);
    expect(result.results[0]!.snippet).toBe('xxxxxxxx');
  });

  test('days are read as Americans write them and as ISO has them', async () => {
    const dates = { search_after_date_filter: '3/1/2026', search_before_date_filter: '2026-04-02' };
    const sent = async (id: string, options?: FakeWireOptions) => {
      const { json, query } = (await search(id, dates, [{ json: vendors[id]!.answer }], options)).fake.calls[0]!;
      return { ...(json as JsonObject), ...query };
    };
    expect(await sent('tavily')).toMatchObject({ start_date: '2026-03-01', end_date: '2026-04-02' });
    expect(await sent('brave')).toMatchObject({ freshness: '2026-03-01to2026-04-02' });
    expect(await sent('serper')).toMatchObject({ tbs: 'cdr:1,cd_min:03/01/2026,cd_max:04/02/2026' });
    expect(await sent('searchapi')).toMatchObject({ time_period_min: '03/01/2026', time_period_max: '04/02/2026' });
    expect(await sent('google_pse', { target: { options: { search_engine_id: 'e' } } })).toMatchObject({
      sort: 'date:r:20260301:20260402',
    });
    expect(await sent('exa_ai')).toMatchObject({
      startPublishedDate: '2026-03-01T00:00:00.000Z',
      endPublishedDate: '2026-04-02T23:59:59.999Z',
    });
  });

  test('an hour is a day where there are no hours, and says so', async () => {
    const { fake } = await search('brave', { search_recency_filter: 'hour' }, [{ json: { type: 'search' } }]);
    expect(fake.calls[0]!.query).toMatchObject({ freshness: 'pd' });
    expect(fake.dropped.map(({ what }) => what)).toEqual(['search_recency_filter']);
  });

  test.each([
    [{ query: '' }, 'query'],
    [{ query: [] }, 'query'],
    [{ query: ['1', '2', '3', '4', '5', '6'] }, 'query'],
    [{ query: 3 as unknown as string }, 'query'],
    [{ max_results: 0 }, 'max_results'],
    [{ max_results: 1.5 }, 'max_results'],
    [{ country: 'USA' }, 'country'],
    [{ search_domain_filter: [1 as unknown as string] }, 'search_domain_filter[0]'],
    [{ search_recency_filter: 'eon' }, 'search_recency_filter'],
    [{ search_after_date_filter: '13/45/2026' }, 'search_after_date_filter'],
  ])('%j is refused', async (request, param) => {
    await expect(search('tavily', request as Partial<SearchRequest>, [])).rejects.toMatchObject({ code: 'invalid_request', param });
  });

  test('a member that nobody gave is no member', async () => {
    const { fake } = await search('tavily', { country: null as unknown as string, own: null }, [{ json: { results: [] } }]);
    expect(fake.calls[0]!.json).toEqual({ query: 'rust', max_results: 10 });
  });
});

describe('credentials', () => {
  const headers = (id: string, target: FakeWireOptions['target']) =>
    credentialHeaders({ provider: providerOf(id), model: 'search', ...target }, { method: 'GET', url: 'https://x.test', body: '' });

  test('go into headers, never into the URL (FP-26)', async () => {
    const apiKey = new Secret('key-1');
    expect(await headers('google_pse', { apiKey })).toEqual({ 'x-goog-api-key': 'key-1' });
    expect(await headers('searchapi', { apiKey })).toEqual({ authorization: 'Bearer key-1' });
    for (const [id, { options, answer }] of Object.entries(vendors)) {
      const { fake } = await search(id, { key: 'mine', api_key: 'mine', cx: 'mine' }, [{ json: answer }], {
        ...options,
        target: { ...options?.target, apiKey },
      });
      expect(JSON.stringify(fake.calls)).not.toContain('key-1');
      if (['google_pse', 'searchapi'].includes(id)) expect(JSON.stringify(fake.calls[0]!.query)).not.toMatch(/"(?:api_)?key"/);
    }
  });

  test('DataForSEO has a login and a password', async () => {
    const basic = { authorization: `Basic ${btoa('me:pw')}` };
    expect(await headers('dataforseo', { apiKey: new Secret('me:pw') })).toEqual(basic);
    expect(await headers('dataforseo', { options: { dataforseo_login: 'me', dataforseo_password: new Secret('pw') } })).toEqual(basic);
    expect(() => headers('dataforseo', {})).toThrow(/DATAFORSEO_LOGIN/);
  });

  test('a key of You.com may be missing: then it is another address', async () => {
    const { fake } = await search('you_com', {}, [{ json: { results: {} } }]);
    expect(fake.calls[0]!.url).toBe('https://api.you.com/v1/agents/search');
    expect(await headers('you_com', {})).toEqual({});
  });

  test('an engine of Google is missing', async () => {
    await expect(search('google_pse', {}, [])).rejects.toMatchObject({ param: 'search_engine_id' });
  });
});

describe('AgentCore', () => {
  const bytes = (value: string): FakeAnswer => ({ bytes: [new TextEncoder().encode(value)] });
  const list = [{ title: 'T', url: 'https://a.org/1', text: 'S', publishedDate: '2026-01-01' }];
  const answer = { jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text: JSON.stringify(list) }] } };
  const target = { baseUrl: 'https://g-1.gateway.bedrock-agentcore.us-east-1.amazonaws.com/mcp' };

  test.each([
    ['JSON', JSON.stringify(answer)],
    ['events', `event: message\ndata: {"method":"notifications/progress"}\n\nevent: message\ndata: ${JSON.stringify(answer)}\n\n`],
    [
      'structured',
      JSON.stringify({ ...answer, result: { content: [{ type: 'text', text: 'Found.' }], structuredContent: { results: list } } }),
    ],
  ])('an answer as %s', async (_, text) => {
    const { result, fake } = await search('agentcore', { max_results: 40 }, [bytes(text)], { target });
    expect(result.results).toEqual([read({ date: '2026-01-01' })]);
    expect(fake.calls[0]).toEqual({
      url: '',
      headers: { accept: 'application/json, text/event-stream', 'mcp-protocol-version': '2025-03-26' },
      json: {
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'web-search-tool___WebSearch', arguments: { query: 'rust', maxResults: 25 } },
      },
    });
  });

  test('failures, and tools that are no searches', async () => {
    const failing = (value: unknown) => search('agentcore', {}, [bytes(JSON.stringify(value))], { target });
    await expect(failing({ error: { code: -32600, message: 'bad version' } })).rejects.toThrow('bad version');
    await expect(failing({ result: { isError: true, content: [{ type: 'text', text: 'quota' }] } })).rejects.toThrow('quota');
    await expect(search('agentcore', {}, [bytes('<html>')], { target })).rejects.toMatchObject({ code: 'invalid_response' });
    await expect(search('agentcore', { tool_name: 'x___DeleteAll' }, [], { target })).rejects.toMatchObject({ param: 'tool_name' });
  });

  test('a signature of the region that the gateway is in, or a token', async () => {
    const sent = { method: 'POST', url: target.baseUrl, body: '{}', headers: {} };
    const options = { aws_access_key_id: 'AKIA', aws_secret_access_key: new Secret('s') };
    const signed = await credentialHeaders({ provider: providerOf('agentcore'), model: 'search', ...target, options }, sent);
    expect(signed['authorization']).toContain('/us-east-1/bedrock-agentcore/aws4_request');
    const token = await credentialHeaders({ provider: providerOf('agentcore'), model: 'search', ...target, apiKey: new Secret('t') }, sent);
    expect(token).toEqual({ authorization: 'Bearer t' });
  });
});

describe('vendors of chat that search', () => {
  test.each(['https://api.deepseek.com', 'https://api.deepseek.com/beta', 'https://api.deepseek.com/v1/'])(
    'DeepSeek behind %s',
    async (baseUrl) => {
      const { result, fake } = await search(
        deepseekSearch,
        { search_domain_filter: ['a.org', 'b.org'], max_results: 60 },
        [{ json: { results: [row({ snippet: 'S' })] } }],
        { target: { baseUrl } },
      );
      expect(fake.calls).toEqual([
        { url: 'https://api.deepseek.com/v1/tools/search', json: { query: 'rust (site:a.org OR site:b.org)', count: 50 } },
      ]);
      expect(result.results).toEqual([read()]);
    },
  );

  test('xAI searches by a model, and says what it cost', async () => {
    const answer = { ...vendors['bing_grounding']!.answer, usage: { input_tokens: 10, output_tokens: 20, cost_in_usd_ticks: 50_000_000 } };
    const { result, fake } = await search(xaiSearch, { search_after_date_filter: '2026-03-01' }, [{ json: answer }]);
    expect(fake.calls[0]!.json).toEqual({
      model: 'grok-4.7',
      input: 'rust',
      tools: [{ type: 'x_search', from_date: '2026-03-01' }],
      tool_choice: 'required',
      store: false,
    });
    expect(result).toMatchObject({
      results: [read()],
      usage: { inputTokens: 10, outputTokens: 20, providerCostUsd: 0.005, units: { queries: 1 } },
    });
    expect((await search(xaiSearch, {}, [{ json: answer }], { model: 'grok-5' })).fake.calls[0]!.json).toMatchObject({ model: 'grok-5' });
  });
});
