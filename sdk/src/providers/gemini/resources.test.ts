import { describe, expect, test } from 'bun:test';
import { fakeWire, type FakeAnswer, type FakeWireOptions } from '../../../../test/kit/fake-wire.ts';
import { adaptersOf, ask, batchLine as line, bodyOf, failing, jsonlFile as jsonl, linesOf } from '../../../../test/kit/resource-calls.ts';
import type { JsonObject } from '../../types/index.ts';
import { gemini } from './index.ts';

const { files, batches, vector_stores: stores } = await adaptersOf(gemini, 'files', 'batches', 'vector_stores');
const open = (answers: readonly FakeAnswer[], options: FakeWireOptions = {}) => fakeWire(answers, { provider: gemini, ...options });
const host = 'https://generativelanguage.googleapis.com';
const stored = (more: JsonObject = {}) => ({
  name: 'files/abc',
  displayName: 'a.pdf',
  mimeType: 'application/pdf',
  sizeBytes: '18810',
  createTime: '2026-08-19T14:34:22.044992Z',
  expirationTime: '2026-08-21T14:34:21.475407640Z',
  state: 'ACTIVE',
  source: 'UPLOADED',
  ...more,
});
const place = { headers: { 'x-goog-upload-url': `${host}/upload/v1beta/files?upload_id=u` } };
const hello = { model: 'gemini-2.5-flash', messages: [{ role: 'user', content: 'Hello' }], max_tokens: 5, stream: true };

