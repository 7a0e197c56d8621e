import { describe, expect, test } from 'bun:test';
import { fakeWire, type FakeAnswer } from '../../../../test/kit/fake-wire.ts';
import type { SluiceError, SpeechRequest, TranscriptionRequest } from '../../types/index.ts';
import { speech as sayPublicly } from '../../index.ts';
import { speech } from './speech.ts';
import { transcription } from './transcription.ts';

const sound: FakeAnswer = { bytes: [new Uint8Array([1])], headers: { 'content-type': 'audio/mpeg' } };

const say = async (more: Partial<SpeechRequest>, dropParams = true) => {
  const fake = fakeWire([sound], { model: 'eleven_multilingual_v2', dropParams });
  const result = await speech({ model: '', input: 'Grüße', ...more }, fake.wire);
  return { ...fake, result, call: fake.calls[0]! };
};

describe('speech by ElevenLabs', () => {
  test('the voice stands in the path, the format in the query', async () => {
    const { call, result } = await say({ voice: 'JBFqnCBsd6RMkjVDRZzb' });
    expect(call).toEqual({
      url: '/v1/text-to-speech/JBFqnCBsd6RMkjVDRZzb',
      query: { output_format: 'mp3_44100_128' },
      json: { text: 'Grüße', model_id: 'eleven_multilingual_v2' },
    });
    expect(await result.read()).toEqual(new Uint8Array([1]));
    expect(result.usage!()).toEqual({ inputTokens: 0, outputTokens: 0, units: { inputCharacters: 5 } });
  });

  test.each([
    ['alloy', '21m00Tcm4TlvDq8ikWAM'],
    [{ id: 'own' }, 'own'],
    ['../../v1/user', '..%2F..%2Fv1%2Fuser'],
    [undefined, '21m00Tcm4TlvDq8ikWAM'],
  ])('the voice %j is %s', async (voice, id) => {
    const { call } = await say(voice === undefined ? {} : { voice });
    expect(call.url).toBe(`/v1/text-to-speech/${id}`);
  });

  test('each voice of OpenAI is one of its own: a name would be no id', async () => {
    const names = 'alloy ash ballad cedar coral echo fable marin nova onyx sage shimmer verse'.split(' ');
    const ids = await Promise.all(names.map(async (voice) => (await say({ voice })).call.url.split('/').at(-1)!));
    for (const id of ids) expect(id).toMatch(/^[\dA-Za-z]{20}$/);
    expect(new Set(ids).size).toBe(names.length);
  });

  test.each([
    [{ detail: { status: 'quota_exceeded', message: 'No credits.' } }, 'No credits.'],
    [{ detail: { message: 'No such voice.' } }, 'No such voice.'],
    [{ error: { message: 'Too long.' } }, 'Too long.'],
  ])('a failure as %j is told in its words', async (body, message) => {
    const fetch = async () => Response.json(body, { status: 401 });
    const call = sayPublicly({
      model: 'elevenlabs/eleven_multilingual_v2',
      input: 'x',
      voice: 'alloy',
      apiKey: 'k',
      maxRetries: 0,
      fetch: fetch as unknown as typeof globalThis.fetch,
    });
    await expect(call).rejects.toMatchObject({ message, status: 401, provider: 'elevenlabs' });
  });

  test.each([
    ['pcm', 'pcm_24000'],
    ['wav', 'wav_24000'],
    ['opus', 'opus_48000_128'],
    ['ulaw_8000', 'ulaw_8000'],
    ['mp3_22050_32', 'mp3_22050_32'],
  ])('%s is %s', async (response_format, expected) => {
    const { call, lacking } = await say({ response_format });
    expect(call.query!['output_format']).toBe(expected);
    expect(lacking).toEqual([]);
  });

  test('its own members go where it wants them; the speed is a setting of the voice', async () => {
    const { call } = await say({ speed: 1.1, voice_settings: { stability: 0.5 }, seed: 7, enable_logging: false, user: 'u' });
    expect(call.query).toEqual({ output_format: 'mp3_44100_128', enable_logging: 'false' });
    expect(call.json).toEqual({
      text: 'Grüße',
      model_id: 'eleven_multilingual_v2',
      voice_settings: { speed: 1.1, stability: 0.5 },
      seed: 7,
    });
  });

  test('formats and instructions that it lacks are refused, or left out', async () => {
    const { lacking, call } = await say({ response_format: 'flac', instructions: 'x', stream_format: 'sse' });
    expect(lacking).toEqual(['stream_format', 'instructions', 'response_format']);
    expect(call.query!['output_format']).toBe('mp3_44100_128');
    const failure = await say({ response_format: 'aac' }, false).catch((cause: unknown) => cause);
    expect((failure as SluiceError).param).toBe('response_format');
  });

  test('no text is said at once', async () => {
    const failure = await say({ input: '' }).catch((cause: unknown) => cause);
    expect((failure as SluiceError).code).toBe('invalid_request');
  });
});

