import { describe, expect, test } from 'bun:test';
import { fakeWire, type FakeAnswer } from '../../../../test/kit/fake-wire.ts';
import type { SluiceError, Wire } from '../../types/index.ts';
import { falAi } from './index.ts';

type Run = (
  request: object,
  wire: Wire,
) => Promise<{ body: object; usage?: { units?: object }; contentType: string; read(): Promise<unknown> }>;
const run = (operation: 'video-create' | 'video-retrieve' | 'video-content') => falAi.operations![operation] as unknown as Run;
const open = (answers: readonly FakeAnswer[], model = '') => fakeWire(answers, { provider: falAi, model, dropParams: true });
const failing = (promise: Promise<unknown>) => promise.catch((cause: unknown) => cause) as Promise<SluiceError>;

const id = 'fal-ai/kling-video/requests/764cabcf-b745';

describe('videos of fal', () => {
  test('a request is put into the queue under the name of its model', async () => {
    const { wire, calls } = open(
      [{ json: { request_id: '764cabcf-b745', status: 'IN_QUEUE' } }],
      'fal-ai/kling-video/v2/master/image-to-video',
    );
    const image = { bytes: new Blob([new Uint8Array([1, 2, 3])]), name: 'a.png', type: 'image/png' };
    const { body, usage } = await run('video-create')(
      { prompt: 'a', seconds: '5', size: '720x1280', input_reference: image, cfg_scale: '0.5' },
      wire,
    );
    expect(calls).toEqual([
      {
        url: 'https://queue.fal.run/fal-ai/kling-video/v2/master/image-to-video',
        json: {
          prompt: 'a',
          aspect_ratio: '9:16',
          resolution: '720p',
          duration: '5',
          image_url: 'data:image/png;base64,AQID',
          cfg_scale: 0.5,
        },
      },
    ]);
    expect([body, usage?.units]).toEqual([{ id, status: 'queued', size: '720x1280' }, { outputSeconds: 5 }]);
  });

  test("Google's models want the unit of a duration", async () => {
    const { wire, calls } = open([{ json: { request_id: 'r' } }], 'fal-ai/veo3');
    await run('video-create')({ prompt: 'a', seconds: '8' }, wire);
    expect(calls[0]!.json).toEqual({ prompt: 'a', duration: '8s' });
  });

  test.each([
    [
      { status: 'IN_QUEUE', queue_position: 2 },
      { id, status: 'queued' },
    ],
    [{ status: 'IN_PROGRESS' }, { id, status: 'in_progress' }],
    [{ status: 'COMPLETED' }, { id, status: 'completed' }],
    [
      { status: 'COMPLETED', error: 'Bad image.', error_type: 'bad_request' },
      { id, status: 'failed', error: { code: 'bad_request', message: 'Bad image.' } },
    ],
  ])('how far it is', async (json, expected) => {
    const { wire, calls } = open([{ json }]);
    expect((await run('video-retrieve')({ id }, wire)).body as object).toEqual(expected);
    expect(calls).toEqual([{ url: `https://queue.fal.run/${id}/status` }]);
  });

  test('the video comes from its link', async () => {
    const link = 'https://v3.fal.media/files/a.mp4';
    const { wire, calls } = open([{ json: { status: 'COMPLETED' } }, { json: { video: { url: link } } }, { bytes: [new Uint8Array([1])] }]);
    expect(await (await run('video-content')({ id }, wire)).read()).toEqual(new Uint8Array([1]));
    expect(calls.slice(1)).toEqual([{ url: `https://queue.fal.run/${id}` }, { url: link, follow: true }]);
  });

  test('what is not there is not given', async () => {
    expect((await failing(run('video-content')({ id }, open([{ json: { status: 'IN_QUEUE' } }]).wire))).code).toBe('invalid_request');
    expect((await failing(run('video-content')({ id }, open([{ json: { status: 'COMPLETED', error: 'No.' } }]).wire))).message).toBe('No.');
    expect((await failing(run('video-content')({ id }, open([{ json: { status: 'COMPLETED' } }, { json: {} }]).wire))).code).toBe(
      'invalid_response',
    );
    expect((await failing(run('video-create')({ prompt: 'a' }, open([{ json: {} }], 'm').wire))).code).toBe('invalid_response');
  });

  test.each(['x', 'a/../requests/b', 'a/b/requests/c/d', 'a/b/requests/c?x'])('%p is no request', async (bad) => {
    const fake = open([]);
    expect((await failing(run('video-retrieve')({ id: bad }, fake.wire))).code).toBe('not_found');
  });

  test('the key goes to the queue as well', () => {
    expect(falAi.hosts).toContain('queue.fal.run');
  });
});
