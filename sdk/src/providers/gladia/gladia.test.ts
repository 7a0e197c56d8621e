import { expect, test } from 'bun:test';
import { fakeWire, type FakeAnswer, type FakeWireOptions } from '../../../../test/kit/fake-wire.ts';
import type { Adapter, SluiceError, TranscriptionRequest } from '../../types/index.ts';
import { gladia } from './index.ts';

const file = { bytes: new Blob(['x']), name: 'a.mp3', type: 'audio/mpeg' };
const hear = async (answers: readonly FakeAnswer[], more: Partial<TranscriptionRequest> = {}, options: FakeWireOptions = {}) => {
  const fake = fakeWire(answers, { provider: gladia, model: 'default', dropParams: true, ...options });
  const result = await (gladia.operations!.transcription as Adapter<'transcription'>)({ model: '', file, ...more }, fake.wire);
  return { ...fake, result };
};
const failing = (promise: Promise<unknown>) => promise.catch((cause: unknown) => cause) as Promise<SluiceError>;

const uploaded = { json: { audio_url: 'https://api.gladia.io/file/f-1' } };
const created = { json: { id: 'j-1', result_url: 'https://elsewhere.test/j-1' } };
const done = {
  json: {
    status: 'done',
    result: {
      metadata: { audio_duration: 3.5 },
      transcription: {
        full_transcript: 'Hello world.',
        languages: ['en'],
        utterances: [
          {
            start: 0.1,
            end: 1.2,
            text: 'Hello world.',
            speaker: 0,
            words: [
              { word: ' Hello', start: 0.1, end: 0.5 },
              { word: ' world.', start: 0.5, end: 1.2 },
            ],
          },
        ],
      },
    },
  },
};

test('a recording is uploaded, begun and awaited, by the id of its job', async () => {
  const { calls, result, waits } = await hear([uploaded, created, { json: { status: 'queued' } }, done], {
    language: 'en',
    response_format: 'diarized_json',
    sentiment_analysis: 'true',
  });
  expect(calls).toEqual([
    { url: '/v2/upload', form: [['audio', file]] },
    {
      url: '/v2/pre-recorded',
      json: {
        language_config: { languages: ['en'] },
        diarization: true,
        sentiment_analysis: true,
        audio_url: 'https://api.gladia.io/file/f-1',
      },
    },
    { url: '/v2/pre-recorded/j-1' },
    { url: '/v2/pre-recorded/j-1' },
  ]);
  expect(waits).toEqual([1000]);
  expect(result).toEqual({
    text: 'Hello world.',
    language: 'en',
    durationSeconds: 3.5,
    usage: { inputTokens: 0, outputTokens: 0, units: { inputSeconds: 3.5 } },
    segments: [{ start: 0.1, end: 1.2, text: 'Hello world.', speaker: '0' }],
    words: [
      { start: 0.1, end: 0.5, word: 'Hello', speaker: '0' },
      { start: 0.5, end: 1.2, word: 'world.', speaker: '0' },
    ],
  });
});

test('jobs that fail, calls that are cancelled, answers that are none', async () => {
  const failed = await failing(hear([uploaded, created, { json: { status: 'error', error_code: 415 } }]));
  expect([failed.code, failed.upstream?.code, failed.retry]).toEqual(['unprocessable', '415', false]);
  expect((await failing(hear([uploaded, created, { json: { status: 'queued' } }], {}, { cancelAfterWaits: 0 }))).code).toBe(
    'client_closed_request',
  );
  for (const answers of [
    [{ json: {} }],
    [uploaded, { json: {} }],
    [uploaded, created, { json: {} }],
    [uploaded, created, { json: { status: 'done' } }],
  ])
    expect((await failing(hear(answers))).code).toBe('invalid_response');
});
