import { describe, expect, test } from 'bun:test';
import { fakeWire, type FakeAnswer } from '../../../../test/kit/fake-wire.ts';
import { adaptersOf, ask, batchLine, bodyOf, bytesOf, failing, jsonlFile, linesOf, textOf } from '../../../../test/kit/resource-calls.ts';
import { Secret, type JsonObject, type Target } from '../../types/index.ts';
import { createVertex } from './index.ts';
import { customIdOf, labelsOf } from './resources-labels.ts';

const provider = createVertex({ env: () => ({}), readText: () => Promise.reject(new Error('no file')) });
const { files, batches, vector_stores: stores } = await adaptersOf(provider, 'files', 'batches', 'vector_stores');
const options = {
  vertex_project: 'p-1',
  vertex_location: 'us-central1',
  vertex_access_token: new Secret('ya29.x'),
  gcs_bucket_name: 'my-bucket/folder',
};
const open = (answers: readonly FakeAnswer[], target: Partial<Target> = {}, model = '-') =>
  fakeWire(answers, { provider, model, target: { options, ...target } });

const hello = { model: 'vertex_ai/gemini-2.5-flash', messages: [{ role: 'user', content: 'Hello' }] };
const folder = 'folder/sluice-files';
const input = `gs://my-bucket/${folder}/publishers/google/models/gemini-2.5-flash/7-in.jsonl`;
const stored = (name: string) => ({ bucket: 'my-bucket', name, size: '7', timeCreated: '2026-08-10T00:00:00.000Z' });
const storage = 'https://storage.googleapis.com';
const home = 'https://us-central1-aiplatform.googleapis.com/v1/projects/p-1/locations/us-central1';

test('ids survive as labels, whatever is in them', () => {
  for (const id of ['1', 'Größe/🎉 '.repeat(20), 'x'.repeat(64)]) {
    const labels = labelsOf(id);
    for (const [name, value] of Object.entries(labels)) expect(`${name}=${value}`).toMatch(/^[a-z0-9_]{1,63}=[a-z0-9_-]{1,63}$/);
    expect(customIdOf(labels)).toBe(id);
  }
  expect([customIdOf({}), customIdOf({ custom_id_0: 'XYZ' })]).toEqual([undefined, undefined]);
});

