import { describe, expect, test } from 'bun:test';
import { fakeWire, type FakeAnswer, type FakeWireOptions } from '../../../../test/kit/fake-wire.ts';
import type { SluiceError } from '../../types/index.ts';
import { imageEdit, imageGeneration } from './image.ts';
import { runwayml } from './index.ts';
import { speech } from './speech.ts';
import { videoContent, videoCreate, videoDelete, videoRetrieve } from './video.ts';

const open = (answers: readonly FakeAnswer[], model: string, options: FakeWireOptions = {}) =>
  fakeWire(answers, { provider: runwayml, model, dropParams: true, ...options });

const begun = { json: { id: 'task-1', estimatedCost: { credits: 5 } } };
const running = { json: { id: 'task-1', status: 'RUNNING', createdAt: '2026-11-22T10:00:00.500Z', progress: 0.42 } };
const link = 'https://dnznrvs05pmza.cloudfront.net/out.mp4?_jwt=x';
const done = { json: { id: 'task-1', status: 'SUCCEEDED', createdAt: '2026-11-22T10:00:00.500Z', output: [link] } };
const failed = { json: { id: 'task-1', status: 'FAILED', failure: 'Content was refused.', failureCode: 'SAFETY.INPUT.TEXT' } };
const png = { bytes: new Blob([new Uint8Array([1, 2, 3])]), name: 'a.png', type: 'image/png' };

