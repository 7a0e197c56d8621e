import { describe, expect, test } from 'bun:test';
import { fakeWire, type FakeAnswer } from '../../../../test/kit/fake-wire.ts';
import { adaptersOf, ask, batchLine, bodyOf, bytesOf, failing, jsonlFile, linesOf, textOf } from '../../../../test/kit/resource-calls.ts';
import { Secret, type JsonObject, type Target } from '../../types/index.ts';
import { credentialHeaders } from '../credentials.ts';
import { createBedrock } from './index.ts';

const provider = createBedrock({ now: () => Date.UTC(2026, 10, 22) })[0]!;
const { files, batches, vector_stores: stores } = await adaptersOf(provider, 'files', 'batches', 'vector_stores');
const options = {
  aws_region_name: 'eu-west-1',
  aws_access_key_id: 'AKIA',
  aws_secret_access_key: new Secret('secret'),
  s3_bucket_name: 'my.bucket/folder',
  aws_batch_role_arn: 'arn:aws:iam::1:role/batch',
};
const open = (answers: readonly FakeAnswer[], target: Partial<Target> = {}, model = '-') =>
  fakeWire(answers, { provider, model, target: { options, ...target } });

const claude = 'anthropic.claude-haiku-4-5-20251001-v1:0';
const hello = { model: claude, messages: [{ role: 'user', content: 'Hello' }], max_tokens: 5 };
const encoded = Buffer.from(claude).toString('base64url');
const folder = 's3://my.bucket/folder/sluice-files';
const input = `${folder}/batch/chat/${encoded}/4fa1-in.jsonl`;
const root = 'https://s3.eu-west-1.amazonaws.com/my.bucket';
const unsigned = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };

