import { describe, expect, test } from 'bun:test';
import type { FakeAnswer, FakeWireOptions } from '../../../../test/kit/fake-wire.ts';
import { runAdapter, someMask, somePng, somePngBase64 } from '../../../../test/kit/run-adapter.ts';
import { Secret } from '../../types/index.ts';
import { credentialHeaders } from '../credentials.ts';
import { createAzureAi } from './index.ts';

const azureAi = createAzureAi({ fetch: () => Promise.reject(new Error('no network in this test')) });
const base = 'https://res.services.ai.azure.com';
const options = (model: string, target: FakeWireOptions['target'] = {}): FakeWireOptions => ({
  model,
  target: { baseUrl: base, ...target },
});
const done: FakeAnswer = { json: { created: 1, data: [{ b64_json: 'AAAA' }] } };
const generate = (model: string, more: object = {}, answers = [done], target: FakeWireOptions['target'] = {}) =>
  runAdapter(azureAi, 'image-generation', { prompt: 'a cat', ...more }, answers, options(model, target));
const edit = (model: string, more: object = {}) =>
  runAdapter(azureAi, 'image-edit', { prompt: 'p', image: [somePng], ...more }, [done], options(model));

describe('images of Foundry', () => {
  test.each([
    ['FLUX.2-pro', base, `${base}/providers/blackforestlabs/v1/flux-2-pro?api-version=preview`],
    ['flux-2-flex', `${base}/openai/v1/`, `${base}/providers/blackforestlabs/v1/flux-2-flex?api-version=preview`],
    [
      'FLUX.2-pro',
      `${base}/providers/blackforestlabs/v1/flux-2-pro?api-version=latest`,
      `${base}/providers/blackforestlabs/v1/flux-2-pro?api-version=latest`,
    ],
  ])('%s at %s', async (model, baseUrl, url) => {
    const { result, fake } = await generate(model, { n: 2, size: '1024x768', seed: 1 }, [done], {
      baseUrl,
      apiVersion: '2025-04-01-preview',
    });
    expect(fake.calls).toEqual([{ url, json: { model, prompt: 'a cat', width: 1024, height: 768, num_images: 2, seed: 1 } }]);
    expect(result.body.data).toEqual([{ b64_json: 'AAAA' }]);
  });

  test('FLUX.2 draws from images', async () => {
    const { fake } = await edit('FLUX.2-pro', { image: [somePng, somePng] });
    expect(fake.calls[0]!.json).toEqual({ model: 'FLUX.2-pro', prompt: 'p', input_image: somePngBase64, input_image_2: somePngBase64 });
    await expect(edit('FLUX.2-pro', { mask: someMask })).rejects.toMatchObject({ param: 'mask' });
    await expect(edit('FLUX.2-pro', { image: Array.from({ length: 9 }, () => somePng) })).rejects.toMatchObject({ param: 'image' });
  });

  test('MAI-Image: one a call, of a size that is said', async () => {
    const counted: FakeAnswer = { json: { data: [{ b64_json: 'AAAA' }], usage: { num_input_text_tokens: 4, num_output_tokens: 100 } } };
    const { result, fake } = await generate('MAI-Image-2', { n: 2 }, [counted, counted]);
    expect(fake.calls[1]).toEqual({
      url: `${base}/mai/v1/images/generations?api-version=preview`,
      json: { model: 'MAI-Image-2', prompt: 'a cat', width: 1024, height: 1024 },
    });
    expect(result.usage).toMatchObject({ inputTokens: 8, outputImageTokens: 200, units: { images: 2 } });
    const edited = await edit('MAI-Image-2.5');
    expect(edited.fake.calls[0]).toEqual({
      url: `${base}/mai/v1/images/edits?api-version=preview`,
      form: [
        ['model', 'MAI-Image-2.5'],
        ['prompt', 'p'],
        ['image', somePng],
      ],
    });
  });

  test("others are spoken to in OpenAI's format", async () => {
    const { result, fake } = await generate('FLUX-1.1-pro', { size: '1024x1024', quality: 'high', user: 'u' }, [
      {
        json: {
          data: [{ b64_json: 'AAAA' }],
          usage: { input_tokens: 12, input_tokens_details: { image_tokens: 2, text_tokens: 10 }, output_tokens: 50 },
        },
      },
    ]);
    expect(fake.calls[0]).toEqual({
      url: `${base}/openai/deployments/FLUX-1.1-pro/images/generations?api-version=2025-04-01-preview`,
      json: { model: 'FLUX-1.1-pro', prompt: 'a cat', size: '1024x1024', quality: 'high', user: 'u' },
    });
    expect(result.usage).toMatchObject({ inputTokens: 10, inputImageTokens: 2, outputImageTokens: 50 });
    const edited = await edit('FLUX.1-Kontext-pro', { mask: someMask, n: 1 });
    expect(edited.fake.calls[0]!.form).toEqual([
      ['model', 'FLUX.1-Kontext-pro'],
      ['prompt', 'p'],
      ['n', '1'],
      ['image', somePng],
      ['mask', someMask],
    ]);
    await expect(generate('FLUX-1.1-pro', {}, [{ json: {} }])).rejects.toMatchObject({ code: 'invalid_response' });
  });
});