describe('files', () => {
  test('a batch’s requests are written in Gemini’s words, under their model', async () => {
    const { wire, calls } = open([{ json: stored(input.slice('gs://my-bucket/'.length)) }]);
    const made = bodyOf(await files['POST ']!(ask({ body: { purpose: 'batch' }, file: jsonlFile(batchLine(hello)) }), wire));
    expect(calls[0]).toMatchObject({ method: 'POST', url: `${storage}/upload/storage/v1/b/my-bucket/o`, query: { uploadType: 'media' } });
    expect(String(calls[0]!.query!['name'])).toMatch(
      /^folder\/sluice-files\/publishers\/google\/models\/gemini-2\.5-flash\/[\w-]{36}-in\.jsonl$/,
    );
    expect(JSON.parse(await (calls[0]!.bytes as { bytes: Blob }).bytes.text())).toEqual({
      request: { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }], labels: { custom_id_0: '31' } },
    });
    expect(made).toMatchObject({ id: input, object: 'file', bytes: 7, created_at: 1786320000, purpose: 'batch' });
  });

  test('of batches for other models and endpoints are refused', async () => {
    const { wire } = open([]);
    for (const line of [
      batchLine({ ...hello, model: 'claude-opus-4-5' }),
      batchLine({ model: 'gemini-embedding-001', input: 'a' }, '/v1/embeddings'),
    ])
      expect((await failing(files['POST ']!(ask({ body: { purpose: 'batch' }, file: jsonlFile(line) }), wire))).message).toStartWith(
        'Line 1',
      );
  });

  test('are uploaded, had, listed and deleted', async () => {
    const name = `${folder}/uploads/user_data/7-a.txt`;
    const { wire, calls } = open([
      { json: stored(name) },
      { json: stored(name) },
      { json: { items: [stored(name)] } },
      {},
      { bytes: [bytesOf('hi')] },
    ]);
    const id = `gs://my-bucket/${name}`;
    const file = { bytes: new Blob(['hi']), name: 'a.txt', type: 'text/plain' };
    expect(bodyOf(await files['POST ']!(ask({ file }), wire))).toMatchObject({ id, purpose: 'user_data' });
    await files['GET /{}']!(ask({ ids: [encodeURIComponent(id)] }), wire);
    expect(bodyOf(await files['GET ']!(ask(), wire))).toMatchObject({ data: [{ id }], has_more: false });
    await files['DELETE /{}']!(ask({ ids: [id] }), wire);
    expect(await textOf(await files['GET /{}/content']!(ask({ ids: [id] }), wire))).toBe('hi');
    const object = `${storage}/storage/v1/b/my-bucket/o/${encodeURIComponent(name)}`;
    expect(calls.slice(1)).toEqual([
      { url: object },
      { url: `${storage}/storage/v1/b/my-bucket/o`, query: { prefix: `${folder}/` } },
      { method: 'DELETE', url: object },
      { url: object, query: { alt: 'media' } },
    ] as never);
  });

  test.each([
    ['gs://other/folder/x', 'not_found'],
    ['gs://my-bucket/elsewhere', 'not_found'],
    ['abc', 'invalid_request'],
  ])('%s is %s', async (id, code) => {
    const fake = open([]);
    expect((await failing(files['GET /{}/content']!(ask({ ids: [id] }), fake.wire))).code).toBe(code as never);
    expect(fake.calls).toEqual([]);
  });

  test('need a bucket', async () => {
    const { gcs_bucket_name: _, ...without } = options;
    expect((await failing(files['GET ']!(ask(), open([], { options: without }).wire))).param).toBe('gcs_bucket_name');
  });

  test('results come back in OpenAI’s words', async () => {
    const response = {
      candidates: [{ content: { role: 'model', parts: [{ text: 'Hi' }] }, finishReason: 'STOP' }],
      modelVersion: 'gemini-2.5-flash',
    };
    const text = [
      { status: '', request: { labels: labelsOf('one') }, response },
      { status: 'Bad Request: no', request: { labels: labelsOf('two') }, response: {} },
      { request: {}, response },
    ]
      .map((each) => JSON.stringify(each))
      .join('\n');
    const { wire } = open([{ bytes: [bytesOf(text)] }]);
    expect(
      await linesOf(await files['GET /{}/content']!(ask({ ids: [`gs://my-bucket/${folder}/x/predictions.jsonl`] }), wire)),
    ).toMatchObject([
      { custom_id: 'one', response: { body: { model: 'gemini-2.5-flash', choices: [{ message: { content: 'Hi' } }] } } },
      { custom_id: 'two', response: null, error: { message: 'Bad Request: no' } },
      { request: {} },
    ]);
  });
});

const job = (more: JsonObject = {}) => ({
  name: 'projects/1/locations/us-central1/batchPredictionJobs/381',
  displayName: 'mine',
  model: 'publishers/google/models/gemini-2.5-flash',
  state: 'JOB_STATE_PENDING',
  createTime: '2026-08-10T00:00:00Z',
  inputConfig: { gcsSource: { uris: [input] } },
  ...more,
});