describe('files', () => {
  test('a batch’s requests are written for Converse, and lie in the bucket under their model', async () => {
    const { wire, calls } = open([{}]);
    const made = bodyOf(await files['POST ']!(ask({ body: { purpose: 'batch' }, file: jsonlFile(batchLine(hello)) }), wire));
    const [call] = calls;
    expect(call).toMatchObject({ method: 'PUT', headers: unsigned });
    expect(call!.url).toStartWith(`${root}/folder/sluice-files/batch/chat/${encoded}/`);
    expect(call!.url).toEndWith('-in.jsonl');
    expect(JSON.parse(await (call!.bytes as { bytes: Blob }).bytes.text())).toEqual({
      recordId: '1',
      modelInput: { messages: [{ role: 'user', content: [{ text: 'Hello' }] }], inferenceConfig: { maxTokens: 5 } },
    });
    expect(made).toMatchObject({
      id: call!.url.replace('https://s3.eu-west-1.amazonaws.com/', 's3://'),
      object: 'file',
      filename: 'in.jsonl',
      purpose: 'batch',
    });
  });

  test('embeddings are written in the model’s own words', async () => {
    const { wire, calls } = open([{}]);
    const line = batchLine({ model: 'bedrock/amazon.titan-embed-text-v2:0', input: 'a' }, '/v1/embeddings');
    await files['POST ']!(ask({ body: { purpose: 'batch' }, file: jsonlFile(line) }), wire);
    expect(JSON.parse(await (calls[0]!.bytes as { bytes: Blob }).bytes.text())).toEqual({ recordId: '1', modelInput: { inputText: 'a' } });
    expect(calls[0]!.url).toContain(`/batch/embeddings/${Buffer.from('amazon.titan-embed-text-v2:0').toString('base64url')}/`);
  });

  test('others go up as they are, under names that need no escaping', async () => {
    const { wire, calls } = open([{}]);
    const file = { bytes: new Blob(['x']), name: '../a b.pdf', type: 'application/pdf' };
    expect(bodyOf(await files['POST ']!(ask({ body: { purpose: 'user_data' }, file }), wire))).toMatchObject({
      bytes: 1,
      purpose: 'user_data',
    });
    expect(calls[0]!.url).toMatch(/\/folder\/sluice-files\/user_data\/[\w-]{36}-_a_b\.pdf$/);
  });

  test('are looked at, listed and deleted', async () => {
    const xml = `<ListBucketResult><Contents><Key>folder/sluice-files/user_data/a.txt</Key><LastModified>2026-08-10T00:00:00.000Z</LastModified><Size>3</Size></Contents></ListBucketResult>`;
    const { wire, calls } = open([
      { headers: { 'content-length': '7', 'last-modified': 'Mon, 10 Aug 2026 00:00:00 GMT' }, bytes: [] },
      { bytes: [bytesOf(xml)] },
      {},
    ]);
    expect(bodyOf(await files['GET /{}']!(ask({ ids: [encodeURIComponent(input)] }), wire))).toMatchObject({
      id: input,
      bytes: 7,
      created_at: 1786320000,
    });
    expect(bodyOf(await files['GET ']!(ask({ query: { purpose: 'user_data' } }), wire))).toMatchObject({
      data: [{ id: `${folder}/user_data/a.txt`, bytes: 3, created_at: 1786320000, filename: 'a.txt' }],
    });
    expect(bodyOf(await files['DELETE /{}']!(ask({ ids: [input] }), wire))).toMatchObject({ deleted: true });
    expect(calls).toMatchObject([
      { url: `${root}/folder/sluice-files/batch/chat/${encoded}/4fa1-in.jsonl` },
      { url: root, query: { 'list-type': 2, prefix: 'folder/sluice-files/' } },
      { method: 'DELETE' },
    ]);
  });

  test.each([
    's3://other/folder/x',
    's3://my.bucket/elsewhere/x',
    's3://my.bucket/folder/../x',
    's3://my.bucket/folder/a b',
    'abc',
    'https://evil/x',
  ])('%s is nobody’s business here', async (id) => {
    const fake = open([]);
    expect(['not_found', 'invalid_request']).toContain((await failing(files['GET /{}/content']!(ask({ ids: [id] }), fake.wire))).code);
    expect(fake.calls).toEqual([]);
  });

  test('results come back in OpenAI’s words; other files as they are', async () => {
    const modelOutput = {
      output: { message: { role: 'assistant', content: [{ text: 'Hi' }] } },
      stopReason: 'end_turn',
      usage: { inputTokens: 2, outputTokens: 3, totalTokens: 5 },
    };
    const text = [
      { recordId: 'one', modelInput: {}, modelOutput },
      { recordId: 'two', modelInput: {}, error: { errorCode: 400, errorMessage: 'bad' } },
      { recordId: 'three', modelOutput: { embedding: [1, 2], inputTextTokenCount: 1 } },
      { recordId: 'four', modelOutput: { generation: 'of somebody else' } },
    ]
      .map((each) => `${JSON.stringify(each)}\n`)
      .join('');
    const { wire } = open([{ bytes: [bytesOf(text.slice(0, 50)), bytesOf(text.slice(50))] }, { bytes: [bytesOf('{"a":1}')] }]);
    expect(await linesOf(await files['GET /{}/content']!(ask({ ids: [`${folder}/output/j/in.jsonl.out`] }), wire))).toMatchObject([
      {
        custom_id: 'one',
        response: { body: { choices: [{ message: { content: 'Hi' }, finish_reason: 'stop' }], usage: { total_tokens: 5 } } },
      },
      { custom_id: 'two', error: { code: '400', message: 'bad' } },
      { custom_id: 'three', response: { body: { data: [{ embedding: [1, 2] }] } } },
      { recordId: 'four' },
    ]);
    expect(await textOf(await files['GET /{}/content']!(ask({ ids: [input] }), wire))).toBe('{"a":1}');
  });

  test('need a bucket, and keys that S3 takes', async () => {
    const file = jsonlFile('x');
    const { s3_bucket_name: _, ...without } = options;
    expect((await failing(files['POST ']!(ask({ file }), open([], { options: without }).wire))).param).toBe('s3_bucket_name');
    expect((await failing(files['POST ']!(ask({ file }), open([], { apiKey: new Secret('k') }).wire))).param).toBe('aws_access_key_id');
  });

  test('are signed for S3, in its own region, without the body’s hash', async () => {
    const target: Target = { provider, model: '-', options };
    const url = 'https://s3.us-east-2.amazonaws.com/my.bucket/a.txt';
    const signed = await credentialHeaders(target, { method: 'PUT', url, body: '', headers: unsigned });
    expect(signed['authorization']).toStartWith('AWS4-HMAC-SHA256 Credential=AKIA/20261122/us-east-2/s3/aws4_request');
    expect(signed['authorization']).toContain('SignedHeaders=host;x-amz-content-sha256;x-amz-date');
    const other = await credentialHeaders(target, {
      method: 'GET',
      url: 'https://bedrock.eu-west-1.amazonaws.com/model-invocation-jobs',
      body: '',
    });
    expect(other['authorization']).toContain('/eu-west-1/bedrock/aws4_request');
  });
});

