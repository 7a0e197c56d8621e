import { describe, expect, test } from 'bun:test';
import { runAdapter, someMask, somePng } from '../../../../test/kit/run-adapter.ts';
import { recraft } from './index.ts';

const done = { json: { created: 1, credits: 40, data: [{ image_id: 'i', url: 'https://img.recraft.ai/a' }] } };
const edit = (more: object, answer: object = done) =>
  runAdapter(recraft, 'image-edit', { prompt: 'winter', image: [somePng], ...more }, [answer], { model: 'recraftv3' });

describe('Recraft', () => {
  test('new images are as OpenAI has them', () => {
    expect(recraft.operations!['image-generation']).toEqual({ protocol: 'openai-images', path: '/images/generations' });
  });

  test('an image is drawn over', async () => {
    const { result, fake } = await edit({ n: 2, style: 'digital_illustration', response_format: 'url', strength: '0.6' });
    expect(fake.calls).toEqual([
      {
        url: '/images/imageToImage',
        form: [
          ['image', somePng],
          ['model', 'recraftv3'],
          ['prompt', 'winter'],
          ['n', '2'],
          ['style', 'digital_illustration'],
          ['response_format', 'url'],
          ['strength', '0.6'],
        ],
      },
    ]);
    expect(result.body.data).toEqual([{ url: 'https://img.recraft.ai/a', image_id: 'i' }]);
    expect((await edit({})).fake.calls[0]!.form).toContainEqual(['strength', '0.2']);
  });

  test('a part of it, with a mask', async () => {
    const { fake } = await edit({ mask: someMask });
    expect(fake.calls[0]).toEqual({
      url: '/images/inpaint',
      form: [
        ['image', somePng],
        ['mask', someMask],
        ['model', 'recraftv3'],
        ['prompt', 'winter'],
        ['n', '1'],
      ],
    });
  });

  test('variations', async () => {
    const { fake } = await runAdapter(recraft, 'image-variation', { image: somePng, size: '1024x1024' }, [done], { model: 'recraftv3' });
    expect(fake.calls[0]).toEqual({
      url: '/images/variateImage',
      form: [
        ['image', somePng],
        ['size', '1024x1024'],
        ['n', '1'],
      ],
    });
  });

  test('what it lacks, and what is no answer', async () => {
    await expect(edit({ size: '1x1' })).rejects.toMatchObject({ param: 'size' });
    await expect(edit({ image: [somePng, somePng] })).rejects.toMatchObject({ param: 'image' });
    await expect(edit({}, { json: {} })).rejects.toMatchObject({ code: 'invalid_response' });
  });
});
