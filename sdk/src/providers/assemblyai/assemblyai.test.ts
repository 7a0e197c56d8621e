import { describe, expect, test } from 'bun:test';
import { fakeWire, type FakeAnswer, type FakeWireOptions } from '../../../../test/kit/fake-wire.ts';
import { Secret, type SluiceError, type TranscriptionRequest } from '../../types/index.ts';
import { credentialHeaders } from '../credentials.ts';
import { assemblyai } from './index.ts';
import { speechBase } from './place.ts';
import { transcription } from './transcription.ts';

const file = { bytes: new Blob(['x']), name: 'a.mp3', type: 'audio/mpeg' };
const request = (more: Partial<TranscriptionRequest> = {}): TranscriptionRequest => ({ model: '', file, ...more });
const uploaded = { json: { upload_url: 'https://cdn.assemblyai.com/upload/u-1' } };
const created = { json: { id: 't-1', status: 'queued' } };
const done = {
  json: {
    id: 't-1',
    status: 'completed',
    text: 'Hello, world!',
    language_code: 'en_us',
    audio_duration: 4,
    words: [
      { text: 'Hello,', start: 250, end: 500, confidence: 0.9, speaker: 'A' },
      { text: 'world!', start: 510, end: 799, confidence: 0.9, speaker: 'A' },
    ],
    utterances: [{ text: 'Hello, world!', start: 250, end: 799, speaker: 'A', words: [] }],
  },
};

const open = (answers: readonly FakeAnswer[], options: FakeWireOptions = {}) =>
  fakeWire(answers, { provider: assemblyai, model: 'universal-3-pro', ...options });

describe('transcription by AssemblyAI', () => {
  test('is uploaded, begun and awaited', async () => {
    const fake = open([uploaded, created, { json: { id: 't-1', status: 'processing' } }, done]);
    const result = await transcription(
      request({ language: 'en', prompt: 'names', speaker_labels: 'true', speakers_expected: '2' }),
      fake.wire,
    );
    expect(fake.calls).toEqual([
      { url: 'https://api.assemblyai.com/v2/upload', bytes: { ...file, type: 'application/octet-stream' } },
      {
        url: 'https://api.assemblyai.com/v2/transcript',
        json: {
          speech_models: ['universal-3-pro'],
          language_code: 'en',
          prompt: 'names',
          speaker_labels: true,
          speakers_expected: 2,
          audio_url: 'https://cdn.assemblyai.com/upload/u-1',
        },
      },
      { url: 'https://api.assemblyai.com/v2/transcript/t-1' },
      { url: 'https://api.assemblyai.com/v2/transcript/t-1' },
    ]);
    expect(fake.waits).toEqual([1000]);
    expect(result).toEqual({
      text: 'Hello, world!',
      language: 'en_us',
      durationSeconds: 4,
      usage: { inputTokens: 0, outputTokens: 0, units: { inputSeconds: 4 } },
      segments: [{ start: 0.25, end: 0.799, text: 'Hello, world!', speaker: 'A' }],
      words: [
        { start: 0.25, end: 0.5, word: 'Hello,', speaker: 'A' },
        { start: 0.51, end: 0.799, word: 'world!', speaker: 'A' },
      ],
    });
  });

  test('older models are asked for by the older member', async () => {
    const fake = open([created, done], { model: 'best' });
    await transcription(request({ audio_url: 'https://example.test/a.mp3', response_format: 'diarized_json' }), fake.wire);
    expect(fake.calls[0]!.json).toEqual({ speech_model: 'best', speaker_labels: true, audio_url: 'https://example.test/a.mp3' });
  });

  test('a job that fails says why', async () => {
    const fake = open([uploaded, created, { json: { id: 't-1', status: 'error', error: 'File does not appear to contain audio.' } }]);
    const failure = (await transcription(request(), fake.wire).catch((cause: unknown) => cause)) as SluiceError;
    expect([failure.code, failure.status, failure.message]).toEqual(['unprocessable', 422, 'File does not appear to contain audio.']);
    expect(failure.upstream?.body).toMatchObject({ status: 'error' });
  });

  test('a cancelled call ends while it waits', async () => {
    const fake = open([uploaded, created, { json: { status: 'queued' } }], { cancelAfterWaits: 0 });
    const failure = (await transcription(request(), fake.wire).catch((cause: unknown) => cause)) as SluiceError;
    expect(failure.code).toBe('client_closed_request');
  });

  test('a job that never ends is given up', async () => {
    const forever = Array.from({ length: 2000 }, () => ({ json: { status: 'processing' } }));
    const fake = open([uploaded, created, ...forever]);
    const failure = (await transcription(request(), fake.wire).catch((cause: unknown) => cause)) as SluiceError;
    expect(failure.code).toBe('upstream_timeout');
    expect(Math.max(...fake.waits)).toBe(5000);
  });

  test.each([
    [[{ json: {} }]],
    [[uploaded, { json: { status: 'queued' } }]],
    [[uploaded, created, { json: { id: 't-1' } }]],
    [[uploaded, created, { json: { status: 'completed' } }]],
  ])('answers that are none are said', async (answers) => {
    const failure = (await transcription(request(), open(answers).wire).catch((cause: unknown) => cause)) as SluiceError;
    expect(failure.code).toBe('invalid_response');
  });

  test('silence is an empty text', async () => {
    const fake = open([uploaded, created, { json: { status: 'completed', text: null, words: [], audio_duration: 1 } }]);
    expect((await transcription(request(), fake.wire)).text).toBe('');
  });
});

test.each([
  [undefined, 'https://api.assemblyai.com'],
  ['https://llm-gateway.assemblyai.com/v1', 'https://api.assemblyai.com'],
  ['https://llm-gateway.eu.assemblyai.com/v1', 'https://api.eu.assemblyai.com'],
  ['https://api.eu.assemblyai.com', 'https://api.eu.assemblyai.com'],
  ['https://proxy.test/assembly/v2/transcript', 'https://proxy.test/assembly'],
])('with the base URL %p recordings go to %s', (baseUrl, expected) => {
  expect(speechBase({ provider: assemblyai, model: '', ...(baseUrl !== undefined && { baseUrl }) })).toBe(expected);
});

test('the key has no scheme', async () => {
  const target = { provider: assemblyai, model: '', apiKey: new Secret('k') };
  expect(await credentialHeaders(target, { method: 'POST', url: '', body: '' })).toEqual({ authorization: 'k' });
});