describe('videos of Runway', () => {
  test('words alone begin a text to video', async () => {
    const { wire, calls } = open([begun], 'gen4.5');
    const { body, usage } = await videoCreate({ model: '', prompt: 'a cat', seconds: '8', size: '720x1280', seed: 3 }, wire);
    expect(calls).toEqual([
      { url: '/v1/text_to_video', json: { model: 'gen4.5', promptText: 'a cat', ratio: '720:1280', duration: 8, seed: 3 } },
    ]);
    expect(body).toEqual({ id: 'task-1', status: 'queued', seconds: '8', size: '720x1280' });
    expect(usage).toEqual({ inputTokens: 0, outputTokens: 0, units: { outputSeconds: 8 } });
  });

  test('an image, or the link to one, begins an image to video; a video a video to video', async () => {
    const first = open([begun], 'gen4_turbo');
    await videoCreate({ model: '', prompt: 'a', input_reference: png }, first.wire);
    expect(first.calls[0]).toEqual({
      url: '/v1/image_to_video',
      json: { model: 'gen4_turbo', promptText: 'a', ratio: '1280:720', duration: 5, promptImage: 'data:image/png;base64,AQID' },
    });
    const second = open([begun], 'seedance2');
    await videoCreate({ model: '', prompt: 'a', promptImage: 'https://example.test/a.png', ratio: '16:9' }, second.wire);
    expect(second.calls[0]).toEqual({
      url: '/v1/image_to_video',
      json: { model: 'seedance2', promptText: 'a', promptImage: 'https://example.test/a.png', ratio: '16:9' },
    });
    const linked = open([begun], 'gen4_turbo');
    await videoCreate({ model: '', prompt: 'a', input_reference: 'https://example.test/a.png' }, linked.wire);
    expect(linked.calls[0]).toMatchObject({ url: '/v1/image_to_video', json: { promptImage: 'https://example.test/a.png' } });
    const third = open([begun], 'gen4_aleph');
    await videoCreate({ model: '', prompt: 'a', videoUri: 'https://example.test/a.mp4' }, third.wire);
    expect(third.calls[0]!.url).toBe('/v1/video_to_video');
  });

  test.each([{ seconds: 'long' }, { size: 'big' }])('%j is refused at once', async (more) => {
    const failure = (await videoCreate({ model: '', prompt: 'a', ...more }, open([], 'gen4.5').wire).catch(
      (cause: unknown) => cause,
    )) as SluiceError;
    expect([failure.code, failure.param]).toEqual(['invalid_request', Object.keys(more)[0]!]);
  });

  test.each([
    [{ json: { status: 'PENDING' } }, { id: 'a/b', status: 'queued' }],
    [{ json: { status: 'THROTTLED' } }, { id: 'a/b', status: 'queued' }],
    [running, { id: 'a/b', status: 'in_progress', created_at: 1795341600, progress: 42 }],
    [done, { id: 'a/b', status: 'completed', created_at: 1795341600 }],
    [failed, { id: 'a/b', status: 'failed', error: { code: 'SAFETY.INPUT.TEXT', message: 'Content was refused.' } }],
    [{ json: { status: 'CANCELLED' } }, { id: 'a/b', status: 'failed', error: { code: 'CANCELLED', message: 'The task was cancelled.' } }],
  ])('how far a task is', async (answer, expected) => {
    const { wire, calls } = open([answer], 'gen4.5');
    expect((await videoRetrieve({ id: 'a/b' }, wire)).body).toEqual(expected as never);
    expect(calls[0]!.url).toBe('/v1/tasks/a%2Fb');
  });

  test('the video comes from its link', async () => {
    const { wire, calls } = open([done, { bytes: [new Uint8Array([9])], headers: { 'content-type': 'video/mp4' } }], 'gen4.5');
    const stream = await videoContent({ id: 'task-1' }, wire);
    expect(calls.map(({ url }) => url)).toEqual(['/v1/tasks/task-1', link]);
    expect([stream.contentType, await stream.read()]).toEqual(['video/mp4', new Uint8Array([9])]);
  });

  test('one that is not there yet, or never will be, is said', async () => {
    const early = (await videoContent({ id: 'x' }, open([running], 'gen4.5').wire).catch((cause: unknown) => cause)) as SluiceError;
    expect([early.code, early.message]).toEqual(['invalid_request', 'The video is not ready: it is in_progress.']);
    const never = (await videoContent({ id: 'x' }, open([failed], 'gen4.5').wire).catch((cause: unknown) => cause)) as SluiceError;
    expect([never.code, never.message, never.retry]).toEqual(['content_policy_violation', 'Content was refused.', false]);
    const other = open([done, { bytes: [] }], 'gen4.5');
    await videoContent({ id: 'x', variant: 'thumbnail' }, other.wire);
    expect(other.lacking).toEqual(['variant']);
  });

  test('a task can be deleted', async () => {
    const { wire, calls, ...fake } = open([{ status: 204 }], 'gen4.5');
    expect(await videoDelete({ id: 'x' }, wire)).toEqual({ body: { id: 'x', object: 'video.deleted', deleted: true } });
    expect(calls).toEqual([{ method: 'DELETE', url: '/v1/tasks/x' }]);
    expect(fake.left()).toBe(0);
  });

  test.each([[{}], [{ status: 'BORED' }]])('%j is no task', async (json) => {
    const failure = (await videoRetrieve({ id: 'x' }, open([{ json }], 'm').wire).catch((cause: unknown) => cause)) as SluiceError;
    expect(failure.code).toBe('invalid_response');
  });
});