const job = (more: JsonObject = {}) => ({
  jobArn: 'arn:aws:bedrock:eu-west-1:123456789012:model-invocation-job/abc123def456',
  modelId: claude,
  status: 'Submitted',
  submitTime: '2026-08-10T00:00:00Z',
  inputDataConfig: { s3InputDataConfig: { s3Uri: input } },
  outputDataConfig: { s3OutputDataConfig: { s3Uri: `${folder}/output/` } },
  ...more,
});
const control = 'https://bedrock.eu-west-1.amazonaws.com';

describe('batches', () => {
  test('are jobs of a file that names its model', async () => {
    const { wire, calls } = open([{ json: { jobArn: job().jobArn } }], { options: { ...options, s3_encryption_key_id: 'kms' } });
    const body = { input_file_id: input, endpoint: '/v1/chat/completions', completion_window: '24h' };
    expect(bodyOf(await batches['POST ']!(ask({ body }), wire))).toMatchObject({
      id: 'abc123def456',
      object: 'batch',
      status: 'validating',
      input_file_id: input,
      output_file_id: null,
      model: claude,
    });
    expect(calls).toEqual([
      {
        url: `${control}/model-invocation-job`,
        json: {
          jobName: expect.stringMatching(/^sluice-[\w-]{36}$/),
          modelId: claude,
          roleArn: options.aws_batch_role_arn,
          inputDataConfig: { s3InputDataConfig: { s3InputFormat: 'JSONL', s3Uri: input } },
          outputDataConfig: { s3OutputDataConfig: { s3Uri: `${folder}/output/`, s3EncryptionKeyId: 'kms' } },
          modelInvocationType: 'Converse',
          timeoutDurationInHours: 24,
        },
      },
    ]);
  });

  test('need a role, a model and a file', async () => {
    const { aws_batch_role_arn: _, ...without } = options;
    const body = { input_file_id: input };
    expect((await failing(batches['POST ']!(ask({ body }), open([], { options: without }).wire))).param).toBe('aws_batch_role_arn');
    expect((await failing(batches['POST ']!(ask({ body: { input_file_id: `${folder}/user_data/x` } }), open([]).wire))).param).toBe(
      'input_file_id',
    );
    expect((await failing(batches['POST ']!(ask(), open([]).wire))).param).toBe('input_file_id');
  });

  test.each<[JsonObject, JsonObject]>([
    [
      { status: 'Completed', endTime: '2026-08-10T01:00:00Z', totalRecordCount: 2, successRecordCount: 1, errorRecordCount: 1 },
      {
        status: 'completed',
        completed_at: 1786323600,
        output_file_id: `${folder}/output/abc123def456/4fa1-in.jsonl.out`,
        request_counts: { total: 2, completed: 1, failed: 1 },
      },
    ],
    [{ status: 'InProgress' }, { status: 'in_progress', output_file_id: null }],
    [{ status: 'Stopping' }, { status: 'cancelling' }],
    [{ status: 'Expired' }, { status: 'expired' }],
    [
      { status: 'Failed', message: 'no access' },
      { status: 'failed', errors: { data: [{ message: 'no access' }] } },
    ],
  ])('%j is %j', async (more, expected) => {
    const { wire, calls } = open([{ json: job(more) }]);
    expect(bodyOf(await batches['GET /{}']!(ask({ ids: [job().jobArn] }), wire))).toMatchObject(expected);
    expect(calls).toEqual([{ url: `${control}/model-invocation-job/abc123def456` }]);
  });

  test('are stopped and listed', async () => {
    const { wire, calls } = open([{}, { json: job({ status: 'Stopping' }) }, { json: { invocationJobSummaries: [job()] } }]);
    await batches['POST /{}/cancel']!(ask({ ids: ['abc123def456'] }), wire);
    expect(bodyOf(await batches['GET ']!(ask(), wire))).toMatchObject({ data: [{ id: 'abc123def456' }] });
    expect(calls).toMatchObject([
      { method: 'POST', url: `${control}/model-invocation-job/abc123def456/stop` },
      {},
      { url: `${control}/model-invocation-jobs`, query: { maxResults: 100 } },
    ]);
    expect((await failing(batches['GET /{}']!(ask({ ids: ['a?b'] }), wire))).code).toBe('invalid_request');
  });
});