describe('OCR of Foundry', () => {
  const held = 'data:application/pdf;base64,JVBERg==';
  const ocr = (model: string, request: object, answers: FakeAnswer[], more: FakeWireOptions = {}) =>
    runAdapter(azureAi, 'ocr', request as never, answers, { ...options(model), ...more });
  const document = { type: 'document_url', document_url: held };

  test("Mistral's, in its own format", async () => {
    const answer = { pages: [{ index: 0, markdown: '# A' }], model: 'mistral-ocr-2505', usage_info: { pages_processed: 3 } };
    const { result, fake } = await ocr('mistral-document-ai-2505', { document, pages: [0] }, [{ json: answer }]);
    expect(fake.calls).toEqual([
      { url: `${base}/providers/mistral/azure/ocr`, json: { model: 'mistral-document-ai-2505', document, pages: [0] } },
    ]);
    expect(result).toEqual({ body: answer, usage: { inputTokens: 0, outputTokens: 0, units: { pages: 3 } } });
    await expect(ocr('mistral-ocr', { document }, [{ json: {} }])).rejects.toMatchObject({ code: 'invalid_response' });
  });

  test('a link is not fetched, not for a client and not by the vendor', async () => {
    const link = { type: 'document_url', document_url: 'http://169.254.169.254/latest' };
    await expect(ocr('mistral-ocr', { document: link }, [])).rejects.toMatchObject({
      code: 'unsupported_parameter',
      param: 'document.document_url',
    });
  });

  const job = `${base}/documentintelligence/documentModels/prebuilt-layout/analyzeResults/r?api-version=2024-11-30`;
  const accepted: FakeAnswer = { status: 202, headers: { 'operation-location': job } };
  const succeeded: FakeAnswer = {
    json: {
      status: 'succeeded',
      analyzeResult: {
        content: '# One\n<!-- PageBreak -->\nTwo',
        pages: [
          { pageNumber: 1, width: 8.5, height: 11, unit: 'inch', spans: [{ offset: 0, length: 5 }] },
          { pageNumber: 2, width: 100, height: 200, unit: 'pixel', spans: [{ offset: 25, length: 3 }] },
        ],
      },
    },
  };
  const analyze = `${base}/documentintelligence/documentModels/prebuilt-layout:analyze?api-version=2024-11-30&stringIndexType=utf16CodeUnit&outputContentFormat=markdown`;

  test.each(['doc-intelligence/prebuilt-layout', 'azure-document-intelligence/prebuilt-layout', 'prebuilt-layout'])(
    '%s is a job',
    async (model) => {
      const { result, fake } = await ocr(model, { document, pages: [0, 2] }, [accepted, { json: { status: 'running' } }, succeeded]);
      expect(fake.calls).toEqual([{ url: `${analyze}&pages=1%2C3`, json: { base64Source: 'JVBERg==' } }, { url: job }, { url: job }]);
      expect(fake.waits).toEqual([1000]);
      expect(result.body).toEqual({
        pages: [
          { index: 0, markdown: '# One', images: [], dimensions: { dpi: 72, width: 612, height: 792 } },
          { index: 1, markdown: 'Two', images: [], dimensions: { dpi: 72, width: 100, height: 200 } },
        ],
        model,
        usage_info: { pages_processed: 2, doc_size_bytes: null },
      });
      expect(result.usage?.units).toEqual({ pages: 2 });
    },
  );

  test('a link goes to the vendor as a link', async () => {
    const link = { type: 'image_url', image_url: { url: 'https://example.test/a.png' } };
    const { fake } = await ocr('prebuilt-layout', { document: link }, [accepted, succeeded]);
    expect(fake.calls[0]!.json).toEqual({ urlSource: 'https://example.test/a.png' });
  });

  test('a job that fails, one that is cancelled, and one that is elsewhere', async () => {
    const failed = {
      json: {
        status: 'failed',
        error: { code: 'InvalidRequest', message: 'Bad.', innererror: { code: 'InvalidContent', message: 'The file is corrupted.' } },
      },
    };
    await expect(ocr('prebuilt-read', { document }, [accepted, failed])).rejects.toMatchObject({
      code: 'unprocessable',
      message: 'The file is corrupted.',
      upstream: { code: 'InvalidContent' },
    });
    const running = Array.from({ length: 5 }, () => ({ json: { status: 'running' } }));
    await expect(ocr('prebuilt-read', { document }, [accepted, ...running], { cancelAfterWaits: 2 })).rejects.toMatchObject({
      code: 'client_closed_request',
    });
    const elsewhere = { status: 202, headers: { 'operation-location': 'https://evil.test/r' } };
    await expect(ocr('prebuilt-read', { document }, [elsewhere])).rejects.toMatchObject({ code: 'invalid_response' });
    await expect(ocr('prebuilt-read', { document }, [{ status: 202 }])).rejects.toMatchObject({ code: 'invalid_response' });
    await expect(ocr('prebuilt-read', { document, pages: [-1] }, [])).rejects.toMatchObject({ param: 'pages' });
    await expect(ocr('prebuilt-read', { document, include_image_base64: true }, [])).rejects.toMatchObject({
      param: 'include_image_base64',
    });
  });

  test('its key has a header of its own', async () => {
    const headers = (url: string) =>
      credentialHeaders({ provider: azureAi, model: 'm', apiKey: new Secret('k') }, { method: 'POST', url, body: '' });
    expect(await headers(analyze)).toEqual({ 'ocp-apim-subscription-key': 'k' });
    expect(await headers(`${base}/providers/mistral/azure/ocr`)).toEqual({ 'api-key': 'k' });
  });
});
