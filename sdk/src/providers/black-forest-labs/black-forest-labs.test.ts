import { describe, expect, test } from 'bun:test';
import type { FakeAnswer, FakeWireOptions } from '../../../../test/kit/fake-wire.ts';
import { runAdapter, someMask, someMaskBase64, somePng, somePngBase64 } from '../../../../test/kit/run-adapter.ts';
import { blackForestLabs } from './index.ts';

const link = 'https://api.eu1.bfl.ai/v1/get_result?id=t';
const taken: FakeAnswer = { json: { id: 't', polling_url: link } };
const pending: FakeAnswer = { json: { id: 't', status: 'Pending' } };
const sample = 'https://delivery-eu1.bfl.ai/results/a/sample.png';
const ready: FakeAnswer = { json: { id: 't', status: 'Ready', result: { sample, seed: 42 } } };

const generate = (more: object, answers: FakeAnswer[], options: FakeWireOptions = {}) =>
  runAdapter(blackForestLabs, 'image-generation', { prompt: 'a cat', ...more }, answers, { model: 'flux-pro-1.1', ...options });
const edit = (model: string, more: object) =>
  runAdapter(blackForestLabs, 'image-edit', { prompt: 'p', image: [somePng], ...more }, [taken, ready], { model });

describe('new images', () => {
  test('a job is looked at where its answer says', async () => {
    const { result, fake } = await generate({ size: '1024x768', output_format: 'png', safety_tolerance: 2 }, [
      taken,
      pending,
      pending,
      ready,
    ]);
    expect(fake.calls).toEqual([
      { url: '/v1/flux-pro-1.1', json: { prompt: 'a cat', width: 1024, height: 768, output_format: 'png', safety_tolerance: 2 } },
      { url: link },
      { url: link },
      { url: link },
    ]);
    expect(fake.waits).toEqual([500, 750]);
    expect(result.body.data).toEqual([{ url: sample, seed: 42 }]);
    expect(result.usage?.units).toEqual({ images: 1, imageSize: '1024x768' });
  });

  test('what a job costs is what it says in credits; where one does not, nothing is said of the sum', async () => {
    const paid: FakeAnswer = { json: { id: 't', polling_url: link, cost: 4.5, input_mp: 2.07, output_mp: 2.07 } };
    expect((await generate({}, [paid, ready])).result.usage).toMatchObject({ providerCostUsd: 0.045, units: { images: 1 } });
    expect((await generate({}, [taken, ready])).result.usage).not.toHaveProperty('providerCostUsd');
  });

  test('Ultra and Kontext know shapes', async () => {
    const { fake } = await generate({ size: '1792x1024' }, [taken, ready], { model: 'flux-pro-1.1-ultra' });
    expect(fake.calls[0]!.json).toEqual({ prompt: 'a cat', aspect_ratio: '7:4' });
  });

  test('its bytes, where they are asked for', async () => {
    const bytes = { bytes: [new TextEncoder().encode('PNG')] };
    const { result, fake } = await generate({ response_format: 'b64_json' }, [taken, ready, bytes]);
    expect(result.body.data).toEqual([{ b64_json: somePngBase64, seed: 42 }]);
    expect(fake.calls.at(-1)).toEqual({ url: sample });
  });

  test.each([
    ['Request Moderated', { 'Moderation Reasons': ['Derivative Works Filter'] }, 'content_policy_violation', /Derivative/],
    ['Content Moderated', undefined, 'content_policy_violation', /Content Moderated/],
    ['Error', 'out of memory', 'unprocessable', /out of memory/],
    ['Task not found', undefined, 'not_found', /Task not found/],
  ])('a job that ends with %s', async (status, details, code, words) => {
    const failure = generate({}, [taken, { json: { status, details } }]);
    await expect(failure).rejects.toMatchObject({ code, retry: false });
    await failure.catch((error: Error) => expect(error.message).toMatch(words));
  });

  test.each(['https://evil.test/job', 'http://api.bfl.ai/v1/x', 'https://bfl.ai.evil.test/', 'nonsense'])(
    'a link to %s is not followed',
    async (url) => {
      await expect(generate({}, [{ json: { id: 't', polling_url: url } }])).rejects.toMatchObject({ code: 'invalid_response' });
    },
  );

  test('the link of a proxy is its own', async () => {
    const own = 'http://127.0.0.1:9/v1/get_result?id=t';
    const { fake } = await generate({}, [{ json: { polling_url: own } }, ready], { target: { baseUrl: 'http://127.0.0.1:9/base' } });
    expect(fake.calls[1]).toEqual({ url: own });
  });

  test('a cancelled call looks no more', async () => {
    await expect(generate({}, [taken, pending, pending, pending], { cancelAfterWaits: 1 })).rejects.toMatchObject({
      code: 'client_closed_request',
    });
    await expect(generate({}, [taken, { json: { status: 'Ready', result: {} } }])).rejects.toMatchObject({ code: 'invalid_response' });
  });
});

describe('changed images', () => {
  test('Kontext and FLUX.2 draw from images', async () => {
    const { fake } = await edit('flux-2-pro', { image: [somePng, someMask], size: '512x512', seed: 3 });
    expect(fake.calls[0]).toEqual({
      url: '/v1/flux-2-pro',
      json: { prompt: 'p', input_image: somePngBase64, input_image_2: someMaskBase64, width: 512, height: 512, seed: 3 },
    });
    await expect(edit('flux-kontext-pro', { mask: someMask })).rejects.toMatchObject({ param: 'mask' });
  });

  test('a part is filled, or more is put around', async () => {
    const fill = await edit('flux-pro-1.0-fill', { mask: someMask });
    expect(fill.fake.calls[0]!.json).toEqual({ prompt: 'p', image: somePngBase64, mask: someMaskBase64 });
    const expand = await edit('flux-pro-1.0-expand', { top: 64 });
    expect(expand.fake.calls[0]).toMatchObject({ url: '/v1/flux-pro-1.0-expand', json: { image: somePngBase64, top: 64 } });
    await expect(edit('flux-pro-1.0-fill', { image: [somePng, somePng] })).rejects.toMatchObject({ param: 'image' });
  });
});
