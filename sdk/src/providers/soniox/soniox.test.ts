import { describe, expect, test } from 'bun:test';
import { fakeWire, type FakeAnswer, type FakeWireOptions } from '../../../../test/kit/fake-wire.ts';
import type { SluiceError, TranscriptionRequest } from '../../types/index.ts';
import { transcription, translation } from './transcription.ts';

const file = { bytes: new Blob(['x']), name: 'a.mp3', type: 'audio/mpeg' };
const request = (more: Partial<TranscriptionRequest> = {}): TranscriptionRequest => ({ model: '', file, ...more });

const uploaded = { json: { id: 'f-1', filename: 'a.mp3' } };
const created = { json: { id: 't-1', status: 'queued' } };
const done = { json: { id: 't-1', status: 'completed', audio_duration_ms: 2500 } };
const deleted = { status: 204 };
const transcript = {
  json: {
    id: 't-1',
    text: 'Hello world',
    tokens: [
      { text: 'Hel', start_ms: 10, end_ms: 90, confidence: 0.9, speaker: '1', language: 'en' },
      { text: 'lo', start_ms: 90, end_ms: 160, confidence: 0.9, speaker: '1', language: 'en' },
      { text: ' world', start_ms: 200, end_ms: 400, confidence: 0.9, speaker: '2', language: 'en' },
    ],
  },
};

const open = (answers: readonly FakeAnswer[], options: FakeWireOptions = {}) =>
  fakeWire(answers, { model: 'stt-async-v3', dropParams: true, ...options });
const sent = ({ calls }: ReturnType<typeof open>) => calls.map(({ method, url }) => `${method ?? ''} ${url}`.trim());

describe('transcription by Soniox', () => {
  test('is uploaded, begun, awaited, fetched and deleted', async () => {
    const running = { json: { id: 't-1', status: 'processing' } };
    const fake = open([uploaded, created, running, running, done, transcript, deleted, deleted]);
    const result = await transcription(
      request({ language: 'en', language_hints: '["de","en"]', enable_language_identification: 'true' }),
      fake.wire,
    );
    expect(sent(fake)).toEqual([
      '/v1/files',
      '/v1/transcriptions',
      '/v1/transcriptions/t-1',
      '/v1/transcriptions/t-1',
      '/v1/transcriptions/t-1',
      '/v1/transcriptions/t-1/transcript',
      'DELETE /v1/transcriptions/t-1',
      'DELETE /v1/files/f-1',
    ]);
    expect(fake.calls[0]!.form).toEqual([['file', file]]);
    expect(fake.calls[1]!.json).toEqual({
      model: 'stt-async-v3',
      file_id: 'f-1',
      language_hints: ['en', 'de'],
      enable_language_identification: true,
    });
    expect(fake.waits).toEqual([1000, 1500]);
    expect(fake.left()).toBe(0);
    expect(result).toEqual({
      text: 'Hello world',
      language: 'en',
      durationSeconds: 2.5,
      usage: { inputTokens: 0, outputTokens: 0, units: { inputSeconds: 2.5 } },
      segments: [
        { start: 0.01, end: 0.16, text: 'Hello', speaker: '1' },
        { start: 0.2, end: 0.4, text: 'world', speaker: '2' },
      ],
      words: [
        { word: 'Hello', start: 0.01, end: 0.16, speaker: '1' },
        { word: 'world', start: 0.2, end: 0.4, speaker: '2' },
      ],
    });
  });

  test('a recording that is elsewhere is not uploaded', async () => {
    const fake = open([created, done, transcript, deleted]);
    await transcription(request({ audio_url: 'https://example.test/a.mp3', prompt: 'names' }), fake.wire);
    expect(fake.calls[0]!.json).toEqual({ model: 'stt-async-v3', audio_url: 'https://example.test/a.mp3', context: { text: 'names' } });
    expect(sent(fake).at(-1)).toBe('DELETE /v1/transcriptions/t-1');
  });

  test('a job that fails says why, and is cleaned up', async () => {
    const failed = { json: { status: 'error', error_type: 'invalid_audio', error_message: 'Invalid audio file.' } };
    const fake = open([uploaded, created, failed, deleted, deleted]);
    const failure = (await transcription(request(), fake.wire).catch((cause: unknown) => cause)) as SluiceError;
    expect([failure.code, failure.message, failure.retry, failure.upstream?.type]).toEqual([
      'unprocessable',
      'Invalid audio file.',
      false,
      'invalid_audio',
    ]);
    expect(fake.left()).toBe(0);
  });

  test('a cancelled call ends with its own reason', async () => {
    const fake = open([uploaded, created, { json: { status: 'queued' } }], { cancelAfterWaits: 0 });
    const failure = (await transcription(request(), fake.wire).catch((cause: unknown) => cause)) as SluiceError;
    expect(failure.code).toBe('client_closed_request');
    // The fake has no answers left for the deletions, as a cancelled call has no time.
    expect(fake.dropped.map(({ what }) => what)).toEqual(['deletion', 'deletion']);
  });

  test('a text that is there is not lost with a deletion', async () => {
    const fake = open([uploaded, created, done, transcript, { status: 500, json: {} }, deleted]);
    expect((await transcription(request(), fake.wire)).text).toBe('Hello world');
    expect(fake.dropped).toEqual([{ what: 'deletion', why: 'the vendor still has /v1/transcriptions/t-1' }]);
  });

  test.each([
    [[{ json: {} }]],
    [[uploaded, { json: { status: 'queued' } }, deleted]],
    [[uploaded, created, { json: {} }, deleted, deleted]],
    [[uploaded, created, done, { json: { id: 't-1' } }, deleted, deleted]],
  ])('answers that are none are said', async (answers) => {
    const failure = (await transcription(request(), open(answers).wire).catch((cause: unknown) => cause)) as SluiceError;
    expect(failure.code).toBe('invalid_response');
  });

  test('a translation is made of what was translated, and of what needed none', async () => {
    const tokens = [
      { text: 'Hallo', start_ms: 0, end_ms: 100, language: 'de', translation_status: 'original' },
      { text: 'Hello', language: 'en', translation_status: 'translation' },
      { text: ' okay', start_ms: 100, end_ms: 200, language: 'de', translation_status: 'none' },
    ];
    const fake = open([uploaded, created, done, { json: { text: 'Hallo okay', tokens } }, deleted, deleted]);
    const result = await translation(request(), fake.wire);
    expect(fake.calls[1]!.json).toEqual({ model: 'stt-async-v3', file_id: 'f-1', translation: { type: 'one_way', target_language: 'en' } });
    expect([result.text, result.language]).toEqual(['Hello okay', 'de']);
    expect(result.words?.map(({ word }) => word)).toEqual(['Hallo', 'okay']);
  });
});
