import { describe, expect, test } from 'bun:test';
import type { FakeWireOptions } from '../../../../test/kit/fake-wire.ts';
import { runAdapter, someMask, somePng } from '../../../../test/kit/run-adapter.ts';
import { stability } from './index.ts';

const done = { json: { image: 'AAAA', finish_reason: 'SUCCESS', seed: 343940597 } };
const headers = { accept: 'application/json' };
const edit = (model: string, more: object, options: FakeWireOptions = {}) =>
  runAdapter(stability, 'image-edit', { prompt: 'p', image: [somePng], ...more }, [done], { model, ...options });

describe('new images', () => {
  test.each([
    ['stable-image-ultra', 'ultra', undefined],
    ['stable-image-core', 'core', undefined],
    ['sd3.5-large-turbo', 'sd3', 'sd3.5-large-turbo'],
    ['sd3-medium', 'sd3', 'sd3.5-medium'],
    ['sd3', 'sd3', 'sd3.5-large'],
  ])('%s', async (model, address, named) => {
    const { result, fake } = await runAdapter(
      stability,
      'image-generation',
      { prompt: 'a cat', size: '1792x1024', output_format: 'webp', negative_prompt: 'dogs', seed: 7, response_format: 'b64_json' },
      [done],
      { model },
    );
    expect(fake.calls).toEqual([
      {
        url: `/v2beta/stable-image/generate/${address}`,
        form: [
          ['prompt', 'a cat'],
          ...(named === undefined ? [] : [['model', named] as const]),
          ['aspect_ratio', '16:9'],
          ['output_format', 'webp'],
          ['negative_prompt', 'dogs'],
          ['seed', '7'],
        ],
        headers,
      },
    ]);
    expect(result).toEqual({
      body: { created: 1_700_000_000, data: [{ b64_json: 'AAAA', seed: 343940597 }] },
      usage: { inputTokens: 0, outputTokens: 0, units: { images: 1, imageSize: '1792x1024' } },
    });
  });

  test('one call an image', async () => {
    const { result, fake } = await runAdapter(stability, 'image-generation', { prompt: 'p', n: 3 }, [done, done, done], { model: 'core' });
    expect([fake.calls.length, result.body.data.length, result.usage?.units?.images]).toEqual([3, 3, 3]);
  });

  test('what is withheld, what is none, and names that are none', async () => {
    const make = (json: object, model = 'core') => runAdapter(stability, 'image-generation', { prompt: 'p' }, [{ json }], { model });
    await expect(make({ finish_reason: 'CONTENT_FILTERED', image: 'AA' })).rejects.toMatchObject({
      code: 'content_policy_violation',
      retry: false,
    });
    await expect(make({})).rejects.toMatchObject({ code: 'invalid_response' });
    await expect(make({}, 'sdxl')).rejects.toMatchObject({ code: 'not_found' });
    await expect(runAdapter(stability, 'image-generation', { prompt: 'p', quality: 'high' }, [], { model: 'core' })).rejects.toMatchObject({
      code: 'unsupported_parameter',
      param: 'quality',
    });
  });
});

describe('changed images', () => {
  test.each([
    ['erase', 'edit/erase', { mask: someMask }, [['mask', someMask]]],
    ['inpaint', 'edit/inpaint', { mask: someMask }, [['mask', someMask]]],
    ['outpaint', 'edit/outpaint', { left: '100' }, [['left', '100']]],
    ['search-and-replace', 'edit/search-and-replace', { search_prompt: 'dog' }, [['search_prompt', 'dog']]],
    ['search-and-recolor', 'edit/search-and-recolor', { select_prompt: 'hat' }, [['select_prompt', 'hat']]],
    ['remove-background', 'edit/remove-background', {}, []],
    ['sketch', 'control/sketch', { control_strength: '0.5' }, [['control_strength', '0.5']]],
    ['structure', 'control/structure', {}, []],
    ['style', 'control/style', { size: '1024x1024' }, [['aspect_ratio', '1:1']]],
    ['fast', 'upscale/fast', {}, []],
    ['conservative', 'upscale/conservative', {}, []],
  ] as const)('%s', async (model, address, more, fields) => {
    const { fake } = await edit(model, more);
    expect(fake.calls[0]!.url).toBe(`/v2beta/stable-image/${address}`);
    const form = fake.calls[0]!.form!;
    expect(form).toContainEqual(['prompt', 'p']);
    expect(form).toContainEqual(['image', somePng]);
    for (const field of fields) expect(form).toContainEqual(field as never);
    expect(form).toHaveLength(2 + fields.length);
  });

  test('a diffusion model draws over the image', async () => {
    const { fake } = await edit('sd3.5-large', { strength: '0.4' });
    expect(fake.calls[0]).toEqual({
      url: '/v2beta/stable-image/generate/sd3',
      form: [
        ['prompt', 'p'],
        ['image', somePng],
        ['strength', '0.4'],
        ['model', 'sd3.5-large'],
        ['mode', 'image-to-image'],
      ],
      headers,
    });
  });

  test('two images of a transfer', async () => {
    const { fake } = await edit('style-transfer', { image: [somePng, someMask] });
    expect(fake.calls[0]!.form).toEqual([
      ['prompt', 'p'],
      ['init_image', somePng],
      ['style_image', someMask],
    ]);
    await expect(edit('style-transfer', {})).rejects.toMatchObject({ param: 'image' });
  });

  test('what a service lacks', async () => {
    await expect(edit('outpaint', { mask: someMask })).rejects.toMatchObject({ param: 'mask' });
    await expect(edit('outpaint', { size: '512x512' })).rejects.toMatchObject({ param: 'size' });
    await expect(edit('outpaint', { image: [somePng, somePng] })).rejects.toMatchObject({ param: 'image' });
  });

  test('a job is looked at until it is done', async () => {
    const answers = [
      { json: { id: 'j/1' } },
      { status: 202, json: { id: 'j/1', status: 'in-progress' } },
      { json: { result: 'BBBB', finish_reason: 'SUCCESS' } },
    ];
    const { result, fake } = await runAdapter(stability, 'image-edit', { prompt: 'p', image: [somePng] }, answers, { model: 'creative' });
    expect(fake.calls.map(({ url }) => url)).toEqual([
      '/v2beta/stable-image/upscale/creative',
      '/v2beta/results/j%2F1',
      '/v2beta/results/j%2F1',
    ]);
    expect(fake.waits).toEqual([10_000]);
    expect(result.body.data).toEqual([{ b64_json: 'BBBB' }]);
  });

  test('a job that is cancelled, and one without a name', async () => {
    const running = Array.from({ length: 5 }, () => ({ status: 202, json: { status: 'in-progress' } }));
    const job = (answers: object[], options: FakeWireOptions = {}) =>
      runAdapter(stability, 'image-edit', { prompt: 'p', image: [somePng] }, answers, { model: 'creative', ...options });
    await expect(job([{ json: { id: 'j' } }, ...running], { cancelAfterWaits: 2 })).rejects.toMatchObject({
      code: 'client_closed_request',
    });
    await expect(job([{ json: {} }])).rejects.toMatchObject({ code: 'invalid_response' });
  });
});
