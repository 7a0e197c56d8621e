import { describe, expect, test } from 'bun:test';
import type { FakeAnswer } from '../../../../test/kit/fake-wire.ts';
import { runAdapter, someMask, somePng, somePngBase64 } from '../../../../test/kit/run-adapter.ts';
import { Secret } from '../../types/index.ts';
import { credentialHeaders } from '../credentials.ts';
import { falAi } from './index.ts';

const url = 'https://v3.fal.media/files/a/b.png';
const done: FakeAnswer = {
  json: {
    images: [{ url, width: 1024, height: 768, content_type: 'image/png', file_name: 'b.png', file_size: 3 }],
    seed: 1,
    has_nsfw_concepts: [false],
  },
};
const generate = (model: string, more: object = {}, answer = done) =>
  runAdapter(falAi, 'image-generation', { prompt: 'a cat', ...more }, [answer, { bytes: [new TextEncoder().encode('PNG')] }], { model });
const edit = (model: string, more: object = {}) =>
  runAdapter(falAi, 'image-edit', { prompt: 'p', image: [somePng], ...more }, [done], { model });

describe('new images', () => {
  test.each([
    ['fal-ai/flux/schnell', '/fal-ai/flux/schnell', { image_size: { width: 1024, height: 768 } }],
    ['bria/text-to-image/3.2', '/bria/text-to-image/3.2', { aspect_ratio: '4:3' }],
    ['nano-banana-pro', '/fal-ai/nano-banana-pro', { aspect_ratio: '4:3' }],
    ['fal-ai/imagen4/preview', '/fal-ai/imagen4/preview', { aspect_ratio: '4:3' }],
    ['gpt-image-2', '/openai/gpt-image-2', { image_size: { width: 1024, height: 768 } }],
  ])('%s', async (model, path, size) => {
    const { result, fake } = await generate(model, { n: 2, size: '1024x768', output_format: 'png', num_inference_steps: 4 });
    expect(fake.calls).toEqual([
      { url: path, json: { prompt: 'a cat', ...size, num_images: 2, output_format: 'png', num_inference_steps: 4 } },
    ]);
    expect(result.body.data).toEqual([{ url, width: 1024, height: 768, content_type: 'image/png' }]);
    expect(result.usage?.units).toEqual({ images: 1, imageSize: '1024x768' });
  });

  test('the best quality, where there is one', async () => {
    expect((await generate('gpt-image-2', { quality: 'hd' })).fake.calls[0]!.json).toMatchObject({ quality: 'high' });
    await expect(generate('fal-ai/flux/dev', { quality: 'hd' })).rejects.toMatchObject({ param: 'quality' });
  });

  test('bytes, where they are asked for', async () => {
    const { result, fake } = await generate('fal-ai/flux/dev', { response_format: 'b64_json' });
    expect(fake.calls[1]).toEqual({ url });
    expect(result.body.data[0]!.b64_json).toBe(somePngBase64);
  });

  test('a name cannot leave its place, and odd answers are none', async () => {
    await expect(generate('fal-ai/../../admin')).rejects.toMatchObject({ param: 'model' });
    await expect(generate('fal-ai/flux/dev', {}, { json: { seed: 1 } })).rejects.toMatchObject({ code: 'invalid_response' });
    await expect(generate('fal-ai/flux/dev', {}, { json: { detail: [{ msg: 'NSFW prompt' }] } })).rejects.toMatchObject({
      message: 'NSFW prompt',
    });
    const blackened = await generate('fal-ai/flux/dev', {}, { json: { images: [{ url }], has_nsfw_concepts: [true] } });
    expect(blackened.fake.dropped.map(({ what }) => what)).toEqual(['image']);
  });
});

describe('changed images', () => {
  const held = `data:image/png;base64,${somePngBase64}`;

  test.each([
    ['fal-ai/nano-banana', '/fal-ai/nano-banana/edit', { image_urls: [held] }],
    ['openai/gpt-image-2/edit', '/openai/gpt-image-2/edit', { image_urls: [held] }],
    ['fal-ai/flux-pro/kontext', '/fal-ai/flux-pro/kontext', { image_url: held }],
    ['fal-ai/flux/dev/image-to-image', '/fal-ai/flux/dev/image-to-image', { image_url: held }],
  ])('%s', async (model, path, images) => {
    const { fake } = await edit(model, { strength: '0.5' });
    expect(fake.calls).toEqual([{ url: path, json: { prompt: 'p', ...images, num_images: 1, strength: 0.5 } }]);
  });

  test('masks', async () => {
    expect((await edit('openai/gpt-image-2', { mask: someMask })).fake.calls[0]!.json).toMatchObject({
      mask_url: 'data:image/png;base64,TVNL',
    });
    await expect(edit('fal-ai/nano-banana', { mask: someMask })).rejects.toMatchObject({ param: 'mask' });
  });
});

test('a key has a word of its own before it', async () => {
  const target = { provider: falAi, model: 'm' };
  const request = { method: 'POST', url: 'https://fal.run/x', body: '{}' };
  expect(await credentialHeaders({ ...target, apiKey: new Secret('id:secret') }, request)).toEqual({ authorization: 'Key id:secret' });
  expect(() => credentialHeaders(target, request)).toThrow(/FAL_AI_API_KEY/);
});