describe('files', () => {
  test('are uploaded in two requests, and known by their addresses', async () => {
    const { wire, calls } = open([place, { json: { file: stored() } }]);
    const file = { bytes: new Blob(['%PDF']), name: 'a.pdf', type: 'application/octet-stream' };
    const body = bodyOf(await files['POST ']!(ask({ body: { purpose: 'user_data' }, file }), wire));
    expect(calls[0]).toEqual({
      url: `${host}/upload/v1beta/files`,
      json: { file: { displayName: 'a.pdf' } },
      headers: {
        'x-goog-upload-protocol': 'resumable',
        'x-goog-upload-command': 'start',
        'x-goog-upload-header-content-length': '4',
        'x-goog-upload-header-content-type': 'application/pdf',
      },
    });
    expect(calls[1]).toMatchObject({
      method: 'POST',
      url: `${host}/upload/v1beta/files?upload_id=u`,
      headers: { 'x-goog-upload-offset': '0', 'x-goog-upload-command': 'upload, finalize' },
    });
    expect(body).toEqual({
      id: `${host}/v1beta/files/abc`,
      object: 'file',
      bytes: 18810,
      created_at: 1787150062,
      filename: 'a.pdf',
      purpose: 'user_data',
      status: 'processed',
      expires_at: 1787322861,
    });
  });

  test('a batch’s requests are written in Google’s words, with the model in the name', async () => {
    const { wire, calls } = open([place, { json: { file: stored({ displayName: 'batch/chat/gemini-2.5-flash/in.jsonl' }) } }]);
    const body = bodyOf(
      await files['POST ']!(ask({ body: { purpose: 'batch' }, file: jsonl(line(hello), '', line(hello, undefined, '2')) }), wire),
    );
    expect(calls[0]!.json).toEqual({ file: { displayName: 'batch/chat/gemini-2.5-flash/in.jsonl' } });
    const sent = await (calls[1]!.bytes as { bytes: Blob }).bytes.text();
    expect(
      sent
        .trim()
        .split('\n')
        .map((each) => JSON.parse(each)),
    ).toEqual(
      ['1', '2'].map((key) => ({
        key,
        request: { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }], generationConfig: { maxOutputTokens: 5 } },
      })),
    );
    expect(body).toMatchObject({ filename: 'in.jsonl', purpose: 'batch' });
  });

  test('embeddings of a batch have one text each', async () => {
    const { wire, calls } = open([place, { json: { file: stored() } }]);
    const one = line({ model: 'gemini-embedding-001', input: 'a', dimensions: 8 }, '/v1/embeddings');
    await files['POST ']!(ask({ body: { purpose: 'batch' }, file: jsonl(one) }), wire);
    expect(JSON.parse(await (calls[1]!.bytes as { bytes: Blob }).bytes.text())).toEqual({
      key: '1',
      request: { content: { parts: [{ text: 'a' }] }, outputDimensionality: 8 },
    });
    const two = line({ model: 'gemini-embedding-001', input: ['a', 'b'] }, '/v1/embeddings');
    const error = await failing(files['POST ']!(ask({ body: { purpose: 'batch' }, file: jsonl(two) }), wire));
    expect(error.message).toStartWith('Line 1 of the batch must have one text');
  });

  test.each<[string, string]>([
    ['{"a"', 'Line 1 of the batch is no JSON object.'],
    [line(hello, '/v1/responses'), 'Line 1 of the batch is for /v1/responses, and only'],
    [`${line(hello)}\n${line({ ...hello, model: 'gemini-3-pro' })}`, 'Line 2 of the batch is for another model'],
    [JSON.stringify({ url: '/v1/chat/completions', body: hello }), "Line 1 of the batch has no 'custom_id'."],
    ['\n', 'The file has no requests.'],
  ])('of batches that cannot be told are refused by line: %j', async (text, message) => {
    const fake = open([]);
    const error = await failing(files['POST ']!(ask({ body: { purpose: 'batch' }, file: jsonl(text) }), fake.wire));
    expect([error.code, error.message]).toEqual(['invalid_request', expect.stringContaining(message)]);
    expect(fake.calls).toEqual([]);
  });

  test.each(['abc', 'files/abc', `${host}/v1beta/files/abc`, encodeURIComponent(`${host}/v1beta/files/abc`)])(
    'are asked for by %s',
    async (id) => {
      const { wire, calls } = open([{ json: stored() }, { json: {} }]);
      expect(bodyOf(await files['GET /{}']!(ask({ ids: [id] }), wire))).toMatchObject({ id: `${host}/v1beta/files/abc` });
      expect(bodyOf(await files['DELETE /{}']!(ask({ ids: [id] }), wire))).toEqual({ id, object: 'file', deleted: true });
      expect(calls).toEqual([{ url: '/files/abc' }, { method: 'DELETE', url: '/files/abc' }]);
    },
  );

  test('an id that is a path elsewhere is refused', async () => {
    expect((await failing(files['GET /{}']!(ask({ ids: ['../models'] }), open([]).wire))).code).toBe('invalid_request');
  });

  test('are listed behind one of them, page by page', async () => {
    const { wire, calls } = open([
      { json: { files: [stored({ name: 'files/a' }), stored({ name: 'files/b' })], nextPageToken: 'n' } },
      { json: { files: [stored({ name: 'files/c' }), stored({ name: 'files/d' })] } },
    ]);
    const body = bodyOf(await files['GET ']!(ask({ query: { after: `${host}/v1beta/files/a`, limit: '2' } }), wire));
    expect(calls.map(({ query }) => query)).toEqual([{ pageSize: 100 }, { pageSize: 100, pageToken: 'n' }] as never);
    expect((body['data'] as JsonObject[]).map(({ id }) => String(id).slice(-1))).toEqual(['b', 'c']);
    expect(body).toMatchObject({ object: 'list', has_more: true, first_id: `${host}/v1beta/files/b`, last_id: `${host}/v1beta/files/c` });
  });

  test('results of a batch come back in OpenAI’s words, whatever pieces they arrive in', async () => {
    const answer = (text: string) => ({
      candidates: [{ content: { role: 'model', parts: [{ text }] }, finishReason: 'STOP', index: 0 }],
      usageMetadata: { promptTokenCount: 2, candidatesTokenCount: 3, totalTokenCount: 5 },
      modelVersion: 'gemini-2.5-flash',
      responseId: 'r',
    });
    const text = [
      { key: 'one', response: answer('Grüße') },
      { key: 'two', error: { code: 400, status: 'INVALID_ARGUMENT', message: 'no' } },
      { key: 'three', response: { embedding: { values: [1, 2] } } },
    ]
      .map((each) => JSON.stringify(each))
      .join('\n');
    const bytes = new TextEncoder().encode(text);
    const { wire, calls } = open([{ bytes: [...bytes].map((byte) => Uint8Array.of(byte)) }]);
    const lines = await linesOf(await files['GET /{}/content']!(ask({ ids: ['batch-x'] }), wire));
    expect(calls).toEqual([{ url: `${host}/download/v1beta/files/batch-x:download`, query: { alt: 'media' } }]);
    expect(lines).toMatchObject([
      {
        custom_id: 'one',
        error: null,
        response: {
          status_code: 200,
          body: {
            object: 'chat.completion',
            model: 'gemini-2.5-flash',
            choices: [{ message: { role: 'assistant', content: 'Grüße' }, finish_reason: 'stop' }],
            usage: { prompt_tokens: 2, completion_tokens: 3, total_tokens: 5 },
          },
        },
      },
      { custom_id: 'two', response: null, error: { code: 'INVALID_ARGUMENT', message: 'no' } },
      { custom_id: 'three', response: { body: { object: 'list', data: [{ embedding: [1, 2], index: 0 }] } } },
    ]);
  });
});

