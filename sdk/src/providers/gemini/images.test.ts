import { describe, expect, test } from 'bun:test';
import type { FakeAnswer } from '../../../../test/kit/fake-wire.ts';
import { runAdapter, someMask, someMaskBase64, somePng, somePngBase64 } from '../../../../test/kit/run-adapter.ts';
import type { Provider } from '../../types/index.ts';
import { createVertex } from '../vertex/index.ts';
import { gemini } from './index.ts';

const vertex = createVertex({ fetch: () => Promise.reject(new Error('no network in this test')) });
const usageMetadata = {
  promptTokenCount: 8,
  candidatesTokenCount: 1290,
  totalTokenCount: 1298,
  promptTokensDetails: [{ modality: 'TEXT', tokenCount: 8 }],
  candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: 1290 }],
};
const done: FakeAnswer = {
  json: {
    candidates: [
      {
        content: {
          parts: [
            { inlineData: { mimeType: 'image/png', data: 'ZHJhZnQ=' }, thought: true },
            { text: 'Here it is.' },
            { inlineData: { mimeType: 'image/png', data: 'AAAA' }, thoughtSignature: 'sig' },
          ],
        },
        finishReason: 'STOP',
      },
    ],
    usageMetadata,
  },
};
const clouds: readonly (readonly [string, Provider, string])[] = [
  ['the Gemini API', gemini, '/models/{model}'],
  ['Vertex AI', vertex, '/publishers/google/models/{model}'],
];

describe.each([...clouds])('Gemini by %s', (_, provider, place) => {
  const generate = (more: object, answers: FakeAnswer[] = [done], model = 'gemini-3-pro-image-preview') =>
    runAdapter(provider, 'image-generation', { prompt: 'a cat', ...more }, answers, { model });

  test('a new image', async () => {
    const { result, fake } = await generate({ size: '2048x1152', temperature: 1, tools: [{ google_search: {} }] });
    expect(fake.calls).toEqual([
      {
        url: `${place}:generateContent`,
        json: {
          contents: [{ role: 'user', parts: [{ text: 'a cat' }] }],
          generationConfig: {
            responseModalities: ['TEXT', 'IMAGE'],
            imageConfig: { aspectRatio: '16:9', imageSize: '2K' },
            temperature: 1,
          },
          tools: [{ google_search: {} }],
        },
      },
    ]);
    expect(result.body.data).toEqual([{ b64_json: 'AAAA', thought_signature: 'sig' }]);
    expect(result.body['usage']).toMatchObject({ input_tokens: 8, output_tokens: 1290, total_tokens: 1298 });
    expect(result.usage).toMatchObject({ inputTokens: 8, outputImageTokens: 1290, units: { images: 1, imageSize: '2048x1152' } });
  });

  test('several are several calls, whose tokens are one sum; the second version knows no sizes', async () => {
    const { result, fake } = await generate({ n: 2, size: '1024x1024' }, [done, done], 'gemini-2.5-flash-image');
    expect(fake.calls[1]!.json).toMatchObject({ generationConfig: { imageConfig: { aspectRatio: '1:1' } } });
    expect(JSON.stringify(fake.calls)).not.toContain('imageSize');
    expect(result.usage).toMatchObject({ inputTokens: 16, outputImageTokens: 2580, units: { images: 2 } });
  });

  test('a changed one', async () => {
    const request = { prompt: 'p', image: [somePng, someMask] };
    const { fake } = await runAdapter(provider, 'image-edit', request, [done], { model: 'gemini-2.5-flash-image' });
    expect(fake.calls[0]!.json).toMatchObject({
      contents: [
        {
          parts: [
            { inlineData: { mimeType: 'image/png', data: somePngBase64 } },
            { inlineData: { mimeType: 'image/png', data: someMaskBase64 } },
            { text: 'p' },
          ],
        },
      ],
    });
    const masked = runAdapter(provider, 'image-edit', { ...request, mask: someMask }, [done], { model: 'gemini-2.5-flash-image' });
    await expect(masked).rejects.toMatchObject({ param: 'mask' });
  });

  test.each([
    [{ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } }, 'content_policy_violation', /PROHIBITED_CONTENT/],
    [
      { candidates: [{ finishReason: 'IMAGE_SAFETY', finishMessage: 'Unable to show it.' }] },
      'content_policy_violation',
      /Unable to show it/,
    ],
    [{ candidates: [{ content: { parts: [{ text: 'I cannot draw.' }] }, finishReason: 'STOP' }] }, 'unprocessable', /I cannot draw/],
    [{ candidates: [] }, 'invalid_response', /image/],
  ])('no image: %j', async (json, code, words) => {
    const failure = generate({}, [{ json }]);
    await expect(failure).rejects.toMatchObject({ code });
    await failure.catch((error: Error) => expect(error.message).toMatch(words));
  });

  test('Imagen', async () => {
    const answer = {
      json: { predictions: [{ bytesBase64Encoded: 'AAAA', mimeType: 'image/png', prompt: 'a better cat' }, { raiFilteredReason: 'x' }] },
    };
    const { result, fake } = await generate(
      { n: 2, size: '1408x768', output_format: 'jpeg', output_compression: 80, personGeneration: 'allow_adult' },
      [answer],
      'imagen-4.0-generate-001',
    );
    expect(fake.calls).toEqual([
      {
        url: `${place}:predict`,
        json: {
          instances: [{ prompt: 'a cat' }],
          parameters: {
            sampleCount: 2,
            aspectRatio: '16:9',
            outputOptions: { mimeType: 'image/jpeg', compressionQuality: 80 },
            personGeneration: 'allow_adult',
          },
        },
      },
    ]);
    expect(result.body.data).toEqual([{ b64_json: 'AAAA', revised_prompt: 'a better cat' }]);
    const withheld = generate({}, [{ json: { predictions: [{ raiFilteredReason: 'Blocked: violence.' }] } }], 'imagen-4.0-generate-001');
    await expect(withheld).rejects.toMatchObject({ code: 'content_policy_violation', message: 'Blocked: violence.' });
    await expect(generate({}, [{ json: {} }], 'imagen-4.0-generate-001')).rejects.toMatchObject({ code: 'invalid_response' });
    await expect(generate({ output_format: 'webp' }, [answer], 'imagen-4.0-generate-001')).rejects.toMatchObject({
      param: 'output_format',
    });
  });
});