describe('knowledge bases', () => {
  test('are searched', async () => {
    const answer = {
      retrievalResults: [
        {
          content: { text: 'one' },
          score: 0.6,
          location: { type: 'S3', s3Location: { uri: 's3://b/docs/a.pdf' } },
          metadata: { year: 2020 },
        },
        { content: { text: 'two' }, score: 0.2, metadata: { 'x-amz-bedrock-kb-source-uri': 's3://b/x.txt' } },
        { content: { byteContent: 'picture' }, score: 0.1 },
      ],
    };
    const { wire, calls } = open([{ json: answer }]);
    const body = {
      query: 'What?',
      max_num_results: 5,
      filters: {
        type: 'or',
        filters: [
          { type: 'eq', key: 'a', value: 1 },
          { type: 'nin', key: 'b', value: ['x'] },
        ],
      },
      ranking_options: { score_threshold: 0.1 },
    };
    expect(bodyOf(await stores['POST /{}/search']!(ask({ ids: ['KB1'], body }), wire))).toEqual({
      object: 'vector_store.search_results.page',
      search_query: ['What?'],
      data: [
        {
          file_id: 's3://b/docs/a.pdf',
          filename: 'a.pdf',
          score: 0.6,
          attributes: { year: 2020 },
          content: [{ type: 'text', text: 'one' }],
        },
        {
          file_id: 's3://b/x.txt',
          filename: 'x.txt',
          score: 0.2,
          attributes: { 'x-amz-bedrock-kb-source-uri': 's3://b/x.txt' },
          content: [{ type: 'text', text: 'two' }],
        },
      ],
      has_more: false,
      next_page: null,
    });
    expect(calls).toEqual([
      {
        url: 'https://bedrock-agent-runtime.eu-west-1.amazonaws.com/knowledgebases/KB1/retrieve',
        json: {
          retrievalQuery: { text: 'What?' },
          retrievalConfiguration: {
            vectorSearchConfiguration: {
              numberOfResults: 5,
              filter: { orAll: [{ equals: { key: 'a', value: 1 } }, { notIn: { key: 'b', value: ['x'] } }] },
            },
          },
        },
      },
    ]);
  });

  test('filters of Bedrock’s own, and of LiteLLM’s users', async () => {
    const { wire, calls } = open([{ json: {} }, { json: {} }]);
    const own = { startsWith: { key: 'a', value: 'b' } };
    expect(bodyOf(await stores['POST /{}/search']!(ask({ ids: ['KB1'], body: { query: 'x', filters: own } }), wire))).toMatchObject({
      data: [],
    });
    await stores['POST /{}/search']!(
      ask({ ids: ['KB1'], body: { query: 'x', filters: { and: [{ key: 'a', operator: 'gt', value: 1 }] } } }),
      wire,
    );
    expect(calls.map(({ json }) => (json as JsonObject)['retrievalConfiguration'])).toEqual([
      { vectorSearchConfiguration: { filter: own } },
      { vectorSearchConfiguration: { filter: { greaterThan: { key: 'a', value: 1 } } } },
    ]);
  });
});
