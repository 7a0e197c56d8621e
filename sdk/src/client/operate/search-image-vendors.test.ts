import { describe, expect, test } from 'bun:test';
import { providers, targetOf } from '../../providers/index.ts';
import type { JsonObject, Operation, TransportRequest, TransportResponse } from '../../types/index.ts';
import { operate } from './operate.ts';

/*
 * Adapters' own tests have a wire without hosts and keys. Here whole calls go through the engine: the address that a
 * request reaches, and what of the credentials goes where.
 */

interface Answer {
  status?: number;
  headers?: Record<string, string>;
  json?: unknown;
}

const responseOf = ({ status = 200, headers, json }: Answer): TransportResponse => {
  let left: Uint8Array | undefined = json === undefined ? undefined : new TextEncoder().encode(JSON.stringify(json));
  const read = async () => {
    const bytes = left;
    left = undefined;
    return bytes;
  };
  return {
    status,
    headers: new Headers({ 'content-type': 'application/json', ...headers }),
    read,
    bytes: async () => (await read()) ?? new Uint8Array(),
    cancel: () => void (left = undefined),
  };
};

interface Given {
  env?: Record<string, string>;
  baseUrl?: string;
  options?: JsonObject;
}

const run = async (model: string, operation: Operation, request: JsonObject, answers: Answer[], { env = {}, ...more }: Given = {}) => {
  const seen: TransportRequest[] = [];
  const target = targetOf({ model, apiKey: 'k-1', ...more }, { providers, env });
  const answer = await operate(
    { operation, target, known: request, request: () => request as never, relay: () => ({ contentType: '', body: '' }) },
    {
      transport: async (sent) => {
        seen.push(sent);
        return responseOf(answers[seen.length - 1]!);
      },
    },
  );
  return { seen, answer, json: answer.kind === 'whole' ? (answer.json?.() as JsonObject) : undefined };
};

describe('searches', () => {
  test.each([
    ['tavily/search', 'https://api.tavily.com/search', 'authorization', 'Bearer k-1'],
    ['exa_ai/search', 'https://api.exa.ai/search', 'x-api-key', 'k-1'],
    ['parallel_ai/search', 'https://api.parallel.ai/v1/search', 'x-api-key', 'k-1'],
    ['linkup/search', 'https://api.linkup.so/v1/search', 'authorization', 'Bearer k-1'],
    ['nimble/search', 'https://sdk.nimbleway.com/v2/search', 'authorization', 'Bearer k-1'],
  ])('%s', async (model, url, header, value) => {
    const found = { results: [{ title: 'T', url: 'https://a.org' }], request_id: 'r' };
    const { seen, json, answer } = await run(model, 'search', { query: 'rust' }, [{ json: found }]);
    expect([seen[0]!.method, seen[0]!.url, seen[0]!.headers[header]]).toEqual(['POST', url, value]);
    expect(json).toMatchObject({
      object: 'search',
      results: [{ title: 'T', url: 'https://a.org', snippet: '' }],
      provider_metadata: { request_id: 'r' },
    });
    expect(answer.facts.usage?.units).toEqual({ queries: 1 });
  });

  test.each([
    ['https://proxy.test/tavily/search', 'https://proxy.test/tavily/search'],
    ['https://proxy.test/', 'https://proxy.test/search'],
  ])('behind %s', async (baseUrl, url) => {
    expect((await run('tavily/search', 'search', { query: 'x' }, [{ json: { results: [] } }], { baseUrl })).seen[0]!.url).toBe(url);
  });

  test('no key is in a URL, not where vendors have it there (FP-26)', async () => {
    const env = { GOOGLE_PSE_ENGINE_ID: 'e' };
    const google = await run('google_pse/search', 'search', { query: 'a b' }, [{ json: { kind: 'x' } }], { env });
    expect(google.seen[0]).toMatchObject({
      method: 'GET',
      url: 'https://www.googleapis.com/customsearch/v1?q=a+b&num=10&cx=e',
      headers: { 'x-goog-api-key': 'k-1' },
    });
    const searchapi = await run('searchapi/search', 'search', { query: 'a' }, [{ json: { organic_results: [] } }]);
    expect(searchapi.seen[0]).toMatchObject({
      url: 'https://www.searchapi.io/api/v1/search?engine=google&q=a&num=10',
      headers: { authorization: 'Bearer k-1' },
    });
  });

  test("failures keep the vendor's words, and lose the key that they echo", async () => {
    const words = { error: { code: 'SUBSCRIPTION_TOKEN_INVALID', message: 'The token k-1 is invalid.' } };
    const refused = await run('brave/search', 'search', { query: 'x' }, [{ status: 422, json: words }]).catch((error: unknown) => error);
    expect(refused).toMatchObject({ status: 422, provider: 'brave', upstream: { code: 'SUBSCRIPTION_TOKEN_INVALID' } });
    expect((refused as Error).message).toMatch(/^The token .+ is invalid\.$/);
    expect((refused as Error).message + JSON.stringify(refused)).not.toContain('k-1');
  });

  test('AgentCore is called at its gateway', async () => {
    const baseUrl = 'https://g.gateway.bedrock-agentcore.us-east-1.amazonaws.com/mcp';
    const { seen } = await run('agentcore/search', 'search', { query: 'x' }, [{ json: { result: { content: [] } } }], { baseUrl });
    expect(seen[0]).toMatchObject({
      url: baseUrl,
      headers: { authorization: 'Bearer k-1', accept: 'application/json, text/event-stream' },
    });
  });
});

