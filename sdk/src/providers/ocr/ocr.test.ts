import { describe, expect, test } from 'bun:test';
import type { FakeAnswer, FakeWireOptions } from '../../../../test/kit/fake-wire.ts';
import { runAdapter } from '../../../../test/kit/run-adapter.ts';
import type { Provider } from '../../types/index.ts';
import { cohere } from '../cohere/index.ts';
import { reducto } from '../reducto/index.ts';
import { createVertex } from '../vertex/index.ts';

const vertex = createVertex({ fetch: () => Promise.reject(new Error('no network in this test')) });
const held = 'data:application/pdf;base64,JVBERg==';
const image = { type: 'image_url', image_url: 'https://example.test/a.png' };
const ocr = (provider: Provider, model: string, request: object, answers: FakeAnswer[] = [], options: FakeWireOptions = {}) =>
  runAdapter(provider.variant?.({ model }) ?? provider, 'ocr', request as never, answers, { model, ...options });

describe('documents', () => {
  test.each([
    [undefined, 'document'],
    [{ type: 'document_url' }, 'document.document_url'],
    [{ type: 'image_url', image_url: {} }, 'document.image_url'],
    [{ type: 'text', text: 'x' }, 'document.type'],
    [{ type: 'document_url', document_url: 'file:///etc/passwd' }, 'document.document_url'],
    [{ type: 'file', file_id: 'f' }, 'document.file_id'],
  ])('%j is refused', async (document, param) => {
    await expect(ocr(reducto, 'parse', { document })).rejects.toMatchObject({ status: 400, param });
  });
});

describe('Vertex AI', () => {
  test("Mistral's, by rawPredict", async () => {
    const document = { type: 'document_url', document_url: held };
    const answer = {
      pages: [
        { index: 0, markdown: 'A' },
        { index: 1, markdown: 'B' },
      ],
    };
    const { result, fake } = await ocr(vertex, 'mistral-ocr-2505@001', { document, include_image_base64: true }, [{ json: answer }]);
    expect(fake.calls).toEqual([
      { url: '/publishers/mistralai/models/{model}:rawPredict', json: { model: 'mistral-ocr-2505', document, include_image_base64: true } },
    ]);
    expect(result.usage?.units).toEqual({ pages: 2 });
    await expect(ocr(vertex, 'mistral-ocr-2505', { document: image })).rejects.toMatchObject({ param: 'document.image_url' });
  });

  test("DeepSeek's, as a chat", async () => {
    const answer = {
      choices: [{ message: { content: '# Page' } }],
      usage: { prompt_tokens: 900, completion_tokens: 20, total_tokens: 920 },
    };
    const { result, fake } = await ocr(vertex, 'deepseek-ai/deepseek-ocr-maas', { document: image, temperature: 0 }, [{ json: answer }]);
    expect(fake.calls).toEqual([
      {
        url: '/endpoints/openapi/chat/completions',
        json: {
          model: 'deepseek-ai/deepseek-ocr-maas',
          messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://example.test/a.png' } }] }],
          temperature: 0,
        },
      },
    ]);
    expect(result.body).toMatchObject({ pages: [{ index: 0, markdown: '# Page' }], usage_info: { pages_processed: 1 } });
    expect(result.usage).toMatchObject({ inputTokens: 900, outputTokens: 20, units: { pages: 1 } });
    await expect(ocr(vertex, 'deepseek-ai/deepseek-ocr-maas', { document: image }, [{ json: {} }])).rejects.toMatchObject({
      code: 'invalid_response',
    });
    await expect(ocr(vertex, 'deepseek-ai/deepseek-ocr-maas', { document: image, pages: [1] })).rejects.toMatchObject({ param: 'pages' });
  });
});

test('Cohere Parse', async () => {
  const answer = { id: 'i', pages: [{ page_number: 1, markdown: { content: '# Page' } }] };
  const { result, fake } = await ocr(cohere, 'parse-v5.0', { document: image, output_format: 'markdown' }, [{ json: answer }]);
  expect(fake.calls).toEqual([
    {
      url: '/v2/parse',
      json: { model: 'parse-v5.0', document: { type: 'image_url', image_url: 'https://example.test/a.png' }, output_format: 'markdown' },
    },
  ]);
  expect(result.body['pages']).toEqual([{ index: 0, markdown: '# Page', images: [], dimensions: null, page_number: 1 }]);
  await expect(ocr(cohere, 'parse-v5.0', { document: { type: 'document_url', document_url: held } })).rejects.toMatchObject({
    code: 'unsupported_parameter',
  });
  await expect(ocr(cohere, 'parse-v5.0', { document: image }, [{ json: {} }])).rejects.toMatchObject({ code: 'invalid_response' });
});

describe('Reducto', () => {
  const block = (content: string, page: number) => ({ type: 'Text', content, bbox: { page, original_page: page } });
  const parsed: FakeAnswer = {
    json: {
      job_id: 'j',
      usage: { num_pages: 3, credits: 4 },
      result: {
        type: 'full',
        chunks: [
          { content: 'all', blocks: [block('A', 1), block('B', 2), block('C', 1)] },
          { content: 'rest', blocks: [] },
        ],
      },
    },
  };

  test('a link, and pages of it', async () => {
    const document = { type: 'document_url', document_url: 'https://example.test/a.pdf' };
    const { result, fake } = await ocr(reducto, 'parse', { document, pages: [0, 1], settings: { ocr_system: 'standard' } }, [parsed]);
    expect(fake.calls).toEqual([
      { url: '/parse', json: { input: 'https://example.test/a.pdf', settings: { page_range: [1, 2], ocr_system: 'standard' } } },
    ]);
    expect(result.body['pages']).toMatchObject([
      { index: 0, markdown: 'A\n\nC\n\nrest' },
      { index: 1, markdown: 'B' },
    ]);
    expect(result.usage?.units).toEqual({ pages: 3 });
  });

  test('what the request holds is uploaded first', async () => {
    const { fake } = await ocr(reducto, 'parse', { document: { type: 'document_url', document_url: held } }, [
      { json: { file_id: 'reducto://f.pdf' } },
      parsed,
    ]);
    const [name, file] = fake.calls[0]!.form![0]!;
    expect([fake.calls[0]!.url, name]).toEqual(['/upload', 'file']);
    expect(file).toMatchObject({ name: 'document.pdf', type: 'application/pdf' });
    expect(await (file as { bytes: Blob }).bytes.text()).toBe('%PDF');
    expect(fake.calls[1]!.json).toEqual({ input: 'reducto://f.pdf' });
  });

  test('odd answers and documents', async () => {
    const document = { type: 'document_url', document_url: 'https://example.test/a.pdf' };
    await expect(ocr(reducto, 'parse', { document }, [{ json: {} }])).rejects.toMatchObject({ code: 'invalid_response' });
    await expect(ocr(reducto, 'parse', { document }, [{ json: { result: { type: 'url', url: 'https://s3.test/x' } } }])).rejects.toThrow(
      /not followed/,
    );
    const odd = { type: 'document_url', document_url: 'data:application/pdf;base64,***' };
    await expect(ocr(reducto, 'parse', { document: odd })).rejects.toMatchObject({ code: 'invalid_request', param: 'document' });
  });
});