describe('batches', () => {
  test('are jobs of a file that names its model', async () => {
    const { wire, calls } = open([{ json: job() }]);
    expect(bodyOf(await batches['POST ']!(ask({ body: { input_file_id: input, metadata: { name: 'mine' } } }), wire))).toMatchObject({
      id: '381',
      status: 'validating',
      input_file_id: input,
      model: 'gemini-2.5-flash',
      metadata: { name: 'mine' },
    });
    expect(calls).toEqual([
      {
        url: `${home}/batchPredictionJobs`,
        json: {
          displayName: 'mine',
          model: 'publishers/google/models/gemini-2.5-flash',
          inputConfig: { instancesFormat: 'jsonl', gcsSource: { uris: [input] } },
          outputConfig: { predictionsFormat: 'jsonl', gcsDestination: { outputUriPrefix: input.slice(0, input.lastIndexOf('/')) } },
        },
      },
    ]);
    const other = { input_file_id: `gs://my-bucket/${folder}/uploads/x` };
    expect((await failing(batches['POST ']!(ask({ body: other }), open([]).wire))).param).toBe('input_file_id');
  });

  test.each<[JsonObject, JsonObject]>([
    [
      {
        state: 'JOB_STATE_SUCCEEDED',
        endTime: '2026-08-10T01:00:00Z',
        outputInfo: { gcsOutputDirectory: 'gs://my-bucket/o/prediction-1' },
        completionStats: { successfulCount: '2', failedCount: '1' },
      },
      {
        status: 'completed',
        completed_at: 1786323600,
        output_file_id: 'gs://my-bucket/o/prediction-1/predictions.jsonl',
        request_counts: { total: 3, completed: 2, failed: 1 },
      },
    ],
    [{ state: 'JOB_STATE_RUNNING' }, { status: 'in_progress' }],
    [
      { state: 'JOB_STATE_FAILED', error: { code: 7, message: 'denied' } },
      { status: 'failed', errors: { data: [{ code: '7', message: 'denied' }] } },
    ],
  ])('%j is %j', async (more, expected) => {
    const { wire, calls } = open([{ json: job(more) }]);
    expect(bodyOf(await batches['GET /{}']!(ask({ ids: ['381'] }), wire))).toMatchObject(expected);
    expect(calls).toEqual([{ url: `${home}/batchPredictionJobs/381` }]);
  });

  test('are cancelled and listed', async () => {
    const { wire, calls } = open([
      { json: {} },
      { json: job({ state: 'JOB_STATE_CANCELLING' }) },
      { json: { batchPredictionJobs: [job()] } },
    ]);
    expect(bodyOf(await batches['POST /{}/cancel']!(ask({ ids: ['381'] }), wire))).toMatchObject({ status: 'cancelling' });
    expect(bodyOf(await batches['GET ']!(ask(), wire))).toMatchObject({ data: [{ id: '381' }] });
    expect(calls[0]).toEqual({ method: 'POST', url: `${home}/batchPredictionJobs/381:cancel` });
  });
});

const corpus = {
  name: 'projects/1/locations/us-central1/ragCorpora/7',
  displayName: 'docs',
  createTime: '2026-08-10T00:00:00Z',
  ragFilesCount: 2,
};

describe('corpora', () => {
  test('are made, which is awaited; had, listed and deleted', async () => {
    const operation = { name: `${corpus.name}/operations/9` };
    const { wire, calls, waits } = open([
      { json: operation },
      { json: { ...operation, done: true, response: corpus } },
      { json: corpus },
      { json: { ragCorpora: [corpus] } },
      { json: { ...operation, done: true } },
    ]);
    expect(bodyOf(await stores['POST ']!(ask({ body: { name: 'docs' } }), wire))).toMatchObject({
      id: '7',
      object: 'vector_store',
      name: 'docs',
    });
    expect(bodyOf(await stores['GET /{}']!(ask({ ids: [corpus.name] }), wire))).toMatchObject({ file_counts: { completed: 2 } });
    expect(bodyOf(await stores['GET ']!(ask(), wire))).toMatchObject({ data: [{ id: '7' }] });
    expect(bodyOf(await stores['DELETE /{}']!(ask({ ids: ['7'] }), wire))).toMatchObject({ deleted: true });
    expect(waits).toHaveLength(1);
    expect(calls).toMatchObject([
      { url: `${home}/ragCorpora`, json: { displayName: 'docs' } },
      { url: `${home}/ragCorpora/7/operations/9` },
      { url: `${home}/ragCorpora/7` },
      { url: `${home}/ragCorpora` },
      { method: 'DELETE', url: `${home}/ragCorpora/7`, query: { force: true } },
    ]);
    const failed = open([{ json: { ...operation, done: true, error: { message: 'quota' } } }]);
    expect((await failing(stores['POST ']!(ask(), failed.wire))).message).toBe('quota');
  });

  test('files are read in from the bucket', async () => {
    const done = { json: { name: 'x/operations/1', done: true, response: {} } };
    const file = { name: `${corpus.name}/ragFiles/5`, displayName: 'a.txt', sizeBytes: '3', fileStatus: { state: 'ACTIVE' } };
    const { wire, calls } = open([done, { json: { ragFiles: [file] } }, { json: file }, done]);
    const body = { file_id: `gs://my-bucket/${folder}/uploads/a.txt` };
    expect(bodyOf(await stores['POST /{}/files']!(ask({ ids: ['7'], body }), wire))).toMatchObject({
      vector_store_id: '7',
      status: 'completed',
    });
    expect(bodyOf(await stores['GET /{}/files']!(ask({ ids: ['7'] }), wire))).toMatchObject({ data: [{ id: '5', usage_bytes: 3 }] });
    await stores['GET /{}/files/{}']!(ask({ ids: ['7', '5'] }), wire);
    await stores['DELETE /{}/files/{}']!(ask({ ids: ['7', '5'] }), wire);
    expect(calls).toMatchObject([
      { url: `${home}/ragCorpora/7/ragFiles:import`, json: { importRagFilesConfig: { gcsSource: { uris: [body.file_id] } } } },
      { url: `${home}/ragCorpora/7/ragFiles` },
      { url: `${home}/ragCorpora/7/ragFiles/5` },
      { method: 'DELETE', url: `${home}/ragCorpora/7/ragFiles/5` },
    ]);
  });

  test('are searched', async () => {
    const found = { text: 'one', sourceUri: 'gs://b/a.txt', sourceDisplayName: 'a.txt', score: 0.4 };
    const { wire, calls } = open([{ json: { contexts: { contexts: [found] } } }]);
    const body = { query: 'What?', max_num_results: 3, filters: { type: 'eq', key: 'year', value: 2020 } };
    expect(bodyOf(await stores['POST /{}/search']!(ask({ ids: ['7'], body }), wire))).toMatchObject({
      search_query: ['What?'],
      data: [{ file_id: 'gs://b/a.txt', filename: 'a.txt', score: 0.4, content: [{ type: 'text', text: 'one' }] }],
    });
    expect(calls).toEqual([
      {
        url: `${home}:retrieveContexts`,
        json: {
          vertexRagStore: { ragResources: [{ ragCorpus: 'projects/p-1/locations/us-central1/ragCorpora/7' }] },
          query: { text: 'What?', ragRetrievalConfig: { topK: 3, filter: { metadataFilter: 'year == 2020' } } },
        },
      },
    ]);
    expect((await failing(stores['POST /{}/search']!(ask({ ids: ['../x?'], body }), wire))).code).toBe('invalid_request');
  });
});

