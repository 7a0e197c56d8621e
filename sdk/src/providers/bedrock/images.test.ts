import { describe, expect, test } from 'bun:test';
import type { FakeAnswer } from '../../../../test/kit/fake-wire.ts';
import { runAdapter, someMask, someMaskBase64, somePng, somePngBase64 } from '../../../../test/kit/run-adapter.ts';
import { createBedrock } from './index.ts';

const [bedrock] = createBedrock({ fetch: () => Promise.reject(new Error('no network in this test')) });
const url = '/model/{model}/invoke';
const done: FakeAnswer = { json: { images: ['AAAA'] } };
const generate = (model: string, more: object = {}, answers: FakeAnswer[] = [done]) =>
  runAdapter(bedrock!, 'image-generation', { prompt: 'a cat', ...more }, answers, { model });
const edit = (model: string, more: object = {}, answers: FakeAnswer[] = [done]) =>
  runAdapter(bedrock!, 'image-edit', { prompt: 'p', image: [somePng], ...more }, answers, { model });

describe.each(['amazon.titan-image-generator-v2:0', 'us.amazon.nova-canvas-v1:0'])('%s', (model) => {
  test('makes images', async () => {
    const answer = { json: { images: ['AAAA', 'BBBB'], error: null } };
    const { result, fake } = await generate(model, { n: 2, size: '1280x720', quality: 'hd', negativeText: 'dogs', seed: 3, cfgScale: 7 }, [
      answer,
    ]);
    expect(fake.calls).toEqual([
      {
        url,
        json: {
          taskType: 'TEXT_IMAGE',
          textToImageParams: { text: 'a cat', negativeText: 'dogs' },
          imageGenerationConfig: { numberOfImages: 2, width: 1280, height: 720, quality: 'premium', seed: 3, cfgScale: 7 },
        },
      },
    ]);
    expect(result.body.data).toEqual([{ b64_json: 'AAAA' }, { b64_json: 'BBBB' }]);
    expect(result.usage?.units).toEqual({ images: 2, imageSize: '1280x720', imageQuality: 'hd' });
  });

  test('changes them: what is masked, or all', async () => {
    const masked = await edit(model, { mask: someMask });
    expect(masked.fake.calls[0]!.json).toEqual({
      taskType: 'INPAINTING',
      inPaintingParams: { image: somePngBase64, text: 'p', maskImage: someMaskBase64 },
      imageGenerationConfig: { numberOfImages: 1 },
    });
    expect(masked.fake.dropped.map(({ what }) => what)).toEqual(['mask']);
    const varied = await edit(model, { image: [somePng, someMask], similarityStrength: '0.7' });
    expect(varied.fake.calls[0]!.json).toMatchObject({
      taskType: 'IMAGE_VARIATION',
      imageVariationParams: { images: [somePngBase64, someMaskBase64], text: 'p', similarityStrength: 0.7 },
    });
  });

  test('other tasks, by name', async () => {
    const background = await edit(model, { taskType: 'BACKGROUND_REMOVAL' });
    expect(background.fake.calls[0]!.json).toEqual({ taskType: 'BACKGROUND_REMOVAL', backgroundRemovalParams: { image: somePngBase64 } });
    const out = await edit(model, { taskType: 'OUTPAINTING', maskPrompt: 'the cat', outPaintingMode: 'PRECISE' });
    expect(out.fake.calls[0]!.json).toMatchObject({
      taskType: 'OUTPAINTING',
      outPaintingParams: { image: somePngBase64, text: 'p', maskPrompt: 'the cat', outPaintingMode: 'PRECISE' },
    });
    await expect(edit(model, { taskType: 'PAINT' })).rejects.toMatchObject({ param: 'taskType' });
  });

  test('what is blocked, and what is no answer', async () => {
    const words = 'This request has been blocked by our content filters.';
    await expect(generate(model, {}, [{ json: { images: [], error: words } }])).rejects.toMatchObject({
      code: 'content_policy_violation',
      message: words,
    });
    await expect(generate(model, {}, [{ json: {} }])).rejects.toMatchObject({ code: 'invalid_response' });
  });
});

describe("Stability AI's", () => {
  const made: FakeAnswer = { json: { seeds: [7], finish_reasons: [null], images: ['AAAA'] } };

  test('new images, one a call', async () => {
    const { result, fake } = await generate('stability.sd3-5-large-v1:0', { n: 2, size: '1024x1536', output_format: 'jpeg', seed: 7 }, [
      made,
      made,
    ]);
    expect(fake.calls).toHaveLength(2);
    expect(fake.calls[0]).toEqual({ url, json: { prompt: 'a cat', aspect_ratio: '2:3', output_format: 'jpeg', seed: 7 } });
    expect(result.body.data).toEqual([
      { b64_json: 'AAAA', seed: 7 },
      { b64_json: 'AAAA', seed: 7 },
    ]);
  });

  test.each([
    ['stability.stable-image-inpaint-v1:0', { mask: someMask, grow_mask: 5 }, { image: somePngBase64, mask: someMaskBase64, grow_mask: 5 }],
    ['us.stability.stable-outpaint-v1:0', { left: 100 }, { image: somePngBase64, left: 100 }],
    ['stability.stable-style-transfer-v1:0', { image: [somePng, someMask] }, { init_image: somePngBase64, style_image: someMaskBase64 }],
    ['stability.stable-image-style-guide-v1:0', { size: '512x512' }, { image: somePngBase64, aspect_ratio: '1:1' }],
    ['stability.sd3-5-large-v1:0', { strength: 0.5 }, { image: somePngBase64, mode: 'image-to-image', strength: 0.5 }],
  ])('%s', async (model, more, members) => {
    const { fake } = await edit(model, more, [made]);
    expect(fake.calls[0]!.json).toEqual({ prompt: 'p', ...members });
  });

  test('reasons and gaps', async () => {
    const filtered = { json: { finish_reasons: ['Filter reason: prompt'], images: [], seeds: [] } };
    await expect(edit('stability.stable-image-inpaint-v1:0', {}, [filtered])).rejects.toMatchObject({
      code: 'content_policy_violation',
      message: 'Filter reason: prompt',
    });
    await expect(edit('stability.stable-outpaint-v1:0', { mask: someMask })).rejects.toMatchObject({ param: 'mask' });
    await expect(edit('stability.stable-style-transfer-v1:0')).rejects.toMatchObject({ param: 'image' });
    await expect(generate('stability.sd3-5-large-v1:0', {}, [{ json: {} }])).rejects.toMatchObject({ code: 'invalid_response' });
  });
});

test('other models make none', async () => {
  await expect(generate('anthropic.claude-opus-4-8')).rejects.toMatchObject({ code: 'invalid_request', param: 'model' });
});