describe('editing with Imagen', () => {
  const answer: FakeAnswer = { json: { predictions: [{ bytesBase64Encoded: 'AAAA' }] } };
  const raw = { referenceType: 'REFERENCE_TYPE_RAW', referenceId: 1, referenceImage: { bytesBase64Encoded: somePngBase64 } };
  const edit = (provider: Provider, more: object = {}) =>
    runAdapter(provider, 'image-edit', { prompt: 'p', image: [somePng], ...more }, [answer], { model: 'imagen-3.0-capability-001' });

  test('a mask is a reference as well', async () => {
    const { fake } = await edit(vertex, { mask: someMask });
    expect(fake.calls[0]!.json).toEqual({
      instances: [
        {
          prompt: 'p',
          referenceImages: [
            raw,
            {
              referenceType: 'REFERENCE_TYPE_MASK',
              referenceId: 2,
              referenceImage: { bytesBase64Encoded: someMaskBase64 },
              maskImageConfig: { maskMode: 'MASK_MODE_USER_PROVIDED', dilation: 0.03 },
            },
          ],
        },
      ],
      parameters: { editMode: 'EDIT_MODE_INPAINT_INSERTION', sampleCount: 1 },
    });
    expect(fake.dropped.map(({ what }) => what)).toEqual(['mask']);
  });

  test('without one, and on the Gemini API', async () => {
    const { fake } = await edit(vertex, { editMode: 'EDIT_MODE_BGSWAP' });
    expect(fake.calls[0]!.json).toMatchObject({ instances: [{ referenceImages: [raw] }], parameters: { editMode: 'EDIT_MODE_BGSWAP' } });
    await expect(edit(gemini)).rejects.toThrow(/Vertex AI alone/);
  });
});