describe('images', () => {
  const image = { prompt: 'a cat' };

  test('a job of Black Forest Labs is looked at with the key', async () => {
    const link = 'https://api.us1.bfl.ai/v1/get_result?id=t';
    const { seen, json } = await run('black_forest_labs/flux-dev', 'image-generation', image, [
      { json: { id: 't', polling_url: link } },
      { json: { status: 'Ready', result: { sample: 'https://delivery-us1.bfl.ai/a.png' } } },
    ]);
    expect(seen.map(({ url, headers }) => [url, headers['x-key']])).toEqual([
      ['https://api.bfl.ai/v1/flux-dev', 'k-1'],
      [link, 'k-1'],
    ]);
    expect(json).toMatchObject({ data: [{ url: 'https://delivery-us1.bfl.ai/a.png' }] });
  });

  test('the place of an image gets no key (FP-27)', async () => {
    const url = 'https://v3.fal.media/a.png';
    const { seen } = await run('fal_ai/fal-ai/flux/dev', 'image-generation', { ...image, response_format: 'b64_json' }, [
      { json: { images: [{ url }] } },
      { headers: { 'content-type': 'image/png' }, json: 'png' },
    ]);
    expect(seen.map((sent) => [sent.url, sent.headers['authorization']])).toEqual([
      ['https://fal.run/fal-ai/flux/dev', 'Key k-1'],
      [url, undefined],
    ]);
  });

  const atGoogle = 'https://us-central1-aiplatform.googleapis.com';
  const options = { vertex_project: 'p', vertex_location: 'us-central1' };

  test("Google's clouds", async () => {
    const answer = { json: { predictions: [{ bytesBase64Encoded: 'AA' }] } };
    const gemini = await run('gemini/imagen-4.0-generate-001', 'image-generation', image, [answer]);
    expect(gemini.seen[0]!.url).toBe('https://generativelanguage.googleapis.com/v1beta/models/imagen-4.0-generate-001:predict');
    const vertex = await run('vertex_ai/imagen-4.0-generate-001', 'image-generation', image, [answer], { options });
    expect(vertex.seen[0]!.url).toBe(
      `${atGoogle}/v1beta1/projects/p/locations/us-central1/publishers/google/models/imagen-4.0-generate-001:predict`,
    );
  });

  test("Mistral's OCR on Vertex AI", async () => {
    const document = { type: 'document_url', document_url: 'data:application/pdf;base64,JVBERg==' };
    const { seen } = await run('vertex_ai/mistral-ocr-2505', 'ocr', { document }, [{ json: { pages: [] } }], { options });
    expect(seen[0]!.url).toBe(`${atGoogle}/v1/projects/p/locations/us-central1/publishers/mistralai/models/mistral-ocr-2505:rawPredict`);
  });

  test('Bedrock', async () => {
    const { seen } = await run('bedrock/amazon.nova-canvas-v1:0', 'image-generation', image, [{ json: { images: ['AA'] } }], {
      options: { aws_region_name: 'us-east-1' },
    });
    expect(seen[0]!.url).toBe('https://bedrock-runtime.us-east-1.amazonaws.com/model/amazon.nova-canvas-v1%3A0/invoke');
  });

  test('a vendor of forms', async () => {
    const { seen } = await run('stability/stable-image-core', 'image-generation', image, [{ json: { image: 'AA' } }]);
    expect(seen[0]).toMatchObject({
      url: 'https://api.stability.ai/v2beta/stable-image/generate/core',
      headers: { accept: 'application/json' },
    });
    expect(seen[0]!.headers['content-type']).toStartWith('multipart/form-data; boundary=');
  });
});

test('Document Intelligence: the key goes along to the job', async () => {
  const baseUrl = 'https://res.services.ai.azure.com';
  const job = `${baseUrl}/documentintelligence/documentModels/prebuilt-read/analyzeResults/r?api-version=2024-11-30`;
  const { seen, json } = await run(
    'azure_ai/doc-intelligence/prebuilt-read',
    'ocr',
    { document: { type: 'document_url', document_url: 'https://example.test/a.pdf' } },
    [
      { status: 202, headers: { 'operation-location': job } },
      { json: { status: 'succeeded', analyzeResult: { content: 'A', pages: [{ pageNumber: 1, spans: [{ offset: 0, length: 1 }] }] } } },
    ],
    { baseUrl },
  );
  expect(seen.map(({ method, headers }) => [method, headers['ocp-apim-subscription-key']])).toEqual([
    ['POST', 'k-1'],
    ['GET', 'k-1'],
  ]);
  expect(json).toMatchObject({ pages: [{ index: 0, markdown: 'A' }] });
});