const job = (more: JsonObject = {}, rest: JsonObject = {}) => ({
  name: 'batches/31u',
  metadata: {
    '@type': 'type.googleapis.com/google.ai.generativelanguage.v1main.GenerateContentBatch',
    model: 'models/gemini-2.5-flash',
    displayName: 'mine',
    createTime: '2026-08-19T14:34:12.267870162Z',
    batchStats: { requestCount: '2', successfulRequestCount: '1' },
    state: 'BATCH_STATE_RUNNING',
    ...more,
  },
  ...rest,
});

describe('batches', () => {
  test('are made of a file that names its model', async () => {
    const { wire, calls, dropped } = open([{ json: stored({ displayName: 'batch/chat/gemini-2.5-flash/in.jsonl' }) }, { json: job() }]);
    const request = { input_file_id: `${host}/v1beta/files/abc`, endpoint: '/v1/chat/completions', metadata: { name: 'mine', other: 'x' } };
    const body = bodyOf(await batches['POST ']!(ask({ body: request }), wire));
    expect(calls).toEqual([
      { url: '/files/abc' },
      {
        url: '/models/gemini-2.5-flash:batchGenerateContent',
        json: { batch: { displayName: 'mine', inputConfig: { fileName: 'files/abc' } } },
      },
    ]);
    expect(dropped).toMatchObject([{ what: 'metadata' }]);
    expect(body).toMatchObject({
      id: '31u',
      object: 'batch',
      endpoint: '/v1/chat/completions',
      status: 'in_progress',
      input_file_id: `${host}/v1beta/files/abc`,
      output_file_id: null,
      created_at: 1787150052,
      request_counts: { total: 2, completed: 1, failed: 0 },
      metadata: { name: 'mine' },
    });
  });

  test('of embeddings have a call of their own; a file of somebody else needs a model', async () => {
    const { wire, calls } = open([{ json: stored({ displayName: 'batch/embeddings/gemini-embedding-001/in.jsonl' }) }, { json: job() }]);
    await batches['POST ']!(ask({ body: { input_file_id: 'abc' } }), wire);
    expect(calls[1]!.url).toBe('/models/gemini-embedding-001:asyncBatchEmbedContent');
    const error = await failing(
      batches['POST ']!(ask({ body: { input_file_id: 'abc' } }), open([{ json: stored() }], { model: '-' }).wire),
    );
    expect([error.code, error.param]).toEqual(['invalid_request', 'input_file_id']);
    expect((await failing(batches['POST ']!(ask(), open([]).wire))).param).toBe('input_file_id');
  });

  test.each<[JsonObject, JsonObject]>([
    [job({ state: 'BATCH_STATE_PENDING' }), { status: 'validating' }],
    [
      job(
        { state: 'BATCH_STATE_SUCCEEDED', endTime: '2026-08-19T14:40:30Z' },
        { done: true, response: { responsesFile: 'files/batch-31u' } },
      ),
      { status: 'completed', completed_at: 1787150430, output_file_id: `${host}/v1beta/files/batch-31u` },
    ],
    [job({ state: 'BATCH_STATE_SUCCEEDED', output: { inlinedResponses: {} } }), { status: 'completed', output_file_id: 'batches:31u' }],
    [job({ state: 'BATCH_STATE_CANCELLED' }), { status: 'cancelled' }],
    [job({ state: 'BATCH_STATE_EXPIRED' }), { status: 'expired' }],
    [
      job({ state: 'BATCH_STATE_FAILED' }, { done: true, error: { code: 3, message: 'bad file' } }),
      { status: 'failed', errors: { object: 'list', data: [{ code: '3', message: 'bad file', param: null, line: null }] } },
    ],
    [job({ '@type': 'x.EmbedContentBatch' }), { endpoint: '/v1/embeddings' }],
  ])('are looked at: %#', async (json, expected) => {
    const { wire, calls } = open([{ json }]);
    expect(bodyOf(await batches['GET /{}']!(ask({ ids: ['batches/31u'] }), wire))).toMatchObject(expected);
    expect(calls).toEqual([{ url: '/batches/31u' }]);
  });

  test('are cancelled and listed', async () => {
    const { wire, calls } = open([
      { json: {} },
      { json: job({ state: 'BATCH_STATE_CANCELLED' }) },
      { json: { operations: [job()] } },
      { json: {} },
    ]);
    expect(bodyOf(await batches['POST /{}/cancel']!(ask({ ids: ['31u'] }), wire))).toMatchObject({ status: 'cancelled' });
    expect(bodyOf(await batches['GET ']!(ask(), wire))).toMatchObject({ data: [{ id: '31u' }], has_more: false });
    expect(bodyOf(await batches['GET ']!(ask(), wire))).toEqual({
      object: 'list',
      data: [],
      first_id: null,
      last_id: null,
      has_more: false,
    });
    expect(calls.slice(0, 2)).toEqual([{ method: 'POST', url: '/batches/31u:cancel' }, { url: '/batches/31u' }]);
  });

  test('results that are in the job itself are a file as well', async () => {
    const response = { candidates: [{ content: { role: 'model', parts: [{ text: '4' }] }, finishReason: 'STOP' }] };
    const output = {
      inlinedResponses: { inlinedResponses: [{ response, metadata: { custom_id: 'x' } }, { error: { code: 8, message: 'no' } }] },
    };
    const { wire } = open([{ json: job({ output }) }, { json: job() }]);
    expect(await linesOf(await files['GET /{}/content']!(ask({ ids: ['batches:31u'] }), wire))).toMatchObject([
      { custom_id: 'x', response: { body: { choices: [{ message: { content: '4' } }] } } },
      { custom_id: '1', error: { code: '8' } },
    ]);
    expect((await failing(files['GET /{}/content']!(ask({ ids: ['batches:31u'] }), wire))).code).toBe('invalid_response');
  });
});