describe('speech of Runway', () => {
  const sound = { bytes: [new Uint8Array([1])], headers: { 'content-type': 'audio/mpeg' } };

  test('is a task that is awaited', async () => {
    const fake = open([begun, running, done, sound], 'eleven_multilingual_v2');
    const result = await speech({ model: '', input: 'Hi', voice: 'alloy' }, fake.wire);
    expect(fake.calls).toEqual([
      {
        url: '/v1/text_to_speech',
        json: { model: 'eleven_multilingual_v2', promptText: 'Hi', voice: { type: 'runway-preset', presetId: 'Maya' } },
      },
      { url: '/v1/tasks/task-1' },
      { url: '/v1/tasks/task-1' },
      { url: link },
    ]);
    expect(fake.waits).toEqual([2000]);
    expect([result.contentType, await result.read(), result.usage!()?.units]).toEqual([
      'audio/mpeg',
      new Uint8Array([1]),
      { inputCharacters: 2 },
    ]);
  });

  test('sounds are made of words as well', async () => {
    const fake = open([begun, done, sound], 'eleven_text_to_sound_v2');
    const result = await speech({ model: '', input: 'rain', voice: 'alloy', duration: 5 }, fake.wire);
    expect(fake.calls[0]).toEqual({ url: '/v1/sound_effect', json: { model: 'eleven_text_to_sound_v2', promptText: 'rain', duration: 5 } });
    expect(result.usage!()?.units).toEqual({ inputCharacters: 4, outputSeconds: 5 });
  });

  test('each model takes what it takes', async () => {
    const own = { type: 'runway-preset', presetId: 'Arjun' } as unknown as { id: string };
    const three = open([begun, done, sound], 'eleven_v3');
    await speech({ model: '', input: 'Hi', voice: own, speed: 1.1 }, three.wire);
    expect(three.calls[0]!.json).toEqual({ model: 'eleven_v3', promptText: 'Hi', voice: own, speed: 1.1 });
    const seed = open([begun, done, sound], 'seed_audio');
    await speech({ model: '', input: 'Hi', response_format: 'opus' }, seed.wire);
    expect(seed.calls[0]!.json).toEqual({ model: 'seed_audio', promptText: 'Hi', outputFormat: 'ogg_opus' });
    const two = open([begun, done, sound], 'eleven_multilingual_v2');
    await speech({ model: '', input: 'Hi', response_format: 'wav', speed: 2, instructions: 'x' }, two.wire);
    expect(two.lacking).toEqual(['instructions', 'response_format', 'speed']);
  });

  test('a task that fails, and a call that is cancelled, end it', async () => {
    const internal = { json: { status: 'FAILED', failure: 'Oops.', failureCode: 'INTERNAL.BAD_OUTPUT.CODE01' } };
    const failure = (await speech({ model: '', input: 'Hi' }, open([begun, internal], 'eleven_v3').wire).catch(
      (cause: unknown) => cause,
    )) as SluiceError;
    expect([failure.code, failure.retry, failure.upstream?.code]).toEqual(['internal', false, 'INTERNAL.BAD_OUTPUT.CODE01']);
    const cancelled = open([begun, running], 'eleven_v3', { cancelAfterWaits: 0 });
    const end = (await speech({ model: '', input: 'Hi' }, cancelled.wire).catch((cause: unknown) => cause)) as SluiceError;
    expect(end.code).toBe('client_closed_request');
  });
});

describe('images of Runway', () => {
  test('are links, or on demand what is behind them', async () => {
    const first = open([begun, done], 'gen4_image');
    expect((await imageGeneration({ model: '', prompt: 'a cat', size: '1920x1080' }, first.wire)).body.data).toEqual([{ url: link }]);
    expect(first.calls[0]).toEqual({ url: '/v1/text_to_image', json: { model: 'gen4_image', promptText: 'a cat', ratio: '1920:1080' } });
    const second = open([begun, done, { bytes: [new Uint8Array([1, 2, 3])], headers: { 'content-type': 'image/png' } }], 'gen4_image');
    const { body, usage } = await imageGeneration({ model: '', prompt: 'a cat', response_format: 'b64_json' }, second.wire);
    expect([body.data, usage?.units]).toEqual([[{ b64_json: 'AQID' }], { images: 1, imageSize: '1024x1024' }]);
  });

  test('an edit refers to its images', async () => {
    const fake = open([begun, done], 'gpt_image_2');
    await imageEdit({ model: '', prompt: 'a hat', image: [png], mask: png, quality: 'high', n: 2 }, fake.wire);
    expect(fake.calls[0]!.json).toEqual({
      model: 'gpt_image_2',
      promptText: 'a hat',
      ratio: 'auto',
      outputCount: 2,
      quality: 'high',
      referenceImages: [{ uri: 'data:image/png;base64,AQID' }],
    });
    expect(fake.lacking).toEqual(['mask']);
  });

  test('what a model lacks is named', async () => {
    const fake = open([begun, done], 'gen4_image');
    await imageGeneration({ model: '', prompt: 'a', n: 2, quality: 'high', style: 'vivid', background: 'auto' }, fake.wire);
    expect(fake.lacking).toEqual(['style', 'quality', 'n']);
  });
});