describe('Vertex AI Search', () => {
  const answer = {
    results: [
      {
        id: 'd1',
        document: {
          id: 'd1',
          derivedStructData: { title: 'T', link: 'https://a.test/x', snippets: [{ snippet: 'one' }, { snippet: 'two' }] },
        },
      },
      { document: { id: 'd2', structData: { content: 'own' } } },
    ],
  };

  test('a data store is searched at its own host', async () => {
    const { wire, calls } = open([{ json: answer }], { options: { ...options, vertex_location: 'global' } }, 'search_api');
    const body = {
      query: 'q',
      filters: {
        type: 'and',
        filters: [
          { type: 'eq', key: 'a', value: 'b' },
          { type: 'gt', key: 'n', value: 1 },
        ],
      },
    };
    expect(await stores['POST /{}/search']!(ask({ ids: ['docs'], body }), wire)).toMatchObject({
      body: {
        data: [
          { file_id: 'https://a.test/x', filename: 'T', score: null, attributes: { document_id: 'd1' }, content: [{ text: 'one\ntwo' }] },
          { file_id: 'd2', filename: 'd2', content: [{ text: 'own' }] },
        ],
      },
      usage: { units: { queries: 1 } },
    });
    const place = 'projects/p-1/locations/global/collections/default_collection';
    expect(calls).toEqual([
      {
        url: `https://discoveryengine.googleapis.com/v1/${place}/dataStores/docs/servingConfigs/default_config:search`,
        json: { query: 'q', pageSize: 10, filter: '(a: ANY("b") AND n > 1)' },
      },
    ]);
  });

  test('an app searches several', async () => {
    const { wire, calls } = open([{ json: {} }], {
      options: { ...options, vertex_location: 'eu', vertex_app_id: 'app', vertex_datastores: ['d-1', 'projects/x/dataStores/y'] },
    });
    await stores['POST /{}/search']!(ask({ ids: ['any'], body: { query: 'q', max_num_results: 2 } }), wire);
    const place = 'projects/p-1/locations/eu/collections/default_collection';
    expect(calls).toEqual([
      {
        url: `https://eu-discoveryengine.googleapis.com/v1/${place}/engines/app/servingConfigs/default_search:search`,
        json: {
          query: 'q',
          pageSize: 2,
          dataStoreSpecs: [{ dataStore: `${place}/dataStores/d-1` }, { dataStore: 'projects/x/dataStores/y' }],
        },
      },
    ]);
  });
});