const file = { bytes: new Blob(['x']), name: 'a.mp3', type: 'audio/mpeg' };
const hear = async (json: unknown, more: Partial<TranscriptionRequest> = {}) => {
  const fake = fakeWire([{ json }], { model: 'scribe_v1', dropParams: true });
  return { ...fake, result: await transcription({ model: '', file, ...more }, fake.wire) };
};

/** As the vendor's documents show it. */
const heard = {
  language_code: 'en',
  language_probability: 0.98,
  text: 'Hello world!',
  words: [
    { text: 'Hello', start: 0, end: 0.5, type: 'word', speaker_id: 'speaker_1', logprob: -0.1 },
    { text: ' ', start: 0.5, end: 0.5, type: 'spacing', speaker_id: 'speaker_1', logprob: -0.1 },
    { text: 'world!', start: 0.5, end: 1.2, type: 'word', speaker_id: 'speaker_1', logprob: -0.1 },
    { text: '(laughter)', start: 1.2, end: 2, type: 'audio_event', logprob: -0.1 },
  ],
};

describe('transcription by ElevenLabs', () => {
  test('everything is a field of a form', async () => {
    const { calls, lacking } = await hear(heard, {
      language: 'en',
      temperature: 0.1,
      response_format: 'diarized_json',
      keyterms: ['a', 'b'],
      tag_audio_events: false,
      prompt: 'x',
    });
    expect(calls).toEqual([
      {
        url: '/v1/speech-to-text',
        form: [
          ['model_id', 'scribe_v1'],
          ['language_code', 'en'],
          ['temperature', '0.1'],
          ['diarize', 'true'],
          ['keyterms', 'a'],
          ['keyterms', 'b'],
          ['tag_audio_events', 'false'],
          ['file', file],
        ],
      },
    ]);
    expect(lacking).toEqual(['prompt']);
  });

  test('words are words alone', async () => {
    const { result } = await hear(heard);
    expect(result).toEqual({
      text: 'Hello world!',
      language: 'en',
      durationSeconds: 1.2,
      usage: { inputTokens: 0, outputTokens: 0, units: { inputSeconds: 1.2 } },
      segments: [{ start: 0, end: 1.2, text: 'Hello world!', speaker: 'speaker_1' }],
      words: [
        { word: 'Hello', start: 0, end: 0.5, speaker: 'speaker_1' },
        { word: 'world!', start: 0.5, end: 1.2, speaker: 'speaker_1' },
      ],
    });
  });

  test('channels that were kept apart are read one after the other', async () => {
    const { result } = await hear({ transcripts: [{ text: 'a', language_code: 'de' }, { text: 'b' }], audio_duration_secs: 3 });
    expect(result).toEqual({
      text: 'a\nb',
      language: 'de',
      durationSeconds: 3,
      usage: { inputTokens: 0, outputTokens: 0, units: { inputSeconds: 3 } },
    });
  });

  test.each([[{}], [{ transcripts: [] }], [{ message: 'accepted', request_id: 'r' }]])('%j is no answer', async (json) => {
    const failure = await hear(json).catch((cause: unknown) => cause);
    expect((failure as SluiceError).code).toBe('invalid_response');
  });
});