const store = {
  name: 'fileSearchStores/s-1',
  displayName: 'docs',
  createTime: '2026-07-03T08:47:27Z',
  activeDocumentsCount: '2',
  sizeBytes: '10',
};
const document = { name: 'fileSearchStores/s-1/documents/d-1', state: 'STATE_ACTIVE', customMetadata: [{ key: 'a', stringValue: 'b' }] };

describe('vector stores', () => {
  test('are made, had, listed and deleted', async () => {
    const { wire, calls } = open([{ json: store }, { json: store }, { json: { fileSearchStores: [store] } }, { json: {} }]);
    expect(bodyOf(await stores['POST ']!(ask({ body: { name: 'docs' } }), wire))).toMatchObject({
      id: 's-1',
      object: 'vector_store',
      name: 'docs',
      usage_bytes: 10,
      status: 'completed',
      file_counts: { completed: 2, total: 2 },
    });
    await stores['GET /{}']!(ask({ ids: ['s-1'] }), wire);
    expect(bodyOf(await stores['GET ']!(ask(), wire))).toMatchObject({ data: [{ id: 's-1' }] });
    expect(bodyOf(await stores['DELETE /{}']!(ask({ ids: ['fileSearchStores/s-1'] }), wire))).toMatchObject({ deleted: true });
    expect(calls).toMatchObject([
      { url: '/fileSearchStores', json: { displayName: 'docs' } },
      { url: '/fileSearchStores/s-1' },
      { url: '/fileSearchStores' },
      { method: 'DELETE', url: '/fileSearchStores/s-1', query: { force: true } },
    ]);
  });

  test('a file is read in, and awaited', async () => {
    const operation = { name: 'fileSearchStores/s-1/operations/o-1' };
    const { wire, calls, waits } = open([
      { json: operation },
      { json: { ...operation, done: true, response: { documentName: document.name } } },
      { json: document },
    ]);
    const body = { file_id: `${host}/v1beta/files/abc`, attributes: { a: 'b', n: 1 } };
    expect(bodyOf(await stores['POST /{}/files']!(ask({ ids: ['s-1'], body }), wire))).toMatchObject({
      id: 'd-1',
      object: 'vector_store.file',
      vector_store_id: 's-1',
      status: 'completed',
      attributes: { a: 'b' },
    });
    expect(calls).toEqual([
      {
        url: '/fileSearchStores/s-1:importFile',
        json: {
          fileName: 'files/abc',
          customMetadata: [
            { key: 'a', stringValue: 'b' },
            { key: 'n', numericValue: 1 },
          ],
        },
      },
      { url: '/fileSearchStores/s-1/operations/o-1' },
      { url: '/fileSearchStores/s-1/documents/d-1' },
    ]);
    expect(waits).toHaveLength(1);
    const failed = open([{ json: { ...operation, done: true, error: { message: 'unreadable' } } }]);
    expect((await failing(stores['POST /{}/files']!(ask({ ids: ['s-1'], body }), failed.wire))).message).toBe('unreadable');
  });

  test('a search is a question to a model with the tool', async () => {
    const chunk = { retrievedContext: { title: 'paris.txt', text: 'Paris is ...', customMetadata: [{ key: 'a', stringValue: 'b' }] } };
    const { wire, calls } = open([
      { json: { candidates: [{ groundingMetadata: { groundingChunks: [chunk, { web: {} }] } }], usageMetadata: { promptTokenCount: 3 } } },
    ]);
    const body = {
      query: ['capital', 'France'],
      max_num_results: 3,
      filters: {
        type: 'and',
        filters: [
          { type: 'eq', key: 'a', value: 'b"' },
          { type: 'gt', key: 'n', value: 2 },
        ],
      },
    };
    const result = await stores['POST /{}/search']!(ask({ ids: ['s-1'], body }), wire);
    expect(calls).toEqual([
      {
        url: '/models/gemini-2.5-flash:generateContent',
        json: {
          contents: [{ role: 'user', parts: [{ text: 'capital France' }] }],
          tools: [{ fileSearch: { fileSearchStoreNames: ['fileSearchStores/s-1'], topK: 3, metadataFilter: '(a = "b\\"" AND n > 2)' } }],
        },
      },
    ]);
    expect(result).toMatchObject({
      body: {
        object: 'vector_store.search_results.page',
        search_query: ['capital France'],
        data: [
          {
            file_id: 'paris.txt',
            filename: 'paris.txt',
            score: null,
            attributes: { a: 'b' },
            content: [{ type: 'text', text: 'Paris is ...' }],
          },
        ],
        has_more: false,
      },
      usage: { inputTokens: 3 },
    });
  });

  test.each<[JsonObject, string]>([
    [{}, 'query'],
    [{ query: 'x', max_num_results: 0 }, 'max_num_results'],
    [{ query: 'x', filters: { type: 'and', filters: [{}] } }, 'filters'],
    [{ query: 'x', filters: { type: 'in', key: 'a', value: [] } }, 'filters'],
    [{ query: 'x', rewrite_query: true }, 'rewrite_query'],
  ])('refuses %j', async (body, param) => {
    expect((await failing(stores['POST /{}/search']!(ask({ ids: ['s'], body }), open([]).wire))).param).toBe(param);
  });
});
