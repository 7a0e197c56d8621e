import { describe, expect, test } from 'bun:test';
import type { FakeAnswer } from '../../../../test/kit/fake-wire.ts';
import { runAdapter, someMask, somePng, somePngBase64 } from '../../../../test/kit/run-adapter.ts';
import { compatible } from '../compatible/index.ts';

const openrouter = compatible.find(({ id }) => id === 'openrouter')!;
const model = 'google/gemini-3-pro-image-preview';
const done: FakeAnswer = {
  json: {
    choices: [
      { message: { role: 'assistant', content: '', images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }] } },
    ],
    usage: {
      prompt_tokens: 10,
      completion_tokens: 1290,
      total_tokens: 1300,
      completion_tokens_details: { image_tokens: 1290 },
      cost: 0.04,
    },
  },
};
const generate = (more: object, answer = done) =>
  runAdapter(openrouter, 'image-generation', { prompt: 'a cat', ...more }, [answer], { model });

describe('images by OpenRouter', () => {
  test('are answers of chat', async () => {
    const { result, fake } = await generate({ size: '1024x1536', quality: 'high', seed: 1 });
    expect(fake.calls).toEqual([
      {
        url: '/chat/completions',
        json: {
          model,
          messages: [{ role: 'user', content: 'a cat' }],
          modalities: ['image', 'text'],
          image_config: { aspect_ratio: '2:3', image_size: '4K' },
          seed: 1,
        },
      },
    ]);
    expect(result.body.data).toEqual([{ b64_json: 'AAAA' }]);
    expect(result.usage).toMatchObject({
      inputTokens: 10,
      outputImageTokens: 1290,
      providerCostUsd: 0.04,
      units: { images: 1, imageQuality: 'high' },
    });
  });

  test('changed ones', async () => {
    const { fake } = await runAdapter(openrouter, 'image-edit', { prompt: 'p', image: [somePng] }, [done], { model });
    expect(fake.calls[0]!.json).toMatchObject({
      messages: [
        {
          content: [
            { type: 'text', text: 'p' },
            { type: 'image_url', image_url: { url: `data:image/png;base64,${somePngBase64}` } },
          ],
        },
      ],
    });
    const masked = runAdapter(openrouter, 'image-edit', { prompt: 'p', image: [somePng], mask: someMask }, [done], { model });
    await expect(masked).rejects.toMatchObject({ param: 'mask' });
  });

  test('words instead of an image, and nothing', async () => {
    await expect(generate({}, { json: { choices: [{ message: { content: 'I cannot.' } }] } })).rejects.toMatchObject({
      message: 'I cannot.',
    });
    await expect(generate({}, { json: { error: { message: 'No endpoints', code: 404 } } })).rejects.toMatchObject({
      message: 'No endpoints',
    });
    await expect(generate({}, { json: {} })).rejects.toMatchObject({ code: 'invalid_response' });
    await expect(generate({ quality: 'extreme' })).rejects.toMatchObject({ param: 'quality' });
  });
});
