import { expect, test } from 'bun:test';
import { fakeWire, type FakeAnswer, type FakeWireOptions } from '../../../../test/kit/fake-wire.ts';
import type { Adapter, SluiceError, TranscriptionRequest } from '../../types/index.ts';
import { revai } from './index.ts';

const file = { bytes: new Blob(['x']), name: 'a.mp3', type: 'audio/mpeg' };
const hear = async (answers: readonly FakeAnswer[], more: Partial<TranscriptionRequest> = {}, options: FakeWireOptions = {}) => {
  const fake = fakeWire(answers, { provider: revai, model: 'machine', dropParams: true, ...options });
  const result = await (revai.operations!.transcription as Adapter<'transcription'>)({ model: '', file, ...more }, fake.wire);
  return { ...fake, result };
};
const failing = (promise: Promise<unknown>) => promise.catch((cause: unknown) => cause) as Promise<SluiceError>;

const created = { json: { id: 'j-1', status: 'in_progress' } };
const done = { json: { id: 'j-1', status: 'transcribed', duration_seconds: 2.5, language: 'en' } };
const transcript = {
  json: {
    monologues: [
      {
        speaker: 0,
        elements: [
          { type: 'text', value: 'Hello', ts: 0.5, end_ts: 1.5 },
          { type: 'punct', value: ' ' },
          { type: 'text', value: 'World', ts: 1.75, end_ts: 2.1 },
          { type: 'punct', value: '.' },
        ],
      },
    ],
  },
};

test('a recording is a job, whose transcript is fetched', async () => {
  const { calls, result } = await hear([created, { json: { status: 'in_progress' } }, done, transcript], {
    language: 'en',
    speakers_count: '2',
    verbatim: 'true',
  });
  expect(calls).toEqual([
    {
      url: '/speechtotext/v1/jobs',
      form: [
        ['media', file],
        ['options', '{"transcriber":"machine","language":"en","speakers_count":2,"verbatim":true}'],
      ],
    },
    { url: '/speechtotext/v1/jobs/j-1' },
    { url: '/speechtotext/v1/jobs/j-1' },
    { url: '/speechtotext/v1/jobs/j-1/transcript', headers: { accept: 'application/vnd.rev.transcript.v1.0+json' } },
  ]);
  expect(result).toEqual({
    text: 'Hello World.',
    language: 'en',
    durationSeconds: 2.5,
    usage: { inputTokens: 0, outputTokens: 0, units: { inputSeconds: 2.5 } },
    segments: [{ start: 0.5, end: 2.1, text: 'Hello World.', speaker: '0' }],
    words: [
      { word: 'Hello', start: 0.5, end: 1.5, speaker: '0' },
      { word: 'World', start: 1.75, end: 2.1, speaker: '0' },
    ],
  });
});

test('jobs that fail, calls that are cancelled, answers that are none', async () => {
  const failed = await failing(hear([created, { json: { status: 'failed', failure: 'invalid_media', failure_detail: 'No audio.' } }]));
  expect([failed.code, failed.message, failed.upstream?.code]).toEqual(['unprocessable', 'No audio.', 'invalid_media']);
  expect((await failing(hear([created, { json: { status: 'in_progress' } }], {}, { cancelAfterWaits: 0 }))).code).toBe(
    'client_closed_request',
  );
  for (const answers of [[{ json: {} }], [created, { json: {} }], [created, done, { json: {} }]])
    expect((await failing(hear(answers))).code).toBe('invalid_response');
});
